// Command faketelegram lets anybody try the Telegram channel without an
// account: it is the Bot API on one port and a small page to chat on another,
// both for this machine only. It prints the variables to start nghe with.
//
//	go run ./bot/bottest/cmd/faketelegram
package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"time"

	faketelegram "nghe/bot/bottest/telegram"
)

//go:embed page.html
var page []byte

func main() {
	api := flag.String("api", "127.0.0.1:8081", "address of the Bot API, on this machine")
	chat := flag.String("page", "127.0.0.1:8082", "address of the page to chat on, on this machine")
	pace := flag.Bool("pace", true, "refuse above 30 messages a second, one a second in a chat")
	anybody := flag.Bool("anybody", false, "let the bot write to every number, for people whom “nghe demo” invented")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *api, *chat, *pace, *anybody, os.Stdout); err != nil {
		log.Fatal("faketelegram: ", err)
	}
}

// run serves both until the context ends.
func run(ctx context.Context, api, chat string, pace, anybody bool, out io.Writer) error {
	settings := faketelegram.Settings{Local: true, Anybody: anybody}
	if pace {
		settings.Pace = &faketelegram.Published
	}
	s := faketelegram.New(settings)
	defer s.Close()
	failed := make(chan error, 2)
	var urls []string
	for _, side := range []struct {
		address string
		handler http.Handler
	}{{api, s}, {chat, control(s)}} {
		l, err := listen(side.address)
		if err != nil {
			return err
		}
		server := &http.Server{Handler: side.handler, ReadHeaderTimeout: 10 * time.Second}
		defer server.Close()
		go func() { failed <- server.Serve(l) }()
		urls = append(urls, "http://"+l.Addr().String())
	}
	fmt.Fprintf(out, "Start nghe with\n\n  TELEGRAM_TOKEN=%s TELEGRAM_API=%s go run .\n\n", faketelegram.Token, urls[0])
	fmt.Fprintf(out, "(with TELEGRAM_WEBHOOK_SECRET=any-word, too, it gets a webhook instead of polling)\nand chat at %s/\n", urls[1])
	select {
	case <-ctx.Done():
		return nil
	case err := <-failed:
		return err
	}
}

// listen takes addresses of this machine only: anybody who reaches the page
// is everybody.
func listen(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("%s is not of this machine: use 127.0.0.1", address)
	}
	return net.Listen("tcp", address)
}

// deed is what somebody does on the page.
type deed struct {
	Person  int64  `json:"person"`
	Name    string `json:"name"`
	Do      string `json:"do"` // "say", "tap", "edit", "voice", "photo", "number", "place", "block", "unblock"
	Text    string `json:"text"`
	Message int64  `json:"message"` // of tap and edit
}

// control is the page and what it calls.
func control(s *faketelegram.Server) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(page) //nolint:errcheck // the other side may be gone
	})
	// What a chat shows, once it is another than the one the page has.
	mux.HandleFunc("GET /chat", func(w http.ResponseWriter, r *http.Request) {
		id, err := strconv.ParseInt(r.FormValue("person"), 10, 64)
		if err != nil {
			http.Error(w, "person has to be a number", http.StatusBadRequest)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), 25*time.Second)
		defer cancel()
		var view []byte
		s.Wait(ctx, func() bool { //nolint:errcheck // after a while the page gets what there is
			commands, _ := s.Commands()
			description, _ := s.Descriptions()
			view, _ = json.Marshal(map[string]any{
				"messages": s.Messages(id), "commands": commands, "description": description, "problems": s.Problems(), "waiting": s.Waiting(),
				"keys": s.Keys(id),
			})
			return etag(view) != r.FormValue("seen")
		})
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Seen", etag(view))
		w.Write(view) //nolint:errcheck // the other side may be gone
	})
	mux.HandleFunc("POST /do", func(w http.ResponseWriter, r *http.Request) {
		// A page of another site must not speak in somebody's name.
		if r.Header.Get("Content-Type") != "application/json" {
			http.Error(w, "send JSON", http.StatusUnsupportedMediaType)
			return
		}
		var d deed
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&d); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if err := do(s, d); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	})
	return mux
}

func etag(b []byte) string {
	h := uint64(14695981039346656037)
	for _, c := range b {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return strconv.FormatUint(h, 36)
}

func do(s *faketelegram.Server, d deed) error {
	if d.Person <= 0 || d.Name == "" {
		return errors.New("a person has a number above 0 and a name")
	}
	p := s.Person(d.Person, d.Name)
	switch d.Do {
	case "say":
		if d.Text == "" {
			return errors.New("nothing is said")
		}
		p.Says(d.Text)
	case "tap":
		p.Presses(d.Message, d.Text)
	case "edit":
		for _, m := range s.Messages(d.Person) {
			if m.ID == d.Message && !m.FromBot() && d.Text != "" {
				p.Edits(d.Message, d.Text)
				return nil
			}
		}
		return errors.New("only one's own messages can be changed")
	case "voice":
		p.Speaks()
	case "photo":
		p.Shows(d.Text, "")
	case "number":
		p.SharesNumber("84900000000")
	case "key":
		if !p.PressesKey(d.Text, "84900000000") {
			return errors.New("there is no such key")
		}
	case "place":
		p.SharesPlace(20.95, 107.08)
	case "block":
		p.Blocks()
	case "unblock":
		p.Unblocks()
	default:
		return fmt.Errorf("nobody can %q", d.Do)
	}
	return nil
}
