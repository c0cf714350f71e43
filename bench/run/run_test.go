package main

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

const printed = `goos: linux
BenchmarkEngine/do=sum/age=1-2     200  50000 ns/op  357.0 B-session  646 allocs/op
BenchmarkEngine/do=sum/age=1000-2  200  60000 ns/op
BenchmarkTurnsOnRedis/contacts=64-2  4  0 ns/op  8000 turns/s  10000 bares/s
    a line that a benchmark logs
--- FAIL: BenchmarkOther
PASS
`

func twoRounds() results {
	got := results{}
	got.read([]byte(printed), 0)
	got.read([]byte(strings.ReplaceAll(strings.ReplaceAll(printed, "8000", "6000"), "10000 bares", "12000 bares")), 1)
	return got
}

func TestFiguresAreReadByRound(t *testing.T) {
	got := twoRounds()
	if s := spreadOf(got.of(figure{"TurnsOnRedis/contacts=64", "turns/s"})); s != (spread{2, 7000, 6000, 8000}) {
		t.Error(s)
	}
	if _, told := got["TurnsOnRedis/contacts=64"]["ns/op"]; told {
		t.Error("a benchmark that says nothing by its time is quoted")
	}
	if len(got) != 3 {
		t.Errorf("%v", got)
	}
	// Of ratios the median is taken, not of what they are of.
	over := got.over(figure{"TurnsOnRedis/contacts=64", "turns/s"}, figure{"TurnsOnRedis/contacts=64", "bares/s"})
	if s := spreadOf(over); math.Abs(s.median-.65) > 1e-9 || s.most != .8 {
		t.Error(over)
	}
	if s := spreadOf([]float64{5, 1, math.NaN(), 9, 2}); s != (spread{4, 3.5, 1, 9}) {
		t.Error(s)
	}
	if s := spreadOf([]float64{9, 1, 2}); s.median != 2 {
		t.Error(s)
	}
	// A round that failed leaves the others where they were.
	got.read([]byte("BenchmarkLate-2 1 5 ns/op"), 3)
	if s := spreadOf(got["Late"]["ns/op"]); s.n != 1 || s.median != 5 || len(got["Late"]["ns/op"]) != 4 {
		t.Error(got["Late"])
	}
}

func TestNumbersAreReadable(t *testing.T) {
	for n, want := range map[float64]string{0: "0", .1234: "0.123", 1.5: "1.5", 12.34: "12.3", 123.4: "123", 1234: "1,234", 1234567: "1,234,567", -1500: "-1,500", 99.95: "100"} {
		if got := number(n); got != want {
			t.Errorf("%v: %s, want %s", n, got, want)
		}
	}
	names := []string{"a=1000", "a=1", "a=100", "b"}
	slices.SortFunc(names, natural)
	if strings.Join(names, " ") != "a=1 a=100 a=1000 b" {
		t.Error(names)
	}
}

// Of the rates, the one that half of the most leaves room for is judged.
func TestHalfOfThePeak(t *testing.T) {
	got := results{}
	got.read([]byte("Benchmark"+oneProcess+"16-2 1 900 turns/s\nBenchmark"+oneProcess+"64-2 1 1200 turns/s\nBenchmark"+
		atRate+"250-2 1 5 p99-ms\nBenchmark"+atRate+"500-2 1 12 p99-ms\nBenchmark"+atRate+"1000-2 1 90 p99-ms\n"), 0)
	if rate := got.halfPeak(); rate != 500 {
		t.Error(rate)
	}
	if text := markdown(machine(time.Now()), got, nil, suites); !strings.Contains(text, "| p99 at half of the peak on Redis, 500 turns/s, ms | ≤ 10 | 12 | **missed** |") {
		t.Error(text)
	}
	if rate := (results{}).halfPeak(); rate != 0 {
		t.Error(rate)
	}
}

// The report names no machine and judges what is wanted.
func TestReport(t *testing.T) {
	got := twoRounds()
	m := machine(time.Now())
	m.Rounds = 2
	text := markdown(m, got, []string{"round 1: it"}, suites)
	for _, want := range []string{
		"| from update to commit on Redis to a bare client, 64 at once | ≥ 75 % | 65.0 % (50.0 %–80.0 %) | **missed** |",
		"| do=sum/age=1 | 357 | 646 | 50,000 |", "**Failed:** round 1: it", "kernel", "go test -trimpath -run='^$' -bench='^BenchmarkEngine$' -benchtime=0.2s",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(text, host) {
		t.Error("the report names the machine")
	}
}

func TestChartsAreDrawings(t *testing.T) {
	svg := charts(twoRounds())
	for in := xml.NewDecoder(strings.NewReader(svg)); ; {
		if _, err := in.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if n := strings.Count(svg, "font-weight"); n != 2 {
		t.Errorf("%d charts are drawn of two", n)
	}
	if strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") {
		t.Error("a place is no number")
	}
	if empty := charts(results{}); !strings.Contains(empty, "</svg>") {
		t.Error(empty)
	}
}

// What the plan wants to be told is something that benchmarks tell: their names
// and units stand in the project's files.
func TestPlanNamesWhatIsThere(t *testing.T) {
	var all strings.Builder
	for _, dir := range []string{"..", "../..", "../../dialog", "../../cli"} {
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if strings.HasSuffix(f.Name(), "_test.go") {
				text, err := os.ReadFile(dir + "/" + f.Name())
				if err != nil {
					t.Fatal(err)
				}
				all.Write(text)
			}
		}
	}
	var figures []figure
	for _, x := range targets {
		figures = append(figures, x.of)
	}
	for _, r := range ratios {
		figures = append(figures, r.a, r.b)
	}
	for _, f := range figures {
		head, _, _ := strings.Cut(f.bench, "/")
		if !strings.Contains(all.String(), "func Benchmark"+head+"(") {
			t.Errorf("there is no benchmark %s", head)
		}
		if !slices.ContainsFunc(append(slices.Clone(suites), large...), func(s suite) bool { return matches(s, f.bench) }) {
			t.Errorf("no suite runs %s", f.bench)
		}
	}
	for _, p := range panels {
		for _, l := range p.lines {
			regexp.MustCompile(l.pattern)
		}
	}
	for _, s := range suites {
		if !slices.ContainsFunc(parts, func(p part) bool { return p.id == s.part }) {
			t.Errorf("%s is told nowhere", s.bench)
		}
	}
}
