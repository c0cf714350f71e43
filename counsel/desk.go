package counsel

import (
	"slices"
	"time"

	"nghe/bot"
	"nghe/dialog"
	"nghe/handoff"
)

// Desk is what a counsellor is about in their chat.
type Desk struct {
	// Current is the case that they answer, by its id; Sure says that it is
	// beyond doubt: they chose it, and nothing of another was shown since.
	Current string `json:"current,omitempty"`
	Sure    bool   `json:"sure,omitempty"`
	// Seen has, for each case that they know to be theirs, the number of the last
	// message that they were shown; Titles how it is called.
	Seen   map[string]int    `json:"seen,omitempty"`
	Titles map[string]string `json:"titles,omitempty"`
	// Shown counts what was shown of cases, Last has that count for each case.
	Shown int            `json:"shown,omitempty"`
	Last  map[string]int `json:"last,omitempty"`
	// Words wait until it is said for whom they are, or were sent so.
	Words []Word `json:"words,omitempty"`
	Next  int    `json:"next,omitempty"` // names them
	// Options are the buttons of what was shown last; Fresh says that nothing
	// came since: then their numbers can be typed too.
	Options []dialog.Option `json:"options,omitempty"`
	Fresh   bool            `json:"fresh,omitempty"`
	// Offered has the offers that were shown, by case: when they end.
	Offered map[string]int64 `json:"offered,omitempty"`
	// Troubled are messages of theirs of which it was told that they did not
	// arrive, or that nobody knows.
	Troubled map[string]string `json:"troubled,omitempty"`
	// Files are messages, by id, whose file they are still to be shown: it came
	// before the case was theirs.
	Files []string `json:"files,omitempty"`
	// Showing is what is on its way to them, by its name: until it is there they
	// may still read it after what they choose.
	Showing map[string]Showing `json:"showing,omitempty"`
	// Done is what the last turns do: decided again it is the same. The latest is
	// the last.
	Done []Done `json:"done,omitempty"`
}

// Showing is something of a case on its way to a counsellor.
type Showing struct {
	Of string    `json:"of"`
	At time.Time `json:"at"`
}

// Done is what a turn does, and what it said.
type Done struct {
	Turn string           `json:"turn,omitempty"`
	Act  Act              `json:"act"`
	Said []dialog.Message `json:"said,omitempty"`
	Kept bool             `json:"kept,omitempty"` // it was done, and Said is all of it
}

// Word is something typed of which it was not clear for whom it is.
type Word struct {
	N    int    `json:"n"`
	Turn string `json:"turn"`
	Text string `json:"text"`
	// Media is what was sent that is no words; Text is its caption.
	Media *bot.Media `json:"media,omitempty"`
	At    time.Time  `json:"at"`
	// Shown is how much was shown of cases when it was asked.
	Shown int `json:"shown"`
	// To is the case that it went to, by its title; "-" that it went nowhere.
	To string `json:"to,omitempty"`
}

// nowhere is where a word went that was not sent.
const nowhere = "-"

// Limits of what is kept.
const (
	wordLife  = 24 * time.Hour
	mostWords = 20
	// mostDone are more turns than are delivered again after later ones.
	mostDone = 16
	// showTime is for bringing something into their talk, showLife far longer: then
	// whoever did it is gone, and whoever does it again notes it anew.
	showTime = 20 * time.Second
	showLife = time.Minute
)

// choose has the counsellor answer a case: they said so. As long as something of
// another one is on its way to them, that is not beyond doubt.
func (d *Desk) choose(id string, now time.Time) {
	d.Current, d.Sure = id, true
	for _, s := range d.Showing {
		if s.Of != id && now.Sub(s.At) < showLife {
			d.doubt()
		}
	}
}

// done gives what a turn does; nil when that was not decided, or long ago.
func (d *Desk) done(turn string) *Done {
	for i := range d.Done {
		if d.Done[i].Turn == turn {
			return &d.Done[i]
		}
	}
	return nil
}

// decided keeps what a turn does.
func (d *Desk) decided(done Done) {
	if n := len(d.Done); n >= mostDone {
		d.Done = slices.Delete(d.Done, 0, n-mostDone+1)
	}
	d.Done = append(d.Done, done)
}

// doubt says that something was shown that is of another case, or of none.
func (d *Desk) doubt() { d.Sure = false }

// show notes that something of a case is about to be shown.
func (d *Desk) show(name, id string, options []dialog.Option, now time.Time) {
	if d.Last == nil {
		d.Last = map[string]int{}
	}
	if d.Showing == nil {
		d.Showing = map[string]Showing{}
	}
	for other, s := range d.Showing {
		if now.Sub(s.At) >= showLife {
			delete(d.Showing, other)
		}
	}
	d.Showing[name] = Showing{id, now}
	d.Shown++
	d.Last[id] = d.Shown
	if id != d.Current {
		d.doubt()
	}
	if d.Fresh = len(options) > 0; d.Fresh {
		d.Options = options
	}
}

// knows notes that a case is theirs, and how far they were shown it.
func (d *Desk) knows(c *handoff.Case, n int) {
	if d.Seen == nil {
		d.Seen, d.Titles = map[string]int{}, map[string]string{}
	}
	d.Seen[c.ID] = max(d.Seen[c.ID], n)
	d.Titles[c.ID] = c.Title()
	delete(d.Offered, c.ID)
}

// owes notes messages whose files are still to be shown.
func (d *Desk) owes(files []string) {
	for _, id := range files {
		if !slices.Contains(d.Files, id) {
			d.Files = append(d.Files, id)
		}
	}
	const most = 50
	d.Files = d.Files[max(0, len(d.Files)-most):]
}

// settled notes that the file of a message was shown, or will not be.
func (d *Desk) settled(id string) {
	d.Files = slices.DeleteFunc(d.Files, func(x string) bool { return x == id })
}

// leaves notes that a case is theirs no more.
func (d *Desk) leaves(id string) {
	delete(d.Seen, id)
	delete(d.Titles, id)
	delete(d.Last, id)
	if d.Current == id {
		d.Current = ""
	}
	d.doubt()
}

// offer remembers the buttons of what is answered, so that they can be typed.
func (d *Desk) offer(said []dialog.Message) {
	if d.Fresh = false; len(said) == 0 {
		return
	}
	last := said[len(said)-1].Options
	if d.Fresh = len(last) > 0; d.Fresh {
		d.Options = last
	}
}

// hold keeps a word until it is said for whom it is.
func (d *Desk) hold(m meant, turn string, now time.Time) Word {
	d.Words = slices.DeleteFunc(d.Words, func(w Word) bool { return now.Sub(w.At) > wordLife })
	if n := len(d.Words); n >= mostWords {
		d.Words = d.Words[n-mostWords+1:]
	}
	d.Next++
	w := Word{N: d.Next, Turn: turn, Text: m.rest, Media: m.media, At: now, Shown: d.Shown}
	d.Words = append(d.Words, w)
	d.doubt()
	return w
}

// word gives a word by its name; nil when it is gone.
func (d *Desk) word(n int) *Word {
	for i := range d.Words {
		if d.Words[i].N == n {
			return &d.Words[i]
		}
	}
	return nil
}

// quietSince says whether nothing of another case was shown since a count.
func (d *Desk) quietSince(shown int, id string) bool {
	for other, at := range d.Last {
		if other != id && at > shown {
			return false
		}
	}
	return true
}
