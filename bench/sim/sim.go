package sim

import (
	"container/heap"
	"math/rand/v2"
	"slices"
	"time"
)

// A Station serves jobs in order of arrival.
type Station struct {
	Name    string
	Servers int
	// Time is how long a job is served here.
	Time Time
}

// Time gives the time of one job.
type Time func(*rand.Rand) time.Duration

// Fixed is always the same time.
func Fixed(d time.Duration) Time { return func(*rand.Rand) time.Duration { return d } }

// Exponential is a time of which nothing but the mean is known.
func Exponential(mean time.Duration) Time {
	return func(r *rand.Rand) time.Duration { return time.Duration(r.ExpFloat64() * float64(mean)) }
}

// Platform is a limit of so many messages a second, each answered after a time.
func Platform(name string, perSecond int, answers time.Duration) Station {
	return Station{name, perSecond, Fixed(time.Second + answers)}
}

// Load is who sends jobs: Rate a second at chance moments (an open loop), or as
// many Clients as there are, each with the next job when the last one is done (a
// closed loop).
type Load struct {
	Rate    float64
	Clients int
	Jobs    int // simulated; the first tenth only warms up
	Seed    uint64
}

// Result is what came of a run, without its first tenth.
type Result struct {
	PerSecond      float64 // jobs done
	Mean, P50, P99 time.Duration
	Busy           []float64 // share of each station's servers that was busy
}

// Run sends jobs through all stations in order.
func Run(l Load, stations ...Station) Result {
	w := &world{
		rand: rand.New(rand.NewPCG(l.Seed, 1)), stations: stations, queues: make([][]int, len(stations)), free: make([]int, len(stations)),
		busy: make([]time.Duration, len(stations)), began: make([]time.Duration, l.Jobs),
	}
	for i, s := range stations {
		w.free[i] = s.Servers
	}
	sent := 0
	send := func(at time.Duration) {
		if sent < l.Jobs {
			w.began[sent] = at
			heap.Push(&w.events, event{at, sent, 0, false})
			sent++
		}
	}
	for range l.Clients {
		send(0)
	}
	if l.Clients == 0 {
		gap := Exponential(time.Duration(float64(time.Second) / l.Rate))
		for at := time.Duration(0); sent < l.Jobs; {
			at += gap(w.rand)
			send(at)
		}
	}
	var took []time.Duration
	var from, until time.Duration
	warm := l.Jobs / 10
	for done := 0; len(w.events) > 0; {
		e := heap.Pop(&w.events).(event)
		switch {
		case e.ends:
			w.leave(e)
		case e.station < len(stations):
			w.arrive(e)
		default:
			if done++; done == warm {
				from = e.at
				clear(w.busy)
			}
			if done > warm {
				took = append(took, e.at-w.began[e.job])
			}
			until = e.at
			if l.Clients > 0 {
				send(e.at)
			}
		}
	}
	var r Result
	if len(took) == 0 || until == from {
		return r
	}
	span := until - from
	r.PerSecond = float64(len(took)) / span.Seconds()
	var sum time.Duration
	for _, d := range took {
		sum += d
	}
	r.Mean = sum / time.Duration(len(took))
	slices.Sort(took)
	r.P50, r.P99 = took[len(took)/2], took[len(took)*99/100]
	for i, s := range stations {
		r.Busy = append(r.Busy, w.busy[i].Seconds()/span.Seconds()/float64(s.Servers))
	}
	return r
}

// world is a run as it stands.
type world struct {
	rand     *rand.Rand
	stations []Station
	events   events
	queues   [][]int // jobs that wait, by station
	free     []int   // servers, by station
	busy     []time.Duration
	began    []time.Duration // by job
}

// arrive serves a job, or has it wait.
func (w *world) arrive(e event) {
	if w.free[e.station] == 0 {
		w.queues[e.station] = append(w.queues[e.station], e.job)
		return
	}
	w.free[e.station]--
	w.serve(e.at, e.job, e.station)
}

func (w *world) serve(at time.Duration, job, station int) {
	d := w.stations[station].Time(w.rand)
	w.busy[station] += d
	heap.Push(&w.events, event{at + d, job, station, true})
}

// leave gives the server to the next who waits, and the job to the next station.
func (w *world) leave(e event) {
	if q := w.queues[e.station]; len(q) > 0 {
		w.queues[e.station] = q[1:]
		w.serve(e.at, q[0], e.station)
	} else {
		w.free[e.station]++
	}
	heap.Push(&w.events, event{e.at, e.job, e.station + 1, false})
}

// event is a job that comes to a station, or ends there.
type event struct {
	at      time.Duration
	job     int
	station int
	ends    bool
}

type events []event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	if e[i].at != e[j].at {
		return e[i].at < e[j].at
	}
	return e[i].job < e[j].job
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)   { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	last := len(*e) - 1
	x := (*e)[last]
	*e = (*e)[:last]
	return x
}
