package advice_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"nghe/advice"
	"nghe/content"
)

var lib = content.MustBuiltin()

var today = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

const (
	now    = "2026-11-22"
	first  = "2026-01-01"
	before = "2025-12-31"
)

// Each line is a case and what it gives, worked out by hand from the table of
// the contract: groups; days, km, cost (- is not known); day; best; then each
// regime as "id course+meal+travel", in the order of the answer ("?" is not
// known, "." is no such item). "!" after the id is uncertain, "*" after the
// cost is "supported before".
var supportCases = []string{
	// The example of the contract.
	"rural; 30 16 2500000; 2026-11-22; nd338-2025; nd338-2025 2500000+1500000+200000; qd46-2015! 2000000",
	// Rural, from 2026-01-01: ceiling, thresholds of the distance.
	"rural; 30 15 4000000; 2026-11-22; nd338-2025; nd338-2025 4000000+1500000+200000; qd46-2015! 2000000",
	"rural; 30 14.9 4000001; 2026-11-22; nd338-2025; nd338-2025 4000000+1500000+0; qd46-2015! 2000000",
	"rural; 0 0 0; 2026-11-22; nd338-2025; nd338-2025 0+0+0; qd46-2015! 0",
	"rural special-area; 10 1 1000000; 2026-11-22; nd338-2025; nd338-2025 1000000+500000+300000; qd46-2015! 1000000",
	"rural special-area; 10 - 1000000; 2026-11-22; nd338-2025; nd338-2025 1000000+500000+300000; qd46-2015! 1000000",
	"rural; - - -; 2026-11-22; nd338-2025; nd338-2025 ?+?+?; qd46-2015! ?",
	"rural; 20 - -; 2026-11-22; nd338-2025; nd338-2025 ?+1000000+?; qd46-2015! ?",
	"rural; - 20 -; 2026-11-22; nd338-2025; nd338-2025 ?+?+200000; qd46-2015! ?",
	"rural; - - 1500000; 2026-11-22; nd338-2025; nd338-2025 1500000+?+?; qd46-2015! 1500000",
	"rural; 30 16 2500000; 2026-01-01; nd338-2025; nd338-2025 2500000+1500000+200000; qd46-2015! 2000000",
	"rural; 30 16 2500000*; 2026-11-22; nd338-2025; nd338-2025 2500000+1500000+200000; qd46-2015! 0",
	// The last day of the old rules.
	"rural; 30 16 2500000; 2025-12-31; qd46-2015; qd46-2015 2000000",
	"rural; 30 16 1500000; 2025-12-31; qd46-2015; qd46-2015 1500000",
	"rural special-area; 30 16 1500000; 2025-12-31; qd46-2015; qd46-2015 1500000",
	"rural; 30 16 1500000*; 2025-12-31; qd46-2015; qd46-2015 0",
	"women; 30 16 2500000; 2025-12-31; qd46-2015; qd46-2015 2000000",
	"women; 30 16 2500000; 2026-11-22; qd46-2015; qd46-2015! 2000000",
	// Before the first of them.
	"rural; 30 16 1500000; 2015-12-31; ",
	"disability; 30 16 1500000; 2015-12-31; ",
	"rural; 30 16 1500000; 2016-01-01; qd46-2015; qd46-2015 1500000",
	// Soldiers and youth volunteers: 12 base salaries for all three, in the
	// order course, meal, travel.
	"soldier; 30 16 5000000; 2026-11-22; nd338-2025; nd338-2025 5000000+1500000+200000",
	"soldier; 100 20 30000000; 2026-11-22; nd338-2025; nd338-2025 28080000+0+0",
	"soldier; 100 20 25000000; 2026-11-22; nd338-2025; nd338-2025 25000000+3080000+0",
	"soldier; 100 20 23000000; 2026-11-22; nd338-2025; nd338-2025 23000000+5000000+80000",
	"soldier; - 20 28000000; 2026-11-22; nd338-2025; nd338-2025 28000000+?+80000",
	"soldier special-area; 10 2 1000000; 2026-11-22; nd338-2025; nd338-2025 1000000+500000+300000",
	"youth-volunteer; 30 16 5000000; 2026-11-22; nd338-2025; nd338-2025 5000000+1500000+200000",
	"soldier; 30 16 5000000; 2025-12-31; ",
	"youth-volunteer; 30 16 5000000; 2025-12-31; ",
	// A row counts by its ceiling: the soldier's, though also rural.
	"soldier rural; 30 16 5000000; 2026-11-22; nd338-2025; nd338-2025 5000000+1500000+200000; qd46-2015! 2000000",
	"soldier rural; 30 16 5000000*; 2026-11-22; nd338-2025; nd338-2025 5000000+1500000+200000; qd46-2015! 0",
	// Insured unemployed: under three months one sum, longer by the month begun.
	"unemployed; 90 16 6000000; 2026-11-22; nd374-2025; nd374-2025 4500000+4500000",
	"unemployed; 60 16 3000000; 2026-11-22; nd374-2025; nd374-2025 3000000+3000000",
	"unemployed; 91 16 9000000; 2026-11-22; nd374-2025; nd374-2025 6000000+4550000",
	"unemployed; 120 16 9000000; 2026-11-22; nd374-2025; nd374-2025 6000000+6000000",
	"unemployed; 121 16 9000000; 2026-11-22; nd374-2025; nd374-2025 7500000+6050000",
	"unemployed; 180 16 20000000; 2026-11-22; nd374-2025; nd374-2025 9000000+9000000",
	"unemployed; 300 16 20000000; 2026-11-22; nd374-2025; nd374-2025 9000000+15000000",
	"unemployed; - 16 20000000; 2026-11-22; nd374-2025; nd374-2025 ?+?",
	"unemployed; 90 16 6000000; 2025-12-31; ",
	"unemployed; 90 16 6000000; 2026-01-01; nd374-2025; nd374-2025 4500000+4500000",
	// Two in force: the higher total is best, never their sum.
	"unemployed rural; 30 16 4500000; 2026-11-22; nd374-2025; nd338-2025 4000000+1500000+200000; nd374-2025 4500000+1500000; qd46-2015! 2000000",
	"unemployed rural; 30 16 4000000; 2026-11-22; nd338-2025; nd338-2025 4000000+1500000+200000; nd374-2025 4000000+1500000; qd46-2015! 2000000",
	// Disability.
	"disability; 30 5 7000000; 2025-12-31; qd46-2015; qd46-2015 6000000+900000+300000",
	"disability; 30 4.9 7000000; 2025-12-31; qd46-2015; qd46-2015 6000000+900000+0",
	"disability; 30 5 5000000; 2026-11-22; qd46-2015; qd46-2015! 5000000+900000+300000",
	"disability; 30 5 5000000*; 2025-12-31; qd46-2015; qd46-2015 0+0+0",
	"disability rural; 60 5 6000000; 2026-11-22; nd338-2025; nd338-2025 4000000+3000000+0; qd46-2015! 6000000+1800000+300000",
	"disability poor ethnic; 30 16 7000000; 2025-12-31; qd46-2015; qd46-2015 6000000+900000+300000",
	// Poor and ethnic, poor in a special area.
	"poor ethnic; 30 16 5000000; 2025-12-31; qd46-2015; qd46-2015 4000000+900000+200000",
	"poor special-area; 30 5 5000000; 2025-12-31; qd46-2015; qd46-2015 4000000+900000+300000",
	"poor special-area; 30 4 5000000; 2025-12-31; qd46-2015; qd46-2015 4000000+900000+0",
	"poor ethnic special-area; 30 16 5000000; 2026-11-22; qd46-2015; qd46-2015! 4000000+900000+300000",
	"poor ethnic rural; 30 16 5000000; 2026-11-22; nd338-2025; nd338-2025 4000000+1500000+200000; qd46-2015! 4000000+900000+200000",
	// The groups of three million.
	"ethnic; 30 16 5000000; 2025-12-31; qd46-2015; qd46-2015 3000000+900000+200000",
	"merit; 30 14 5000000; 2025-12-31; qd46-2015; qd46-2015 3000000+900000+0",
	"poor; 30 16 2000000; 2025-12-31; qd46-2015; qd46-2015 2000000+900000+200000",
	"land-recovered; 30 16 5000000; 2026-11-22; qd46-2015; qd46-2015! 3000000+900000+200000",
	"women-jobless; 30 16 5000000; 2025-12-31; qd46-2015; qd46-2015 3000000+900000+200000",
	"women women-jobless; 30 16 5000000; 2025-12-31; qd46-2015; qd46-2015 3000000+900000+200000",
	"fisher; 30 16 5000000; 2025-12-31; qd46-2015; qd46-2015 3000000+900000+200000",
	"ethnic special-area; 30 6 5000000; 2025-12-31; qd46-2015; qd46-2015 3000000+900000+300000",
	// Near poor; and with a better row beside it.
	"near-poor; 30 16 5000000; 2025-12-31; qd46-2015; qd46-2015 2500000+900000+200000",
	"near-poor ethnic; 30 16 5000000; 2025-12-31; qd46-2015; qd46-2015 3000000+900000+200000",
	"near-poor; 30 - 5000000; 2026-11-22; qd46-2015; qd46-2015! 2500000+900000+?",
	// Deep-sea fishers: the whole cost.
	"fisher-offshore; 30 16 9000000; 2025-12-31; qd46-2015; qd46-2015 9000000+900000+200000",
	"fisher fisher-offshore; 30 16 9000000; 2026-11-22; qd46-2015; qd46-2015! 9000000+900000+200000",
	"fisher-offshore disability; 30 16 9000000; 2025-12-31; qd46-2015; qd46-2015 9000000+900000+200000",
	"fisher-offshore; 30 16 -; 2025-12-31; qd46-2015; qd46-2015 ?+900000+200000",
	// Nobody whom a regime names.
	"; 30 16 5000000; 2026-11-22; ",
	"; 30 16 5000000; 2025-12-31; ",
	"ex-prisoner; 30 16 5000000; 2026-11-22; ",
	"after9 after12 orphan older industrial-worker; 30 16 5000000; 2026-11-22; ",
	"special-area; 30 16 5000000; 2026-11-22; ",
	"newly-escaped-poor average-income; 30 16 5000000; 2026-11-22; ",
}

