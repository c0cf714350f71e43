package advice_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"nghe/advice"
	"nghe/content"
	"nghe/course"
	"nghe/dialog"
	"nghe/viet"
)

// scope is what a flow knows of a person.
type scope struct {
	values dialog.Values
	at     time.Time
	other  bool
}

func (s scope) Value(name string) dialog.Value { return s.values[name] }
func (s scope) At() time.Time                  { return s.at }
func (s scope) About() string {
	if s.other {
		return "other"
	}
	return "self"
}

func compute(t testing.TB, name string, s scope) dialog.Values {
	t.Helper()
	v, err := advice.Functions(lib, classes)[name](s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestFunctionsGiveWhatContentExpects(t *testing.T) {
	for name, gives := range content.Functions {
		f := advice.Functions(lib, classes)[name]
		if f == nil {
			if name != "known" { // the engine's own
				t.Errorf("no function %q", name)
			}
			continue
		}
		seen := map[string]bool{}
		for _, v := range []dialog.Values{
			{}, full(name), {"course": dialog.Text("na-01"), "join": dialog.Text("na-01")}, {"trade": dialog.Text("nau-an")}, {"wish_list": dialog.List("x||nau-an||")}, {"purpose": dialog.Text("household"), "age": dialog.Number(14), "work": dialog.List(), "papers": dialog.List(), "other": dialog.List(), "woman": dialog.Text("no")},
		} {
			out, err := f(scope{values: v, at: today})
			if err != nil {
				t.Fatal(err)
			}
			for k := range out {
				seen[k] = true
				if !slices.Contains(gives, k) {
					t.Errorf("%s gives %q, which content does not know", name, k)
				}
			}
		}
		for _, k := range gives {
			if !seen[k] {
				t.Errorf("%s never gives %q", name, k)
			}
		}
	}
	for name := range advice.Functions(lib, classes) {
		if _, ok := content.Functions[name]; !ok {
			t.Errorf("content does not know the function %q", name)
		}
	}
}

// classes are some to find.
var classes = course.NewCatalogue([]course.Course{
	{ID: "na-01", Title: "Lớp nấu ăn", Trade: "nau-an", Place: "ba-che", Status: course.Enrolling, Deadline: "2026-12-15"},
})

// full answers every question.
func full(name string) dialog.Values {
	switch name {
	case "trades":
		return dialog.Values{"wish_like": dialog.List("living"), "wish_where": dialog.Text("home"), "wish_have": dialog.List("garden"), "wish_hours": dialog.Text("part"), "wish_school": dialog.Text("grade9"), "health": dialog.List(), "age": dialog.Number(30), "place": dialog.Text("ba-che")}
	case "trade", "compare":
		return dialog.Values{"trade": dialog.Text("nuoi-tom"), "trade2": dialog.Text("han"), "place": dialog.Text("ba-che")}
	}
	if name == "loan" {
		return dialog.Values{"purpose": dialog.Text("job"), "age": dialog.Number(34), "household": dialog.Text("average-income"), "special": dialog.List(),
			"area": dialog.Text("no"), "rural": dialog.Text("yes"), "amount": dialog.Number(50000000), "months": dialog.Number(6)}
	}
	return dialog.Values{"work": dialog.List("rural"), "papers": dialog.List(), "area": dialog.Text("no"), "cost": dialog.Number(2500000), "days": dialog.Number(30), "distance": dialog.Number(16), "place": dialog.Text("ba-che")}
}

// answers to each question of the support flow.
var supportAnswers = map[string][]dialog.Value{
	"work":     {dialog.List(), dialog.List("rural"), dialog.List("soldier"), dialog.List("unemployed"), dialog.List("fisher"), dialog.List("rural", "unemployed"), dialog.List("rural", "fisher")},
	"papers":   {dialog.List(), dialog.List("disability"), dialog.List("ethnic"), dialog.List("hardship"), dialog.List("ethnic", "hardship")},
	"poverty":  {dialog.Text("poor"), dialog.Text("near-poor"), dialog.Text("none")},
	"area":     {dialog.Text("yes"), dialog.Text("no")},
	"other":    {dialog.List(), dialog.List("merit"), dialog.List("land-recovered"), dialog.List("women-jobless")},
	"offshore": {dialog.Text("yes"), dialog.Text("no")},
	"woman":    {dialog.Text("yes"), dialog.Text("no")},
	"before":   {dialog.Text("yes"), dialog.Text("no")},
	"cost":     {dialog.Number(1500000), dialog.Number(3500000), dialog.Number(9000000), dialog.Number(40000000)},
	"days":     {dialog.Number(0), dialog.Number(20), dialog.Number(90), dialog.Number(120), dialog.Number(365)},
	"distance": {dialog.Number(0), dialog.Number(5), dialog.Number(14), dialog.Number(15), dialog.Number(60)},
}

// A walk through the flow's questions with any answers: no question is put
// whose answer can't change the result, whatever the others turn out to be;
// and once nothing is asked any more, nothing that was left out would have
// changed what the person is told.
func TestTheFlowAsksOnlyWhatDecides(t *testing.T) {
	days := []time.Time{today, time.Date(2025, 12, 31, 8, 0, 0, 0, time.UTC)}
	most := 0
	rapid.Check(t, func(t *rapid.T) {
		s := scope{values: dialog.Values{}, at: rapid.SampledFrom(days).Draw(t, "day")}
		for n := 0; ; n++ {
			need := mustCompute(t, "support", s)["need"].Text()
			if need == "" {
				most = max(most, n)
				break
			}
			if s.values[need].Known() || s.values[need].IsSkipped() {
				t.Fatalf("%q is asked again: %v", need, s.values)
			}
			if n > len(supportAnswers) {
				t.Fatal("no end of questions")
			}
			if !canDecide(t, s, need) {
				t.Fatalf("%q is asked but decides nothing: %v", need, s.values)
			}
			v := rapid.SampledFrom(append(slices.Clone(supportAnswers[need]), dialog.Skipped())).Draw(t, need)
			s.values[need] = v
		}
		told := headline(mustCompute(t, "support", s))
		for name, answers := range supportAnswers {
			if _, asked := s.values[name]; asked || name == "poverty" || name == "offshore" {
				continue
			}
			for _, v := range answers {
				d := scope{values: maps.Clone(s.values), at: s.at}
				d.values[name] = v
				out := mustCompute(t, "support", d)
				if out["need"].Text() == "" && headline(out) != told {
					t.Fatalf("%q was not asked, but %v would have changed %q to %q: %v", name, v, told, headline(out), s.values)
				}
			}
		}
	})
	t.Logf("at most %d questions", most)
}

// headline is what the person goes home with: which rules, and how much.
func headline(v dialog.Values) string {
	first, _, _ := strings.Cut(v["result"].Text(), "\n")
	return v["best"].Text() + ": " + first
}

// canDecide looks for answers to the question and to others that make a
// difference.
func canDecide(t *rapid.T, s scope, need string) bool {
	for range 300 {
		d := scope{values: maps.Clone(s.values), at: s.at}
		for name, answers := range supportAnswers {
			if d.values[name].IsZero() {
				d.values[name] = answers[pick(len(answers))]
			}
		}
		var first string
		for i, v := range supportAnswers[need] {
			d.values[need] = v
			told := mustCompute(t, "support", d)
			line := told["best"].Text() + told["result"].Text() + told["others"].Text()
			if i == 0 {
				first = line
			} else if line != first {
				return true
			}
		}
	}
	return false
}

// pick is a small generator of its own: rapid's would have to shrink
// thousands of draws that decide nothing.
var seed uint32 = 1

func pick(n int) int {
	seed = seed*1664525 + 1013904223
	return int(seed>>8) % n
}

func mustCompute(t *rapid.T, name string, s scope) dialog.Values {
	v, err := advice.Functions(lib, classes)[name](s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSupportIsTold(t *testing.T) {
	s := scope{values: full("support"), at: today}
	v := compute(t, "support", s)
	for name, want := range map[string][]string{
		"result": {"4.200.000 đồng", "2.500.000 đồng", "1.500.000 đồng", "200.000 đồng", "tối đa", "xã xem hồ sơ rồi xác nhận", "{Ai}"},
		"others": {"Quyết định 46/2015", "2.000.000 đồng", "không cộng dồn"},
		"apply":  {"xã Ba Chẽ", "7 ngày làm việc"},
	} {
		for _, w := range want {
			if !strings.Contains(v[name].Text(), w) {
				t.Errorf("%s does not say %q: %s", name, w, v[name].Text())
			}
		}
	}
	if v["best"].Text() != "nd338-2025" || len(v["facts"].List()) == 0 {
		t.Errorf("%v", v)
	}
	// A place that may be several, and none at all.
	s.values["place"] = dialog.List("dien-xa", "tien-yen")
	if got := compute(t, "support", s)["apply"].Text(); !strings.Contains(got, "xã Điền Xá hoặc xã Tiên Yên") {
		t.Error(got)
	}
	s.values["place"] = dialog.Skipped()
	if got := compute(t, "support", s)["apply"].Text(); !strings.Contains(got, "xã, phường nơi ở") {
		t.Error(got)
	}
	// What is uncertain is told as uncertain.
	s.values = dialog.Values{"work": dialog.List(), "papers": dialog.List("disability"), "before": dialog.Text("no"), "cost": dialog.Number(5000000), "days": dialog.Number(10), "distance": dialog.Number(6)}
	v = compute(t, "support", s)
	if got := v["result"].Text(); v["best"].Text() != "qd46-2015" || !strings.HasPrefix(got, "Nếu xã còn mở lớp") || !strings.Contains(got, "Chưa rõ") || !strings.Contains(got, "5.600.000 đồng") {
		t.Error(got)
	}
	// A sum that leaves something out says so.
	s.values = full("support")
	s.values["cost"] = dialog.Skipped()
	if got := compute(t, "support", s)["result"].Text(); !strings.Contains(got, "1.700.000 đồng") || !strings.Contains(got, "chưa cộng") {
		t.Error(got)
	}
	// Nothing fits: honest, and where to ask.
	s.values = dialog.Values{"work": dialog.List(), "papers": dialog.List(), "other": dialog.List(), "woman": dialog.Text("no")}
	if v := compute(t, "support", s); v["best"].Text() != "" || !strings.Contains(v["result"].Text(), "chưa thấy") {
		t.Errorf("%v", v)
	}
}

func TestLoanIsTold(t *testing.T) {
	s := scope{values: full("loan"), at: today}
	v := compute(t, "loan", s)
	for name, want := range map[string][]string{
		"result":   {"Vay tạo việc làm", "tối đa 200.000.000 đồng", "7,9248%", "ngân hàng quyết định"},
		"schedule": {"50.000.000 đồng", "Tháng 1:", "Tháng 6:", "còn nợ 0", "tham khảo"},
		"apply":    {"giấy đề nghị vay vốn", "điểm giao dịch xã"},
	} {
		for _, w := range want {
			if !strings.Contains(v[name].Text(), w) {
				t.Errorf("%s does not say %q: %s", name, w, v[name].Text())
			}
		}
	}
	// A long schedule is told in part: a phone shows no 120 lines.
	s.values["months"] = dialog.Number(120)
	if told := compute(t, "loan", s)["schedule"].Text(); strings.Count(told, "\n") > 24 || len([]rune(told)) > 2000 {
		t.Errorf("a schedule too long for one message:\n%s", told)
	}
	s.values["household"] = dialog.Text("poor")
	s.values["special"] = dialog.List("ethnic")
	if got := compute(t, "loan", s)["result"].Text(); !strings.Contains(got, "6,24%") || !strings.Contains(got, "chưa chắc còn cho vay") {
		t.Error(got)
	}
	s.values = dialog.Values{"purpose": dialog.Text("study"), "age": dialog.Number(18), "household": dialog.Text("poor"), "special": dialog.List("ex-prisoner")}
	if v := compute(t, "loan", s); v["need"].Text() == "" && (!strings.Contains(v["result"].Text(), "mỗi tháng") || v["schedule_possible"].Text() != "no") {
		t.Errorf("%v", v)
	}
	s.values = dialog.Values{"purpose": dialog.Text("abroad"), "age": dialog.Number(30), "household": dialog.Text("average-income"), "special": dialog.List(), "area": dialog.Text("no")}
	if got := compute(t, "loan", s)["result"].Text(); !strings.Contains(got, "mức vay hỏi ngân hàng") {
		t.Error(got)
	}
	s.values = dialog.Values{"purpose": dialog.Text("household"), "age": dialog.Number(30), "rural": dialog.Text("no"), "household": dialog.Text("average-income"), "special": dialog.List(), "area": dialog.Text("no")}
	if got := compute(t, "loan", s)["result"].Text(); !strings.Contains(got, "chưa thấy gói vay") || !strings.Contains(got, "Tổ trưởng") {
		t.Error(got)
	}
}

// The picture of a schedule adds up to what its text says.
func TestTheChartIsTheSchedule(t *testing.T) {
	for months, bars := range map[int64]int{1: 1, 36: 36, 60: 60, 61: 6, 120: 10} {
		amount := int64(50_000_000)
		s := scope{at: today, values: dialog.Values{"purpose": dialog.Text("job"), "age": dialog.Number(30), "household": dialog.Text("average-income"),
			"special": dialog.List(), "area": dialog.Text("no"), "rural": dialog.Text("yes"), "amount": dialog.Number(amount), "months": dialog.Number(months)}}
		v := compute(t, "loan", s)
		chart := v["schedule_chart"].Show().Chart
		var principal, interest int64
		for _, b := range chart.Bars {
			principal += b.Parts[0]
			interest += b.Parts[1]
		}
		if len(chart.Bars) != bars || principal != amount || !strings.Contains(v["schedule"].Text(), viet.FormatMoney(interest)) {
			t.Errorf("%d months: %d bars, %d đồng, interest %d\n%s", months, len(chart.Bars), principal, interest, v["schedule"].Text())
		}
	}
}
