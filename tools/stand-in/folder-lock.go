package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"log"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	lockName     = "stand-in.lock"
	overlapsName = "overlaps.log"
	retryEvery   = 100 * time.Millisecond
)

// overlap is one line of overlaps.log. An overlap has two: when it begins, and when this instance has the folder alone.
type overlap struct {
	Event    string    `json:"event"` // "begin" or "end"
	Time     time.Time `json:"time"`
	Hostname string    `json:"hostname"`
	Other    string    `json:"other"`
	// Seconds is how long it lasted; only the end knows.
	Seconds float64 `json:"seconds,omitempty"`
}

// folderLock marks the data folder as in use. The real database takes no such lock: two of them on one volume damage
// each other in silence. That is what this one makes visible.
type folderLock struct {
	folder string
	file   *os.File
	alone  atomic.Bool
}

type holder struct {
	Hostname string    `json:"hostname"`
	Since    time.Time `json:"since"`
}

// enterFolder takes the lock. If another process has it, it records the overlap and goes on trying in the background.
func enterFolder(folder string) (*folderLock, error) {
	file, err := os.OpenFile(filepath.Join(folder, lockName), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	l := &folderLock{folder: folder, file: file}
	if err := l.take(); err == nil {
		return l, nil
	} else if !errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, err
	}
	begin := overlap{Event: "begin", Time: time.Now().UTC(), Hostname: hostname(), Other: l.readHolder().Hostname}
	l.record(begin)
	go l.waitForEnd(begin)
	return l, nil
}

func (l *folderLock) take() error {
	// The kernel gives the lock back when the holder dies, however it dies: a file that exists could not tell.
	if err := syscall.Flock(int(l.file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return err
	}
	l.alone.Store(true)
	content, _ := json.Marshal(holder{Hostname: hostname(), Since: time.Now().UTC()})
	if err := errors.Join(l.file.Truncate(0), writeAtStart(l.file, content)); err != nil {
		log.Printf("cannot write %s: %v", lockName, err)
	}
	return nil
}

func writeAtStart(file *os.File, content []byte) error {
	_, err := file.WriteAt(content, 0)
	return err
}

func (l *folderLock) waitForEnd(begin overlap) {
	for l.take() != nil {
		time.Sleep(retryEvery)
	}
	end := begin
	end.Event, end.Time = "end", time.Now().UTC()
	end.Seconds = end.Time.Sub(begin.Time).Seconds()
	l.record(end)
}

func (l *folderLock) readHolder() holder {
	other := holder{Hostname: "unknown"}
	if content, err := os.ReadFile(l.file.Name()); err == nil {
		_ = json.Unmarshal(content, &other)
	}
	return other
}

func (l *folderLock) record(o overlap) {
	line, _ := json.Marshal(o)
	log.Printf("OVERLAP: two instances in one data folder: %s", line)
	file, err := os.OpenFile(filepath.Join(l.folder, overlapsName), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		log.Printf("cannot record the overlap: %v", err)
		return
	}
	defer file.Close()
	if _, err := file.Write(append(line, '\n')); err != nil {
		log.Printf("cannot record the overlap: %v", err)
	}
}

// countOverlaps counts those of the folder's whole life, whichever instance recorded them.
func (l *folderLock) countOverlaps() int {
	content, err := os.ReadFile(filepath.Join(l.folder, overlapsName))
	if err != nil {
		return 0
	}
	return bytes.Count(content, []byte(`"event":"begin"`))
}

func hostname() string {
	name, err := os.Hostname()
	if err != nil {
		return "unknown"
	}
	return name
}
