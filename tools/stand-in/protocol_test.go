package main

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

func TestRefusesAWrongKeyWith401(t *testing.T) {
	_, address := serveInMemory(t)
	for query, reason := range map[string]string{"": "Missing API key parameter", "?api-key=wrong": "Unknown API key"} {
		_, response, err := websocket.Dial(deadline(t), address+"/any/path"+query, nil)
		if err == nil || response.StatusCode != http.StatusUnauthorized {
			t.Fatalf("%q: %v, %v", query, err, response)
		}
		if body, _ := io.ReadAll(response.Body); string(body) != reason {
			t.Errorf("%q: body %q", query, body)
		}
	}
}

func TestAnswersPlainHTTPWith404(t *testing.T) {
	_, address := serveInMemory(t)
	response, err := http.Get("http" + strings.TrimPrefix(address, "ws") + "/?api-key=" + masterKey)
	if err != nil || response.StatusCode != http.StatusNotFound {
		t.Fatalf("%v, %v", err, response)
	}
}

func TestEndsTheConnectionAfterAMalformedRequest(t *testing.T) {
	_, address := serveInMemory(t)
	for _, request := range []string{
		`no JSON`,
		`[]`,
		`{"type":"cols","data":"{}"}`,
		`{"id":"1","data":"{}"}`,
		`{"id":"1","type":"cols"}`,
		`{"id":"1","type":"cols","data":{}}`,
		`{"id":"1","type":"ins","data":"{}"}`,
		`{"id":"1","type":"ins","data":"[1]"}`,
		`{"id":"1","type":"ins","data":"[] []"}`,
		`{"id":"1","type":"qry","data":"{\"col\":\"c\"}"}`,
		`{"id":"1","type":"qry","data":"{\"ts\":1}"}`,
		`{"id":"1","type":"qdoc","data":"{\"col\":\"c\",\"doc\":\"d\",\"from\":2,\"to\":1}"}`,
		`{"id":"1","type":"drec","data":"{\"col\":\"c\",\"doc\":\"d\"}"}`,
		`{"id":"1","type":"sval","data":"{\"col\":\"c\",\"key\":\"k\"}"}`,
	} {
		s := dial(t, address, masterKey)
		s.sendText(request)
		if code := s.closeCode(); code != websocket.StatusPolicyViolation {
			t.Errorf("%s: closed with %d", request, code)
		}
	}
}

func TestNamesAnUnknownTypeAndEndsTheConnection(t *testing.T) {
	_, address := serveInMemory(t)
	s := dial(t, address, masterKey)
	s.send("bogus", object{})
	if reply := s.receive(); asJSON(reply) != `{"error":"Unknown message type"}` {
		t.Errorf("replied %v", reply)
	}
	if code := s.closeCode(); code != websocket.StatusPolicyViolation {
		t.Errorf("closed with %d", code)
	}
}

func TestTakesTextFramesOnly(t *testing.T) {
	_, address := serveInMemory(t)
	s := dial(t, address, masterKey)
	if err := s.connection.Write(deadline(t), websocket.MessageBinary, []byte("{}")); err != nil {
		t.Fatal(err)
	}
	if code := s.closeCode(); code != websocket.StatusUnsupportedData {
		t.Errorf("closed with %d", code)
	}
}

func TestListsConnectionsWithTheirNames(t *testing.T) {
	_, address := serveInMemory(t)
	dial(t, address, masterKey+"&name=other")
	reply := dial(t, address, masterKey).ask("conn", object{})
	for _, each := range reply["connections"].([]any) {
		connection := each.(object)
		if self := connection["name"] == nil; connection["self"] != self || connection["ip"] != "127.0.0.1" {
			t.Errorf("listed %v", connection)
		}
	}
	if count := len(reply["connections"].([]any)); count != 2 {
		t.Errorf("%d connections", count)
	}
}
