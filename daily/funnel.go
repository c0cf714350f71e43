package daily

import "slices"

// FunnelStep is one question of a flow: how many came to it, and what they did.
type FunnelStep struct {
	ID                                            string
	Came, Answered, Skipped, Passed, Left, Missed int64
	// Silent came and did none of these until now: nothing was written any more.
	Silent int64
}

// Stopped is how many came no further: they went elsewhere or fell silent.
func (s FunnelStep) Stopped() int64 { return s.Left + s.Silent }

// Funnel is a flow as people went through it.
type Funnel struct {
	Flow                 string
	Started, Ended, Left int64
	Steps                []FunnelStep
}

// FunnelKinds are the counts that a funnel is made of.
var FunnelKinds = []Kind{FlowsStarted, FlowsEnded, FlowsLeft, StepsCame, StepsAnswered, StepsSkipped, StepsPassed, StepsLeft, StepsMissed}

// FunnelOf puts the counts of a flow in the order of its questions. Questions
// that are not in the order any more stand at the end, those that nobody came to
// are in it with zeros.
//
// What was counted on both sides of a bound (came on one day, answered on the
// next; came under one release, answered under another) may leave a few more
// answers than comings: nobody is silent then.
func FunnelOf(flow string, order []string, counts []Sum) Funnel {
	f := Funnel{Flow: flow}
	for _, id := range order {
		f.Steps = append(f.Steps, FunnelStep{ID: id})
	}
	for _, c := range counts {
		if c.What != flow {
			continue
		}
		switch c.Kind {
		case FlowsStarted:
			f.Started += c.N
		case FlowsEnded:
			f.Ended += c.N
		case FlowsLeft:
			f.Left += c.N
		default:
			if n := f.at(c); n != nil {
				*n += c.N
			}
		}
	}
	for i := range f.Steps {
		s := &f.Steps[i]
		s.Silent = max(0, s.Came-s.Answered-s.Skipped-s.Passed-s.Left)
	}
	return f
}

// at gives the number that a count of a step belongs to; nil for none.
func (f *Funnel) at(c Sum) *int64 {
	i := slices.IndexFunc(f.Steps, func(s FunnelStep) bool { return s.ID == c.Step })
	if i < 0 {
		i = len(f.Steps)
		f.Steps = append(f.Steps, FunnelStep{ID: c.Step})
	}
	s := &f.Steps[i]
	switch c.Kind {
	case StepsCame:
		return &s.Came
	case StepsAnswered:
		return &s.Answered
	case StepsSkipped:
		return &s.Skipped
	case StepsPassed:
		return &s.Passed
	case StepsLeft:
		return &s.Left
	case StepsMissed:
		return &s.Missed
	}
	return nil
}
