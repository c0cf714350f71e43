// The program fakezalobot is a bot of the Zalo Bot Platform on this machine:
// it prints the variables to start nghe with, and whoever types here is a
// person on Zalo. nghe polls it.
//
//	go run ./bot/bottest/cmd/fakezalobot
package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"nghe/bot/bottest/terminal"
	fakezalobot "nghe/bot/bottest/zalobot"
)

func main() { terminal.Main("fakezalobot", run) }

const help = `Type as a person on Zalo. Options are chosen by their number. Also:
  /sticker  /picture
  /user ID        be another person
  /fail STATUS    the next message is refused, such as with 429
`

func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	doors := terminal.NewDoors("fakezalobot", "127.0.0.1:8093", "127.0.0.1:8094")
	replay := doors.Bool("replay", true, "polls are given again what they were given")
	if err := doors.Parse(args); err != nil {
		return err
	}
	s := fakezalobot.New(fakezalobot.Settings{Now: time.Now, Replay: *replay})
	url, controls, err := doors.Open(ctx, s, s.Control())
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "export ZALO_BOT_TOKEN=%s ZALO_BOT_API=%s\n", s.Token, url)
	fmt.Fprintf(out, "controls over HTTP at %s\n%s", controls, help)

	user := "6ede9afa66b88fe6d6a9"
	chat := terminal.Chat{In: in, Out: out,
		Say:   func(text string) error { s.Say(user, "Ted", text); return nil },
		Heard: terminal.Since(s.WaitSent, func(m fakezalobot.Message) string { return m.Text }),
		Commands: map[string]func(string) error{
			"/user": func(rest string) error { user = rest; return nil },
			"/sticker": func(string) error {
				s.Send(user, "Ted", "message.sticker.received", map[string]any{"sticker": "1", "url": "https://zdn.vn/s.png"})
				return nil
			},
			"/picture": func(string) error {
				s.Send(user, "Ted", "message.image.received", map[string]any{"photo_url": "https://zdn.vn/p.jpg"})
				return nil
			},
			"/fail": func(rest string) error {
				var status int
				if _, err := fmt.Sscan(rest, &status); err != nil {
					return err
				}
				s.Fail(fakezalobot.Fault{Method: "sendMessage", Status: status})
				return nil
			},
		}}
	return chat.Run(ctx)
}
