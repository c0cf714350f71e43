package notice

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"nghe/viet"
)

// letters are abbreviations of notices, with how they are read. The longer stand
// first.
var letters = [][2]string{
	{"GDNN-GDTX", "Giáo dục nghề nghiệp, Giáo dục thường xuyên"}, {"GDNN", "Giáo dục nghề nghiệp"}, {"GDTX", "Giáo dục thường xuyên"},
	{"LĐTBXH", "Lao động, Thương binh và Xã hội"}, {"LĐ-TB&XH", "Lao động, Thương binh và Xã hội"}, {"NHCSXH", "Ngân hàng Chính sách xã hội"},
	{"UBND", "Uỷ ban nhân dân"}, {"HĐND", "Hội đồng nhân dân"}, {"MTTQ", "Mặt trận Tổ quốc"}, {"DVVL", "Dịch vụ việc làm"}, {"BHXH", "bảo hiểm xã hội"}, {"BHYT", "bảo hiểm y tế"},
	{"CCCD", "căn cước công dân"}, {"CMND", "chứng minh nhân dân"}, {"THPT", "trung học phổ thông"}, {"THCS", "trung học cơ sở"}, {"KHCN", "khoa học công nghệ"}, {"NTM", "nông thôn mới"},
	{"HTX", "hợp tác xã"}, {"DTTS", "dân tộc thiểu số"}, {"SĐT", "số điện thoại"}, {"ĐT", "điện thoại"}, {"CĐ", "Cao đẳng"}, {"TC", "Trung cấp"}, {"TT", "Trung tâm"}, {"NVH", "nhà văn hoá"}, {"CN", "Chủ nhật"}, {"TP", "thành phố"}, {"km", "ki lô mét"}, {"m2", "mét vuông"}, {"m²", "mét vuông"},
}

// rewriting is a pattern, and how what fits it is read.
type rewriting struct {
	pattern *regexp.Regexp
	read    func(parts []string) string
}

// rewritings go from the longest forms to single numbers.
var rewritings = []rewriting{
	{regexp.MustCompile(`(?i)\S*(?:https?:|www\.|@)\S*`), func([]string) string { return "" }}, // nobody can note it down
	{regexp.MustCompile(`\b(\d{1,2})/(\d{1,2})/(\d{4})\b`), func(p []string) string {
		day, month, year := whole(p[1]), whole(p[2]), whole(p[3])
		if !isDay(int(day), int(month), int(year)) {
			return digits(p[0])
		}
		return spokenDay(int(day)) + " " + spokenMonth(int(month)) + " năm " + viet.Spell(year)
	}},
	{regexp.MustCompile(`\b(?:tháng )?(\d{1,2})/(20\d\d)\b`), func(p []string) string {
		if m := whole(p[1]); m >= 1 && m <= 12 {
			return spokenMonth(int(m)) + " năm " + viet.Spell(whole(p[2]))
		}
		return digits(p[0])
	}},
	{regexp.MustCompile(`(?i)\b(?:thứ |T)([2-7])\b`), func(p []string) string { return weekdays[whole(p[1])-1] }},
	{regexp.MustCompile(`(\d{1,2}) ?(?:h|g|:)(\d{2})\b`), func(p []string) string { return clock(whole(p[1]), whole(p[2])) }},
	{regexp.MustCompile(`(\d{1,2}) ?(?:h|giờ)(?:00)?(?:$|\b)`), func(p []string) string { return clock(whole(p[1]), 0) }},
	{regexp.MustCompile(`(?:\+84|\b0)\d(?:[ .-]?\d){7,9}\b`), func(p []string) string { return viet.SpellDigits(strings.Replace(p[0], "+84", "0", 1)) }},
	{regexp.MustCompile(`\b\d{1,3}(?:\.\d{3})+\b`), func(p []string) string { return digits(strings.ReplaceAll(p[0], ".", "")) }},
	{regexp.MustCompile(`\b(\d{1,9}),(\d{1,2})\b`), func(p []string) string { return digits(p[1]) + " phẩy " + digits(p[2]) }},
	{regexp.MustCompile(`(\d) ?[-–] ?(\d)`), func(p []string) string { return p[1] + " đến " + p[2] }},
	{regexp.MustCompile(`(\d) ?(?:đ|đồng|VNĐ|vnđ)(?:$|([^\p{L}]))`), func(p []string) string { return p[1] + " đồng" + p[2] }},
	{regexp.MustCompile(`(\d) ?(?:tr|triệu)(?:$|([^\p{L}]))`), func(p []string) string { return p[1] + " triệu" + p[2] }},
	{regexp.MustCompile(`(\d) ?%`), func(p []string) string { return p[1] + " phần trăm" }},
	{regexp.MustCompile(`\d+`), func(p []string) string { return " " + digits(p[0]) + " " }},
	{regexp.MustCompile(`(đồng|lần|buổi|giờ|tiết) ?/ ?`), func(p []string) string { return p[1] + " một " }},
	{regexp.MustCompile(`(\p{L}) ?/ ?(\p{L})`), func(p []string) string { return p[1] + " hoặc " + p[2] }},
}

