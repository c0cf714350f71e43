package sim_test

import (
	"math"
	"reflect"
	"testing"
	"time"

	"nghe/bench/sim"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.Abs(got-want) > within*want {
		t.Errorf("%s: %.4g, theory says %.4g", what, got, want)
	}
}

// One server, arrivals and times by chance: a job takes 1/(µ-λ), half of them less
// than ln 2 of it, and 99 % less than ln 100.
func TestOneServer(t *testing.T) {
	for _, load := range []float64{.3, .5, .8} {
		r := sim.Run(sim.Load{Rate: 1000 * load, Jobs: 200_000, Seed: 1}, sim.Station{Servers: 1, Time: sim.Exponential(time.Millisecond)})
		mean := .001 / (1 - load)
		near(t, "mean", r.Mean.Seconds(), mean, .05)
		near(t, "median", r.P50.Seconds(), mean*math.Ln2, .05)
		near(t, "p99", r.P99.Seconds(), mean*math.Log(100), .15) // jobs of one busy spell are long together: few spells decide it
		near(t, "busy", r.Busy[0], load, .02)
		near(t, "jobs a second", r.PerSecond, 1000*load, .02)
	}
}

// Times that are always the same halve the wait (Pollaczek and Khinchine).
func TestFixedTimes(t *testing.T) {
	r := sim.Run(sim.Load{Rate: 800, Jobs: 200_000, Seed: 2}, sim.Station{Servers: 1, Time: sim.Fixed(time.Millisecond)})
	near(t, "mean", r.Mean.Seconds(), .001*(1+.8/(2*(1-.8))), .05)
}

// Several servers: who waits is told by Erlang's formula.
func TestSeveralServers(t *testing.T) {
	const c, busy = 4, .8
	a := c * busy
	sum, term := 0.0, 1.0
	for k := range c {
		sum += term
		term *= a / float64(k+1)
	}
	waits := term / (1 - busy) / (sum + term/(1-busy))
	r := sim.Run(sim.Load{Rate: 1000 * a, Jobs: 200_000, Seed: 3}, sim.Station{Servers: c, Time: sim.Exponential(time.Millisecond)})
	near(t, "mean", r.Mean.Seconds(), .001+waits*.001/(c*(1-busy)), .05)
}

// A closed loop of two stations with as many jobs as clients: N/(N+1) of each is
// busy where both are alike.
func TestClosedLoop(t *testing.T) {
	s := sim.Station{Servers: 1, Time: sim.Exponential(time.Millisecond)}
	for _, n := range []int{1, 3, 9} {
		r := sim.Run(sim.Load{Clients: n, Jobs: 200_000, Seed: 4}, s, s)
		near(t, "jobs a second", r.PerSecond, 1000*float64(n)/float64(n+1), .02)
	}
}

// A platform lets through what it says, less its own time to answer.
func TestPlatform(t *testing.T) {
	r := sim.Run(sim.Load{Clients: 1000, Jobs: 20_000, Seed: 5}, sim.Platform("telegram", 30, 20*time.Millisecond))
	near(t, "messages a second", r.PerSecond, 30/1.02, .01)
}

func TestTheSameSeedGivesTheSame(t *testing.T) {
	run := func(seed uint64) sim.Result {
		return sim.Run(sim.Load{Rate: 900, Jobs: 5000, Seed: seed}, sim.Station{Servers: 1, Time: sim.Exponential(time.Millisecond)})
	}
	if !reflect.DeepEqual(run(7), run(7)) || reflect.DeepEqual(run(7), run(8)) {
		t.Error("a run is not decided by its seed")
	}
	if r := sim.Run(sim.Load{Rate: 1}, sim.Station{Servers: 1, Time: sim.Fixed(1)}); r.PerSecond != 0 {
		t.Error("nothing was done by nobody")
	}
}
