package main

import (
	"testing"

	"github.com/coder/websocket"
)

var (
	read   = func(s *session) object { return s.ask("cols", object{}) }
	write  = func(s *session) object { return s.ask("ins", []object{{"col": "c", "doc": "d", "ts": 1, "data": "x"}}) }
	remove = func(s *session) object { return s.ask("dcol", object{"col": "c"}) }
)

func TestLimitsEachScope(t *testing.T) {
	_, address := serveInMemory(t)
	master := dial(t, address, masterKey)
	for scope, allowed := range map[string][3]bool{
		"readonly":          {true, false, false},
		"read_write":        {true, true, false},
		"Read-Write-Delete": {true, true, true},
	} {
		if reply := master.ask("keys", object{"action": "add", "key": scope, "scope": scope}); reply["status"] != "ok" {
			t.Fatalf("%s: %v", scope, reply)
		}
		scoped := dial(t, address, scope)
		for index, act := range []func(*session) object{read, write, remove} {
			if refused := act(scoped)["error"] == "permission denied"; refused == allowed[index] {
				t.Errorf("%s: act %d refused: %v", scope, index, refused)
			}
		}
	}
}

func TestOnlyTheMasterKeyManagesKeys(t *testing.T) {
	_, address := serveInMemory(t)
	master := dial(t, address, masterKey)
	master.ask("keys", object{"action": "add", "key": "all", "scope": "read_write_delete"})
	reply := dial(t, address, "all").ask("keys", object{"action": "list"})
	if reply["error"] != "only the master key may manage API keys" {
		t.Errorf("replied %v", reply)
	}
	if got := asJSON(master.ask("keys", object{"action": "list"})["keys"]); got !=
		`[{"deletable":false,"key":"master-key","scope":"read_write_delete"},{"deletable":true,"key":"all","scope":"read_write_delete"}]` {
		t.Errorf("listed %s", got)
	}
}

func TestSaysWhyAKeyIsNotManaged(t *testing.T) {
	_, address := serveInMemory(t)
	master := dial(t, address, masterKey)
	for _, test := range []struct {
		data object
		want string
	}{
		{object{"action": "add", "key": "k", "scope": "god"}, "invalid scope"},
		{object{"action": "add", "key": "", "scope": "readonly"}, "api key cannot be empty"},
		{object{"action": "remove", "key": "k"}, "api key not found"},
		{object{"action": "remove", "key": masterKey}, "api key cannot be removed"},
		{object{"action": "rename"}, "unknown action"},
	} {
		if reply := master.ask("keys", test.data); reply["error"] != test.want {
			t.Errorf("%v: replied %v", test.data, reply)
		}
	}
}

func TestARemovedKeyOpensNothingButItsConnectionStillReads(t *testing.T) {
	_, address := serveInMemory(t)
	master := dial(t, address, masterKey)
	master.ask("keys", object{"action": "add", "key": "k", "scope": "read_write"})
	scoped := dial(t, address, "k")
	master.ask("keys", object{"action": "remove", "key": "k"})

	if write(scoped)["error"] != "permission denied" || read(scoped)["error"] != nil {
		t.Error("the open connection should read and not write")
	}
	if _, _, err := websocket.Dial(deadline(t), address+"/?api-key=k", nil); err == nil {
		t.Error("the removed key still opens a connection")
	}
}
