package demo

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"time"

	"nghe/content"
	"nghe/course"
	"nghe/handoff"
	"nghe/people"
)

// Milestones invents when wishes reached what they have reached, between the day
// on which they were left and now, and what became of who finished.
func Milestones(wishes []course.Interest, now time.Time) map[string][]course.Milestone {
	all := make(map[string][]course.Milestone, len(wishes))
	for _, w := range wishes {
		h := fnv.New64a()
		h.Write([]byte(w.ID))
		chance := rand.New(rand.NewPCG(4, h.Sum64()))
		steps := w.State.Reached()
		if w.State.Finished() && chance.IntN(4) > 0 {
			steps = append(steps, course.Certified)
		}
		if w.State == course.Working && chance.IntN(2) == 0 {
			steps = append(steps, course.Working3)
		} else if w.State.Finished() && chance.IntN(3) == 0 {
			steps = append(steps, course.Idle3)
		}
		gone := now.Sub(w.CreatedAt)
		for i, s := range steps {
			at := w.CreatedAt.Add(gone * time.Duration(i+1) / time.Duration(len(steps)+1))
			all[w.ID] = append(all[w.ID], course.Milestone{Step: s, At: at})
		}
	}
	return all
}

// Cases invents the talks with the numbers from, …, to-1 that humans took in the
// last half year. All are closed and nobody's: there is nobody to answer.
func Cases(lib *content.Library, from, to int, now time.Time) []handoff.Case {
	all := make([]handoff.Case, 0, to-from)
	for n := from; n < to; n++ {
		chance := rand.New(rand.NewPCG(5, uint64(n)))
		opened := now.Add(-time.Duration(5*24+chance.IntN(180*24)) * time.Hour).UTC().Truncate(time.Second)
		c := handoff.Case{
			ID: fmt.Sprintf("%sca-%06d", people.InventedPrefix, n), Number: n, State: handoff.Closed, Kind: handoff.Help,
			Queue: lib.Queues[chance.IntN(len(lib.Queues))].ID, Place: lib.Places[chance.IntN(len(lib.Places))].ID,
			Summary: handoff.Summary{Wish: "(ca ví dụ, không có thật)"}, OpenedAt: opened, WaitingAt: opened,
			FirstDue: opened.Add(8 * time.Hour), CloseDue: opened.Add(72 * time.Hour),
		}
		if chance.IntN(10) == 0 {
			c.Kind, c.Queue = handoff.Complaint, lib.ComplaintQueue().ID
		}
		c.AnsweredAt = opened.Add(time.Duration(1+chance.IntN(20)) * time.Hour / 2)
		c.ClosedAt = c.AnsweredAt.Add(time.Duration(1+chance.IntN(72)) * time.Hour)
		c.Outcome, c.ClosedBy = handoff.Outcomes[chance.IntN(len(handoff.Outcomes))], "vi-du"
		c.Rating = []int{0, 0, 5, 5, 3, 1}[chance.IntN(6)]
		all = append(all, c)
	}
	return all
}
