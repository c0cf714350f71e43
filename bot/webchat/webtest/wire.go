package webtest

import (
	"io"
	"net"
	"sync"
	"testing"
)

// Wire is a line to a server that can be cut and mended: for the browser the
// server is then really gone, at the same address.
type Wire struct {
	t       testing.TB
	server  string // host:port
	address string // host:port of this end

	mu       sync.Mutex
	listener net.Listener // nil while it is cut
	open     map[net.Conn]bool
}

// NewWire lays a line to a server, given as host:port.
func NewWire(t testing.TB, server string) *Wire {
	t.Helper()
	w := &Wire{t: t, server: server, address: "127.0.0.1:0", open: map[net.Conn]bool{}}
	w.Mend()
	t.Cleanup(w.Cut)
	return w
}

// URL is where a browser finds the server at the other end.
func (w *Wire) URL() string { return "http://" + w.address }

// Cut ends all connections and refuses new ones.
func (w *Wire) Cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.listener == nil {
		return
	}
	w.listener.Close()
	w.listener = nil
	for c := range w.open {
		c.Close()
	}
	clear(w.open)
}

// Mend makes the line whole again.
func (w *Wire) Mend() {
	w.t.Helper()
	l, err := net.Listen("tcp", w.address)
	if err != nil {
		w.t.Fatal(err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.listener, w.address = l, l.Addr().String()
	go w.serve(l)
}

func (w *Wire) serve(l net.Listener) {
	for {
		near, err := l.Accept()
		if err != nil {
			return // cut
		}
		far, err := net.Dial("tcp", w.server)
		if err != nil {
			near.Close()
			continue
		}
		if !w.join(l, near, far) {
			near.Close()
			far.Close()
			return
		}
	}
}

// join carries bytes both ways until one end is closed.
func (w *Wire) join(l net.Listener, near, far net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.listener != l {
		return false
	}
	w.open[near], w.open[far] = true, true
	carry := func(to, from net.Conn) {
		io.Copy(to, from)
		to.Close()
		from.Close()
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.open, to)
		delete(w.open, from)
	}
	go carry(near, far)
	go carry(far, near)
	return true
}
