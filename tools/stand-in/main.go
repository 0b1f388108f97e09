// Command stand-in behaves towards a client, a probe and Kubernetes as FluxionDB does, so that tests can run a tenant
// on machines that cannot pull the real image. README.md says what it imitates and what it does not.
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
)

func main() {
	options, err := parseOptions(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	stayDeaf()
	log.Print("Server started (stand-in for FluxionDB)")

	database, err := openDatabase(options)
	if err != nil {
		log.Fatalf("cannot open the data folder: %v", err)
	}
	go database.flushForever(options.flushInterval)

	// Listening comes last: a TCP probe that succeeds has to mean that all data is loaded.
	listener, err := net.Listen("tcp", fmt.Sprintf(":%d", options.port))
	if err != nil {
		log.Fatalf("cannot listen: %v", err)
	}
	log.Printf("WebSocket server listening on port %d", listener.Addr().(*net.TCPAddr).Port)
	log.Fatal(http.Serve(listener, database))
}
