package broadcast

import (
	"encoding/json"
	"fmt"
	"time"

	"nghe/bot"
)

// Rules are what everything proactive keeps to. They are settings of the
// installation.
type Rules struct {
	DayBegins    Clocktime `json:"day_begins"`    // before it nobody is written to
	DayEnds      Clocktime `json:"day_ends"`      // from it on neither
	PerWeek      int       `json:"per_week"`      // most for a person in seven days, of all senders
	ZaloPaid     bool      `json:"zalo_paid"`     // also from 48 hours to 7 days after their last word, where it costs
	ApproveAbove int       `json:"approve_above"` // more people need a second person's yes
}

// DefaultRules hold where nobody set others.
func DefaultRules() Rules {
	return Rules{DayBegins: 7 * 60, DayEnds: 20*60 + 30, PerWeek: 3, ApproveAbove: 200}
}

// Check says what is impossible in them.
func (r Rules) Check() error {
	switch {
	case r.DayBegins < 0 || r.DayEnds >= 24*60:
		return &Refused{"day_ends", "giờ trong ngày viết từ 00:00 đến 23:59"}
	case r.DayBegins >= r.DayEnds:
		return &Refused{"day_begins", "giờ bắt đầu phải trước giờ kết thúc"}
	case r.PerWeek < 1 || r.PerWeek > 21:
		return &Refused{"per_week", "mỗi người từ 1 đến 21 tin một tuần"}
	case r.ApproveAbove < 1:
		return &Refused{"approve_above", "phải từ 1 người trở lên"}
	}
	return nil
}

// Clocktime is a time of the day in minutes, written "20:30".
type Clocktime int

// ParseClocktime reads "20:30".
func ParseClocktime(s string) (Clocktime, error) {
	t, err := time.Parse("15:04", s)
	if err != nil {
		return 0, fmt.Errorf("%q is no time of the day: write it as 20:30", s)
	}
	return Clocktime(t.Hour()*60 + t.Minute()), nil
}

// String writes "20:30".
func (c Clocktime) String() string { return fmt.Sprintf("%02d:%02d", int(c)/60, int(c)%60) }

// MarshalJSON writes "20:30".
func (c Clocktime) MarshalJSON() ([]byte, error) { return json.Marshal(c.String()) }

// UnmarshalJSON reads it.
func (c *Clocktime) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	t, err := ParseClocktime(s)
	if err == nil {
		*c = t
	}
	return err
}

// The windows of Zalo, from the person's last word.
const (
	zaloFree = 48 * time.Hour
	zaloMost = 7 * 24 * time.Hour
	// windowSpare is kept free at the end: a message that waits for its turn
	// must not come too late.
	windowSpare = 10 * time.Minute
)

// Window is how long after their last word a person may be written to on a
// channel; 0 = always.
func (r Rules) Window(channel string) time.Duration {
	switch {
	case channel != "zalo":
		return 0
	case r.ZaloPaid:
		return zaloMost - windowSpare
	}
	return zaloFree - windowSpare
}

// CapWeek is the time in which messages are counted.
const CapWeek = 7 * 24 * time.Hour

// Facts are what the rules need to know of a row at the moment of sending.
type Facts struct {
	Who     string
	Contact bot.Contact // on which the row is to be sent
	// Known is false when nothing is kept any more of the recipient.
	Known    bool
	Agreed   bool
	OptedOut bool
	// Reach is where they can be reached now; no channel: nowhere, and Blocked
	// says why.
	Reach    bot.Contact
	Blocked  string
	HeardAt  time.Time // their last word, zero = never
	Told     int       // messages in the last CapWeek, without this one
	Declined bool      // this class
}

// Do is what the rules say of a row.
type Do int

const (
	Send         Do = iota
	SendTemplate    // Broadcast.Template, which costs
	Wait            // for a word of the person
	Skip
	Move // it goes to another of their contacts: Facts.Reach
)

// Verdict is that, and why.
type Verdict struct {
	Do  Do
	Why string
}

// Decide says what is to be done with a row now. Quiet hours, the state and the
// latest useful time are of the whole broadcast: see Calendar and Road.
func (r Rules) Decide(b *Broadcast, f Facts, now time.Time) Verdict {
	switch {
	case !f.Known, f.OptedOut, !f.Agreed:
		return Verdict{Skip, OptedOut}
	case f.Declined:
		return Verdict{Skip, Declined}
	case f.Reach.Channel == "":
		if f.Blocked == "" {
			return Verdict{Skip, Unreachable}
		}
		return Verdict{Skip, f.Blocked}
	case !b.Urgent && f.Told >= r.PerWeek:
		return Verdict{Skip, Capped}
	case f.Reach != f.Contact:
		return Verdict{Do: Move}
	}
	if w := r.Window(f.Contact.Channel); w > 0 && now.Sub(f.HeardAt) > w {
		if b.Template != nil {
			return Verdict{Do: SendTemplate}
		}
		return Verdict{Wait, ByWindow}
	}
	return Verdict{Do: Send}
}

// Numbers of when sending is stopped because something is wrong with it.
const (
	errorsLeast = 20 // fewer say nothing
	errorsShare = 5  // every fifth
)

// TooMany says that so many errors, of so many tries since it was last begun,
// are not the recipients' doing.
func TooMany(errors, tries int) bool {
	return errors >= errorsLeast && errors*errorsShare >= tries
}
