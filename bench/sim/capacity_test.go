package sim_test

import (
	"flag"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"nghe/bench/sim"
)

var update = flag.Bool("update", false, "write the tables of docs/capacity.md")

func measured(t *testing.T) sim.Costs {
	t.Helper()
	text, err := os.ReadFile("../results.json")
	if err != nil {
		t.Fatal(err)
	}
	c, err := sim.Read(text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The simulation comes within a quarter of the closed loop that was measured in
// the same run as the costs.
func TestItComesNearWhatWasMeasured(t *testing.T) {
	c := measured(t)
	r := c.Measured()
	t.Logf("%.0f turns/s simulated, %.0f measured", r.PerSecond, c.PerSecond)
	if math.Abs(r.PerSecond-c.PerSecond) > c.PerSecond/4 {
		t.Errorf("%.0f turns/s are simulated, %.0f were measured", r.PerSecond, c.PerSecond)
	}
}

func TestNeeds(t *testing.T) {
	c := sim.Costs{Nghe: 600 * time.Microsecond, Redis: 150 * time.Microsecond, Postgres: 250 * time.Microsecond, BytesRedis: 15_000}
	h := sim.Habits{Daily: .1, Turns: 10, Hour: .36, Burst: 1, Telegram: .5, Zalo: .5}
	n := c.Needs(10e6, h)
	// 10 million turns a day, 36 % of them in an hour: 1,000 a second.
	if n.Peak != 1000 || n.Daily != 10e6 {
		t.Errorf("%+v", n)
	}
	// 0.6 cores busy to 60 % are 1 core; 105 GB of bubbles and 9 of sessions, of 6 each.
	if n.Nghe != 1 || n.Postgres != 1 || n.Redis != 20 {
		t.Errorf("%d %d %d machines", n.Nghe, n.Postgres, n.Redis)
	}
	if math.Abs(n.Kept.Busy[0]-.3) > .02 || n.Kept.Mean < time.Millisecond || n.First != "Telegram's limit" {
		t.Errorf("%+v", n)
	}
	if _, err := sim.Read([]byte(`{}`)); err == nil || !strings.Contains(err.Error(), "results have no") {
		t.Error(err)
	}
	if _, err := sim.Read([]byte(`[`)); err == nil {
		t.Error("what can't be read was read")
	}
}

// docs/capacity.md says what the simulation says.
func TestTheDocumentSaysIt(t *testing.T) {
	const name = "../../docs/capacity.md"
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	want := string(text)
	for mark, table := range tables(measured(t)) {
		begin, end := "<!-- "+mark+" -->\n", "<!-- end of "+mark+" -->"
		before, rest, ok := strings.Cut(want, begin)
		_, after, ok2 := strings.Cut(rest, end)
		if !ok || !ok2 {
			t.Fatalf("%s has no place for %s", name, mark)
		}
		want = before + begin + table + end + after
	}
	if want == string(text) {
		return
	}
	if !*update {
		t.Fatalf("%s is not what bench/results.json gives: go test ./bench/sim -update, and read the diff", name)
	}
	if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

func tables(c sim.Costs) map[string]string {
	h := sim.Assumed
	var costs, small, needs, bulk strings.Builder
	r := c.Measured()
	fmt.Fprintf(&costs, "| of a turn, µs of processor | nghe | Redis | PostgreSQL | people and platform |\n|---|---|---|---|---|\n| | %d | %d | %d | %d |\n\n",
		c.Nghe.Microseconds(), c.Redis.Microseconds(), c.Postgres.Microseconds(), c.People.Microseconds())
	fmt.Fprintf(&costs, "%d contacts at once in a closed loop on %d cores: %s turns/s measured, %s simulated. A contact takes %s KB of Redis while its bubbles are kept.\n",
		c.Clients, c.Cores, round(c.PerSecond), round(r.PerSecond), round(c.BytesRedis/1000))

	s := c.Small(h)
	fmt.Fprintf(&small, "| one machine of 2 cores and 8 GB | turns/s | people |\n|---|---|---|\n")
	fmt.Fprintf(&small, "| its processors, busy to 60 %% | %s | %s |\n", round(s.PerSecond), round(s.Processor))
	fmt.Fprintf(&small, "| Redis's memory, 3 GB of it | | %s |\n", round(s.Memory))
	fmt.Fprintf(&small, "| Telegram, %d messages a second | %d on Telegram | %s |\n", sim.TelegramLimit, sim.TelegramLimit, round(s.Telegram))
	fmt.Fprintf(&small, "| Zalo, %d messages a second | %d on Zalo | %s |\n", sim.ZaloLimit, sim.ZaloLimit, round(s.Zalo))

	fmt.Fprintf(&needs, "| | turns a busy day | turns/s at the peak | machines: nghe, Redis, PostgreSQL | Redis's memory | kept after, median; p99 | Telegram and Zalo, of one bot's limit | full first |\n|---|---|---|---|---|---|---|---|\n")
	for _, row := range []struct {
		what   string
		people float64
	}{{"100,000 people", 1e5}, {"the province: 1,000,000", 1e6}, {"the country: 34,000,000, in one installation", 34e6}, {"100,000,000, in one installation", 100e6}} {
		n := c.Needs(row.people, h)
		fmt.Fprintf(&needs, "| %s | %s | %s | %d, %d, %d | %s GB | %.1f; %.1f ms | %.0f %%, %.0f %% | %s |\n",
			row.what, round(n.Daily), round(n.Peak), n.Nghe, n.Redis, n.Postgres, round(n.Memory/1e9),
			n.Kept.P50.Seconds()*1000, n.Kept.P99.Seconds()*1000, 100*n.Telegram, 100*n.Zalo, n.First)
	}

	fmt.Fprintf(&bulk, "| told to | rows written | by Telegram alone | by Zalo alone | without a limit |\n|---|---|---|---|---|\n")
	for _, people := range []float64{1e5, 1e6, 34e6} {
		fmt.Fprintf(&bulk, "| %s | %s | %s | %s | %s |\n", round(people), lasts(people/c.Rows), lasts(people/sim.TelegramLimit), lasts(people/sim.ZaloLimit), lasts(people/c.Bulk))
	}
	return map[string]string{"costs": costs.String(), "small": small.String(), "needs": needs.String(), "broadcast": bulk.String()}
}

// round tells two digits that count.
func round(n float64) string {
	if n <= 0 {
		return "0"
	}
	unit := math.Pow(10, math.Floor(math.Log10(n))-1)
	n = math.Round(n/unit) * unit
	if n < 10 {
		return fmt.Sprintf("%.1f", n)
	}
	text := fmt.Sprintf("%.0f", n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func lasts(seconds float64) string {
	switch {
	case seconds < 120:
		return round(seconds) + " s"
	case seconds < 7200:
		return round(seconds/60) + " min"
	}
	return round(seconds/3600) + " h"
}