func TestSupport(t *testing.T) {
	if len(supportCases) < 60 {
		t.Errorf("only %d cases", len(supportCases))
	}
	for _, line := range supportCases {
		parts := strings.Split(line, "; ")
		c := readCase(t, parts[0], parts[1], parts[2])
		a := advice.Support(lib, c, today)
		if a.Best != parts[3] {
			t.Errorf("%s\nbest is %q", line, a.Best)
		}
		var got []string
		for _, r := range a.Regimes {
			got = append(got, tell(r))
		}
		if strings.Join(got, "; ") != strings.Join(parts[4:], "; ") {
			t.Errorf("%s\ngives %s", line, strings.Join(got, "; "))
		}
		for _, r := range a.Regimes {
			var sum int64
			for _, it := range r.Items {
				if it.Amount != nil {
					sum += *it.Amount
				}
				if it.Unit != "VND" || it.Why == "" || it.Source == "" {
					t.Errorf("%s\nitem %+v lacks its unit, reason or source", line, it)
				}
			}
			if sum != r.Total {
				t.Errorf("%s\n%s: items make %d, total is %d", line, r.ID, sum, r.Total)
			}
		}
	}
}

func readCase(t *testing.T, groups, course, on string) advice.Case {
	t.Helper()
	f := strings.Fields(groups)
	if f == nil {
		f = []string{}
	}
	c := advice.Case{Groups: &f, On: on}
	numbers := strings.Fields(course)
	cost, again := strings.CutSuffix(numbers[2], "*")
	if again {
		c.SupportedBefore = &again
	}
	read := func(s string) *float64 {
		if s == "-" {
			return nil
		}
		var n float64
		if _, err := fmt.Sscan(s, &n); err != nil {
			t.Fatal(s, err)
		}
		return &n
	}
	if n := read(numbers[0]); n != nil {
		days := int64(*n)
		c.Days = &days
	}
	c.DistanceKM = read(numbers[1])
	if n := read(cost); n != nil {
		dong := int64(*n)
		c.CourseCost = &dong
	}
	return c
}