// speak gives a written text as somebody reads it who sees it for the first time:
// no figure, no abbreviation, no sign is left in it.
func speak(text string) string {
	text = spellLetters(strings.Join(strings.Fields(text), " "))
	for _, r := range rewritings {
		text = replace(r, text)
	}
	return tidy(text)
}

// replace is ReplaceAllStringFunc with the parts of what was found.
func replace(r rewriting, text string) string {
	return r.pattern.ReplaceAllStringFunc(text, func(found string) string { return r.read(r.pattern.FindStringSubmatch(found)) })
}

// spellLetters writes abbreviations in full where they stand as words.
func spellLetters(text string) string {
	for _, l := range letters {
		short, full := l[0], l[1]
		for from := 0; ; {
			i := strings.Index(text[from:], short)
			if i < 0 {
				break
			}
			i += from
			from = i + len(short)
			if apart(text[:i], text[from:]) {
				text = text[:i] + full + text[from:]
				from = i + len(full)
			}
		}
	}
	return text
}

// apart says that no letter stands before or behind, so that what is between is a
// word.
func apart(before, behind string) bool {
	last, first := []rune(before), []rune(behind)
	return (len(last) == 0 || !unicode.IsLetter(last[len(last)-1])) && (len(first) == 0 || !unicode.IsLetter(first[0]))
}

// digits reads a number; one that is longer than any sum is read figure by figure.
func digits(s string) string {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && len(s) <= 12 && (len(s) == 1 || s[0] != '0') {
		return viet.Spell(n)
	}
	return viet.SpellDigits(s)
}

func whole(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64) // a few figures, by the pattern
	return n
}

func clock(hour, minute int64) string {
	switch minute {
	case 0:
		return viet.Spell(hour) + " giờ "
	case 30:
		return viet.Spell(hour) + " giờ rưỡi "
	}
	return viet.Spell(hour) + " giờ " + viet.Spell(minute) + " "
}

// tidy leaves letters and the signs that are heard as a pause.
func tidy(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case unicode.IsLetter(r), unicode.IsMark(r), r == ' ', r == ',', r == '.':
			b.WriteRune(r)
		case r == '&':
			b.WriteString(" và ")
		case strings.ContainsRune("();:–—", r):
			b.WriteString(", ")
		default:
			b.WriteByte(' ')
		}
	}
	text = strings.Join(strings.Fields(b.String()), " ")
	for _, twice := range [][2]string{{" ,", ","}, {" .", "."}, {",,", ","}, {",.", "."}, {"..", "."}, {".,", ","}, {"ngày ngày", "ngày"}, {"tháng tháng", "tháng"}} {
		for strings.Contains(text, twice[0]) {
			text = strings.ReplaceAll(text, twice[0], twice[1])
		}
	}
	return strings.Trim(text, " ,.")
}
