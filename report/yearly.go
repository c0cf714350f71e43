package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"nghe/content"
	"nghe/course"
	"nghe/daily"
	"nghe/handoff"
	"nghe/viet"
)

// Yearly is what a report of a time is made of, by default of a year of the plan.
type Yearly struct {
	Lib   *content.Library
	Words Words
	Span
	Today daily.Day
	// This are the figures of the span, Last those of Past.
	This, Last   Figures
	Difficulties []Difficulty
	// Whose tells a difficulty's scope.
	Whose func(scope string) string
	// Hide leaves out what may tell who somebody is: for who does not work there.
	Hide bool
}

// Past is the time with which a report compares: the same days a year before, as
// far as they have come this year.
func Past(s Span, today daily.Day) Span {
	return Span{s.From, max(s.From, min(s.To, today))}.Before()
}

// leastDays is after how many days a whole year is estimated.
const leastDays = 30

// estimate tells how much it will be when the span is over, if it goes on as
// until now; nil where nobody can say.
func (y *Yearly) estimate(n int) any {
	whole, gone := y.From.Days(y.To), y.From.Days(min(y.To, y.Today))
	switch {
	case gone < leastDays && gone < whole:
		return nil
	case alone(n, y.Hide) != n: // of it the number could be told
		return hiddenWord
	}
	return alone((n*whole+gone/2)/gone, y.Hide)
}

// estimateNote says how it is estimated.
func (y *Yearly) estimateNote() string {
	whole, gone := y.From.Days(y.To), y.From.Days(min(y.To, y.Today))
	switch {
	case gone >= whole:
		return "Ước cả năm: kỳ đã hết, nên bằng số của kỳ này."
	case gone < leastDays:
		return fmt.Sprintf("Ước cả năm: mới qua %d ngày của kỳ, chưa đủ %d ngày để ước.", gone, leastDays)
	}
	return fmt.Sprintf("Ước cả năm = số của kỳ này × %d ngày của cả kỳ ÷ %d ngày đã qua, làm tròn. Phép nhân đều theo ngày, không tính mùa vụ; người nhận thông báo không ước, vì mỗi người chỉ đếm một lần.", whole, gone)
}

// Sections are the tables, in their order.
func (y *Yearly) Sections() []Section {
	all := []Section{y.overview(), y.months()}
	for _, w := range y.Words.ways(y.Lib) {
		all = append(all, y.training(w))
	}
	all = append(all, y.loans())
	all = append(all, caseSections(y.Lib, y.This.Cases, y.Last.Cases, y.Hide)...)
	return append(all, y.outreach(), workSection("Chất lượng đào tạo: việc làm sau học", y.This.Steps, y.Hide), y.difficulties())
}

// Tables are those of the workbook.
func Tables(sections []Section) []Table {
	all := make([]Table, len(sections))
	for i, s := range sections {
		all[i] = s.Table
		all[i].Notes = append([]string{s.Title}, s.Table.Notes...)
	}
	return all
}

const (
	wishNote  = "Nguồn: nguyện vọng trong nghe, do người dân để lại qua chat hoặc cán bộ ghi từ phiếu giấy; các mốc do cán bộ chuyển hoặc người dân tự báo."
	stepNote  = "“Nguyện vọng”: để lại trong kỳ. Các mốc khác: đạt trong kỳ, dù nguyện vọng có từ trước. Ai đã tới một mốc thì tính là đã qua các mốc trước; chuyển nhầm rồi chuyển lại thì mốc nhầm không tính."
	eraseNote = "Ai xoá dữ liệu hoặc rút nguyện vọng thì các số này giảm theo; lượt trò chuyện và gói vay đếm theo ngày, tách khỏi người, nên không đổi."
	dailyNote = "Nguồn: số đếm theo ngày, không gắn với người nào."
	pastNote  = "Năm trước: cùng những ngày này, một năm trước, tính tới cùng ngày."
)

