package unanswered_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nghe/unanswered"
)

// A small world, counted by hand.
func TestGroups(t *testing.T) {
	sum := func(text string, why unanswered.Why, step string, n int64) unanswered.Sum {
		s := unanswered.Sum{N: n, Text: unanswered.Text{Text: text, Why: why}}
		if step != "" {
			s.Flow, s.Step = "loan", step
		}
		return s
	}
	now := []unanswered.Sum{
		sum("lam lai can cuoc o dau vay", unanswered.Refused, "", 5), sum("làm lại căn cước ở đâu", unanswered.Refused, "", 3), sum("làm lại căn cước ở đâu", unanswered.Missed, "purpose", 1),
		sum("tôm bị chết nhiều là bệnh gì", unanswered.Missed, "", 4),
	}
	before := []unanswered.Sum{
		sum("em muốn làm lại cccd thì đến chỗ nào ạ", unanswered.Refused, "", 2),
		sum("thời tiết mai thế nào", unanswered.Refused, "", 7), // not asked any more
	}
	at := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	seen, notOurs := unanswered.Mark{Mark: unanswered.Seen, By: "lan", At: at}, unanswered.Mark{Mark: unanswered.NotOurs, By: "mai", At: at}
	card := unanswered.Group{
		Lead: "làm lại căn cước ở đâu", Texts: []string{"làm lại căn cước ở đâu", "lam lai can cuoc o dau vay", "em muốn làm lại cccd thì đến chỗ nào ạ"}, N: 9, Before: 2,
		Whys: []unanswered.Part{{Name: "refused", N: 8}, {Name: "missed", N: 1}}, Steps: []unanswered.Part{{Name: "purpose", Of: "loan", N: 1}},
	}
	shrimp := unanswered.Group{Lead: "tôm bị chết nhiều là bệnh gì", Texts: []string{"tôm bị chết nhiều là bệnh gì"}, N: 4, Whys: []unanswered.Part{{Name: "missed", N: 4}}}
	for name, c := range map[string]struct {
		marks        map[string]unanswered.Mark
		card, shrimp unanswered.Mark
		fresh        int64
	}{
		"none":             {},
		"the smaller part": {marks: map[string]unanswered.Mark{"làm lại căn cước ở đâu": seen}},
		"the greater part": {marks: map[string]unanswered.Mark{"lam lai can cuoc o dau vay": seen, "tôm bị chết nhiều là bệnh gì": notOurs}, card: seen, shrimp: notOurs, fresh: 4},
		"two who differ":   {marks: map[string]unanswered.Mark{"lam lai can cuoc o dau vay": notOurs, "làm lại căn cước ở đâu": seen}, card: notOurs},
	} {
		want := []unanswered.Group{card, shrimp}
		want[0].Mark, want[0].New, want[1].Mark = c.card, c.fresh, c.shrimp
		if diff := cmp.Diff(want, unanswered.Groups(reader(), now, before, c.marks)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if got := unanswered.Groups(reader(), nil, before, nil); got != nil {
		t.Errorf("%+v", got)
	}
	g := unanswered.Group{Lead: "học nội trú có được không"}
	if g.Near(reader()); len(g.Nearest) != 3 || g.Nearest[0].Score < g.Nearest[1].Score {
		t.Errorf("%+v", g.Nearest)
	}
}
