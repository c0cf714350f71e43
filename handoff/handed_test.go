package handoff_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"nghe/bot"
	"nghe/handoff"
)

// What a person hands over is kept once, with the case that the talk has; it is
// theirs to open and nobody else's, also after the case became part of another;
// and it goes with them.
func TestWhatIsHandedOver(t *testing.T) {
	w := newWorld(t)
	p, now := w.start(), monday
	first, second, stranger := web(1), web(2), web(3)
	p.Others = func(_ context.Context, c bot.Contact) ([]bot.Contact, error) {
		return map[bot.Contact][]bot.Contact{first: {second}, second: {first}}[c], nil
	}
	hands := func(c bot.Contact, id string, body string) {
		t.Helper()
		now = now.Add(time.Second)
		f, kind, fit := p.Look("../giấy.exe", []byte(body))
		if !fit {
			t.Fatalf("%q is not taken", body)
		}
		if _, err := p.turns.Handle(t.Context(), bot.Incoming{Contact: c, Update: id, Media: &bot.Media{Kind: kind, Ref: id, Name: f.Name}, File: &f, At: now}); err != nil {
			t.Fatal(err)
		}
	}
	opens := func(c bot.Contact, name string) string {
		t.Helper()
		f, err := p.FileFor(t.Context(), c, name)
		if err != nil {
			t.Fatal(err)
		}
		if f == nil {
			return ""
		}
		return string(f.Body)
	}
	if _, _, fit := p.Look("a.png", []byte("<svg onload=alert(1)>")); fit {
		t.Error("it is what it is called")
	}
	if _, kind, _ := p.Look("a", []byte("OggS")); kind != bot.MediaVoice {
		t.Errorf("a voice is %q", kind)
	}

	hands(first, "nobody-there", "%PDF-1")
	if opens(first, "nobody-there") != "" {
		t.Error("it is kept without a case")
	}
	for _, c := range []bot.Contact{first, second} {
		now = now.Add(time.Second)
		if _, err := p.turns.Handle(t.Context(), bot.Incoming{Contact: c, Update: "human", Text: "gặp người", At: now}); err != nil {
			t.Fatal(err)
		}
	}
	hands(second, "file-0001", "%PDF-1")
	hands(second, "file-0001", "%PDF-2") // the page sent it again
	hands(first, "file-0002", "%PDF-3")
	k, err := p.Records.OpenCaseOf(t.Context(), second)
	if err != nil || k == nil {
		t.Fatal(err)
	}
	into, err := p.Records.OpenCaseOf(t.Context(), first)
	if err != nil || into == nil {
		t.Fatal(err)
	}
	said, err := p.Messages(t.Context(), k, 0, now)
	if err != nil {
		t.Fatal(err)
	}
	files := 0
	for _, m := range said {
		if m.File.There() {
			files++
			if m.File.Name != "..-giấy.pdf" || m.From != handoff.FromPerson {
				t.Errorf("%+v", m)
			}
		}
	}
	if files != 1 {
		t.Errorf("%d files", files)
	}
	check := func(when string) {
		t.Helper()
		if opens(second, "file-0001") != "%PDF-1" || opens(first, "file-0002") != "%PDF-3" {
			t.Errorf("%s they can't open their own", when)
		}
		for _, c := range []bot.Contact{first, stranger, {}} {
			if opens(c, "file-0001") != "" {
				t.Errorf("%s %v opens it", when, c)
			}
		}
	}
	check("at first")
	for _, c := range []*handoff.Case{into, k} {
		if _, err := p.Claim(t.Context(), c.ID, hoa, now); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.Merge(t.Context(), into.ID, k.ID, hoa, now.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	check("merged")
	f, err := p.FileOf(t.Context(), into.ID, said[len(said)-2].ID, hoa, now)
	if err != nil || f == nil || !bytes.Equal(f.Body, []byte("%PDF-1")) {
		t.Errorf("the counsellor opens %+v %v", f, err)
	}
	if err := p.turns.Forget(t.Context(), first, now.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if opens(first, "file-0002") != "" {
		t.Error("it outlives who sent it")
	}
}
