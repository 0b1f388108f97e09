package provisioner

import (
	"context"
	"net/http"
	"testing"
	"time"
)

func stream(text string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "text/event-stream")
		w.Write([]byte(text))
	}
}

func TestFollowGoesOnWhereItWasCut(t *testing.T) {
	deployer, sent := served(t, 0,
		stream("retry: 1000\n\nevent: tenant\nid: e.1\ndata: {\"userId\":\"a\",\"state\":\"creating\"}\n\nevent: synced\ndata: {}\n\nevent: tenant\nid: e.2\ndata: {\"use"),
		answer(503, `{}`),
		stream(":\n\nevent: tenant\nid: e.2\ndata: {\"userId\":\"a\",\"state\":\"active\"}\n\nevent: deleted\nid: e.3\ndata: {\"userId\":\"a\"}\n\n"),
	)
	var told []string
	for event, err := range deployer.Follow(context.Background(), "a") {
		if err != nil {
			t.Fatal(err)
		}
		state := ""
		if event.Tenant != nil {
			state = string(event.Tenant.State)
		}
		told = append(told, string(event.Kind)+" "+event.UserID+" "+state)
	}
	want := []string{"tenant a creating", "synced  ", "tenant a active", "deleted a "}
	if len(told) != len(want) {
		t.Fatalf("told %q", told)
	}
	for i := range want {
		if told[i] != want[i] {
			t.Errorf("told %q, want %q", told[i], want[i])
		}
	}
	for i, last := range []string{"", "e.1", "e.1"} {
		if got := (*sent)[i].Header.Get("Last-Event-ID"); got != last {
			t.Errorf("request %d went on behind %q, want %q", i, got, last)
		}
	}
}

func TestFollowEndsWithARefusalOrItsContext(t *testing.T) {
	deployer, _ := served(t, 0, answer(404, `{"code":"tenant-not-found","detail":"There is no such tenant."}`))
	for _, err := range deployer.Follow(context.Background(), "a") {
		if !IsCode(err, "tenant-not-found") {
			t.Errorf("ended with %v", err)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	deployer, _ = served(t, 0, answer(503, `{}`))
	for _, err := range deployer.Follow(ctx, "") {
		if err != context.DeadlineExceeded {
			t.Errorf("ended with %v", err)
		}
	}
}
