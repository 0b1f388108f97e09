package main

import (
	"log"
	"os"
	"sync"
	"time"
)

// database is the whole state of one process. One mutex guards it all, as in the real database: a flush holds up
// requests, and a request can never slip between a deletion and the records that it deletes.
type database struct {
	mutex       sync.Mutex
	collections map[string]*collection
	keys        keyring
	clients     map[*client]struct{}
	journal     *journal
	folder      *folderLock
	unsaved     map[address]struct{}
	flushes     int
	held        holding
	startedAt   time.Time
}

func newDatabase(masterKey string) *database {
	return &database{
		collections: map[string]*collection{},
		keys:        keyring{master: masterKey, scoped: map[string]scope{}},
		clients:     map[*client]struct{}{},
		unsaved:     map[address]struct{}{},
		startedAt:   time.Now(),
	}
}

// openDatabase loads all that the data folder holds. Another instance in the folder is recorded, but does not stop
// this one: it would not stop the real database either.
func openDatabase(options options) (*database, error) {
	d := newDatabase(options.secretKey)
	if options.dataFolder == "" {
		log.Print("Running in non-persistent mode (no data folder specified)")
		return d, nil
	}
	if err := os.MkdirAll(options.dataFolder, 0o755); err != nil {
		return nil, err
	}
	folder, err := enterFolder(options.dataFolder)
	if err != nil {
		return nil, err
	}
	journal, err := openJournal(options.dataFolder)
	if err != nil {
		return nil, err
	}
	if err := journal.replay(d.redo); err != nil {
		return nil, err
	}
	d.folder, d.journal = folder, journal
	log.Printf("Running in persistent mode: %d records loaded, flush interval %s", d.countRecords(), options.flushInterval)
	return d, nil
}

func (d *database) flushForever(interval time.Duration) {
	for range time.Tick(interval) {
		d.flush()
	}
}

// flush writes the records inserted since the last one. Those deleted meanwhile are no longer found and so not written.
func (d *database) flush() {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.journal == nil {
		return
	}
	var entries []entry
	for address := range d.unsaved {
		if data, found := d.lookUp(address); found {
			entries = append(entries, entry{Op: opInsert, Col: address.col, Doc: address.doc, From: address.ts, Data: data})
		}
	}
	if err := d.journal.append(entries...); err != nil {
		log.Printf("flush failed, the records stay in memory for the next one: %v", err)
		return
	}
	if err := d.journal.sync(); err != nil {
		log.Printf("flush failed to reach the disk: %v", err)
		return
	}
	clear(d.unsaved)
	d.flushes++
	if len(entries) > 0 {
		log.Printf("Flushed %d new records", len(entries))
	}
}

// persist writes at once what the real database does not keep for the flush: deletions, values and keys.
func (d *database) persist(e entry) {
	if d.journal == nil {
		return
	}
	if err := d.journal.append(e); err != nil {
		log.Printf("cannot write %s to the data folder: %v", e.Op, err)
	}
}
