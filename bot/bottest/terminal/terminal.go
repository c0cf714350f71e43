// Package terminal is what the programs of the fakes share: a fake is served
// on this machine only, and somebody at the terminal is the person who talks
// with the bot. It is not for tests and not for anything that others reach.
package terminal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Serve serves a handler on an address of this machine and gives its URL. It
// ends with the context.
func Serve(ctx context.Context, address string, h http.Handler) (url string, err error) {
	host, _, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return "", fmt.Errorf("%q is no address of this machine alone: give 127.0.0.1:PORT", address)
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return "", err
	}
	server := &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug),
	}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	go func() { _ = server.Serve(l) }() // ends by Close
	return "http://" + l.Addr().String(), nil
}

// Chat is a talk at the terminal.
type Chat struct {
	In  io.Reader
	Out io.Writer
	// Say is what the person typed. Commands are those that begin with a
	// slash: word and the rest of the line.
	Say      func(text string) error
	Commands map[string]func(rest string) error
	// Heard gives what the bot said since it was asked last, waiting for the
	// next when there is nothing.
	Heard func(ctx context.Context) ([]string, error)
}

// Run goes on until the input ends or the context does.
func (c *Chat) Run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	lines := make(chan string)
	go func() { // ends with the input; nothing else can end a read
		defer close(lines)
		for s := bufio.NewScanner(c.In); s.Scan(); {
			select {
			case lines <- s.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	var out sync.Mutex
	var listening sync.WaitGroup
	listening.Go(func() {
		for {
			heard, err := c.Heard(ctx)
			if err != nil {
				return
			}
			out.Lock()
			for _, line := range heard {
				fmt.Fprintln(c.Out, strings.ReplaceAll("bot> "+line, "\n", "\n     "))
			}
			out.Unlock()
		}
	})
	defer listening.Wait()
	defer stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case line, more := <-lines:
			if !more {
				return nil
			}
			if err := c.do(strings.TrimSpace(line)); err != nil {
				out.Lock()
				fmt.Fprintln(c.Out, "!   ", err)
				out.Unlock()
			}
		}
	}
}

func (c *Chat) do(line string) error {
	if line == "" {
		return nil
	}
	word, rest, _ := strings.Cut(line, " ")
	if !strings.HasPrefix(word, "/") {
		return c.Say(line)
	}
	if do := c.Commands[word]; do != nil {
		return do(strings.TrimSpace(rest))
	}
	return errors.New("no such command; those are in the lines above")
}
