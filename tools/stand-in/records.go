package main

import "slices"

// record is one value of a document at one time. The unit of ts is the client's: usually seconds.
type record struct {
	TS   int64  `json:"ts"`
	Data string `json:"data"`
}

// collection holds documents, each a list of records in order of time, and beside them plain values by key.
type collection struct {
	documents map[string][]record
	values    map[string]string
}

type address struct {
	col, doc string
	ts       int64
}

func byTime(r record, ts int64) int {
	switch {
	case r.TS < ts:
		return -1
	case r.TS > ts:
		return 1
	}
	return 0
}

// collectionOf returns the collection of that name and makes it if it is new.
func (d *database) collectionOf(name string) *collection {
	found := d.collections[name]
	if found == nil {
		found = &collection{documents: map[string][]record{}, values: map[string]string{}}
		d.collections[name] = found
	}
	return found
}

// put inserts a record, or replaces the one of the same document and time.
func (d *database) put(at address, data string) {
	c := d.collectionOf(at.col)
	records := c.documents[at.doc]
	index, exists := slices.BinarySearchFunc(records, at.ts, byTime)
	if exists {
		records[index].Data = data
		return
	}
	c.documents[at.doc] = slices.Insert(records, index, record{TS: at.ts, Data: data})
}

func (d *database) lookUp(at address) (string, bool) {
	c := d.collections[at.col]
	if c == nil {
		return "", false
	}
	records := c.documents[at.doc]
	index, exists := slices.BinarySearchFunc(records, at.ts, byTime)
	if !exists {
		return "", false
	}
	return records[index].Data, true
}

// latest returns the document's newest record that is not after ts.
func (c *collection) latest(doc string, ts int64) (record, bool) {
	records := c.documents[doc]
	index, exists := slices.BinarySearchFunc(records, ts, byTime)
	if exists {
		return records[index], true
	}
	if index == 0 {
		return record{}, false
	}
	return records[index-1], true
}

// between returns the document's records from one time to another, both included. It shares the collection's memory.
func (c *collection) between(doc string, from, to int64) []record {
	records := c.documents[doc]
	first, _ := slices.BinarySearchFunc(records, from, byTime)
	last, exists := slices.BinarySearchFunc(records, to, byTime)
	if exists {
		last++
	}
	return records[first:max(first, last)]
}

// deleteRange deletes a document's records from one time to another, and the document with its last record.
func (d *database) deleteRange(col, doc string, from, to int64) {
	c := d.collections[col]
	if c == nil {
		return
	}
	kept := slices.DeleteFunc(c.documents[doc], func(r record) bool { return from <= r.TS && r.TS <= to })
	if len(kept) == 0 {
		delete(c.documents, doc)
		return
	}
	c.documents[doc] = kept
}

// deleteDocument deletes a document, and its collection with the last document. No collection means every one.
func (d *database) deleteDocument(col, doc string) {
	for name, c := range d.collections {
		if col != "" && col != name {
			continue
		}
		delete(c.documents, doc)
		if len(c.documents) == 0 {
			delete(d.collections, name)
		}
	}
}

func (d *database) countRecords() int {
	count := 0
	for _, c := range d.collections {
		for _, records := range c.documents {
			count += len(records)
		}
	}
	return count
}