func tell(r advice.RegimeAdvice) string {
	id := r.ID
	if r.Status == content.Uncertain {
		id += "!"
	}
	var items []string
	for i, it := range r.Items {
		if want := []string{"support.course", "support.meal", "support.travel"}[i]; it.ID != want {
			return id + " has " + it.ID + " for " + want
		}
		if it.Amount == nil {
			items = append(items, "?")
		} else {
			items = append(items, fmt.Sprint(*it.Amount))
		}
	}
	return id + " " + strings.Join(items, "+")
}

// The example of the contract, letter for letter in what it fixes.
func TestTheExampleOfTheContract(t *testing.T) {
	c, err := advice.ParseCase(lib, []byte(`{"groups":["rural"],"place":"ba-che","days":30,"distance_km":16,"course_cost":2500000,"level":"so-cap","supported_before":false,"on":"2026-11-22"}`))
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(advice.Support(lib, c, today))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`{"best":"nd338-2025","regimes":[{"id":"nd338-2025","status":"in-force","items":[{"id":"support.course","amount":2500000,"max":4000000,"unit":"VND","why":"`,
		`"total":4200000,"note":`, `"ask":[]`, `"once_only":true`, `"notes":["`,
	} {
		if !strings.Contains(string(b), want) {
			t.Errorf("no %s in %s", want, b)
		}
	}
	// Nothing is null that a script would walk through.
	b, _ = json.Marshal(advice.Support(lib, advice.Case{}, today))
	if want := `{"best":"","regimes":[],"ask":["groups"],"once_only":true,"notes":[]}`; string(b) != want {
		t.Errorf("nothing known gives %s, want %s", b, want)
	}
}

