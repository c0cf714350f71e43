package main

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// facts are what the figures depend on. No name of the machine is among them.
type facts struct {
	CPU, Kernel, Go, Redis, Postgres, Commit string
	Cores, Rounds                            int
	Memory                                   string
	Began                                    time.Time
	Took                                     time.Duration
	Load, LoadAfter                          string
	Quick                                    bool
}

func machine(now time.Time) *facts {
	return &facts{
		CPU: field("/proc/cpuinfo", `model name\s*: (.+)`), Kernel: field("/proc/sys/kernel/osrelease", `^(\d+\.\d+)`),
		Memory: field("/proc/meminfo", `MemTotal:\s*(\d+) kB`), Go: runtime.Version(), Cores: runtime.NumCPU(),
		Redis: said(`v=(\S+)`, "redis-server", "--version"), Postgres: said(`\) (\S+)`, postgres(), "--version"),
		Commit: said(`(\S+)`, "git", "rev-parse", "--short", "HEAD"), Began: now, Load: load(),
	}
}

func (m *facts) took(now time.Time) {
	m.Took, m.LoadAfter = now.Sub(m.Began).Round(time.Second), load()
}

func load() string { return field("/proc/loadavg", `^(\S+)`) }

func field(file, pattern string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return "?"
	}
	return first(pattern, string(text))
}

func said(pattern, program string, args ...string) string {
	text, err := exec.Command(program, args...).Output()
	if err != nil {
		return "?"
	}
	return first(pattern, string(text))
}

func first(pattern, text string) string {
	m := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if m == nil {
		return "?"
	}
	return strings.TrimSpace(m[1])
}

// postgres finds the server, which Debian does not put on PATH.
func postgres() string {
	if path, err := exec.LookPath("postgres"); err == nil {
		return path
	}
	found, err := os.ReadDir("/usr/lib/postgresql")
	if err != nil || len(found) == 0 {
		return "postgres"
	}
	return "/usr/lib/postgresql/" + found[len(found)-1].Name() + "/bin/postgres"
}

// markdown is the report.
func markdown(m *facts, got results, failed []string, chosen []suite) string {
	var b strings.Builder
	b.WriteString("# What came out\n\nWritten by `make bench`")
	if m.Quick {
		b.WriteString(" in its **quick form**: one short round, which shows that it works. **These are not the figures of nghe**")
	}
	b.WriteString(". Package bench/run says how it measures, docs/performance.md and docs/capacity.md what follows.\n\n")
	kb, _ := strconv.ParseFloat(m.Memory, 64)
	fmt.Fprintf(&b, "%s, %s/%s, kernel %s, %s with %d cores, %.0f GB, %s, Redis %s (`appendonly yes, appendfsync everysec`), PostgreSQL %s without fsync; commit %s. ",
		m.Began.UTC().Format("2 January 2006"), runtime.GOOS, runtime.GOARCH, m.Kernel, m.CPU, m.Cores, kb/(1<<20), m.Go, m.Redis, m.Postgres, m.Commit)
	fmt.Fprintf(&b, "Load %s before and %s after %s; a load well above %d after it, or any before it, says that something else was running, and that times are upper bounds.\n\n", m.Load, m.LoadAfter, m.Took, m.Cores)
	fmt.Fprintf(&b, "Medians of %d round(s), with the range in brackets (“once”: of one). Everything runs on the same cores: the people, the platform, the stores, nghe.\n\n![the same as charts](results.svg)\n\n", m.Rounds)
	for _, f := range failed {
		fmt.Fprintf(&b, "**Failed:** %s\n\n", f)
	}
	b.WriteString("## What was wanted\n\n| what | wanted | measured | |\n|---|---|---|---|\n")
	judge := func(what string, all []float64, atMost bool, want float64, percent bool) {
		s := spreadOf(all)
		if s.n == 0 {
			return
		}
		sign, held := "≥", s.median >= want
		if atMost {
			sign, held = "≤", s.median <= want
		}
		word, wanted := "**missed**", number(want)
		if held {
			word = "held"
		}
		if percent {
			wanted = fmt.Sprintf("%.0f %%", 100*want)
		}
		fmt.Fprintf(&b, "| %s | %s %s | %s | %s |\n", what, sign, wanted, cell(s, m.Rounds, percent), word)
	}
	for _, t := range targets {
		all := slices.Clone(got.of(t.of))
		want := t.want
		if t.of.unit == "ns/op" { // told in µs
			want /= 1000
			for i := range all {
				all[i] /= 1000
			}
		}
		judge(t.what, all, t.atMost, want, false)
	}
	if rate := got.halfPeak(); rate > 0 {
		judge(fmt.Sprintf("p99 at half of the peak on Redis, %d turns/s, ms", rate), got.of(figure{atRate + strconv.Itoa(rate), "p99-ms"}), true, 10, false)
	}
	for _, t := range wanted {
		i := slices.IndexFunc(ratios, func(r ratio) bool { return r.what == t.ratio })
		judge(t.ratio, got.over(ratios[i].a, ratios[i].b), t.atMost, t.want, true)
	}
	b.WriteString("\n## Ratios within a round\n\n| what | ratio |\n|---|---|\n")
	for _, r := range ratios {
		if s := spreadOf(got.over(r.a, r.b)); s.n > 0 {
			fmt.Fprintf(&b, "| %s | %s |\n", r.what, cell(s, m.Rounds, true))
		}
	}
	for _, p := range parts {
		table(&b, p, m, got, chosen)
	}
	b.WriteString("\n## Commands\n\n")
	for _, s := range chosen {
		most := ""
		if n := mostOf(s, m.Quick); n > 0 {
			most = fmt.Sprintf("NGHE_BENCH_MOST=%d ", n)
		}
		fmt.Fprintf(&b, "    %sgo test -trimpath %s %s\n", most, quoted(arguments(s, m.Quick)), s.pkg)
	}
	return b.String()
}

