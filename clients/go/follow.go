package provisioner

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"iter"
	"net/http"
	"strings"
	"time"
)

// A StreamEventKind is what a StreamEvent tells.
type StreamEventKind string

const (
	// StreamEventTenant is a tenant as it is now.
	StreamEventTenant StreamEventKind = "tenant"
	// StreamEventDeleted is a tenant that is gone.
	StreamEventDeleted StreamEventKind = "deleted"
	// StreamEventSynced comes when every tenant has been told.
	StreamEventSynced StreamEventKind = "synced"
	// StreamEventResync says that every tenant is told anew; one that does not come again is gone.
	StreamEventResync StreamEventKind = "resync"
)

// A StreamEvent is what a stream tells of a tenant: UserID names it, and Tenant shows it unless it is gone.
type StreamEvent struct {
	Kind   StreamEventKind
	UserID string
	Tenant *Tenant
}

// A service that says nothing for so long, not even that it lives, is asked anew.
const silence = 45 * time.Second

// Follow gives every tenant as it is, then each that changes, and goes on where it was when the connection ends. With a userID it
// is about that tenant only, and ends once it is gone. Its last error is that of the context, or a *ProblemError if the service refuses.
func (d *Deployer) Follow(ctx context.Context, userID string) iter.Seq2[StreamEvent, error] {
	return func(yield func(StreamEvent, error) bool) {
		f := follower{deployer: d, userID: userID, yield: yield}
		for !f.isOver {
			if err := f.connect(ctx); err != nil {
				yield(StreamEvent{}, err)
				return
			}
			if f.isOver {
				return
			}
			if err := d.rest(ctx); err != nil {
				yield(StreamEvent{}, err)
				return
			}
		}
	}
}

type follower struct {
	deployer    *Deployer
	userID      string
	lastEventID string
	yield       func(StreamEvent, error) bool
	isOver      bool
}

// connect follows one connection to its end. Only a refusal is an error: what is cut off, or cannot be had now, is asked for again.
func (f *follower) connect(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	answer, err := f.open(ctx)
	if err != nil {
		return nil
	}
	defer answer.Body.Close()
	switch {
	case answer.StatusCode == http.StatusOK:
	case answer.StatusCode == http.StatusTooManyRequests || answer.StatusCode >= 500:
		return nil
	default:
		body, _ := io.ReadAll(answer.Body)
		return problemOf(answer, body)
	}
	timer := time.AfterFunc(silence, cancel)
	defer timer.Stop()
	return f.read(bufio.NewReader(answer.Body), func() { timer.Reset(silence) })
}

func (f *follower) open(ctx context.Context) (*http.Response, error) {
	var last *string
	if f.lastEventID != "" {
		last = &f.lastEventID
	}
	if f.userID == "" {
		return f.deployer.api.StreamTenants(ctx, &StreamTenantsParams{LastEventId: last})
	}
	return f.deployer.api.StreamTenant(ctx, f.userID, &StreamTenantParams{LastEventId: last})
}

// read tells events until the connection ends, or whoever listens has had enough.
func (f *follower) read(body *bufio.Reader, onLine func()) error {
	fields := map[string]string{}
	for {
		line, err := body.ReadString('\n')
		if err != nil {
			return nil
		}
		onLine()
		name, value, _ := strings.Cut(strings.TrimRight(line, "\r\n"), ":")
		if name != "" {
			fields[name] = strings.TrimPrefix(value, " ")
			continue
		}
		if err := f.tell(fields); err != nil || f.isOver {
			return err
		}
		// A comment, which says that the service lives, comes through here as an empty event.
		clear(fields)
	}
}

func (f *follower) tell(fields map[string]string) error {
	event := StreamEvent{Kind: StreamEventKind(fields["event"])}
	switch event.Kind {
	case StreamEventTenant:
		event.Tenant = &Tenant{}
		if err := json.Unmarshal([]byte(fields["data"]), event.Tenant); err != nil {
			return err
		}
		event.UserID = event.Tenant.UserId
	case StreamEventDeleted:
		if err := json.Unmarshal([]byte(fields["data"]), &struct{ UserID *string }{&event.UserID}); err != nil {
			return err
		}
	case StreamEventSynced, StreamEventResync:
	default:
		return nil
	}
	if id := fields["id"]; id != "" {
		f.lastEventID = id
	}
	isLast := event.Kind == StreamEventDeleted && event.UserID == f.userID
	f.isOver = !f.yield(event, nil) || isLast
	return nil
}