func TestWhatMustBeSaid(t *testing.T) {
	notes := func(groups, on string, again bool) string {
		c := readCase(t, groups, "30 16 2500000", on)
		c.SupportedBefore = &again
		a := advice.Support(lib, c, today)
		all := strings.Join(a.Notes, " ")
		for _, r := range a.Regimes {
			all += " " + r.Note
		}
		return all
	}
	for _, c := range []struct {
		groups, on string
		again      bool
		want       string
	}{
		{"rural", now, false, "bản dự thảo"},                  // thresholds of the distance
		{"rural", now, false, "các nguồn nói khác nhau"},      // meal and travel of the old rules
		{"soldier", now, false, "2.530.000 đồng từ 1/7/2026"}, // the rise that was announced
		{"unemployed", now, false, "9 tháng trong 36 tháng"},
		{"near-poor", before, false, "các nguồn nói khác nhau"},
		{"ethnic", before, true, "không quá 3 lần"},
		{"rural", now, true, "hỏi xã"},
		{"ex-prisoner", now, false, "chưa xác minh được"},
	} {
		if got := notes(c.groups, c.on, c.again); !strings.Contains(got, c.want) {
			t.Errorf("%s on %s: nothing of %q in %q", c.groups, c.on, c.want, got)
		}
	}
	// Higher levels: no regime here applies.
	c := readCase(t, "rural disability", "30 16 2500000", now)
	for _, level := range []string{"trung-cap", "cao-dang"} {
		c.Level = level
		if a := advice.Support(lib, c, today); len(a.Regimes) > 0 || len(a.Notes) == 0 || len(a.Ask) > 0 {
			t.Errorf("%s: %+v", level, a)
		}
	}
	for _, level := range []string{"", "so-cap", "duoi-3-thang"} {
		c.Level = level
		if a := advice.Support(lib, c, today); a.Best != "nd338-2025" {
			t.Errorf("%s: %+v", level, a)
		}
	}
	// A place never implies a group, and today is today.
	a := advice.Support(lib, advice.Case{Groups: &[]string{}, Place: "ba-che"}, today)
	if len(a.Regimes) > 0 {
		t.Errorf("a place gives %+v", a.Regimes)
	}
	for day, best := range map[time.Time]string{today: "nd338-2025", today.AddDate(-1, 0, 0): "qd46-2015"} {
		if a := advice.Support(lib, advice.Case{Groups: &[]string{"rural"}}, day); a.Best != best {
			t.Errorf("on %v the best is %s", day, a.Best)
		}
	}
}

