package handoff_test

import (
	"testing"
	"time"

	"nghe/bot"
	"nghe/handoff"
)

// A file goes into the talk of the case it was sent in, and is given to that talk
// alone; what the person themself sent is not given back, and after they deleted
// everything there is nothing.
func TestAFileIsForItsTalkAlone(t *testing.T) {
	w := newWorld(t)
	p := w.start()
	p.Carries = func(bot.Contact) bool { return true }
	ctx := t.Context()
	c, _, err := p.Desk.Open(ctx, handoff.Opening{Contact: web(1), Turn: "web:1", Kind: handoff.Help, At: monday})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Claim(ctx, c.ID, hoa, monday); err != nil {
		t.Fatal(err)
	}
	m, err := p.SayFile(ctx, c.ID, hoa, "mẫu đơn", []byte("%PDF-1.4"), "Chị điền mẫu này", "k", monday.Add(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	all := w.bubbles(web(1))
	if b := all[len(all)-1]; b.Media == nil || b.Media.File != m.ID || b.Media.Name != "mẫu đơn.pdf" || b.Text != "Hoa gửi tệp. Chị điền mẫu này" {
		t.Errorf("%+v", b)
	}
	for who, want := range map[bot.Contact]bool{web(1): true, web(2): false, {}: false} {
		f, err := p.FileFor(ctx, who, m.ID)
		if err != nil || (f != nil) != want || want && string(f.Body) != "%PDF-1.4" {
			t.Errorf("%v: %+v %v", who, f, err)
		}
	}
	if f, err := p.FileFor(ctx, web(1), "no such"); f != nil || err != nil {
		t.Errorf("%+v %v", f, err)
	}
	if got, err := p.Records.Unfetched(ctx, monday.Add(-time.Hour), 10); err != nil || len(got) != 0 {
		t.Errorf("what is here is looked for elsewhere: %+v %v", got, err)
	}
}
