package people

import (
	"context"
	"fmt"

	"nghe/bot"
	"nghe/course"
	"nghe/dialog"
)

// The slots of an answer to a survey, besides those of a wish.
const (
	slotSurvey  = "survey"       // id of the campaign
	slotWanted  = "survey_trade" // the trade
	slotAble    = "survey_able"  // course.Able
	slotLevel   = "survey_level" // course.Level
	flowSurvey  = "survey"
	stepConsent = "consent"
)

// What survey-look finds, as the flow compares it.
const (
	SurveyAsks = "asks"
	SurveyOver = "over" // there is none, or it does not ask today
	SurveyDone = "done" // they answered it
)

// survey looks whether a survey asks this person: the one of its slot, else the
// one of where they live. With one commune only it need not be asked where.
func (w Wishes) survey(ctx context.Context, a bot.Asked) (dialog.Values, error) {
	v := dialog.Values{"survey_now": dialog.Text(SurveyOver), "survey_title": dialog.Text(""), "survey_where": dialog.Text("")}
	c := w.asking(a)
	if c == nil || !c.Running(course.DayOf(a.At)) {
		return v, nil
	}
	v["survey_now"], v["survey_title"] = dialog.Text(SurveyAsks), dialog.Text(c.Title)
	if len(c.Places) > 1 {
		v["survey_where"] = dialog.Text("ask")
	}
	all, err := w.Records.Interests(ctx, a.Contact)
	if err != nil {
		return nil, fmt.Errorf("read wishes: %w", err)
	}
	for _, i := range all {
		if i.Campaign == c.ID && i.Whom == a.For {
			v["survey_now"] = dialog.Text(SurveyDone)
		}
	}
	return v, nil
}

func (w Wishes) asking(a bot.Asked) *course.Campaign {
	if id := a.Slots[slotSurvey].Text(); id != "" {
		return w.Courses().Campaign(id)
	}
	return w.Courses().Asking(a.Slots[slotPlace].Text(), course.DayOf(a.At))
}

// answer keeps what somebody answered and agreed to, as a wish. Under the same
// turn it is the same answer.
func (w Wishes) answer(ctx context.Context, a bot.Asked) (dialog.Values, error) {
	outcome := func(s string) (dialog.Values, error) { return dialog.Values{"registered": dialog.Text(s)}, nil }
	c, trade := w.asking(a), a.Slots[slotWanted].Text()
	switch {
	case a.Slots[slotAgreed].Text() != "yes":
		return outcome(NotAgreed)
	case c == nil || trade == "" || !c.Running(course.DayOf(a.At)):
		return outcome(Closed)
	case young(a, 0):
		return outcome(TooYoung)
	}
	words, err := a.Words(ctx, flowSurvey, stepConsent)
	if err != nil {
		return nil, err
	}
	place := a.Slots[slotPlace].Text()
	if place == "" && len(c.Places) == 1 {
		place = c.Places[0]
	}
	err = w.Records.AnswerSurvey(ctx, course.Interest{
		ID: wishID(a), Channel: a.Contact.Channel, Contact: a.Contact.ID, Whom: a.For, Trade: trade, Place: place, Village: a.Slots[slotVillage].Text(),
		Level: course.Level(a.Slots[slotLevel].Text()), Able: course.Able(a.Slots[slotAble].Text()), Campaign: c.ID,
		State: course.New, Source: course.FromSurvey, Consent: words, CreatedAt: a.At, UpdatedAt: a.At,
	})
	if err != nil {
		return nil, fmt.Errorf("keep answer: %w", err)
	}
	return outcome(Noted)
}
