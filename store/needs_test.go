package store_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"nghe/bot"
	"nghe/course"
	"nghe/report"
	"nghe/staff"
	"nghe/store"
)

func TestNeedsAndSurveys(t *testing.T) { onEach(t, needsAndSurveys) }

func needsAndSurveys(t *testing.T, db *store.DB) {
	ctx := t.Context()
	var all []course.Interest
	for i, w := range []course.Interest{
		{Place: "ba-che", Trade: "han", State: course.New},
		{Place: "ba-che", Trade: "han", State: course.Contacted},
		{Place: "ba-che", Trade: "han", State: course.Enrolled},
		{Place: "ba-che", Trade: "han", State: course.Dropped, Level: course.Elementary},
		{Place: "tien-yen", Trade: "may", State: course.Working, Course: "c1", Level: course.Short, Campaign: "k1"},
		{Place: "tien-yen", Trade: "may", State: course.Started, Course: "c1", Level: course.Short},
	} {
		w.ID, w.Source, w.Consent, w.CreatedAt, w.UpdatedAt = fmt.Sprint("n", i), course.FromPaper, "giấy", noon.Add(time.Duration(-i)*time.Hour), noon
		all = append(all, w)
	}
	if err := db.AddInterests(ctx, all); err != nil {
		t.Fatal(err)
	}
	sums := func(s course.Search, want ...report.Sum) {
		t.Helper()
		got, err := db.NeedSums(ctx, s)
		if err != nil {
			t.Fatal(err)
		}
		by := func(all []report.Sum) map[string]string {
			m := map[string]string{}
			for _, s := range all {
				m[s.Place+" "+s.Trade+" "+string(s.Level)] = fmt.Sprint(s.Count, s.Since.UnixMilli())
			}
			return m
		}
		if !reflect.DeepEqual(by(got), by(want)) || len(got) != len(want) {
			t.Errorf("%+v:\n%v\nwant\n%v", s, by(got), by(want))
		}
	}
	han := report.Sum{Place: "ba-che", Trade: "han", Count: counts(course.Tally{course.New: 1, course.Contacted: 1, course.Enrolled: 1}), Since: noon.Add(-time.Hour)}
	dropped := report.Sum{Place: "ba-che", Trade: "han", Level: course.Elementary, Count: counts(course.Tally{course.Dropped: 1})}
	may := report.Sum{Place: "tien-yen", Trade: "may", Level: course.Short, Count: counts(course.Tally{course.Working: 1, course.Started: 1})}
	sums(course.Search{}, han, dropped, may)
	sums(course.Search{State: course.New}, han, dropped, may)
	sums(course.Search{Place: "ba-che"}, han, dropped)
	sums(course.Search{Within: &course.Within{Courses: []string{"c1"}}}, may)
	sums(course.Search{Within: &course.Within{}})

	// A survey, made and changed; conversations are told of both.
	before, err := db.CoursesChange(ctx)
	if err != nil {
		t.Fatal(err)
	}
	k := course.Campaign{ID: "k1", Title: "Khảo sát", Places: []string{"ba-che", "tien-yen"}, From: "2026-11-01", To: "2026-11-30", By: "m"}
	entry := staff.NewEntry(staff.Member{ID: "m", Name: "Lan"}, noon, "campaign.add", "campaign:k1", "x")
	if err := db.PutCampaign(ctx, k, noon, entry); err != nil {
		t.Fatal(err)
	}
	k.To = "2026-12-31"
	if err := db.PutCampaign(ctx, k, noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := db.PutCampaign(ctx, course.Campaign{ID: "k2"}, noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	kept, err := db.Campaigns(ctx)
	if err != nil || len(kept) != 2 || !reflect.DeepEqual(kept[1], k) {
		t.Errorf("%+v, %v", kept, err)
	}
	if after, err := db.CoursesChange(ctx); err != nil || after <= before {
		t.Errorf("change %d, then %d: %v", before, after, err)
	}
	if entries, err := db.Staff().Entries(ctx, staff.Query{About: "campaign:k1", Limit: 9}); len(entries) != 1 || err != nil {
		t.Errorf("%v, %v", entries, err)
	}

	// Answers: one that is new, put twice; one where the wish was there.
	me, other := bot.Contact{Channel: "web", ID: "s1"}, bot.Contact{Channel: "web", ID: "s2"}
	answer := course.Interest{ID: "a1", Channel: me.Channel, Contact: me.ID, Trade: "han", Place: "ba-che", Village: "Khe Lò", Level: course.Short, Able: course.AbleNow,
		Campaign: "k1", State: course.New, Source: course.FromSurvey, Consent: "khảo sát", CreatedAt: noon, UpdatedAt: noon}
	for range 2 {
		if err := db.AnswerSurvey(ctx, answer); err != nil {
			t.Fatal(err)
		}
	}
	old := course.Interest{ID: "o1", Channel: other.Channel, Contact: other.ID, Trade: "han", Place: "ba-che", Village: "Nam Hả", Name: "An", State: course.Dropped, Source: course.FromTalk, Consent: "cũ", CreatedAt: noon, UpdatedAt: noon}
	if _, err := db.PutInterest(ctx, old); err != nil {
		t.Fatal(err)
	}
	answer.ID, answer.Contact, answer.Village, answer.Able = "a2", other.ID, "", course.AbleLater
	if err := db.AnswerSurvey(ctx, answer); err != nil {
		t.Fatal(err)
	}
	theirs, err := db.Interests(ctx, other)
	if err != nil || len(theirs) != 1 || theirs[0].ID != "o1" || theirs[0].Campaign != "k1" || theirs[0].State != course.New || theirs[0].Consent != "khảo sát" ||
		theirs[0].Village != "Nam Hả" || theirs[0].Name != "An" || theirs[0].Able != course.AbleLater || theirs[0].Level != course.Short {
		t.Errorf("%+v, %v", theirs, err)
	}
	got, err := db.SurveySums(ctx, "k1")
	want := []report.Answer{
		{Place: "ba-che", Village: "Khe Lò", Trade: "han", Level: course.Short, Able: course.AbleNow, N: 1},
		{Place: "ba-che", Village: "Nam Hả", Trade: "han", Level: course.Short, Able: course.AbleLater, N: 1},
		{Place: "tien-yen", Trade: "may", Level: course.Short, Paper: true, N: 1},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
	counts, err := db.SurveyCounts(ctx)
	if err != nil || !reflect.DeepEqual(counts, map[string]int{"k1": 3}) {
		t.Errorf("%v, %v", counts, err)
	}
	if found, err := db.FindInterests(ctx, course.Search{Campaign: "k1", Source: course.FromSurvey}); err != nil || len(found) != 1 || found[0].ID != "a1" {
		t.Errorf("%+v, %v", found, err)
	}
}

func counts(t course.Tally) (c report.Counts) {
	for i, s := range course.States {
		c[i] = t[s]
	}
	return c
}