// overview tells everything in one number each.
func (y *Yearly) overview() Section {
	t := Table{Name: "Tổng hợp", Columns: []Column{{"Chỉ tiêu", 44}, {"Kỳ này", 12}, {"Năm trước", 12}, {"Ước cả năm", 12}},
		Notes: []string{pastNote, y.estimateNote(), wishNote, eraseNote}}
	row := func(label string, of func(*Figures) int) {
		this := of(&y.This)
		t.Rows = append(t.Rows, []any{label, alone(this, y.Hide), alone(of(&y.Last), y.Hide), y.estimate(this)})
	}
	steps := func(s course.Step) func(*Figures) int {
		return func(f *Figures) int { return trainedBy(f.Steps, ByPlace, same).total(s) }
	}
	if !y.This.NoDays {
		row("Lượt trò chuyện với máy", func(f *Figures) int { return added(f.Talks) })
	}
	row("Nguyện vọng học nghề được ghi", steps(Wished))
	row("Người vào lớp", steps(course.Step(course.Enrolled)))
	row("Người bắt đầu học", steps(course.Step(course.Started)))
	row("Người học xong", steps(course.Step(course.Done)))
	row("Người có chứng chỉ", steps(course.Certified))
	row("Người có việc sau học", steps(course.Step(course.Working)))
	if !y.This.NoDays {
		row("Lượt được chỉ gói vay", func(f *Figures) int { return added(f.Loans) })
	}
	row("Ca chuyển cho người tư vấn", func(f *Figures) int { return caseCount(f.Cases, handoff.Help) })
	row("Phản ánh, khiếu nại của người dân", func(f *Figures) int { return caseCount(f.Cases, handoff.Complaint) })
	row("Lượt tin thông báo đã tới", func(f *Figures) int { return f.Reach.Sent })
	t.Rows = append(t.Rows, []any{"Người nhận được thông báo", alone(y.This.Reach.People, y.Hide), alone(y.Last.Reach.People, y.Hide), nil})
	return Section{Title: "Tổng hợp", Table: t}
}

// months tells each month.
func (y *Yearly) months() Section {
	s := sums{whole: true, name: "Theo tháng", of: "Tháng", width: 12, total: "Cộng",
		columns: []string{"Trò chuyện", "Nguyện vọng", "Vào lớp", "Học xong", "Có chứng chỉ", "Có việc", "Ca tư vấn", "Phản ánh", "Nguyện vọng năm trước", "Học xong năm trước"}}
	this, last := trainedBy(y.This.Steps, ByMonth, same), trainedBy(y.Last.Steps, ByMonth, same)
	section := Section{Title: "Theo tháng", First: "Nguyện vọng", Second: "Học xong"}
	for i, day := range y.Months() {
		if day > y.Today {
			break // nothing can have happened yet
		}
		key := fmt.Sprint(i)
		now, past := this.count[key], last.count[key]
		label := fmt.Sprintf("%d/%d", int(day/100%100), int(day/10000))
		s.rows = append(s.rows, sumRow{label, []int{
			y.This.Talks[i], now[Wished], now[course.Step(course.Enrolled)], now[course.Step(course.Done)], now[course.Certified], now[course.Step(course.Working)],
			casesIn(y.This.Cases, handoff.Help, i), casesIn(y.This.Cases, handoff.Complaint, i), past[Wished], past[course.Step(course.Done)],
		}})
		section.Bars = append(section.Bars, Bar{label, now[Wished], now[course.Step(course.Done)]})
	}
	if y.Hide {
		section.Bars = nil
	}
	section.Table = s.table(y.Hide, stepNote, dailyNote+" Riêng cột “Trò chuyện”: mỗi người mỗi ngày một lượt.", "Ca và phản ánh đếm theo ngày mở.")
	return section
}

// training tells milestones in one way.
func (y *Yearly) training(w way) Section {
	s := sums{name: w.name, of: w.of, width: 32, total: "Cộng"}
	for _, step := range yearSteps {
		s.columns = append(s.columns, StepNames[step])
	}
	s.columns = append(s.columns, "Nguyện vọng năm trước", "Học xong năm trước")
	this, last := trainedBy(y.This.Steps, w.by, w.rename), trainedBy(y.Last.Steps, w.by, w.rename)
	section := Section{Title: w.title}
	for _, k := range keys(this, last) {
		r := sumRow{label: w.label(k)}
		for _, step := range yearSteps {
			r.cells = append(r.cells, this.count[k][step])
		}
		r.cells = append(r.cells, last.count[k][Wished], last.count[k][course.Step(course.Done)])
		s.rows = append(s.rows, r)
		if (w.by == ByPlace || w.by == ByTrade) && !y.Hide && len(section.Bars) < mostBars && k != "" {
			section.Bars = append(section.Bars, Bar{r.label, this.count[k][Wished], this.count[k][course.Step(course.Done)]})
		}
	}
	section.First, section.Second = "Nguyện vọng", "Học xong"
	section.Table = s.table(y.Hide, w.note, wishNote)
	return section
}

