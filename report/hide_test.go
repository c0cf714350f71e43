package report_test

import (
	"math/rand/v2"
	"testing"

	"nghe/daily"
	"nghe/report"
)

// Whatever the numbers, no small one is told, and none that is hidden can be told
// from the total and what is shown: there are always two ways to fill the hidden
// cells. Who looks knows the rule: of hidden cells beside a shown zero each is at
// least 1.
func TestHiddenNumbersCantBeToldFromTheirSum(t *testing.T) {
	chance := rand.New(rand.NewPCG(1, 23))
	for range 200_000 {
		cells := make([]int, 1+chance.IntN(7))
		most := []int{3, 6, 12, 40}[chance.IntN(4)]
		for i := range cells {
			if cells[i] = chance.IntN(most); chance.IntN(3) == 0 {
				cells[i] = 0
			}
		}
		hidden, totalHidden := report.Hide(cells, report.Least)
		all, sum, n, shownZero, small := 0, 0, 0, false, false
		for i, k := range cells {
			all += k
			small = small || k > 0 && k < report.Least
			switch {
			case hidden[i]:
				sum, n = sum+k, n+1
			case k == 0:
				shownZero = true
			case k < report.Least:
				t.Fatalf("%v: %d is told", cells, k)
			}
		}
		if totalHidden {
			if all == 0 || all >= report.Least || n != len(cells) {
				t.Fatalf("%v: the total is hidden beside %v", cells, hidden)
			}
			continue
		}
		if all > 0 && all < report.Least {
			t.Fatalf("%v: the total %d is told", cells, all)
		}
		if n > 0 && !small {
			t.Fatalf("%v: nothing is small, hidden %v", cells, hidden)
		}
		least := 0
		if shownZero {
			least = 1
		}
		// One cell is what is left of the sum; of several, each is its least only
		// when the sum is that.
		if n == 1 || n > 1 && sum == n*least {
			t.Fatalf("%v: hidden %v can be told from %d", cells, hidden, all)
		}
		// As many as there are, all of them the most that small ones are.
		if primaries := func() int {
			k := 0
			for i, c := range cells {
				if hidden[i] && c > 0 && c < report.Least {
					k++
				}
			}
			return k
		}(); n > 0 && shownZero && n == primaries && sum == n*(report.Least-1) {
			t.Fatalf("%v: hidden %v must all be %d", cells, hidden, report.Least-1)
		}
	}
}

// The years of the plan, and which of them is on the desk.
func TestYearsOfReports(t *testing.T) {
	for day, want := range map[daily.Day][2]int{20261130: {2026, 2026}, 20261201: {2027, 2026}, 20261220: {2027, 2026}, 20261221: {2027, 2027}, 20260101: {2026, 2026}} {
		if got := [2]int{report.YearOf(day), report.YearDue(day)}; got != want {
			t.Errorf("%v: %v, want %v", day, got, want)
		}
	}
	y := report.Year(2026)
	if y != (report.Span{From: 20251201, To: 20261130}) || len(y.Months()) != 12 || y.Months()[11] != 20261101 {
		t.Error(y, y.Months())
	}
	if got := report.Past(y, 20260228); got != (report.Span{From: 20241201, To: 20250228}) {
		t.Error(got)
	}
	if got := report.Past(y, 20270101); got != (report.Span{From: 20241201, To: 20251130}) {
		t.Error(got)
	}
}
