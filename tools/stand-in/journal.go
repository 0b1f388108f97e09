package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log"
	"os"
	"path/filepath"
)

const journalName = "stand-in.jsonl"

const (
	opInsert           = "ins"
	opDeleteRange      = "drrng"
	opDeleteDocument   = "ddoc"
	opDeleteCollection = "dcol"
	opSetValue         = "sval"
	opRemoveValue      = "rval"
	opAddKey           = "addkey"
	opRemoveKey        = "removekey"
)

// entry is one line of the journal: one change.
type entry struct {
	Op   string `json:"op"`
	Col  string `json:"col,omitempty"`
	Doc  string `json:"doc,omitempty"`
	Key  string `json:"key,omitempty"`
	From int64  `json:"from,omitempty"`
	To   int64  `json:"to,omitempty"`
	Data string `json:"data,omitempty"`
}

// journal is a file that only grows: every change is a line of JSON. Nothing in it is ever rewritten, so a SIGKILL can
// damage no more than the last line, and two instances in one folder do not overwrite each other.
type journal struct {
	file *os.File
	torn bool
}

func openJournal(folder string) (*journal, error) {
	// 0600: the lines hold scoped keys.
	file, err := os.OpenFile(filepath.Join(folder, journalName), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	return &journal{file: file}, nil
}

// replay calls redo for every change in the file, oldest first.
func (j *journal) replay(redo func(entry)) error {
	reader := bufio.NewReaderSize(j.file, 1<<20)
	for {
		line, err := reader.ReadBytes('\n')
		if len(line) > 0 {
			j.torn = errors.Is(err, io.EOF)
			var e entry
			if json.Unmarshal(line, &e) == nil {
				redo(e)
			} else {
				log.Printf("skipped a damaged line of %d bytes in %s", len(line), journalName)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// append writes all entries in one call, so that the lines of another instance in the folder do not come between.
func (j *journal) append(entries ...entry) error {
	var lines bytes.Buffer
	if j.torn {
		// Without it the first new line would become part of the damaged one.
		lines.WriteByte('\n')
	}
	encoder := json.NewEncoder(&lines)
	encoder.SetEscapeHTML(false)
	for _, e := range entries {
		if err := encoder.Encode(e); err != nil {
			return err
		}
	}
	if lines.Len() == 0 {
		return nil
	}
	_, err := j.file.Write(lines.Bytes())
	j.torn = err != nil
	return err
}

func (j *journal) sync() error { return j.file.Sync() }

// redo applies one change that the journal kept.
func (d *database) redo(e entry) {
	switch e.Op {
	case opInsert:
		d.put(address{e.Col, e.Doc, e.From}, e.Data)
	case opDeleteRange:
		d.deleteRange(e.Col, e.Doc, e.From, e.To)
	case opDeleteDocument:
		d.deleteDocument(e.Col, e.Doc)
	case opDeleteCollection:
		delete(d.collections, e.Col)
	case opSetValue:
		d.collectionOf(e.Col).values[e.Key] = e.Data
	case opRemoveValue:
		d.removeValue(e.Col, e.Key)
	case opAddKey:
		d.keys.scoped[e.Key] = scope(e.Data)
	case opRemoveKey:
		delete(d.keys.scoped, e.Key)
	}
}
