package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// open starts a database on a folder, with flushes only when the test asks for them.
func open(t *testing.T, folder string) (*database, *session) {
	t.Helper()
	d, err := openDatabase(options{secretKey: masterKey, dataFolder: folder, flushInterval: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	return d, dial(t, serve(t, d), masterKey)
}

// die gives back what the kernel would give back for a killed process.
func (d *database) die() { d.folder.file.Close() }

func insert(s *session, doc string, times ...int) {
	for _, ts := range times {
		s.ask("ins", []object{{"col": "c", "doc": doc, "ts": ts, "data": "x"}})
	}
}

func TestKeepsWhatWasFlushedAndLosesTheRest(t *testing.T) {
	folder := t.TempDir()
	d, s := open(t, folder)
	insert(s, "d", 2, 1)
	d.flush()
	insert(s, "d", 3)
	d.die()

	_, s = open(t, folder)
	if got := timesOf(s.ask("qdoc", object{"col": "c", "doc": "d", "to": 9})); got != "[1 2]" {
		t.Errorf("found %s", got)
	}
}

func TestDeletionsValuesAndKeysDoNotWaitForAFlush(t *testing.T) {
	folder := t.TempDir()
	d, s := open(t, folder)
	insert(s, "d", 1, 2, 3)
	insert(s, "gone", 1)
	d.flush()
	s.ask("drec", object{"col": "c", "doc": "d", "ts": 2})
	s.ask("ddoc", object{"col": "c", "doc": "gone"})
	s.ask("sval", object{"col": "c", "key": "k", "value": "v"})
	s.ask("keys", object{"action": "add", "key": "kept", "scope": "readonly"})
	s.ask("keys", object{"action": "add", "key": "removed", "scope": "readonly"})
	s.ask("keys", object{"action": "remove", "key": "removed"})
	d.die()

	_, s = open(t, folder)
	if got := timesOf(s.ask("qdoc", object{"col": "c", "doc": "d", "to": 9})); got != "[1 3]" {
		t.Errorf("found records %s", got)
	}
	if got := asJSON(s.ask("qry", object{"col": "c", "doc": "gone", "ts": 9})["records"]); got != "{}" {
		t.Errorf("the deleted document is back: %s", got)
	}
	if got := s.ask("gval", object{"col": "c", "key": "k"})["value"]; got != "v" {
		t.Errorf("found value %v", got)
	}
	if keys := s.ask("keys", object{"action": "list"})["keys"].([]any); len(keys) != 2 {
		t.Errorf("found keys %v", keys)
	}
}

func TestARecordDeletedBeforeItsFlushDoesNotComeBack(t *testing.T) {
	folder := t.TempDir()
	d, s := open(t, folder)
	insert(s, "d", 1, 2)
	s.ask("drec", object{"col": "c", "doc": "d", "ts": 1})
	d.flush()
	d.die()

	_, s = open(t, folder)
	if got := timesOf(s.ask("qdoc", object{"col": "c", "doc": "d", "to": 9})); got != "[2]" {
		t.Errorf("found %s", got)
	}
}

func TestSurvivesALineCutByAKill(t *testing.T) {
	folder := t.TempDir()
	d, s := open(t, folder)
	insert(s, "d", 1)
	d.flush()
	d.die()
	file, _ := os.OpenFile(filepath.Join(folder, journalName), os.O_APPEND|os.O_WRONLY, 0)
	_, _ = file.WriteString(`{"op":"ins","col":"c","d`)
	file.Close()

	d, s = open(t, folder)
	insert(s, "d", 2)
	d.flush()
	d.die()

	_, s = open(t, folder)
	if got := timesOf(s.ask("qdoc", object{"col": "c", "doc": "d", "to": 9})); got != "[1 2]" {
		t.Errorf("found %s", got)
	}
}

func timesOf(reply object) string {
	times := []any{}
	for _, each := range reply["records"].([]any) {
		times = append(times, each.(object)["ts"])
	}
	return fmt.Sprint(times)
}
