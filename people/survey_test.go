package people_test

import (
	"testing"
	"time"

	"nghe/course"
	"nghe/dialog"
	"nghe/people"
)

var surveys = classes.WithCampaigns([]course.Campaign{
	{ID: "one", Title: "Một xã", Places: []string{"ba-che"}, From: "2026-11-20", To: "2026-11-24"},
	{ID: "two", Title: "Hai xã", Places: []string{"ba-che", "tien-yen"}, From: "2026-11-01", To: "2026-12-24"},
	{ID: "old", Title: "Đã xong", Places: []string{"ba-che"}, From: "2026-10-01", To: "2026-11-23"},
})

// Which survey asks: that of the link, else that of where somebody lives which
// ends first; none before or after its days.
func TestWhichSurveyAsks(t *testing.T) {
	r := &records{}
	w := people.Wishes{Records: r, Courses: func() *course.Catalogue { return surveys }}
	look := func(slots dialog.Values, at time.Time) string {
		t.Helper()
		a := asked("1", slots)
		a.At = at
		v, err := w.Effects()[people.EffectSurvey](t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		return v["survey_now"].Text() + " " + v["survey_title"].Text() + " " + v["survey_where"].Text()
	}
	place := func(id string) dialog.Values { return dialog.Values{"place": dialog.Text(id)} }
	link := func(id string) dialog.Values {
		return dialog.Values{"place": dialog.Text("dam-ha"), "survey": dialog.Text(id)}
	}
	for _, c := range []struct {
		slots dialog.Values
		at    time.Time
		want  string
	}{
		{place("ba-che"), noon, "asks Một xã "},
		{place("ba-che"), noon.AddDate(0, 0, 1), "asks Hai xã ask"},
		{place("tien-yen"), noon, "asks Hai xã ask"},
		{place("dam-ha"), noon, "over  "},
		{nil, noon, "over  "},
		{link("two"), noon, "asks Hai xã ask"},
		{link("old"), noon, "over  "},
		{link("gone"), noon, "over  "},
		{link("two"), noon.AddDate(0, -1, 0), "over  "},
	} {
		if got := look(c.slots, c.at); got != c.want {
			t.Errorf("%v on %s: %q, want %q", c.slots, c.at, got, c.want)
		}
	}
	r.kept = []course.Interest{{Contact: "an", Campaign: "one"}}
	if got := look(place("ba-che"), noon); got != "done Một xã " {
		t.Errorf("asked twice: %q", got)
	}
}

func TestAnAnswerIsAWish(t *testing.T) {
	full := dialog.Values{"survey": dialog.Text("one"), "survey_trade": dialog.Text("han"), "survey_able": dialog.Text("now"), "survey_level": dialog.Text("so-cap"), "village": dialog.Text("Khe Lò")}
	for _, c := range []struct {
		why   string
		other dialog.Values
		at    time.Time
		want  string
	}{
		{"all of it", nil, noon, people.Noted},
		{"no consent", dialog.Values{"interest_ok": dialog.Text("no")}, noon, people.NotAgreed},
		{"a child", dialog.Values{"adult": dialog.Text("no")}, noon, people.TooYoung},
		{"no trade", dialog.Values{"survey_trade": dialog.Skipped()}, noon, people.Closed},
		{"over meanwhile", nil, noon.AddDate(0, 0, 1), people.Closed},
		{"gone meanwhile", dialog.Values{"survey": dialog.Text("gone")}, noon, people.Closed},
	} {
		r := &records{}
		w := people.Wishes{Records: r, Courses: func() *course.Catalogue { return surveys }}
		a := asked("1", full)
		a.At = c.at
		for name, v := range c.other {
			a.Slots[name] = v
		}
		for range 2 { // the same turn, decided again
			v, err := w.Effects()[people.EffectAnswer](t.Context(), a)
			if err != nil || v["registered"].Text() != c.want {
				t.Errorf("%s: %v %v, want %s", c.why, v, err, c.want)
			}
		}
		if c.want != people.Noted {
			if len(r.kept) != 0 {
				t.Errorf("%s: %+v is kept", c.why, r.kept)
			}
			continue
		}
		// In a survey of one commune nobody is asked where.
		if i := r.kept[0]; len(r.kept) != 1 || i.Place != "ba-che" || i.Trade != "han" || i.Village != "Khe Lò" || i.Level != course.Elementary || i.Able != course.AbleNow ||
			i.Campaign != "one" || i.Source != course.FromSurvey || i.State != course.New || i.Consent != "survey/consent" {
			t.Errorf("%+v", i)
		}
	}
}
