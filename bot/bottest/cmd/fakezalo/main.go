// The program fakezalo is a Zalo Official Account on this machine, so that
// anybody can try the channel without an account: it prints the variables to
// start nghe with, and whoever types here is a person on Zalo.
//
//	go run ./bot/bottest/cmd/fakezalo
package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"nghe/bot/bottest/terminal"
	fakezalo "nghe/bot/bottest/zalo"
)

func main() { terminal.Main("fakezalo", run) }

const help = `Type as a person on Zalo. Buttons are pressed by /tap LABEL. Also:
  /follow  /unfollow  /withdraw  /info PHONE (sends the form for contact details)
  /send image|gif|link|audio|video|sticker|location|file|business_card
  /human TEXT     somebody of the office writes in Zalo's own app
  /user ID        be another person
  /fail CODE      the next message is refused with a code, such as -32
  /days N         let N days pass
`

func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	doors := terminal.NewDoors("fakezalo", "127.0.0.1:8091", "127.0.0.1:8092")
	webhook := doors.String("webhook", "http://127.0.0.1:8080/zalo", "where nghe is")
	if err := doors.Parse(args); err != nil {
		return err
	}
	var passed time.Duration // only this loop lets it pass
	clock := make(chan time.Duration, 1)
	clock <- passed
	now := func() time.Time { d := <-clock; clock <- d; return time.Now().Add(d) }
	s := fakezalo.New(fakezalo.Settings{Now: now, Webhook: *webhook})
	url, controls, err := doors.Open(ctx, s, s.Control())
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "export ZALO_APP_ID=%s ZALO_APP_SECRET=%s ZALO_OA_SECRET=%s ZALO_REFRESH_TOKEN=%s ZALO_API=%s ZALO_OAUTH=%s\n",
		s.AppID, s.AppSecret, s.OASecret, s.Consent(), url, url)
	fmt.Fprintf(out, "controls over HTTP at %s\n%s", controls, help)
	go s.Run(ctx, 1)
	go report(ctx, s)

	user := "4572947693969771653"
	chat := terminal.Chat{In: in, Out: out,
		Say:   func(text string) error { s.Say(user, text); return nil },
		Heard: terminal.Since(s.WaitSent, show),
		Commands: map[string]func(string) error{
			"/tap":      func(rest string) error { return s.Tap(user, rest) },
			"/follow":   func(string) error { s.Follow(user); return nil },
			"/unfollow": func(string) error { s.Unfollow(user); return nil },
			"/withdraw": func(string) error { s.Withdraw(user); return nil },
			"/info": func(rest string) error {
				return s.SubmitInfo(user, fakezalo.Info{Name: "Nguyễn Văn Thử", Phone: rest, Ward: "Ba Chẽ", Address: "Thôn 1"})
			},
			"/human": func(rest string) error { s.Human(user, "777", rest); return nil },
			"/send":  func(rest string) error { s.Send(user, rest, ""); return nil },
			"/user":  func(rest string) error { user = rest; return nil },
			"/fail": func(rest string) error {
				var code int
				if _, err := fmt.Sscan(rest, &code); err != nil {
					return err
				}
				s.Fail(fakezalo.Fault{Path: "/message/", Code: code})
				return nil
			},
			"/days": func(rest string) error {
				var days float64
				if _, err := fmt.Sscan(rest, &days); err != nil {
					return err
				}
				clock <- <-clock + time.Duration(days*24)*time.Hour
				return nil
			},
		}}
	return chat.Run(ctx)
}

// report tells of events that nghe did not take.
func report(ctx context.Context, s *fakezalo.Server) {
	for seen := 0; ; {
		if s.Wait(ctx, func() bool { return len(s.Attempts()) > seen }) != nil {
			return
		}
		attempts := s.Attempts()
		for _, a := range attempts[seen:] {
			if a.Status != http.StatusOK {
				fmt.Fprintf(os.Stderr, "webhook: %s was answered with %d (0 = no connection)\n", a.Name, a.Status)
			}
		}
		seen = len(attempts)
	}
}

// show is a message as a person sees it.
func show(m fakezalo.Message) string {
	var b strings.Builder
	if m.Kind != "text" && m.Kind != "buttons" {
		fmt.Fprintf(&b, "(%s) ", m.Kind)
	}
	b.WriteString(m.Text)
	for _, button := range m.Buttons {
		b.WriteString("\n[" + button.Title + "]")
	}
	return b.String()
}
