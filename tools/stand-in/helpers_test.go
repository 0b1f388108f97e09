package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

const masterKey = "master-key"

// serveInMemory runs a database without a data folder and returns it with its ws:// address.
func serveInMemory(t *testing.T) (*database, string) {
	t.Helper()
	d := newDatabase(masterKey)
	return d, serve(t, d)
}

func serve(t *testing.T, handler http.Handler) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return "ws" + strings.TrimPrefix(server.URL, "http")
}

type session struct {
	t          *testing.T
	connection *websocket.Conn
}

// dial connects with a key and consumes the greeting.
func dial(t *testing.T, address, key string) *session {
	t.Helper()
	connection, _, err := websocket.Dial(deadline(t), address+"/?api-key="+key, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.CloseNow() })
	s := &session{t, connection}
	if greeting := s.receive(); greeting["type"] != "ready" {
		t.Fatalf("greeted with %v", greeting)
	}
	return s
}

// ask sends one request, whose data it turns into a JSON string, and returns the reply.
func (s *session) ask(kind string, data any) map[string]any {
	s.t.Helper()
	s.send(kind, data)
	reply := s.receive()
	if reply["id"] != "some-id" {
		s.t.Fatalf("reply to another request: %v", reply)
	}
	return reply
}

func (s *session) send(kind string, data any) {
	s.t.Helper()
	inner, _ := json.Marshal(data)
	outer, _ := json.Marshal(map[string]any{"id": "some-id", "type": kind, "data": string(inner)})
	s.sendText(string(outer))
}

func (s *session) sendText(text string) {
	s.t.Helper()
	if err := s.connection.Write(deadline(s.t), websocket.MessageText, []byte(text)); err != nil {
		s.t.Fatal(err)
	}
}

func (s *session) receive() map[string]any {
	s.t.Helper()
	_, message, err := s.connection.Read(deadline(s.t))
	if err != nil {
		s.t.Fatal(err)
	}
	var reply map[string]any
	if err := json.Unmarshal(message, &reply); err != nil {
		s.t.Fatalf("%v in %s", err, message)
	}
	return reply
}

// closeCode waits for the end of the connection.
func (s *session) closeCode() websocket.StatusCode {
	s.t.Helper()
	_, message, err := s.connection.Read(deadline(s.t))
	if err == nil {
		s.t.Fatalf("got %s where the connection should end", message)
	}
	return websocket.CloseStatus(err)
}

func deadline(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func asJSON(value any) string {
	text, _ := json.Marshal(value)
	return string(text)
}

type object = map[string]any
