package report

import (
	"cmp"
	"slices"
	"strings"

	"nghe/content"
	"nghe/course"
)

// Section is one table of a report with its heading, and bars where a reader would
// rather look.
type Section struct {
	Title string
	Table Table
	Bars  []Bar
	// What the two numbers of each bar are.
	First, Second string
}

// Bar is one line of a picture: two numbers beside each other.
type Bar struct {
	Label         string
	First, Second int
}

// mostBars of a picture; the table has all of it.
const mostBars = 12

// trained finds how many reached what, in the sums of one way.
type trained struct {
	count map[string]map[course.Step]int
}

func trainedBy(all []Tally, by By, rename func(string) string) trained {
	t := trained{map[string]map[course.Step]int{}}
	for _, s := range all {
		if s.By != by {
			continue
		}
		key := rename(s.Key)
		if t.count[key] == nil {
			t.count[key] = map[course.Step]int{}
		}
		t.count[key][s.Step] += s.N
	}
	return t
}

// total adds up one way; every wish is once in each of them.
func (t trained) total(s course.Step) (n int) {
	for _, steps := range t.count {
		n += steps[s]
	}
	return n
}

// keys are those of several, the most wishes of the first of them first, what is
// not known last.
func keys(all ...trained) []string {
	seen := map[string]bool{}
	var list []string
	for _, t := range all {
		for k := range t.count {
			if !seen[k] {
				seen[k] = true
				list = append(list, k)
			}
		}
	}
	slices.SortFunc(list, func(a, b string) int {
		if (a == "") != (b == "") {
			return strings.Compare(b, a)
		}
		return cmp.Or(cmp.Compare(all[0].count[b][Wished], all[0].count[a][Wished]), strings.Compare(a, b))
	})
	return list
}

// way is how a table of training tells people apart.
type way struct {
	by     By
	title  string // of the section
	name   string // of the sheet
	of     string // of the first column
	rename func(key string) string
	label  func(key string) string
	note   string
}

func same(key string) string { return key }

// ways are those of every report, by communes, trades, levels, sex and groups.
func (w Words) ways(lib *content.Library) []way {
	return []way{
		{ByPlace, "Theo xã, phường", "Theo xã, phường", "Xã, phường", same, w.Place, "Nơi ở ghi trong nguyện vọng. Nơi không có tên ở đây chưa có số liệu nào."},
		{ByTrade, "Theo nghề", "Theo nghề", "Nghề", same, w.Trade, "Nghề của lớp, hoặc nghề người dân muốn học khi chưa chọn lớp."},
		{ByLevel, "Theo trình độ", "Theo trình độ", "Trình độ", same, func(k string) string { return w.Level(course.Level(k)) }, "Trình độ của lớp, hoặc trình độ người dân chọn. “Chưa rõ”: nguyện vọng chưa chọn lớp và không nói trình độ."},
		{BySex, "Theo giới tính", "Theo giới tính", "Giới tính", same, func(k string) string {
			if k == Women {
				return "Nữ"
			}
			return "chưa rõ"
		}, "nghe không hỏi giới tính. “Nữ” chỉ là người đã tự chọn diện phụ nữ và đồng ý cho lưu; mọi người khác, cả nam lẫn nữ, là “chưa rõ”. Đừng đọc thành tỉ lệ nam, nữ."},
		{ByGroup, "Theo nhóm đối tượng", "Theo nhóm đối tượng", "Nhóm đối tượng", same, func(k string) string {
			switch k {
			case "":
				return "chưa rõ"
			case ManyGroups:
				return "thuộc nhiều nhóm"
			}
			return lib.ValueName("news_groups", k)
		}, "Chỉ của người đã đồng ý cho lưu nhóm của mình. Ai không đồng ý, không được hỏi, hoặc ghi trên phiếu giấy thì là “chưa rõ”."},
	}
}

// yearSteps are the columns of the yearly report.
var yearSteps = []course.Step{Wished, course.Step(course.Enrolled), course.Step(course.Started), course.Step(course.Done), course.Certified, course.Step(course.Working), course.Step(course.Dropped)}

// resultSteps are those of the results.
var resultSteps = []course.Step{Wished, course.Step(course.Enrolled), course.Step(course.Started), course.Step(course.Done), course.Certified, course.Working3, course.Working6, course.Step(course.Dropped)}

// StepNames are how tables call milestones.
var StepNames = map[course.Step]string{
	Wished: "Nguyện vọng", course.Step(course.Contacted): "Đã liên lạc", course.Step(course.Enrolled): "Vào lớp", course.Step(course.Started): "Bắt đầu học", course.Step(course.Done): "Học xong",
	course.Certified: "Có chứng chỉ", course.Step(course.Working): "Có việc", course.Working3: "Có việc sau 3 tháng", course.Idle3: "Chưa có việc sau 3 tháng",
	course.Working6: "Có việc sau 6 tháng", course.Idle6: "Chưa có việc sau 6 tháng", course.Step(course.Dropped): "Thôi",
}

// LevelName is how a level is called.
func LevelName(l course.Level) string {
	return map[course.Level]string{
		"": "chưa rõ", course.Briefing: "Tập huấn", course.Short: "Dưới 3 tháng", course.Elementary: "Sơ cấp", course.Secondary: "Trung cấp", course.College: "Cao đẳng",
	}[l]
}
