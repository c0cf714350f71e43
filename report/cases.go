package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"nghe/content"
	"nghe/course"
	"nghe/handoff"
)

func caseCount(all []CaseSum, k handoff.Kind) int {
	return countCases(all, func(s CaseSum) bool { return s.Kind == k })
}

func casesIn(all []CaseSum, k handoff.Kind, month int) int {
	return countCases(all, func(s CaseSum) bool { return s.Kind == k && s.Month == month })
}

func countCases(all []CaseSum, which func(CaseSum) bool) (n int) {
	for _, s := range all {
		if which(s) {
			n += s.N
		}
	}
	return n
}

// caseSections tell of talks that a human took, and of what people complained of,
// each apart.
func caseSections(lib *content.Library, this, last []CaseSum, hide bool) []Section {
	return []Section{
		queueSection(lib, this, last, hide),
		outcomeSection("Ca tư vấn: kết quả", "Kết quả ca tư vấn", handoff.Help, this, last, hide),
		outcomeSection("Phản ánh, khiếu nại của người dân và việc trả lời", "Phản ánh của người dân", handoff.Complaint, this, last, hide),
		ratingSection(this, last, hide),
	}
}

func queueSection(lib *content.Library, this, last []CaseSum, hide bool) Section {
	s := sums{name: "Ca tư vấn", of: "Hàng", width: 32, total: "Cộng", columns: []string{"Đã mở", "Đã đóng", "Còn mở", "Đã mở năm trước"}}
	titles := map[string]string{}
	var ids []string
	for _, q := range lib.Queues {
		titles[q.ID] = q.Title
		ids = append(ids, q.ID)
	}
	for _, c := range slices.Concat(this, last) {
		if !slices.Contains(ids, c.Queue) {
			ids = append(ids, c.Queue)
		}
	}
	for _, id := range ids {
		of := func(all []CaseSum, closed ...bool) int {
			return countCases(all, func(c CaseSum) bool {
				return c.Kind == handoff.Help && c.Queue == id && (closed == nil || c.Closed == closed[0])
			})
		}
		title := titles[id]
		if title == "" {
			title = id
		}
		// Two columns that add up to a third would tell what is hidden.
		cells := []int{of(this), of(this, true), of(this, false), of(last)}
		s.rows = append(s.rows, sumRow{title, cells})
	}
	if hide {
		s.columns = []string{"Đã mở", "Đã mở năm trước"}
		for i, r := range s.rows {
			s.rows[i].cells = []int{r.cells[0], r.cells[3]}
		}
	}
	return Section{Title: "Ca tư vấn (chuyển cho người)", Table: s.table(hide, "Nguồn: ca tư vấn mở trong kỳ, như đang đứng hôm nay. Phản ánh, khiếu nại không nằm trong bảng này.")}
}

func outcomeSection(title, name string, kind handoff.Kind, this, last []CaseSum, hide bool) Section {
	s := sums{name: name, of: "Kết quả", width: 36, total: "Cộng", columns: []string{"Kỳ này", "Năm trước"}}
	row := func(label string, which func(CaseSum) bool) {
		of := func(all []CaseSum) int {
			return countCases(all, func(c CaseSum) bool { return c.Kind == kind && which(c) })
		}
		s.rows = append(s.rows, sumRow{label, []int{of(this), of(last)}})
	}
	for _, o := range append(slices.Clone(handoff.Outcomes), handoff.OfficeAnswered, handoff.Merged) {
		row(o.Label(), func(c CaseSum) bool { return c.Closed && c.Outcome == o })
	}
	row("Người dân tự kết thúc", func(c CaseSum) bool { return c.Closed && c.Outcome == "" })
	row("Còn mở", func(c CaseSum) bool { return !c.Closed })
	notes := []string{"Nguồn: ca mở trong kỳ; kết quả do người đóng ca chọn. “Người dân tự kết thúc”: họ gọi máy trở lại hoặc xoá dữ liệu, nên không ai chọn kết quả."}
	if took, n := tookOf(this, kind); n > 0 && !hide {
		notes = append(notes, fmt.Sprintf("Từ lúc mở đến lúc đóng, trung bình %s (%d ca đã đóng).", days(took/time.Duration(n)), n))
	}
	return Section{Title: title, Table: s.table(hide, notes...)}
}

func tookOf(all []CaseSum, kind handoff.Kind) (took time.Duration, n int) {
	for _, c := range all {
		if c.Kind == kind && c.Closed {
			took, n = took+c.Took, n+c.N
		}
	}
	return took, n
}

// ratingNames are the taps below the thanks; what else was given is between them.
var ratingNames = map[int]string{5: "Tốt", 4: "Khá", 3: "Tạm được", 2: "Chưa tốt", 1: "Không tốt"}

func ratingSection(this, last []CaseSum, hide bool) Section {
	s := sums{name: "Hài lòng", of: "Người dân đánh giá", width: 32, total: "Ca có đánh giá", columns: []string{"Kỳ này", "Năm trước"}}
	for _, n := range []int{5, 4, 3, 2, 1} {
		of := func(all []CaseSum) int {
			return countCases(all, func(c CaseSum) bool { return c.Closed && c.Rating == n })
		}
		s.rows = append(s.rows, sumRow{ratingNames[n], []int{of(this), of(last)}})
	}
	sum, rated := 0, 0
	for _, c := range this {
		if c.Closed && c.Rating > 0 {
			sum, rated = sum+c.Rating*c.N, rated+c.N
		}
	}
	notes := []string{"Nguồn: ba nút người dân bấm sau khi ca đóng, cả ca phản ánh. Đây là hài lòng về tư vấn; hài lòng về lớp học chưa được hỏi, nên chưa có số liệu."}
	if rated > 0 && !hide {
		notes = append(notes, "Trung bình "+strings.Replace(fmt.Sprintf("%.1f", float64(sum)/float64(rated)), ".", ",", 1)+fmt.Sprintf(" trên 5, của %d ca có đánh giá; đã đóng %d ca.", rated, countCases(this, func(c CaseSum) bool { return c.Closed })))
	}
	return Section{Title: "Người dân hài lòng tới đâu", Table: s.table(hide, notes...)}
}

// workSection tells who was asked after the course, and what they said.
func workSection(title string, steps []Tally, hide bool) Section {
	t := trainedBy(steps, ByPlace, same)
	s := sums{name: "Việc làm sau học", of: "Khi được hỏi lại", width: 32, total: "Số người đã hỏi", columns: []string{"Sau 3 tháng", "Sau 6 tháng"}, rows: []sumRow{
		{"Có việc", []int{t.total(course.Working3), t.total(course.Working6)}},
		{"Chưa có việc", []int{t.total(course.Idle3), t.total(course.Idle6)}},
	}}
	notes := []string{"Nguồn: cán bộ hỏi lại và ghi ở nguyện vọng. Chỉ tính người đã được hỏi; ai chưa hỏi thì không nằm trong bảng."}
	if started, done, certified := t.total(course.Step(course.Started)), t.total(course.Step(course.Done)), t.total(course.Certified); !hide && started > 0 {
		notes = append(notes, fmt.Sprintf("Bắt đầu học %d người, học xong %d, có chứng chỉ %d.", started, done, certified))
	}
	return Section{Title: title, Table: s.table(hide, notes...)}
}
