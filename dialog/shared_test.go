package dialog_test

import (
	"strings"
	"testing"

	"nghe/dialog"
)

// card is a flow that asks for what a form may bring, with a question between.
func card(t testing.TB) *talk {
	k := newTalk(t)
	steps := map[string]*dialog.Step{}
	for _, s := range []*dialog.Step{
		{ID: "place", Kind: dialog.AskPlace, Text: "where?", Slot: "place", Share: dialog.ShareWard, Skippable: true, Next: "name"},
		{ID: "name", Kind: dialog.AskText, Text: "name?", Slot: "name", Share: dialog.ShareName, Skippable: true, Next: "phone"},
		{ID: "phone", Kind: dialog.AskPhone, Text: "phone?", Slot: "phone", Share: dialog.SharePhone, Next: "days"},
		{ID: "days", Kind: dialog.AskNum, Text: "days?", Slot: "days", Next: "village"},
		{ID: "village", Kind: dialog.AskText, Text: "village?", Slot: "village", Share: dialog.ShareAddress, Next: "ready"},
		{ID: "ready", Kind: dialog.Branch, Next: "late"},
		{ID: "late", Kind: dialog.AskText, Text: "second name?", Slot: "late", Share: dialog.ShareName, Next: "end"},
		{ID: "end", Kind: dialog.End, Text: "{name} {phone} {village} {late}"},
	} {
		steps[s.ID] = s
	}
	k.lib.flows["card"] = &dialog.Flow{ID: "card", Title: "Card", Start: "place", Steps: steps}
	for _, s := range []string{"village", "late"} {
		k.lib.slots[s] = &dialog.Slot{ID: s, Label: s}
	}
	return k
}

var everything = dialog.Shared{Name: "An", Phone: "0912345678", Ward: "Ba Che", Address: "Thôn 1"}

func (k *talk) on(shares ...string) func(text string, s *dialog.Shared) string {
	return func(text string, s *dialog.Shared) string {
		u := dialog.Utterance{Text: text, At: k.at, Shares: shares, Shared: s}
		if flow, ok := strings.CutPrefix(text, "start "); ok {
			u.Tap = "flow:" + flow
		}
		return k.hear(u)
	}
}

func TestAFormAnswersWhatIsAskedForCertain(t *testing.T) {
	k := card(t)
	says := k.on(dialog.ShareName, dialog.SharePhone)
	for _, step := range []struct {
		text   string
		shared *dialog.Shared
		want   string
	}{
		{"start card", nil, "where? [option.skip]"},
		{"skip", nil, "name? [share.name] [option.skip]"},
		{"share.name", nil, "share.form"},
		// The name now, the phone and the village when they are come to; the
		// place was passed over, and what comes after the branch may never be asked.
		{"", &everything, "days?"},
		{"3", nil, "second name? [share.name]"},
		{"Bình", nil, "AN 0912345678 THÔN 1 BÌNH"},
	} {
		if got := says(step.text, step.shared); got != step.want {
			t.Fatalf("%q: %q, want %q", step.text, got, step.want)
		}
		if step.text == "share.name" {
			if last := k.events[len(k.events)-1].Message; !last.Form {
				t.Errorf("no form: %+v", last)
			}
		}
	}
	if got := k.session.Mine["place"]; got.Known() {
		t.Errorf("the place was kept and not asked for: %v", got)
	}
}

func TestAFormAtOtherTimes(t *testing.T) {
	t.Run("by the ordinary road for a place", func(t *testing.T) {
		k := card(t)
		says := k.on()
		says("start card", nil)
		if got := says("", &dialog.Shared{Ward: "Ba Che"}); got != "name? [option.skip]" || k.session.Mine["place"].Text() == "" {
			t.Errorf("%q %v", got, k.session.Mine)
		}
	})
	t.Run("with only the answer to the next question", func(t *testing.T) {
		k := card(t)
		says := k.on()
		says("start card", nil)
		says("skip", nil)
		if got := says("", &dialog.Shared{Phone: "0912345678"}); got != "name? [option.skip]" {
			t.Error(got)
		}
		if got := says("An", nil); got != "days?" {
			t.Error(got)
		}
	})
	t.Run("with a number that is none", func(t *testing.T) {
		k := card(t)
		says := k.on(dialog.SharePhone)
		says("start card", nil)
		says("skip", nil)
		says("An", nil)
		if got := says("", &dialog.Shared{Phone: "12"}); got != "share.unasked | phone? [share.phone]" {
			t.Error(got)
		}
	})
	t.Run("when nothing of it is asked", func(t *testing.T) {
		k := card(t)
		says := k.on(dialog.SharePhone)
		for _, text := range []string{"hello", "start trip"} {
			says(text, nil)
			if got := says("", &everything); got[:len("share.unasked")] != "share.unasked" || len(k.session.Mine) != 0 {
				t.Errorf("%s: %q, kept %v", text, got, k.session.Mine)
			}
		}
	})
	t.Run("never about somebody else", func(t *testing.T) {
		k := card(t)
		says := k.on(dialog.ShareName, dialog.SharePhone)
		k.session.For = "son"
		says("start card", nil)
		if got := says("skip", nil); got != "name? [option.skip]" {
			t.Error(got)
		}
		if says("", &everything); len(k.session.Theirs) != 1 || len(k.session.Mine) != 0 {
			t.Errorf("%v %v", k.session.Theirs, k.session.Mine)
		}
	})
}
