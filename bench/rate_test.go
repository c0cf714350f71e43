package bench

import (
	"fmt"
	"math"
	"sync"
	"testing"
	"time"
)

// Latency at fixed rates: so many turns a second come, evenly, whether or not the
// earlier ones are done, and each is timed from the moment at which it was due, so
// that who waits while the program is slow is counted (no coordinated omission). An iteration is a
// turn; give b.N by -benchtime, which is taken for the rate of 500 and stretched for the
// others, so that all take as long. Where the program no longer keeps up the rates end.
func BenchmarkRate(b *testing.B) {
	for _, storage := range []string{embedded, servers} {
		b.Run("storage="+storage, func(b *testing.B) {
			s := serve(b, storage, 1)
			s.warm()
			full := false
			for _, rate := range []int{50, 100, 250, 500, 1000, 2000, 3500, 5000} {
				if full {
					break // an earlier rate was too much already
				}
				b.Run(fmt.Sprintf("rate=%d", rate), func(b *testing.B) {
					full = atRate(b, s, rate, max(20, b.N*rate/500))
				})
			}
		})
	}
}

// atRate reports latencies at a rate, and says whether it was too much: what was
// taken fell behind by more than a tenth, or a second.
func atRate(b *testing.B, s *served, rate, n int) (full bool) {
	people := min(n, 2*rate) // each writes every two seconds
	ids := make([]int64, people)
	for i := range ids {
		ids[i] = s.somebody()
	}
	took := make([]time.Duration, n)
	before := s.processors()
	s.putOff.Store(0)
	b.ResetTimer()
	began := time.Now()
	var wg sync.WaitGroup
	for i := range n {
		due := began.Add(time.Duration(i) * time.Second / time.Duration(rate))
		time.Sleep(time.Until(due))
		wg.Go(func() {
			turn := i / people
			if err := s.says(ids[i%people], 50+turn, script[turn%len(script)]); err != nil {
				b.Error(err)
			}
			took[i] = time.Since(due)
		})
	}
	wg.Wait()
	b.StopTimer()
	whole := time.Since(began)
	var used time.Duration
	for i, t := range s.processors() {
		used += t - before[i]
	}
	reached := float64(n) / whole.Seconds()
	report(b, took, "ms", "")
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(reached, "turns/s")
	b.ReportMetric(float64(s.putOff.Load()), "put-off")
	b.ReportMetric(100*used.Seconds()/whole.Seconds(), "%core")
	return reached < .9*math.Min(float64(rate), float64(n)/(float64(n)/float64(rate)+.05)) || took[len(took)*99/100] > time.Second
}
