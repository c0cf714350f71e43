package console

import (
	"slices"
	"sync"

	"nghe/handoff"
	"nghe/staff"
)

// CaseNews is what a page is told of something that happened with a case: enough
// to know whether to look, and nothing that was said. It goes between processes
// as JSON.
type CaseNews struct {
	Did    string        `json:"did"` // handoff.Event.Did
	ID     string        `json:"id"`
	Number int           `json:"number"`
	State  handoff.State `json:"state"`
	Place  string        `json:"place,omitempty"`
	Org    string        `json:"org,omitempty"`
	Queue  string        `json:"queue"`
	Holder string        `json:"holder,omitempty"`
	Name   string        `json:"name,omitempty"` // of the holder
	Urgent bool          `json:"urgent,omitempty"`
	// Offered is the login of who is asked to take it.
	Offered string   `json:"offered,omitempty"`
	Person  bool     `json:"person,omitempty"` // they said something
	Names   []string `json:"names,omitempty"`  // logins that a note names
}

// NewsOf makes news of an event.
func NewsOf(e handoff.Event) CaseNews {
	n := CaseNews{
		Did: e.Did, ID: e.Case.ID, Number: e.Case.Number, State: e.Case.State, Place: e.Case.Place, Org: e.Case.Org, Queue: e.Case.Queue,
		Holder: e.Case.Holder, Name: e.Case.HolderName, Urgent: e.Case.Urgent, Offered: e.Case.Offered,
	}
	for _, m := range e.Said {
		n.Person = n.Person || m.From == handoff.FromPerson
		if m.From == handoff.FromNote {
			n.Names = append(n.Names, mentioned(m.Text)...)
		}
	}
	return n
}

// where is where the case is, for staff.Allowed.
func (n *CaseNews) where() staff.Where {
	w := staff.Where{Org: n.Org}
	if n.Place != "" {
		w.Places = []string{n.Place}
	}
	return w
}

// newsroom knows which pages of staff are open. The zero value is ready.
type newsroom struct {
	mu     sync.Mutex
	pages  map[*reader]bool
	closed bool
}

// reader is one open page of a member. What it was not quick enough to take is
// made up by looking at everything once.
type reader struct {
	login string
	news  chan CaseNews
	mu    sync.Mutex
	lost  bool
}

// Limits of open pages: of one member, of all together, and how much news waits
// for one of them.
const (
	maxReaders    = 12
	maxAllReaders = 1000
	newsWaiting   = 64
)

// open registers a page; nil when there are too many.
func (n *newsroom) open(login string) (*reader, func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.pages == nil {
		n.pages = map[*reader]bool{}
	}
	own := 0
	for r := range n.pages {
		if r.login == login {
			own++
		}
	}
	if n.closed || own >= maxReaders || len(n.pages) >= maxAllReaders {
		return nil, nil
	}
	r := &reader{login: login, news: make(chan CaseNews, newsWaiting)}
	n.pages[r] = true
	return r, func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		delete(n.pages, r)
	}
}

// tell tells all pages; it never waits for one.
func (n *newsroom) tell(x CaseNews) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for r := range n.pages {
		select {
		case r.news <- x:
		default:
			r.mu.Lock()
			r.lost = true
			r.mu.Unlock()
		}
	}
}

// close ends all pages, and takes no others.
func (n *newsroom) close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.closed = true
	for r := range n.pages {
		close(r.news)
		delete(n.pages, r)
	}
}

// missed says, once, whether there was news that was not taken.
func (r *reader) missed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	lost := r.lost
	r.lost = false
	return lost
}

// Hear tells the open pages of something that happened with a case, in this
// process or another.
func (c *Console) Hear(n CaseNews) { c.news.tell(n) }

// Close ends the streams of all pages, and what is summed up in the background: a
// server that stops would wait for them.
func (c *Console) Close() {
	c.news.close()
	c.figures.end()
}

// toldNews is what one member's page gets: whether it is their own, is offered to
// them, and whether they are named. Logins of others stay here.
type toldNews struct {
	CaseNews
	Mine  bool `json:"mine,omitempty"`
	Named bool `json:"named,omitempty"`
	Asked bool `json:"asked,omitempty"` // whether they take it
}

// newsFor gives what a member may know of it; false: nothing.
func newsFor(m staff.Member, n CaseNews) (toldNews, bool) {
	if !may(m, staff.SeeCases, n.where()) {
		return toldNews{}, false
	}
	t := toldNews{CaseNews: n, Mine: n.Holder == m.Login, Named: slices.Contains(n.Names, m.Login), Asked: n.Offered == m.Login}
	t.Names, t.Holder, t.Offered, t.Place, t.Org = nil, "", "", "", ""
	return t, true
}
