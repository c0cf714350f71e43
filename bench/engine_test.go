package bench

import (
	"fmt"
	"testing"
	"time"

	"nghe/bot"
	"nghe/content"
	"nghe/dialog"
)

// moments are points of the script, by what the engine has to do there: after so
// many lines of the script a text is said at a step of a kind ("" = at none).
var moments = []struct {
	name   string
	after  int
	at     dialog.Kind
	answer string
}{
	{"question", 0, "", script[0]},
	{"begin", 1, "", script[1]},
	{"choice", 2, dialog.Choice, script[2]},
	{"several", 4, dialog.Several, script[4]},
	{"question-meanwhile", 6, dialog.Choice, script[6]},
	{"miss", 6, dialog.Choice, "ơ hờ ờ"},
	{"money", 8, dialog.AskMoney, script[8]},
	{"correction", 8, dialog.AskMoney, "quay lại"},
	{"number", 9, dialog.AskNum, script[9]},
	{"sum", 10, dialog.AskKM, script[10]},
	{"place", 11, dialog.AskPlace, script[11]},
}

// chat is what somebody says who has been here for long.
var chat = []string{"tien an dc bao nhieu", "vay làm ăn", "cảm ơn em", "học nghề hàn ở đâu", "mất bao lâu", "bắt đầu lại"}

var atNoon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// aged is a session after so many turns that stands where a moment wants it, as it
// is kept.
func aged(b *testing.B, brain bot.Brain, turns, after int, at dialog.Kind) (plain, secret []byte) {
	b.Helper()
	var s dialog.Session
	say := func(text string) {
		s, _ = brain.Engine.Respond(s, dialog.Utterance{Text: text, At: atNoon.Add(time.Duration(s.Turns) * time.Minute)}, brain.Reader)
	}
	for i := 0; s.Turns < turns-after-1; i++ {
		say(chat[i%len(chat)])
	}
	for _, text := range script[:after] {
		say(text)
	}
	var kind dialog.Kind
	if n := len(s.Stack); n > 0 {
		kind = content.MustBuiltin().Flow(s.Stack[n-1].Flow).Steps[s.Stack[n-1].Step].Kind
	}
	if kind != at {
		b.Fatalf("after %d turns the talk stands at %q, not at %q: %+v", s.Turns, kind, at, s.Stack)
	}
	plain, secret, _, err := s.Encode()
	if err != nil {
		b.Fatal(err)
	}
	return plain, secret
}

// A turn of the engine over the shipped content, by what it has to do and by how
// long the talk is: session read, answered, written.
func BenchmarkEngine(b *testing.B) {
	brain := shipped()
	for _, m := range moments {
		for _, age := range []int{1, 100, 1000} {
			b.Run(fmt.Sprintf("do=%s/age=%d", m.name, age), func(b *testing.B) {
				plain, secret := aged(b, brain, age, m.after, m.at)
				u := dialog.Utterance{Text: m.answer, At: atNoon.Add(1001 * time.Minute)}
				size := 0
				b.ReportAllocs()
				for b.Loop() {
					s, err := dialog.Decode(plain, secret)
					if err != nil {
						b.Fatal(err)
					}
					s, events := brain.Engine.Respond(s, u, brain.Reader)
					if len(events) == 0 {
						b.Fatal("silence")
					}
					written, _, _, err := s.Encode()
					if err != nil {
						b.Fatal(err)
					}
					size = len(written)
				}
				b.ReportMetric(float64(size), "B-session")
			})
		}
	}
}
