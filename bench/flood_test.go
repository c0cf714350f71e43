package bench

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// One person sends a thousand messages a second over Telegram's webhook, as many at
// once as Telegram opens connections, while twenty others write as people do. An
// iteration is a second. Told are how long the others wait, with the flood and
// without, and what the process holds of memory.
func BenchmarkFlood(b *testing.B) {
	const (
		others      = 20
		flood       = 1000 // messages a second
		connections = 100  // that Telegram opens at most (setWebhook: max_connections)
	)
	for _, storage := range []string{embedded, servers} {
		b.Run("storage="+storage, func(b *testing.B) {
			s := serve(b, storage, 1)
			s.warm()
			quiet := s.chat(others, time.Duration(b.N)*time.Second)
			_, before := memory(b, s.programs[0].pid)

			var busy, taken, refused, dropped atomic.Int64
			flooder, over := s.somebody(), make(chan struct{})
			var all sync.WaitGroup
			all.Go(func() {
				tick := time.NewTicker(time.Second / flood)
				defer tick.Stop()
				for {
					select {
					case <-over:
						return
					case <-tick.C:
					}
					if busy.Add(1) > connections {
						busy.Add(-1)
						dropped.Add(1) // Telegram keeps it until a connection is free
						continue
					}
					all.Go(func() {
						defer busy.Add(-1)
						switch status, err := s.once(flooder, "chào"); {
						case err != nil:
							b.Error(err)
						case status == 200:
							taken.Add(1)
						default:
							refused.Add(1)
						}
					})
				}
			})
			b.ResetTimer()
			began := time.Now()
			took := s.chat(others, time.Duration(b.N)*time.Second)
			whole := time.Since(began).Seconds()
			b.StopTimer()
			close(over)
			all.Wait()
			most, after := memory(b, s.programs[0].pid)

			report(b, quiet, "ms", "-quiet")
			report(b, took, "ms", "-flooded")
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(taken.Load())/whole, "taken/s")
			b.ReportMetric(float64(refused.Load())/whole, "refused/s")
			b.ReportMetric(float64(dropped.Load())/whole, "waiting/s")
			b.ReportMetric(before, "MB-before")
			b.ReportMetric(after, "MB-after")
			b.ReportMetric(most, "MB-most-with-shared")
		})
	}
}

// chat has so many people write once a second for a time, and gives how long each
// waited.
func (s *served) chat(people int, during time.Duration) []time.Duration {
	var mu sync.Mutex
	var took []time.Duration
	var all sync.WaitGroup
	began := time.Now()
	for i := range people {
		id := s.somebody()
		all.Go(func() {
			for turn := 0; ; turn++ {
				due := began.Add(time.Duration(turn)*time.Second + time.Duration(i)*time.Second/time.Duration(people))
				if due.Sub(began) >= during {
					return
				}
				time.Sleep(time.Until(due))
				if err := s.says(id, 50+turn, script[turn%len(script)]); err != nil {
					s.b.Error(err)
					return
				}
				mu.Lock()
				took = append(took, time.Since(due))
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return took
}
