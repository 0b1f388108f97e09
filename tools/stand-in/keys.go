package main

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"
)

// scope is what a key may do. An unknown one may do nothing.
type scope string

const (
	readOnly        scope = "readonly"
	readWrite       scope = "read_write"
	readWriteDelete scope = "read_write_delete"
)

// allows relies on the order of the permissions: a scope with one has those below it.
func (s scope) allows(needed permission) bool {
	highest := map[scope]permission{readOnly: reading, readWrite: writing, readWriteDelete: deleting}
	return needed <= highest[s]
}

// parseScope reads a scope with or without separators, in any case.
func parseScope(text string) (scope, bool) {
	plain := squeeze(text)
	for _, s := range []scope{readOnly, readWrite, readWriteDelete} {
		if plain == squeeze(string(s)) {
			return s, true
		}
	}
	return "", false
}

func squeeze(text string) string {
	return strings.NewReplacer(" ", "", ",", "", "-", "", "_", "").Replace(strings.ToLower(text))
}

type keyring struct {
	master string
	scoped map[string]scope
}

// scopeOf gives the scope of a key that was valid when its connection opened. If it was removed since, the connection
// stays and can still read: so does the real database.
func (k *keyring) scopeOf(key string) scope {
	if key == k.master {
		return readWriteDelete
	}
	if found, exists := k.scoped[key]; exists {
		return found
	}
	return readOnly
}

func (d *database) knowsKey(key string) bool {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	_, scoped := d.keys.scoped[key]
	return scoped || key == d.keys.master
}

func (d *database) manageKeys(c *client, data string) (answer, error) {
	if c.key != d.keys.master {
		return nil, errors.New("only the master key may manage API keys")
	}
	query, err := parseObject(data)
	if err != nil {
		return nil, err
	}
	switch squeeze(query.text("action")) {
	case "add":
		return d.addKey(query.text("key"), query.text("scope"))
	case "remove":
		return d.removeKey(query.text("key"))
	case "list":
		return d.listKeys(), nil
	}
	return nil, errors.New("unknown action")
}

func (d *database) addKey(key, scopeText string) (answer, error) {
	wanted, valid := parseScope(scopeText)
	if !valid {
		return nil, errors.New("invalid scope")
	}
	if key == "" {
		return nil, errors.New("api key cannot be empty")
	}
	// The master key's scope is fixed; the real database says ok all the same.
	if key != d.keys.master {
		d.keys.scoped[key] = wanted
		d.persist(entry{Op: opAddKey, Key: key, Data: string(wanted)})
	}
	return answer{"status": "ok", "scope": wanted}, nil
}

func (d *database) removeKey(key string) (answer, error) {
	if key == d.keys.master {
		return nil, errors.New("api key cannot be removed")
	}
	if _, exists := d.keys.scoped[key]; !exists {
		return nil, errors.New("api key not found")
	}
	delete(d.keys.scoped, key)
	d.persist(entry{Op: opRemoveKey, Key: key})
	return answer{"status": "ok"}, nil
}

func (d *database) listKeys() answer {
	keys := []answer{{"key": d.keys.master, "scope": readWriteDelete, "deletable": false}}
	for _, key := range slices.Sorted(maps.Keys(d.keys.scoped)) {
		keys = append(keys, answer{"key": key, "scope": d.keys.scoped[key], "deletable": true})
	}
	return answer{"status": "ok", "keys": keys}
}

func (d *database) listConnections(self *client, _ string) (answer, error) {
	connections := []answer{}
	for c := range d.clients {
		var name any
		if c.name != "" {
			name = c.name
		}
		connections = append(connections, answer{
			"ip": c.ip, "since": time.Since(c.since).Milliseconds(), "name": name, "self": c == self,
		})
	}
	return answer{"connections": connections}, nil
}