// anyCase draws a case with parts of it unknown.
func anyCase(t *rapid.T) advice.Case {
	maybe := func(name string) bool { return rapid.Bool().Draw(t, name+" known") }
	var c advice.Case
	if maybe("groups") {
		groups := rapid.SliceOfDistinct(rapid.SampledFrom(content.Groups), rapid.ID).Draw(t, "groups")
		if groups == nil {
			groups = []string{}
		}
		c.Groups = &groups
	}
	if maybe("days") {
		n := rapid.Int64Range(0, 400).Draw(t, "days")
		c.Days = &n
	}
	if maybe("km") {
		n := rapid.Float64Range(0, 60).Draw(t, "km")
		c.DistanceKM = &n
	}
	if maybe("cost") {
		n := rapid.Int64Range(0, 40_000_000).Draw(t, "cost")
		c.CourseCost = &n
	}
	if maybe("before") {
		b := rapid.Bool().Draw(t, "before")
		c.SupportedBefore = &b
	}
	c.Level = rapid.SampledFrom([]string{"", "duoi-3-thang", "so-cap", "trung-cap"}).Draw(t, "level")
	c.On = rapid.SampledFrom([]string{"2015-12-31", "2016-01-01", before, first, now, ""}).Draw(t, "on")
	return c
}

// What is asked could change something; what could change something is asked.
func TestOnlyWhatDecidesIsAsked(t *testing.T) {
	same := func(a, b advice.SupportAdvice) bool {
		totals := func(a advice.SupportAdvice) map[string]int64 {
			m := map[string]int64{}
			for _, r := range a.Regimes {
				m[r.ID] = r.Total
			}
			return m
		}
		return a.Best == b.Best && maps.Equal(totals(a), totals(b))
	}
	rapid.Check(t, func(t *rapid.T) {
		c := anyCase(t)
		a := advice.Support(lib, c, today)
		other := anyCase(t)
		for field, set := range map[string]func(*advice.Case) bool{
			"groups": func(d *advice.Case) bool { d.Groups = other.Groups; return c.Groups == nil && other.Groups != nil },
			"days":   func(d *advice.Case) bool { d.Days = other.Days; return c.Days == nil && other.Days != nil },
			"distance_km": func(d *advice.Case) bool {
				d.DistanceKM = other.DistanceKM
				return c.DistanceKM == nil && other.DistanceKM != nil
			},
			"course_cost": func(d *advice.Case) bool {
				d.CourseCost = other.CourseCost
				return c.CourseCost == nil && other.CourseCost != nil
			},
			"supported_before": func(d *advice.Case) bool {
				d.SupportedBefore = other.SupportedBefore
				return c.SupportedBefore == nil && other.SupportedBefore != nil
			},
		} {
			d := c
			if !set(&d) || slices.Contains(a.Ask, field) {
				continue
			}
			if !same(a, advice.Support(lib, d, today)) {
				t.Fatalf("%s is not asked for, yet it changes the result", field)
			}
		}
	})
}

func TestSupportHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyCase(t)
		a := advice.Support(lib, c, today)
		if again := advice.Support(lib, c, today); !reflect.DeepEqual(a, again) {
			t.Fatal("the same case gives something else")
		}
		found := a.Best == ""
		for _, r := range a.Regimes {
			found = found || r.ID == a.Best
			for _, it := range r.Items {
				if it.Amount != nil && (*it.Amount < 0 || it.Max != nil && *it.Amount > *it.Max) {
					t.Fatalf("%s: %+v", r.ID, it)
				}
			}
			for _, other := range a.Regimes {
				if other.ID == a.Best && r.Status == other.Status && r.Total > other.Total {
					t.Fatalf("%s gives more than the best, %s", r.ID, a.Best)
				}
				if other.ID == a.Best && other.Status == content.Uncertain && r.Status == content.InForce {
					t.Fatalf("%s is in force and not the best", r.ID)
				}
			}
		}
		if !found {
			t.Fatalf("best %q is none of the regimes", a.Best)
		}
		b, err := json.Marshal(a)
		if err != nil || strings.Contains(string(b), `"regimes":null`) || strings.Contains(string(b), `"items":null`) {
			t.Fatal(string(b), err)
		}
	})
}

func TestBadInput(t *testing.T) {
	for in, field := range map[string]string{
		`{"groups":["martian"]}`: "groups", `{"groups":"rural"}`: "groups", `{"place":"hanoi"}`: "place", `{"days":-1}`: "days", `{"days":1.5}`: "days",
		`{"days":"30"}`: "days", `{"days":99999}`: "days", `{"distance_km":-0.1}`: "distance_km", `{"course_cost":-5}`: "course_cost", `{"course_cost":99999999999999}`: "course_cost",
		`{"level":"dai-hoc"}`: "level", `{"on":"2026-02-30"}`: "on", `{"on":"22/11/2026"}`: "on", `{"on":"0001-01-01"}`: "on", `{"nosuch":1}`: "nosuch",
		`{"supported_before":"no"}`: "supported_before", ``: "json", `hello`: "json", `[]`: "json", `null`: "json", `{} {}`: "json",
		`{"Days":3}`: "Days", `{"days":2,"DAYS":3}`: "DAYS", `{"on":""}`: "on", `{"level":""}`: "level", `{"place":""}`: "place", `{"groups":[null]}`: "groups", `{"groups":[""]}`: "groups", `{"days":1`: "json", "{\"place\":\"\x00\"}": "json",
	} {
		_, err := advice.ParseCase(lib, []byte(in))
		var bad *advice.InputError
		if !errors.As(err, &bad) || bad.Field != field || bad.Try == "" || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "int64") || strings.Contains(err.Error(), "advice.") {
			t.Errorf("%s: %v, want an error about %q in plain words", in, err, field)
		}
	}
	for in, field := range map[string]string{
		`{"purpose":"party"}`: "purpose", `{"purpose":""}`: "purpose", `{"Purpose":"job"}`: "Purpose", `{"age":-1}`: "age", `{"age":200}`: "age", `{"amount":0}`: "amount", `{"amount":-3}`: "amount", `{"months":0}`: "months",
		`{"months":99999}`: "months", `{"groups":["x"]}`: "groups", `{"place":"x"}`: "place", `{"on":"x"}`: "on", `{"days":3}`: "days",
	} {
		_, err := advice.ParseLoanCase(lib, []byte(in))
		var bad *advice.InputError
		if !errors.As(err, &bad) || bad.Field != field || bad.Try == "" {
			t.Errorf("%s: %v, want an error about %q", in, err, field)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"groups":["rural"],"days":30,"on":"2026-11-22"}`))
	f.Add([]byte(`{"purpose":"job","age":34,"amount":50000000,"months":36}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, err := advice.ParseCase(lib, b); err == nil {
			advice.Support(lib, c, today)
		}
		if c, err := advice.ParseLoanCase(lib, b); err == nil {
			advice.Loan(lib, c, today)
		}
	})
}

func BenchmarkSupport(b *testing.B) {
	c := advice.Case{Groups: &[]string{"rural", "poor", "ethnic"}}
	for b.Loop() {
		advice.Support(lib, c, today)
	}
}
