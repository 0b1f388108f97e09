package main

import (
	"log"
	"os"
	"os/signal"
	"syscall"
)

// stayDeaf makes the process survive the signals that the real database notes and then disregards: it keeps serving
// and flushing until SIGKILL, so every stop of a pod takes the whole grace period. SIGINT counts only as the first
// process of a container, so that Ctrl-C still ends a stand-in started in a terminal.
func stayDeaf() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	if os.Getpid() == 1 {
		signal.Notify(signals, syscall.SIGINT)
	}
	go func() {
		for received := range signals {
			log.Printf("received %s: going on until SIGKILL, as the real database does", received)
		}
	}()
}
