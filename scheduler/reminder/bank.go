package reminder

import (
	"context"
	"fmt"
	"time"

	"nghe/bot"
	"nghe/content"
	"nghe/course"
	"nghe/dialog"
)

// BankDay is when the policy bank comes to a commune, as an officer entered it.
// Of places without one nobody knows.
type BankDay struct {
	Place string // id in content/places.yaml
	Day   int    // of each month
	Hours string // "từ 8 giờ đến 11 giờ"
	Where string // "nhà văn hoá thôn Nam Hả"
	By    string // who entered it
	At    time.Time
}

// Check says what is impossible in it: nil, or a *WrongDay.
func (b BankDay) Check() error {
	switch {
	case b.Day < 1 || b.Day > 28: // a month without the day would have no meeting
		return &WrongDay{"day", fmt.Sprintf("ngày giao dịch phải từ 1 đến 28 hằng tháng, không phải %d", b.Day)}
	case b.Hours == "":
		return &WrongDay{"hours", "ghi giờ giao dịch, ví dụ “từ 8 giờ đến 11 giờ”"}
	case b.Where == "":
		return &WrongDay{"where", "ghi nơi giao dịch, ví dụ “trụ sở UBND xã”"}
	}
	return nil
}

// WrongDay says, in Vietnamese, what of a bank day can't be taken.
type WrongDay struct{ Field, Why string }

func (w *WrongDay) Error() string { return w.Why }

// Next gives the next one on or after a day, in the zone of the time.
func (b BankDay) Next(on time.Time) time.Time {
	y, m, d := on.Date()
	if d > b.Day {
		m++
	}
	return time.Date(y, m, b.Day, 0, 0, 0, 0, on.Location())
}

// ofBank gives the reminders of bank days: those of this month and the next.
func (k *Known) ofBank(r *content.Reminder, now time.Time) (all []Item) {
	for n := range k.BankDays {
		b := &k.BankDays[n]
		next := b.Next(now.AddDate(0, -1, 0))
		for ; !next.After(now.AddDate(0, 0, r.Days)); next = next.AddDate(0, 1, 0) {
			i := k.on(r, next.AddDate(0, 0, -r.Days), string(course.DayOf(next)))
			i.Bank = b
			if last := next; last.Before(i.Until) {
				i.Until = last // the text says "tomorrow"
			}
			if !i.At.Before(b.At) { // entered in time
				all = append(all, i)
			}
		}
	}
	return all
}

// Banks does for conversations what is to be done with bank days.
type Banks struct {
	Days func(ctx context.Context) ([]BankDay, error)
	Zone *time.Location
}

// EffectBankDay tells when the bank comes to the place that was named.
const EffectBankDay = "bank-day"

// Effects are what flows may ask for.
func (b Banks) Effects() map[string]bot.Effect { return map[string]bot.Effect{EffectBankDay: b.day} }

func (b Banks) day(ctx context.Context, a bot.Asked) (dialog.Values, error) {
	all, err := b.Days(ctx)
	if err != nil {
		return nil, fmt.Errorf("read bank days: %w", err)
	}
	v := dialog.Values{"bank_day": dialog.Text(""), "bank_hours": dialog.Text(""), "bank_where": dialog.Text("")}
	for _, d := range all {
		if d.Place == a.Slots["place"].Text() {
			v["bank_day"] = dialog.Text(d.Next(a.At.In(b.Zone)).Format("2/1/2006"))
			v["bank_hours"], v["bank_where"] = dialog.Text(d.Hours), dialog.Text(d.Where)
		}
	}
	return v, nil
}
