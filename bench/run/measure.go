package main

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"log"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// results are figures by benchmark and unit: one of each round, in order; NaN
// where a round has none.
type results map[string]figures

// figures of a benchmark by their unit.
type figures map[string][]float64

// measure runs suites in rounds. What fails is named, and the rest goes on.
func measure(chosen []suite, rounds int, quick bool) (got results, failed []string) {
	got = results{}
	dir, err := os.MkdirTemp("", "nghe-bench-tests")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	programs := map[string]string{}
	for _, s := range chosen { // compiled once, before anything is measured
		if programs[s.pkg] != "" {
			continue
		}
		exe := filepath.Join(dir, "test"+strconv.Itoa(len(programs)))
		if text, err := exec.Command("go", "test", "-trimpath", "-c", "-o", exe, s.pkg).CombinedOutput(); err != nil {
			log.Fatalf("%s: %v\n%s", s.pkg, err, text)
		}
		programs[s.pkg] = exe
	}
	for round := range rounds {
		for _, s := range chosen {
			if s.once && round > 0 {
				continue
			}
			log.Printf("round %d of %d: %s %s", round+1, rounds, s.pkg, s.bench)
			cmd := exec.Command(programs[s.pkg], arguments(s, quick)...)
			cmd.Dir = s.pkg
			cmd.Env = os.Environ()
			if most := mostOf(s, quick); most > 0 {
				cmd.Env = append(cmd.Env, "NGHE_BENCH_MOST="+strconv.Itoa(most))
			}
			text, err := cmd.CombinedOutput()
			got.read(text, round)
			if err != nil {
				log.Printf("%v\n%s", err, text)
				failed = append(failed, fmt.Sprintf("round %d: %s in %s: %v", round+1, s.bench, s.pkg, err))
			}
		}
	}
	return got, failed
}

func arguments(s suite, quick bool) []string {
	time := s.time
	if quick {
		time = s.quick
	}
	args := []string{"-test.run=^$", "-test.bench=" + s.bench, "-test.benchtime=" + time, "-test.timeout=60m"}
	if s.part == "j" { // the others say themselves where allocations tell something
		args = append(args, "-test.benchmem")
	}
	return args
}

func mostOf(s suite, quick bool) int {
	if quick {
		return quickMost
	}
	return s.most
}

// processors is what Go puts behind a name: how many it may use.
var processors = regexp.MustCompile(`-\d+$`)

// read takes the figures of a round out of what a test program printed:
// “BenchmarkName-2  100  12.5 ns/op  3 allocs/op”.
func (r results) read(text []byte, round int) {
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < 4 || len(fields)%2 != 0 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		if _, err := strconv.Atoi(fields[1]); err != nil {
			continue
		}
		name := processors.ReplaceAllString(strings.TrimPrefix(fields[0], "Benchmark"), "")
		if r[name] == nil {
			r[name] = figures{}
		}
		for i := 2; i < len(fields); i += 2 {
			n, err := strconv.ParseFloat(fields[i], 64)
			if err != nil || n == 0 && fields[i+1] == "ns/op" { // a benchmark's way of saying that its time says nothing
				continue
			}
			r[name].put(fields[i+1], round, n)
		}
	}
}

func (units figures) put(unit string, round int, n float64) {
	all := units[unit]
	for len(all) <= round {
		all = append(all, math.NaN())
	}
	all[round] = n
	units[unit] = all
}

// spread is what came out of several rounds.
type spread struct {
	n                   int
	median, least, most float64
}

func spreadOf(rounds []float64) spread {
	all := slices.DeleteFunc(slices.Clone(rounds), math.IsNaN)
	if len(all) == 0 {
		return spread{}
	}
	slices.Sort(all)
	n := len(all)
	return spread{n, (all[(n-1)/2] + all[n/2]) / 2, all[0], all[n-1]}
}

// of gives the rounds of a figure.
func (r results) of(f figure) []float64 { return r[f.bench][f.unit] }

// over divides two figures round by round.
func (r results) over(a, b figure) []float64 {
	x, y := r.of(a), r.of(b)
	var all []float64
	for i := range min(len(x), len(y)) {
		if y[i] != 0 {
			all = append(all, x[i]/y[i])
		}
	}
	return all
}

// names gives the benchmarks whose names begin like one of the suites of a part.
func (r results) names(of []suite) []string {
	var list []string
	for name := range r {
		if slices.ContainsFunc(of, func(s suite) bool { return matches(s, name) }) {
			list = append(list, name)
		}
	}
	slices.SortFunc(list, natural)
	return list
}

// matches says whether a suite runs a benchmark: element by element, as Go does.
func matches(s suite, name string) bool {
	elements := strings.Split("Benchmark"+name, "/")
	for i, pattern := range strings.Split(s.bench, "/") {
		if i >= len(elements) {
			return false
		}
		if ok, err := regexp.MatchString(pattern, elements[i]); err != nil || !ok {
			return false
		}
	}
	return true
}

var digits = regexp.MustCompile(`\d+|\D+`)

// natural sorts names with numbers in them by these.
func natural(a, b string) int {
	x, y := digits.FindAllString(a, -1), digits.FindAllString(b, -1)
	for i := range min(len(x), len(y)) {
		m, err1 := strconv.Atoi(x[i])
		n, err2 := strconv.Atoi(y[i])
		c := cmp.Compare(x[i], y[i])
		if err1 == nil && err2 == nil {
			c = cmp.Compare(m, n)
		}
		if c != 0 {
			return c
		}
	}
	return cmp.Compare(len(x), len(y))
}