const atRate = "Rate/storage=redis+postgres/rate="

// halfPeak gives the highest rate that was tried of those up to half of what one
// process takes at most; 0 when there is none.
func (r results) halfPeak() (rate int) {
	peak := 0.0
	for name := range r {
		if strings.HasPrefix(name, oneProcess) {
			peak = max(peak, spreadOf(r.of(figure{name, "turns/s"})).median)
		}
	}
	for name := range r {
		if n, err := strconv.Atoi(strings.TrimPrefix(name, atRate)); err == nil && float64(n) <= peak/2 {
			rate = max(rate, n)
		}
	}
	return rate
}

// quoted gives arguments of a test program as go test takes them from a shell.
func quoted(args []string) string {
	var list []string
	for _, a := range args {
		a = strings.Replace(a, "-test.", "-", 1)
		if name, value, _ := strings.Cut(a, "="); strings.ContainsAny(value, "^$|()") {
			a = name + "='" + value + "'"
		}
		list = append(list, a)
	}
	return strings.Join(list, " ")
}

// table tells a part.
func table(b *strings.Builder, p part, m *facts, got results, chosen []suite) {
	of := slices.DeleteFunc(slices.Clone(chosen), func(s suite) bool { return s.part != p.id })
	names := got.names(of)
	if p.id == "j" { // all of other packages, whatever their names
		names = slices.DeleteFunc(names, func(name string) bool {
			return slices.ContainsFunc(chosen, func(s suite) bool { return s.part != "j" && matches(s, name) })
		})
	}
	if len(names) == 0 {
		return
	}
	fmt.Fprintf(b, "\n## %s) %s\n\n%s\n", p.id, p.title, p.text)
	// Benchmarks of one name have the same columns.
	for len(names) > 0 {
		head, _, _ := strings.Cut(names[0], "/")
		n := slices.IndexFunc(names, func(s string) bool { h, _, _ := strings.Cut(s, "/"); return h != head })
		if n < 0 {
			n = len(names)
		}
		units := map[string]bool{}
		for _, name := range names[:n] {
			for unit := range got[name] {
				units[unit] = true
			}
		}
		columns := make([]string, 0, len(units))
		for unit := range units {
			columns = append(columns, unit)
		}
		slices.SortFunc(columns, natural)
		fmt.Fprintf(b, "\n| %s | %s |\n|---|%s\n", head, strings.Join(columns, " | "), strings.Repeat("---|", len(columns)))
		for _, name := range names[:n] {
			rest := strings.TrimPrefix(strings.TrimPrefix(name, head), "/")
			fmt.Fprintf(b, "| %s |", rest)
			for _, unit := range columns {
				fmt.Fprintf(b, " %s |", cell(spreadOf(got[name][unit]), m.Rounds, false))
			}
			b.WriteString("\n")
		}
		names = names[n:]
	}
}

// cell tells a figure with its range.
func cell(s spread, rounds int, percent bool) string {
	tell := number
	if percent {
		tell = func(n float64) string { return strconv.FormatFloat(100*n, 'f', 1, 64) + " %" }
	}
	switch {
	case s.n == 0:
		return ""
	case s.n == 1 && rounds > 1:
		return tell(s.median) + " once"
	case s.n == 1 || s.least == s.most:
		return tell(s.median)
	}
	return fmt.Sprintf("%s (%s–%s)", tell(s.median), tell(s.least), tell(s.most))
}

// number tells three digits that count, in thousands with a comma.
func number(n float64) string {
	if n == 0 {
		return "0"
	}
	decimals := max(0, 2-int(math.Floor(math.Log10(math.Abs(n)))))
	if math.Abs(n) < .001 {
		return "0"
	}
	text := strconv.FormatFloat(n, 'f', decimals, 64)
	if decimals > 0 {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	whole, rest, point := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if point {
		whole += "." + rest
	}
	return whole
}
