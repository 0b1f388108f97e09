package main

import (
	"bytes"
	"encoding/json"
	"errors"
)

// answer is the body of a reply; the request's id is added to it.
type answer map[string]any

// errMalformed ends the connection without a reply: what the real database does with a request that it cannot read.
var errMalformed = errors.New("malformed request")

type permission int

const (
	nothing permission = iota
	reading
	writing
	deleting
)

type handler struct {
	needs permission
	run   func(*database, *client, string) (answer, error)
}

// handlers are the message types of the real database, and last the stand-in's own.
var handlers = map[string]handler{
	"ins":     {writing, (*database).insert},
	"qry":     {reading, (*database).queryLatest},
	"cols":    {reading, (*database).listCollections},
	"qdoc":    {reading, (*database).queryDocument},
	"ddoc":    {deleting, (*database).handleDeleteDocument},
	"dcol":    {deleting, (*database).handleDeleteCollection},
	"drec":    {deleting, (*database).handleDeleteRecord},
	"dmrec":   {deleting, (*database).handleDeleteRecords},
	"drrng":   {deleting, (*database).handleDeleteRange},
	"sval":    {writing, (*database).setValue},
	"gval":    {reading, (*database).getValue},
	"gvalues": {reading, (*database).getValues},
	"rval":    {deleting, (*database).handleRemoveValue},
	"gvals":   {reading, (*database).getAllValues},
	"gkeys":   {reading, (*database).getAllKeys},
	"keys":    {deleting, (*database).manageKeys},
	"conn":    {reading, (*database).listConnections},
	"standin": {nothing, (*database).standIn},
}

// reply runs one request. hangUp says that the connection is to be closed after the reply.
func (d *database) reply(c *client, message []byte) (reply []byte, hangUp bool) {
	request, err := parseObject(string(message))
	id, kind, data := request.text("id"), request.text("type"), request.text("data")
	if err != nil || id == "" || kind == "" || data == "" {
		return nil, true
	}
	handler, known := handlers[kind]
	if kind == "auth" {
		return encode(id, answer{"error": "auth messages are not supported; use the api-key query parameter"}), false
	}
	if !known {
		// Without the id, as the real one: a client sees which request it was only by the connection's end.
		return []byte(`{"error":"Unknown message type"}`), true
	}
	if kind == "standin" {
		// Outside the mutex: touching gigabytes takes seconds in which the database should go on serving.
		body, err := handler.run(d, c, data)
		return finish(id, body, err)
	}

	d.mutex.Lock()
	defer d.mutex.Unlock()
	if !d.keys.scopeOf(c.key).allows(handler.needs) {
		return encode(id, answer{"error": "permission denied"}), false
	}
	body, err := handler.run(d, c, data)
	return finish(id, body, err)
}

func finish(id string, body answer, err error) ([]byte, bool) {
	if errors.Is(err, errMalformed) {
		return nil, true
	}
	if err != nil {
		return encode(id, answer{"error": err.Error()}), false
	}
	return encode(id, body), false
}

func encode(id string, body answer) []byte {
	if body == nil {
		body = answer{}
	}
	body["id"] = id
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		panic(err) // Only maps, strings and numbers go in.
	}
	return bytes.TrimRight(text.Bytes(), "\n")
}
