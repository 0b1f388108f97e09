package main

import "testing"

// filled is a database with two documents in "weather", of which one has three records, and one in "other".
func filled(t *testing.T) *session {
	_, address := serveInMemory(t)
	s := dial(t, address, masterKey)
	reply := s.ask("ins", []object{
		{"col": "weather", "doc": "bern", "ts": 30, "data": "rain <3>"},
		{"col": "weather", "doc": "bern", "ts": 10, "data": "sun"},
		{"col": "weather", "doc": "bern", "ts": "20", "data": "to be replaced"},
		{"col": "weather", "doc": "bern", "ts": 20, "data": "snow"},
		{"col": "weather", "doc": "basel", "ts": 15, "data": "sun"},
		{"col": "other", "doc": "x", "ts": 1, "data": "y"},
	})
	if asJSON(reply) != `{"id":"some-id"}` {
		t.Fatalf("insert replied %v", reply)
	}
	return s
}

func TestQueriesTheLatestRecordOfEachDocument(t *testing.T) {
	s := filled(t)
	basel, rain, snow := `"basel":{"data":"sun","ts":15}`, `"bern":{"data":"rain \u003c3\u003e","ts":30}`, `"bern":{"data":"snow","ts":20}`
	for _, test := range []struct {
		query object
		want  string
	}{
		{object{"ts": 100}, `{` + basel + `,` + rain + `}`},
		{object{"ts": 29}, `{` + basel + `,` + snow + `}`},
		{object{"ts": 14}, `{"bern":{"data":"sun","ts":10}}`},
		{object{"ts": 100, "from": 16}, `{` + rain + `}`},
		{object{"ts": 100, "doc": "basel"}, `{` + basel + `}`},
		{object{"ts": 100, "doc": "ba"}, `{}`},
		{object{"ts": 100, "doc": "/^BA/i"}, `{` + basel + `}`},
		{object{"ts": 100, "where": "rain"}, `{` + rain + `}`},
		{object{"ts": 100, "where": "/r.in/"}, `{` + rain + `}`},
		{object{"ts": 100, "filter": "rain"}, `{` + basel + `}`},
		{object{"ts": 100, "col": "none"}, `{}`},
	} {
		if test.query["col"] == nil {
			test.query["col"] = "weather"
		}
		if got := asJSON(s.ask("qry", test.query)["records"]); got != test.want {
			t.Errorf("%v: got %s, want %s", test.query, got, test.want)
		}
	}
}

func TestQueriesTheHistoryOfADocument(t *testing.T) {
	s := filled(t)
	for _, test := range []struct {
		query object
		want  string
	}{
		{object{"to": 100}, `[10 20 30]`},
		{object{"from": 10, "to": 20}, `[10 20]`},
		{object{"from": 11, "to": 19}, `[]`},
		{object{"to": 100, "reverse": true, "limit": 2}, `[30 20]`},
		{object{"to": 100, "filter": "snow", "limit": 2}, `[10 30]`},
		{object{"to": 100, "doc": "none"}, `[]`},
	} {
		test.query["col"] = "weather"
		if test.query["doc"] == nil {
			test.query["doc"] = "bern"
		}
		if got := timesOf(s.ask("qdoc", test.query)); got != test.want {
			t.Errorf("%v: got %s, want %s", test.query, got, test.want)
		}
	}
}

func TestDeletes(t *testing.T) {
	for _, test := range []struct {
		kind string
		data any
		want string
	}{
		{"drec", object{"col": "weather", "doc": "bern", "ts": 20}, `[10 30]`},
		{"drec", object{"col": "weather", "doc": "bern", "ts": 21}, `[10 20 30]`},
		{"dmrec", []object{{"col": "weather", "doc": "bern", "ts": 20}, {"col": "weather", "doc": "bern", "ts": 30}}, `[10]`},
		{"drrng", object{"col": "weather", "doc": "bern", "fromTs": 10, "toTs": 20}, `[30]`},
		{"ddoc", object{"col": "weather", "doc": "bern"}, `[]`},
		{"ddoc", object{"doc": "bern"}, `[]`},
		{"dcol", object{"col": "weather"}, `[]`},
	} {
		s := filled(t)
		s.ask(test.kind, test.data)
		if got := timesOf(s.ask("qdoc", object{"col": "weather", "doc": "bern", "to": 100})); got != test.want {
			t.Errorf("%s: left %s, want %s", test.kind, got, test.want)
		}
		if left := asJSON(s.ask("qry", object{"col": "other", "ts": 9})["records"]); left != `{"x":{"data":"y","ts":1}}` {
			t.Errorf("%s: left of the other collection %s", test.kind, left)
		}
	}
}

func TestListsCollectionsAndForgetsEmptyOnes(t *testing.T) {
	s := filled(t)
	if got := asJSON(s.ask("cols", object{})["collections"]); got != `["other","weather"]` {
		t.Errorf("got %s", got)
	}
	s.ask("ddoc", object{"col": "other", "doc": "x"})
	if got := asJSON(s.ask("cols", object{})["collections"]); got != `["weather"]` {
		t.Errorf("got %s after the last document", got)
	}
}

func TestKeepsValuesByKey(t *testing.T) {
	_, address := serveInMemory(t)
	s := dial(t, address, masterKey)
	s.ask("sval", object{"col": "config", "key": "a.x", "value": "1"})
	s.ask("sval", object{"col": "config", "key": "b", "value": "2"})
	for _, test := range []struct{ kind, key, field, want string }{
		{"gval", "b", "value", `"2"`},
		{"gval", "none", "value", `""`},
		{"gvals", "", "values", `{"a.x":"1","b":"2"}`},
		{"gvalues", "b", "values", `{"b":"2"}`},
		{"gvalues", "none", "values", `{"none":""}`},
		{"gvalues", `/a\..*/`, "values", `{"a.x":"1"}`},
		{"gkeys", "", "keys", `["a.x","b"]`},
	} {
		if got := asJSON(s.ask(test.kind, object{"col": "config", "key": test.key})[test.field]); got != test.want {
			t.Errorf("%s %s: got %s, want %s", test.kind, test.key, got, test.want)
		}
	}
	s.ask("rval", object{"col": "config", "key": "b"})
	if got := asJSON(s.ask("gkeys", object{"col": "config"})["keys"]); got != `["a.x"]` {
		t.Errorf("got %s after the removal", got)
	}
}
