package store

import (
	"strconv"
	"testing"
	"time"

	"nghe/course"
	"nghe/report"
)

// A milestone counts in its own month, in a cohort in the month of the wish; who is
// of several groups counts once.
func TestStepCount(t *testing.T) {
	zone := time.FixedZone("Asia/Ho_Chi_Minh", 7*3600)
	at := func(month time.Month, day, hour int) int64 {
		return ms(time.Date(2026, month, day, hour, 0, 0, 0, zone))
	}
	a := report.Asked{Span: report.Span{From: 20260115, To: 20260331}, Zone: zone}
	wishes := []steppedWish{
		{place: "ba-che", trade: "han", course: "c", created: at(1, 15, 0), groups: "women-jobless poor", steps: "enrolled " + millis(at(1, 31, 23)) + " started " + millis(at(2, 1, 0))},
		{place: "ba-che", trade: "han", created: at(3, 31, 23), groups: "poor"},
		{place: "ba-che", trade: "han", created: at(1, 14, 23), steps: "enrolled " + millis(at(3, 31, 23))}, // the wish is of before
		{place: "ba-che", trade: "han", created: at(4, 1, 0)},                                               // and of after
	}
	type key struct {
		by   report.By
		key  string
		step course.Step
	}
	for cohort, want := range map[bool]map[key]int{
		false: {
			{report.ByMonth, "0", report.Wished}: 1, {report.ByMonth, "2", report.Wished}: 1, {report.ByMonth, "0", "enrolled"}: 1, {report.ByMonth, "1", "started"}: 1, {report.ByMonth, "2", "enrolled"}: 1,
			{report.ByPlace, "ba-che", report.Wished}: 2, {report.ByPlace, "ba-che", "enrolled"}: 2, {report.ByCourse, "c", "enrolled"}: 0,
			{report.BySex, report.Women, "enrolled"}: 1, {report.BySex, "", "enrolled"}: 1, {report.ByGroup, report.ManyGroups, "enrolled"}: 1, {report.ByGroup, "poor", report.Wished}: 1,
		},
		true: {{report.ByMonth, "0", "enrolled"}: 1, {report.ByMonth, "0", "started"}: 1, {report.ByMonth, "1", "started"}: 0, {report.ByCourse, "c", "enrolled"}: 1, {report.ByCourse, "", report.Wished}: 1},
	} {
		a.Cohort = cohort
		c := newStepCount(a)
		for i, w := range wishes {
			if cohort && i > 1 {
				break // the database leaves them out
			}
			if err := c.add(w); err != nil {
				t.Fatal(err)
			}
		}
		got := map[key]int{}
		for _, x := range c.tallies() {
			got[key{x.By, x.Key, x.Step}] = x.N
		}
		for k, n := range want {
			if got[k] != n {
				t.Errorf("cohort %t, %v: %d, want %d", cohort, k, got[k], n)
			}
		}
	}
}

func millis(at int64) string { return strconv.FormatInt(at, 10) }
