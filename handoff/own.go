package handoff

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"nghe/bot"
)

// Own gives a contact's cases for the contact, the oldest first: what they and
// the counsellors said, not what colleagues noted among themselves.
func (d *Desk) Own(ctx context.Context, who bot.Contact, now time.Time) ([]bot.CaseData, error) {
	list, err := d.Records.Cases(ctx, Query{Of: who, States: []State{Waiting, Claimed, Closed}, Within: everywhere, Limit: mostCases})
	if err != nil {
		return nil, fmt.Errorf("read cases: %w", err)
	}
	var all []bot.CaseData
	for i := range list {
		c := &list[i]
		t := bot.CaseData{Number: c.Title(), About: d.QueueOf(c).Title, OpenedAt: c.OpenedAt, ClosedAt: c.ClosedAt, Outcome: c.Outcome.Label(), Rating: c.Rating, Remark: c.Remark}
		t.Lines = []string{fmt.Sprintf("Ca %s, %s: từ %s%s", t.Number, t.About, d.date(c.OpenedAt), d.ended(c))}
		said, err := d.Messages(ctx, c, 0, now)
		if err != nil {
			return nil, err
		}
		for _, m := range said {
			if m.From == FromNote || m.From == FromSystem && !m.Toward() {
				continue
			}
			if m.Lead != "" {
				t.Said = append(t.Said, bot.CaseWord{From: string(FromSystem), Text: m.Lead, At: m.At, State: string(m.State)})
			}
			w := bot.CaseWord{From: string(m.From), Name: m.Name, Text: m.Text, At: m.At, State: string(m.State)}
			if m.Media != nil {
				w.Media = m.Media.Kind
			}
			t.Said = append(t.Said, w)
			whose := map[From]string{FromPerson: "Người hỏi", FromCounsellor: m.Name}[m.From]
			if text := strings.TrimSpace(m.Text); whose != "" && text != "" { // what the bot said stands in the talk
				t.Lines = append(t.Lines, d.date(m.At)+", "+whose+": "+text)
			}
		}
		all = append(all, t)
	}
	slices.SortStableFunc(all, func(a, b bot.CaseData) int { return a.OpenedAt.Compare(b.OpenedAt) })
	return all, nil
}

func (d *Desk) date(t time.Time) string { return t.In(d.Zone).Format("02/01/2006") }

func (d *Desk) ended(c *Case) string {
	if c.Open() {
		return ", đang mở"
	}
	text := " đến " + d.date(c.ClosedAt)
	if label := c.Outcome.Label(); label != "" {
		text += " (" + label + ")"
	}
	return text
}
