package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestRecordsTwoInstancesInOneFolder(t *testing.T) {
	folder := t.TempDir()
	first, _ := open(t, folder)
	_, s := open(t, folder)
	if info := infoOf(s, object{"info": true}); info["overlaps"] != 1.0 || info["alone"] != false {
		t.Errorf("while both run: %v", info)
	}
	insert(s, "d", 1) // It goes on running, as the real one would.

	first.die()
	waitFor(t, func() bool { return infoOf(s, object{"info": true})["alone"] == true })
	lines := overlapsIn(t, folder)
	if len(lines) != 2 || lines[0].Event != "begin" || lines[1].Event != "end" || lines[1].Seconds <= 0 {
		t.Fatalf("recorded %+v", lines)
	}
	for _, line := range lines {
		if line.Hostname != hostname() || line.Other != hostname() {
			t.Errorf("recorded %+v", line)
		}
	}
}

func TestRecordsNothingForOneInstanceAfterAnother(t *testing.T) {
	folder := t.TempDir()
	first, _ := open(t, folder)
	first.die()
	_, s := open(t, folder)
	if info := infoOf(s, object{"info": true}); info["overlaps"] != 0.0 || info["alone"] != true {
		t.Errorf("got %v", info)
	}
}

func TestReallyHoldsMemoryAndGivesItBack(t *testing.T) {
	const wanted = 64 << 20
	_, address := serveInMemory(t)
	s := dial(t, address, masterKey)
	before := residentBytes(t)
	if held := infoOf(s, object{"hold": wanted})["heldBytes"]; held != float64(wanted) {
		t.Errorf("holds %v", held)
	}
	if grown := residentBytes(t) - before; grown < wanted*9/10 {
		t.Errorf("uses only %d bytes more", grown)
	}
	if held := infoOf(s, object{"hold": 0})["heldBytes"]; held != 0.0 {
		t.Errorf("still holds %v", held)
	}
	if left := residentBytes(t) - before; left > wanted/10 {
		t.Errorf("still uses %d bytes more", left)
	}
}

func TestTellsAboutItself(t *testing.T) {
	d, s := open(t, t.TempDir())
	insert(s, "d", 1, 2)
	if info := infoOf(s, object{"info": true}); info["records"] != 2.0 || info["unsavedRecords"] != 2.0 || info["flushes"] != 0.0 {
		t.Errorf("got %v", info)
	}
	d.flush()
	if info := infoOf(s, object{"info": true}); info["unsavedRecords"] != 0.0 || info["flushes"] != 1.0 {
		t.Errorf("got %v after a flush", info)
	}
}

func infoOf(s *session, request object) object {
	return s.ask("standin", request)["info"].(object)
}

func overlapsIn(t *testing.T, folder string) []overlap {
	content, err := os.ReadFile(filepath.Join(folder, overlapsName))
	if err != nil {
		t.Fatal(err)
	}
	var lines []overlap
	for decoder := json.NewDecoder(bytes.NewReader(content)); decoder.More(); {
		var line overlap
		if err := decoder.Decode(&line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	return lines
}

func residentBytes(t *testing.T) int {
	content, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skip("needs /proc")
	}
	var total, resident int
	_, _ = fmt.Sscan(string(content), &total, &resident)
	return resident * os.Getpagesize()
}

func waitFor(t *testing.T, condition func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !condition(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited for 10 s in vain")
		}
	}
}
