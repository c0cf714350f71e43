package console

import (
	"time"

	"nghe/handoff"
)

// Window is how long after their last word a person may be written to on a
// channel, and how long that costs nothing; zero: always.
type Window struct{ Open, Free time.Duration }

// window is how long one may still write in a case.
type window struct {
	Limited bool
	Until   time.Time
	Free    time.Time
	Left    string
	Closing bool // soon
	Closed  bool
}

// warnBefore is how long before a window closes who holds the case is warned:
// time enough to write once more within a working day.
const warnBefore = 24 * time.Hour

// windowOf tells how long one may still write: it counts from the person's last
// word.
func (c *Console) windowOf(k *handoff.Case, now time.Time) window {
	if c.Windows == nil || !k.Open() || k.PersonAt.IsZero() {
		return window{}
	}
	limit := c.Windows(k.Contact.Channel)
	if limit.Open == 0 {
		return window{}
	}
	w := window{Limited: true, Until: k.PersonAt.Add(limit.Open)}
	if free := k.PersonAt.Add(limit.Free); limit.Free > 0 && free.After(now) {
		w.Free = free
	}
	left := w.Until.Sub(now)
	w.Left, w.Closed, w.Closing = lasting(left), left <= 0, left > 0 && left < warnBefore
	return w
}
