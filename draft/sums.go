package draft

import (
	"fmt"
	"strings"
	"time"

	"nghe/advice"
	"nghe/content"
	"nghe/viet"
)

// people are those whose sums are compared: one of each group that the rules
// name, as they come.
var people = []struct {
	who    string
	groups []string
}{
	{"Lao động nông thôn", []string{"rural"}},
	{"Hộ nghèo ở nông thôn", []string{"rural", "poor"}},
	{"Hộ cận nghèo ở nông thôn", []string{"rural", "near-poor"}},
	{"Mới thoát nghèo", []string{"rural", "newly-escaped-poor"}},
	{"Dân tộc thiểu số, hộ nghèo, vùng đặc biệt khó khăn", []string{"rural", "ethnic", "poor", "special-area"}},
	{"Dân tộc thiểu số", []string{"rural", "ethnic"}},
	{"Phụ nữ nông thôn", []string{"rural", "women"}},
	{"Người khuyết tật", []string{"disability"}},
	{"Người có công", []string{"merit"}},
	{"Người bị thu hồi đất", []string{"rural", "land-recovered"}},
	{"Ngư dân", []string{"rural", "fisher"}},
	{"Bộ đội xuất ngũ", []string{"soldier"}},
	{"Thanh niên tình nguyện", []string{"youth-volunteer"}},
	{"Người thất nghiệp có đóng bảo hiểm", []string{"unemployed"}},
	{"Người chấp hành xong án", []string{"ex-prisoner"}},
	{"Không thuộc diện nào", nil},
}

// classes are the courses they go to.
var classes = []struct {
	what       string
	days, cost int64
	km         float64
}{
	{"khoá 30 ngày, học phí 3 triệu, gần nhà", 30, 3_000_000, 2},
	{"khoá 90 ngày, học phí 9 triệu, cách nhà 20 km", 90, 9_000_000, 20},
}

// purposeWords are how purposes of a loan are called.
var purposeWords = map[string]string{"study": "đi học", "job": "tạo việc làm", "startup": "khởi nghiệp", "abroad": "đi làm việc ở nước ngoài", "household": "làm ăn của hộ"}

// sums are the cases in which something else comes out.
func sums(was, is *content.Library, at time.Time) (all []Difference) {
	note := func(title, a, b string) {
		if a != b {
			all = append(all, Difference{Title: title, Lines: Lines(a, b)})
		}
	}
	for _, p := range people {
		for _, c := range classes {
			x := advice.Case{Groups: &p.groups, Days: &c.days, CourseCost: &c.cost, DistanceKM: &c.km, Level: advice.LevelShort}
			note(p.who+", "+c.what, supported(was, x, at), supported(is, x, at))
		}
		for _, purpose := range advice.Purposes {
			age := int64(30)
			x := advice.LoanCase{Purpose: purpose, Groups: &p.groups, Age: &age}
			note(p.who+", vay "+purposeWords[purpose], lent(was, x, at), lent(is, x, at))
		}
	}
	return all
}

// supported tells what somebody may get, a line a regime.
func supported(lib *content.Library, c advice.Case, at time.Time) string {
	var b strings.Builder
	for _, r := range advice.Support(lib, c, at).Regimes {
		fmt.Fprintf(&b, "%s: %s", regimeName(lib, r.ID), viet.FormatMoney(r.Total))
		if r.Status != content.InForce {
			b.WriteString(" (chưa chắc còn áp dụng)")
		}
		b.WriteString("\n")
	}
	return or(b.String(), "không có khoản nào")
}

func regimeName(lib *content.Library, id string) string {
	for _, r := range lib.Regimes {
		if r.ID == id {
			return r.Name
		}
	}
	return id
}

// lent tells which loans fit somebody, a line a programme.
func lent(lib *content.Library, c advice.LoanCase, at time.Time) string {
	var b strings.Builder
	for _, p := range advice.Loan(lib, c, at).Programmes {
		b.WriteString(p.Name)
		if p.Max != nil {
			b.WriteString(", tới " + viet.FormatMoney(*p.Max))
		}
		if p.MaxPerMonth != nil {
			b.WriteString(", tới " + viet.FormatMoney(*p.MaxPerMonth) + " một tháng")
		}
		fmt.Fprintf(&b, ", %s%% một năm", strings.Replace(fmt.Sprint(p.Rate), ".", ",", 1))
		if p.MaxMonths != nil {
			fmt.Fprintf(&b, ", tới %d tháng", *p.MaxMonths)
		}
		if p.Status != content.InForce {
			b.WriteString(" (chưa chắc còn áp dụng)")
		}
		b.WriteString("\n")
	}
	return or(b.String(), "không có chương trình nào hợp")
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
