package draft

import (
	"sync"
	"time"

	"nghe/content"
	"nghe/course"
	"nghe/dialog"
	"nghe/understand"
)

// Bench holds the minds that are worked on. One is made at a time: who edits
// takes no more than one core from those who are answered.
type Bench struct {
	// Live gives what the bot uses now.
	Live    func() (*content.Library, dialog.Reader)
	Courses func() *course.Catalogue

	mu     sync.Mutex
	live   *Mind
	drafts []*Mind // the last ones
}

// keep is how many drafts are held: two people, or one who goes back and forth.
const keep = 2

// Current gives the mind of the content that is live.
func (b *Bench) Current() *Mind {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.current()
}

func (b *Bench) current() *Mind {
	if lib, reader := b.Live(); b.live == nil || b.live.Library != lib {
		b.live = New(lib, reader, b.Courses())
	}
	return b.live
}

// Draft gives the mind of a draft. Where nothing of it changes what is
// understood, it reads as the live one does.
func (b *Bench) Draft(lib *content.Library, understood bool) *Mind {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.drafts {
		if m.Library.ReleaseID() == lib.ReleaseID() {
			return m
		}
	}
	reader := b.current().Reader
	if understood {
		reader = understand.New(lib)
	}
	if len(b.drafts) == keep {
		b.drafts = b.drafts[1:]
	}
	m := New(lib, reader, b.Courses())
	b.drafts = append(b.drafts, m)
	return m
}

// Compare gives what a draft alters; answers and sums are those of a moment.
func (b *Bench) Compare(is *Mind, at time.Time) Differences {
	was := b.Current()
	b.mu.Lock()
	defer b.mu.Unlock()
	return compare(was, is, at)
}
