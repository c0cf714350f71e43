package advice_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"nghe/advice"
)

// Each line is a case and the programmes that fit, best first, worked out by
// hand from the contract and the facts: purpose; groups ("-" is not known);
// age; day; then "id rate", "!" for uncertain.
var loanCases = []string{
	"job; ; 34; 2026-11-22; job-worker 7.9248",
	"job; disability; 34; 2026-11-22; job-worker 6.24",
	"job; poor ethnic; 34; 2026-11-22; job-worker 6.24; ethnic-nd28! 3.12; poor! 6.24",
	"job; ethnic; 34; 2026-11-22; job-worker 7.9248",
	"job; poor; 34; 2026-11-22; job-worker 7.9248; poor! 6.24",
	"job; near-poor; 34; 2026-11-22; near-poor 7.488; job-worker 7.9248",
	"job; newly-escaped-poor; 34; 2026-11-22; newly-escaped 7.8; job-worker 7.9248",
	"job; special-area; 34; 2026-11-22; difficult-area 7.8; job-worker 7.9248",
	"job; special-area poor; 34; 2026-11-22; job-worker 6.24; ethnic-nd28! 3.12; poor! 6.24",
	"job; special-area near-poor; 34; 2026-11-22; near-poor 7.488; job-worker 7.9248",
	"job; ex-prisoner; 34; 2026-11-22; ex-prisoner-business 6.24; job-worker 7.9248",
	"job; ex-prisoner disability; 34; 2026-11-22; job-worker 6.24; ex-prisoner-business 6.24",
	"startup; ; 34; 2026-11-22; job-establishment 7.9248; job-worker 7.9248",
	"abroad; ; 24; 2026-11-22; abroad 7.9248",
	"abroad; poor ethnic; 24; 2026-11-22; abroad 6.24",
	"abroad; disability; 24; 2026-11-22; abroad 7.9248",
	"study; poor; 18; 2026-11-22; study-stem 4.8; study 6.24",
	"study; orphan; 18; 2026-11-22; study-stem 4.8; study 6.24",
	"study; average-income after9; 16; 2026-11-22; study 6.24",
	"study; rural; 30; 2026-11-22; study-stem 4.8; study! 6.24",
	"study; ; 18; 2026-11-22; study-stem 4.8",
	"study; ex-prisoner poor; 25; 2026-11-22; study-stem 4.8; ex-prisoner-study 6.24; study 6.24",
	"household; rural; 40; 2026-11-22; clean-water 8.4",
	"household; ; 40; 2026-11-22; ",
	"household; rural poor ethnic; 40; 2026-11-22; clean-water 8.4; ethnic-nd28! 3.12; poor! 6.24",
	"household; poor; 40; 2026-11-22; poor! 6.24",
	"household; near-poor; 40; 2026-11-22; near-poor 7.488",
	"household; newly-escaped-poor special-area; 40; 2026-11-22; newly-escaped 7.8",
	"household; special-area rural; 40; 2026-11-22; difficult-area 7.8; clean-water 8.4",
	// Under 15 nothing fits.
	"job; ; 14; 2026-11-22; ",
	"study; poor; 14; 2026-11-22; ",
	"job; ; 15; 2026-11-22; job-worker 7.9248",
	// Other days, other rates.
	"job; ; 34; 2026-01-01; job-worker 7.9248",
	"job; disability; 34; 2025-12-31; job-worker 7.488",
	"job; ; 34; 2025-11-30; job-worker 7.92",
	"study; poor; 18; 2025-11-30; study-stem 4.8; study 6.6",
	"study; poor; 18; 2025-08-27; study 6.6",
	"abroad; ; 24; 2025-12-15; abroad 6.24",
	"job; ex-prisoner; 34; 2023-10-09; job-worker 7.92",
}

func TestLoan(t *testing.T) {
	for _, line := range loanCases {
		parts := strings.Split(line, "; ")
		groups := strings.Fields(parts[1])
		if groups == nil {
			groups = []string{}
		}
		c := advice.LoanCase{Purpose: parts[0], Groups: &groups, On: parts[3]}
		var age int64
		fmt.Sscan(parts[2], &age)
		c.Age = &age
		a := advice.Loan(lib, c, today)
		var got []string
		for _, p := range a.Programmes {
			mark := ""
			if p.Status == "uncertain" {
				mark = "!"
			}
			got = append(got, fmt.Sprintf("%s%s %v", p.ID, mark, p.Rate))
			if p.Name == "" || p.Where == "" || p.Source == "" || len(p.Papers) == 0 {
				t.Errorf("%s\n%s lacks its name, office, source or papers", line, p.ID)
			}
		}
		if strings.Join(got, "; ") != strings.Join(parts[4:], "; ") {
			t.Errorf("%s\ngives %s", line, strings.Join(got, "; "))
		}
		// Every programme is told of, with why where it does not fit.
		if n := len(a.Programmes) + len(a.Not); n != 13 {
			t.Errorf("%s\ntells of %d programmes", line, n)
		}
		for _, not := range a.Not {
			if not.Why == "" {
				t.Errorf("%s\nnothing is said why %s does not fit", line, not.ID)
			}
		}
	}
}

