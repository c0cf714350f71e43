package bench

import (
	"compress/gzip"
	"io"
	"os"
	"testing"

	faketelegram "nghe/bot/bottest/telegram"
)

// The whole program on the embedded storage: from its start until it says that it
// is ready, its memory at rest and after load, how large it is, and compressed as an
// image has it (Dockerfile: nothing but it and the roots of trust).
func BenchmarkProgram(b *testing.B) {
	exe := build(b)
	whole, packed := packed(b, exe)
	_, api := faketelegram.Start(b, faketelegram.Settings{Reach: taken{}, Anybody: true})
	for b.Loop() {
		b.Run("run", func(b *testing.B) {
			p := run(b, exe, environment(b, api))
			s := &served{b: b, client: busyClient(), programs: []program{p}, urls: []string{p.url}}
			if err := s.says(s.somebody(), 50, script[0]); err != nil { // one turn, so that all is there
				b.Fatal(err)
			}
			_, idle := memory(b, p.pid)
			s.talks(64, 4000)
			most, after := memory(b, p.pid)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(p.ready.Seconds()*1000, "ms-ready")
			b.ReportMetric(idle, "MB-idle")
			b.ReportMetric(after, "MB-after-load")
			b.ReportMetric(most, "MB-most-with-shared")
			b.ReportMetric(whole, "MB-binary")
			b.ReportMetric(packed, "MB-binary-compressed")
		})
	}
}

// packed gives how many MB a file has, and compressed.
func packed(b *testing.B, name string) (whole, packed float64) {
	b.Helper()
	f, err := os.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	var n counter
	z := gzip.NewWriter(&n)
	size, err := io.Copy(z, f)
	if err != nil {
		b.Fatal(err)
	}
	if err := z.Close(); err != nil {
		b.Fatal(err)
	}
	return float64(size) / 1e6, float64(n) / 1e6
}

type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