// loans tells which programmes were named to people.
func (y *Yearly) loans() Section {
	s := sums{name: "Vay vốn", of: "Gói vay", width: 44, total: "Cộng", columns: []string{"Lượt được chỉ", "Năm trước"}}
	names := map[string]string{}
	for _, p := range y.Lib.Programmes {
		names[p.ID] = p.Name
	}
	ids := slices.Sorted(maps.Keys(y.This.Loans))
	for id := range y.Last.Loans {
		if _, ok := y.This.Loans[id]; !ok {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(cmp.Compare(y.This.Loans[b], y.This.Loans[a]), cmp.Compare(a, b))
	})
	for _, id := range ids {
		s.rows = append(s.rows, sumRow{cmp.Or(names[id], id), []int{y.This.Loans[id], y.Last.Loans[id]}})
	}
	notes := []string{dailyNote + " Một lượt là một lần máy chỉ gói vay cho người hỏi; chưa phải hồ sơ vay, càng chưa phải đã được vay. Số đã vay hỏi Ngân hàng Chính sách xã hội."}
	if y.This.NoDays {
		notes = append(notes, "Số đếm theo ngày không tách theo đơn vị, nên ở đây không có.")
	} else {
		notes = append(notes, "Báo cáo của xã, phường chỉ có lượt của người đã đồng ý cho nhớ nơi ở.")
	}
	return Section{Title: "Tư vấn vay vốn", Table: s.table(y.Hide, notes...)}
}

// outreach tells what was told to many.
func (y *Yearly) outreach() Section {
	t := Table{Name: "Thông báo", Columns: []Column{{"Thông báo", 44}, {"Kỳ này", 12}, {"Năm trước", 12}},
		Notes: []string{"Nguồn: sổ gửi tin. Gồm thông báo và lời nhắc; của một xã, phường là tin gửi cho người ở đó, của một đơn vị là tin về lớp của đơn vị. “Người”: mỗi người một lần, dù nhận nhiều tin."}}
	for _, r := range []struct {
		label string
		of    func(Reach) int
	}{
		{"Đợt tin có người nhận được", func(r Reach) int { return r.Told }}, {"Lượt tin đã tới", func(r Reach) int { return r.Sent }},
		{"Lượt tin hỏng hoặc không rõ", func(r Reach) int { return r.Failed }}, {"Người nhận được", func(r Reach) int { return r.People }},
	} {
		t.Rows = append(t.Rows, []any{r.label, alone(r.of(y.This.Reach), y.Hide), alone(r.of(y.Last.Reach), y.Hide)})
	}
	return Section{Title: "Tuyên truyền, thông báo", Table: t}
}

// difficulties tells what stood in the way of the agencies.
func (y *Yearly) difficulties() Section {
	t := Table{Name: "Khó khăn, vướng mắc", Columns: []Column{{"Nơi ghi", 24}, {"Nội dung", 90}, {"Người ghi", 22}, {"Ngày ghi", 12}},
		Notes: []string{"Do cán bộ ghi, là khó khăn của cơ quan, địa phương. Phản ánh, khiếu nại của người dân ở bảng riêng."}}
	for _, d := range y.Difficulties {
		t.Rows = append(t.Rows, []any{y.Whose(d.Scope), d.Words, d.By, y.Words.day(d.At)})
	}
	return Section{Title: "Khó khăn, vướng mắc của cơ quan, địa phương", Table: t}
}

func added[K comparable](all map[K]int) (n int) {
	for _, k := range all {
		n += k
	}
	return n
}

// days tells a time in days, with one decimal.
func days(t time.Duration) string {
	tenths := int64((t + 72*time.Minute) / (144 * time.Minute))
	if tenths%10 == 0 {
		return viet.FormatNumber(tenths/10) + " ngày"
	}
	return fmt.Sprintf("%s,%d ngày", viet.FormatNumber(tenths/10), tenths%10)
}
