package handoff_test

import (
	"context"
	"strings"
	"testing"

	"nghe/bot"
	"nghe/staff"
)

// office is who there is.
type office []staff.Member

func (o office) Members(context.Context) ([]staff.Member, error) { return o, nil }

// Nobody is promised an answer where nobody could give one.
func TestNobodyIsPromisedWhoIsNotThere(t *testing.T) {
	off, elsewhere := hoa, hoa
	off.Off = true
	elsewhere.Scope = staff.Scope{Places: []string{"mong-cai-1"}}
	for name, c := range map[string]struct {
		office office
		says   string
	}{
		"nobody":                      {nil, "không dám hẹn"},
		"somebody who has gone":       {office{off}, "không dám hẹn"},
		"an officer":                  {office{{Login: "o", Role: staff.Officer, Scope: staff.Scope{Province: true}}}, "không dám hẹn"},
		"a counsellor of other place": {office{elsewhere}, "không dám hẹn"},
		"a counsellor":                {office{off, hoa}, "người thứ 1 trong hàng"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			p := w.start()
			p.Staff = c.office
			turn, err := p.turns.Handle(t.Context(), bot.Incoming{Contact: web(1), Update: "1", Text: "gặp người thật", At: monday})
			if err != nil {
				t.Fatal(err)
			}
			var said []string
			for _, b := range turn.Bubbles {
				said = append(said, b.Text)
			}
			if text := strings.Join(said, "\n"); !strings.Contains(text, c.says) || !strings.Contains(text, "#1") {
				t.Error(text)
			}
		})
	}
}
