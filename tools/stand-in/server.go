package main

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"
)

const (
	maxMessageBytes = 16 << 20
	pingInterval    = 60 * time.Second
	readyMessage    = `{"message":"Authentication successful","type":"ready"}`
)

// client is one open connection.
type client struct {
	key, name, ip string
	since         time.Time
}

// ServeHTTP upgrades on every path. There is no other route: what is no upgrade is 404, with or without a key.
func (d *database) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		refuse(w, http.StatusNotFound, "File Not Found")
		return
	}
	query := r.URL.Query()
	key := query.Get("api-key")
	if key == "" {
		refuse(w, http.StatusUnauthorized, "Missing API key parameter")
		return
	}
	if !d.knowsKey(key) {
		refuse(w, http.StatusUnauthorized, "Unknown API key")
		return
	}
	connection, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		// The real database does not look at the origin.
		InsecureSkipVerify: true,
		CompressionMode:    websocket.CompressionNoContextTakeover,
	})
	if err != nil {
		return
	}
	connection.SetReadLimit(maxMessageBytes)
	ip, _, _ := net.SplitHostPort(r.RemoteAddr)
	d.serve(connection, &client{key: key, name: query.Get("name"), ip: ip, since: time.Now()})
}

func refuse(w http.ResponseWriter, status int, reason string) {
	w.WriteHeader(status)
	_, _ = io.WriteString(w, reason)
}

// serve answers one connection's requests one after another, in their order, until it closes.
func (d *database) serve(connection *websocket.Conn, c *client) {
	d.enter(c)
	defer d.leave(c)
	defer connection.CloseNow()

	// Not the request's context: after an upgrade that one may end at any time.
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go keepAlive(ctx, connection)

	if connection.Write(ctx, websocket.MessageText, []byte(readyMessage)) != nil {
		return
	}
	for {
		kind, message, err := connection.Read(ctx)
		if err != nil {
			return
		}
		if kind != websocket.MessageText {
			_ = connection.Close(websocket.StatusUnsupportedData, "text frames only")
			return
		}
		reply, hangUp := d.reply(c, message)
		if reply != nil && connection.Write(ctx, websocket.MessageText, reply) != nil {
			return
		}
		if hangUp {
			_ = connection.Close(websocket.StatusPolicyViolation, "policy violation")
			return
		}
	}
}

// keepAlive finds connections whose other end vanished, which would otherwise stay in the list for ever.
func keepAlive(ctx context.Context, connection *websocket.Conn) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pingInterval):
		}
		deadline, cancel := context.WithTimeout(ctx, pingInterval)
		err := connection.Ping(deadline)
		cancel()
		if err != nil {
			connection.CloseNow()
			return
		}
	}
}

func (d *database) enter(c *client) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	d.clients[c] = struct{}{}
	log.Printf("New client connected: %s", c.ip)
}

func (d *database) leave(c *client) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	delete(d.clients, c)
	log.Printf("Client disconnected: %s", c.ip)
}
