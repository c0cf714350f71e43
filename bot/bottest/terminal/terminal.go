// Package terminal is what the programs of the fakes share: a fake is served
// on this machine only, and somebody at the terminal is the person who talks
// with the bot. It is not for tests and not for anything that others reach.
package terminal

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"sync"
	"time"
)

// Main runs the program of a fake until somebody ends it.
func Main(name string, run func(ctx context.Context, args []string, in io.Reader, out io.Writer) error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
}

// Doors are the flags of a program: where its fake is served, and whatever
// else it takes.
type Doors struct {
	*flag.FlagSet
	listen, control *string
}

// NewDoors makes the flags that every program has, with the addresses of their
// own.
func NewDoors(name, listen, control string) Doors {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	return Doors{f, f.String("listen", listen, "where nghe finds the platform"), f.String("control", control, "the same controls over HTTP")}
}

// Open serves a fake and its controls and gives their URLs. Call it after Parse.
func (d Doors) Open(ctx context.Context, platform, controls http.Handler) (url, control string, err error) {
	if url, err = Serve(ctx, *d.listen, platform); err != nil {
		return "", "", err
	}
	control, err = Serve(ctx, *d.control, controls)
	return url, control, err
}

// Since makes a Chat.Heard of what a fake has been sent: wait gives all
// messages once there are so many.
func Since[M any](wait func(ctx context.Context, n int) ([]M, error), show func(M) string) func(context.Context) ([]string, error) {
	heard := 0
	return func(ctx context.Context) (lines []string, err error) {
		sent, err := wait(ctx, heard+1)
		for _, m := range sent[min(heard, len(sent)):] {
			lines = append(lines, show(m))
		}
		heard = len(sent)
		return lines, err
	}
}

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
