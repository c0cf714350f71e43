package bench

import (
	"fmt"
	"testing"

	faketelegram "nghe/bot/bottest/telegram"
)

// atOnceSizes are how many people write at once.
var atOnceSizes = []int{1, 16, 64, 256}

// turnsOfWhole is how many turns one measurement takes.
func turnsOfWhole(contacts int) int { return max(1000, 40*contacts) }

// A turn over the webhook into storage and back, by how many people write at
// once: the program as its users run it, and the least that a bot can be
// (bench/echo). An iteration is a round of all; turns/s is of the median round, and
// the rest of all together.
//
// Nghe takes an update when its answer is kept, and sends answers at Telegram's
// own pace of 30 a second; echo sends each before it takes the update, as fast as
// the fake lets it. So the two differ in what they do as well as in what it costs.
func BenchmarkWhole(b *testing.B) {
	for _, storage := range []string{embedded, servers} {
		for _, processes := range []int{1, 2} {
			if storage == embedded && processes > 1 {
				continue // a file is for one
			}
			b.Run(fmt.Sprintf("nghe/storage=%s/processes=%d", storage, processes), func(b *testing.B) {
				wholeOf(b, serve(b, storage, processes))
			})
		}
	}
	b.Run("echo", func(b *testing.B) {
		platform, api := faketelegram.Start(b, faketelegram.Settings{Reach: taken{}, Anybody: true})
		s := &served{b: b, platform: platform, client: busyClient()}
		p := run(b, compile(b, "nghe/bench/echo"), environment(b, api))
		s.programs, s.urls = []program{p}, []string{p.url}
		wholeOf(b, s)
	})
}

func wholeOf(b *testing.B, s *served) {
	s.warm()
	for _, contacts := range atOnceSizes {
		b.Run(fmt.Sprintf("contacts=%d", contacts), func(b *testing.B) {
			n := turnsOfWhole(contacts)
			var before [4]float64
			if s.processors != nil {
				for i, t := range s.processors() {
					before[i] = float64(t.Microseconds())
				}
			}
			turns := 0
			for b.Loop() {
				took := s.talks(contacts, n)
				b.StopTimer()
				report(b, took, "ms", "")
				turns += n
				b.StartTimer()
			}
			b.ReportMetric(float64(turns)/b.Elapsed().Seconds(), "turns/s")
			b.ReportMetric(0, "ns/op")
			if s.processors == nil {
				return
			}
			for i, t := range s.processors() {
				who := [...]string{"nghe", "redis", "postgres", "people"}[i]
				b.ReportMetric((float64(t.Microseconds())-before[i])/float64(turns), "µs-"+who+"/turn")
			}
		})
	}
}