func TestLoanCeilings(t *testing.T) {
	find := func(purpose, on string, groups ...string) advice.ProgrammeAdvice {
		return advice.Loan(lib, advice.LoanCase{Purpose: purpose, Groups: &groups, On: on}, today).Programmes[0]
	}
	if p := find("job", now); *p.Max != 200_000_000 || *p.MaxMonths != 120 || p.Collateral != nil || !strings.Contains(p.Note, "7,488%") || !strings.Contains(p.Note, "Chi nhánh") {
		t.Errorf("%+v", p)
	}
	if p := find("job", before); *p.Max != 100_000_000 {
		t.Errorf("before 2026: %d", *p.Max)
	}
	if p := find("job", now, "disability"); strings.Contains(p.Note, "7,488%") {
		t.Error("the reduced rate has the note of the other")
	}
	if p := find("job", now, "ex-prisoner"); *p.Max != 100_000_000 {
		t.Errorf("%+v", p)
	}
	if p := find("study", now, "poor", "after9"); *p.MaxPerMonth != 4_000_000 || p.Max != nil || len(p.Schedule) > 0 || !strings.Contains(p.Note, "Học xong mới trả") {
		t.Errorf("%+v", p)
	}
	// Nothing known of the person: programmes for groups that many are of are
	// shown with whom they are for.
	a := advice.Loan(lib, advice.LoanCase{Purpose: "household"}, today)
	if len(a.Programmes) == 0 || a.Programmes[0].ID != "clean-water" || !strings.Contains(a.Programmes[0].Note, "nông thôn") {
		t.Errorf("%+v", a.Programmes)
	}
	b, _ := json.Marshal(advice.Loan(lib, advice.LoanCase{Age: new(int64)}, today))
	if !strings.HasPrefix(string(b), `{"programmes":[],"not":[{"id":"`) {
		t.Errorf("%s", b)
	}
}

func TestSchedule(t *testing.T) {
	plan := func(amount, months int64) ([]advice.Installment, string) {
		p := advice.Loan(lib, advice.LoanCase{Purpose: "job", Groups: &[]string{}, Amount: &amount, Months: &months, On: now}, today).Programmes[0]
		return p.Schedule, p.Note
	}
	// 50,000,000 in 36 months at 7.9248 %: by hand.
	list, _ := plan(50_000_000, 36)
	if len(list) != 36 {
		t.Fatal(len(list))
	}
	for i, want := range map[int]advice.Installment{
		0:  {Month: 1, Principal: 1388888, Interest: 330200, Left: 48611112},
		1:  {Month: 2, Principal: 1388888, Interest: 321028, Left: 47222224},
		35: {Month: 36, Principal: 1388920, Interest: 9172, Left: 0},
	} {
		if list[i] != want {
			t.Errorf("month %d is %+v, want %+v", i+1, list[i], want)
		}
	}
	// More than the ceiling is cut to it, and said.
	list, note := plan(900_000_000, 120)
	if list[0].Principal != 200_000_000/120 || !strings.Contains(note, "mức trần") {
		t.Errorf("%+v %q", list[0], note)
	}
	// Longer than the longest: no schedule, and said.
	if list, note := plan(1_000_000, 121); len(list) > 0 || !strings.Contains(note, "dài hơn thời hạn") {
		t.Errorf("%+v %q", list, note)
	}
	// Fewer đồng than months: all in the last one.
	list, _ = plan(5, 6)
	if list[0].Principal != 0 || list[5].Principal != 5 || list[5].Left != 0 {
		t.Errorf("%+v", list)
	}
}

// However much and long: the principal makes the amount, and each month's
// interest is left × rate / 1200 with halves up, reckoned in whole fractions.
func TestScheduleHolds(t *testing.T) {
	rates := map[string]*big.Rat{"": big.NewRat(79248, 10000), "disability": big.NewRat(624, 100), "near-poor": big.NewRat(7488, 1000)}
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Int64Range(1, 100_000_000).Draw(t, "amount")
		months := rapid.Int64Range(1, 120).Draw(t, "months")
		group := rapid.SampledFrom([]string{"", "disability", "near-poor"}).Draw(t, "group")
		groups := []string{}
		if group != "" {
			groups = append(groups, group)
		}
		p := advice.Loan(lib, advice.LoanCase{Purpose: "job", Groups: &groups, Amount: &amount, Months: &months, On: now}, today).Programmes[0]
		left := amount
		for i, m := range p.Schedule {
			want := new(big.Rat).Mul(big.NewRat(left, 1200), rates[group])
			want.Add(want, big.NewRat(1, 2))
			floor := new(big.Int).Div(want.Num(), want.Denom()).Int64()
			if m.Interest != floor || m.Month != int64(i+1) || i < len(p.Schedule)-1 && m.Principal != amount/months {
				t.Fatalf("month %d of %d at %v: %+v, want interest %d", i+1, amount, rates[group], m, floor)
			}
			left -= m.Principal
			if m.Left != left {
				t.Fatalf("%d is left, not %d", left, m.Left)
			}
		}
		if left != 0 || len(p.Schedule) != int(months) {
			t.Fatalf("%d left after %d months", left, len(p.Schedule))
		}
	})
}

func TestLoanOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		groups := rapid.SliceOfDistinct(rapid.SampledFrom([]string{"poor", "ethnic", "near-poor", "disability", "special-area", "rural", "ex-prisoner", "newly-escaped-poor", "average-income"}), rapid.ID).Draw(t, "groups")
		c := advice.LoanCase{Purpose: rapid.SampledFrom(append([]string{""}, advice.Purposes...)).Draw(t, "purpose"), Groups: &groups, On: rapid.SampledFrom([]string{before, now}).Draw(t, "on")}
		list := advice.Loan(lib, c, today).Programmes
		for i := 1; i < len(list); i++ {
			a, b := list[i-1], list[i]
			if a.Status == "uncertain" && b.Status == "in-force" || a.Status == b.Status && a.Rate > b.Rate {
				t.Fatalf("%s stands before %s", a.ID, b.ID)
			}
		}
	})
}
