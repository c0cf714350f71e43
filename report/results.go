package report

import (
	"fmt"
	"strings"

	"nghe/content"
	"nghe/course"
)

// Results are what became of wishes that were left in a span.
type Results struct {
	Lib     *content.Library
	Words   Words
	Courses *course.Catalogue
	Span
	Figures // of a cohort
	Hide    bool
}

// road are the milestones of the picture.
var road = []course.Step{Wished, course.Step(course.Enrolled), course.Step(course.Started), course.Step(course.Done), course.Certified, course.Working3, course.Working6}

// Sections are the tables, in their order.
func (r *Results) Sections() []Section {
	all := []Section{r.road()}
	for _, w := range r.ways() {
		all = append(all, r.training(w))
	}
	all = append(all, workSection("Có việc không, khi được hỏi lại", r.Steps, r.Hide))
	return append(all, caseSections(r.Lib, r.Cases, nil, r.Hide)...)
}

func (r *Results) road() Section {
	t := Table{Name: "Từ nguyện vọng tới việc làm", Columns: []Column{{"Mốc", 32}, {"Số người", 12}, {"So với nguyện vọng", 14}},
		Notes: []string{"Nguyện vọng để lại trong kỳ và nay đã tới đâu, kể cả mốc đạt sau kỳ. Vì thế khác báo cáo năm, nơi đếm mốc đạt trong kỳ.", wishNote, eraseNote}}
	section := Section{Title: "Từ nguyện vọng tới việc làm", First: "Số người"}
	by := trainedBy(r.Steps, ByPlace, same)
	for _, s := range road {
		n := by.total(s)
		t.Rows = append(t.Rows, []any{StepNames[s], alone(n, r.Hide), r.share(n, by.total(Wished))})
		section.Bars = append(section.Bars, Bar{Label: StepNames[s], First: n})
	}
	if r.Hide {
		section.Bars = nil
	}
	section.Table = t
	return section
}

// share tells a part in per cent, nothing where there are too few to say.
func (r *Results) share(n, of int) any {
	const enough = 10
	if of < enough || r.Hide && n < Least {
		return nil
	}
	return fmt.Sprintf("%d%%", (n*100+of/2)/of)
}

// ways adds to those of every report who taught, and who organised it with them.
func (r *Results) ways() []way {
	of := func(tell func(*course.Course) string) func(string) string {
		return func(id string) string {
			if c := r.Courses.Course(id); c != nil {
				return tell(c)
			}
			return ""
		}
	}
	label := func(k string) string {
		if k == "" {
			return "chưa chọn lớp, hoặc chưa rõ"
		}
		return k
	}
	return append(r.Words.ways(r.Lib),
		way{ByCourse, "Theo trường, nơi dạy", "Theo nơi dạy", "Nơi dạy", of(func(c *course.Course) string { return c.Provider }), label, "Nơi dạy ghi ở lớp mà người dân chọn."},
		way{ByCourse, "Theo đơn vị cùng tổ chức", "Theo đơn vị", "Đơn vị", of(func(c *course.Course) string { return strings.Join(c.Partners, ", ") }), label, "Đơn vị cùng tổ chức ghi ở lớp; lớp có nhiều đơn vị thì thành một dòng."})
}

func (r *Results) training(w way) Section {
	s := sums{name: w.name, of: w.of, width: 32, total: "Cộng"}
	for _, step := range resultSteps {
		s.columns = append(s.columns, StepNames[step])
	}
	by := trainedBy(r.Steps, w.by, w.rename)
	for _, k := range keys(by) {
		row := sumRow{label: w.label(k)}
		for _, step := range resultSteps {
			row.cells = append(row.cells, by.count[k][step])
		}
		s.rows = append(s.rows, row)
	}
	return Section{Title: w.title, Table: s.table(r.Hide, w.note)}
}
