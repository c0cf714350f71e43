package course

import (
	"slices"
	"time"
)

// Step is a milestone of a wish, with a day of its own: a state that was
// reached, or what staff heard after the course. Reports count by it.
type Step string

// Milestones that are no states. At three and at six months after the course
// somebody was asked and has work, or was asked and has none.
const (
	Certified Step = "certificate"
	Working3  Step = "working-3"
	Idle3     Step = "idle-3"
	Working6  Step = "working-6"
	Idle6     Step = "idle-6"
)

// Marks are the milestones that staff note besides moving a wish.
var Marks = []Step{Certified, Working3, Idle3, Working6, Idle6}

// Instead is the milestone that one takes the place of; "" = none.
func (s Step) Instead() Step {
	return map[Step]Step{Working3: Idle3, Idle3: Working3, Working6: Idle6, Idle6: Working6}[s]
}

// Milestone is one that a wish has reached.
type Milestone struct {
	Step Step
	At   time.Time
	By   string // id of staff; "" = the person, or not known
}

// road are the states one after the other: who is at one has passed those before.
var road = []State{Contacted, Enrolled, Started, Done, Working}

// Reached are the milestones that a wish of this state has passed.
func (s State) Reached() []Step {
	if s == Dropped {
		return []Step{Step(Dropped)}
	}
	return steps(road[:slices.Index(road, s)+1])
}

// Undone are the milestones that can't have been reached when a wish is moved to
// this state: it was moved on by mistake before. Who gives up keeps what was reached.
func (s State) Undone() []Step {
	if s == Dropped {
		return nil
	}
	undone := append(steps(road[slices.Index(road, s)+1:]), Step(Dropped))
	if !s.Finished() {
		undone = append(undone, Marks...)
	}
	return undone
}

// Finished says that somebody has been through the course.
func (s State) Finished() bool { return s == Done || s == Working }

func steps(states []State) []Step {
	all := make([]Step, len(states))
	for i, s := range states {
		all[i] = Step(s)
	}
	return all
}
