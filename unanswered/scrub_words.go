package unanswered

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"nghe/viet"
)

// part is a word of a text, or a placeholder.
type part struct {
	start, end  int
	canon, fold string
	capital     bool // begins with a capital letter
	digit       bool // has a digit
	begins      bool // begins a sentence, or follows a sign
	hidden      bool // is a placeholder
}

// split gives the words of a text, with where they stand.
func split(text string) []part {
	var parts []part
	begins := true
	holes := placeholder.FindAllStringIndex(text, -1)
	for i := 0; i < len(text); {
		if len(holes) > 0 && i == holes[0][0] {
			parts = append(parts, part{start: i, end: holes[0][1], hidden: true})
			i, begins, holes = holes[0][1], false, holes[1:]
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if !inWord(r) {
			begins = begins || r != ' ' && r != '\'' && r != '/'
			i += size
			continue
		}
		p := part{start: i, capital: unicode.IsUpper(r), begins: begins}
		for i < len(text) && inWord(r) {
			p.digit = p.digit || unicode.IsDigit(r)
			i += size
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		p.end = i
		p.canon = viet.Canon(text[p.start:p.end])
		p.fold = viet.Fold(p.canon)
		parts = append(parts, p)
		begins = false
	}
	return parts
}

func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

// hideWords takes out names and addresses.
func hideWords(text string, names []string) string {
	parts := split(text)
	if shouted(text, parts) {
		for i := range parts {
			parts[i].capital = false // tells nothing there
		}
	}
	h := hider{parts: parts, with: make([]string, len(parts))}
	h.spelled()
	for _, name := range names {
		h.known(split(name))
	}
	for i := range parts {
		h.introduced(i)
		h.named(i)
		h.address(i)
	}
	return h.write(text)
}

// shouted says whether most of a text is in capitals.
func shouted(text string, parts []part) bool {
	upper := 0
	for _, p := range parts {
		if w := text[p.start:p.end]; !p.hidden && w == strings.ToUpper(w) && w != strings.ToLower(w) && utf8.RuneCountInString(w) > 1 {
			upper++
		}
	}
	return upper*2 > len(parts)
}

// hider notes what is to stand in the place of words.
type hider struct {
	parts []part
	with  []string
}

func (h *hider) hide(from, to int, with string) {
	for i := from; i < to; i++ {
		if !h.parts[i].hidden && h.with[i] == "" {
			h.with[i] = with
		}
	}
}

// write puts the text together; words in a row that are hidden alike become one.
func (h *hider) write(text string) string {
	var b strings.Builder
	last := 0
	for i := 0; i < len(h.parts); i++ {
		with := h.with[i]
		if with == "" {
			continue
		}
		b.WriteString(text[last:h.parts[i].start])
		for i+1 < len(h.parts) && h.with[i+1] == with {
			i++
		}
		b.WriteString(with)
		last = h.parts[i].end
	}
	b.WriteString(text[last:])
	return b.String()
}

func words(s string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		set[viet.Canon(w)] = true
	}
	return set
}

// is says whether a word is one of a list; a word typed without marks may be
// any that folds to it.
func (p part) is(set, folded map[string]bool) bool {
	return !p.hidden && (set[p.canon] || p.canon == p.fold && folded[p.fold])
}

func fold(set map[string]bool) map[string]bool {
	out := map[string]bool{}
	for w := range set {
		out[viet.Fold(w)] = true
	}
	return out
}

var (
	digitWords       = words("không một mốt hai ba bốn tư năm lăm sáu bảy bẩy tám chín")
	digitWordsFolded = fold(digitWords)
)

// spelled hides numbers that are written in words.
func (h *hider) spelled() {
	from := 0
	for i := 0; i <= len(h.parts); i++ {
		if i < len(h.parts) && (h.parts[i].is(digitWords, digitWordsFolded) || !h.parts[i].hidden && len(h.parts[i].fold) == 1 && h.parts[i].digit) {
			continue
		}
		if i-from >= leastNumber {
			h.hide(from, i, hiddenNumber)
		}
		from = i + 1
	}
}

// known hides a name that the person gave: the whole of it, the last two words of
// it, and the last where it is written as a name.
func (h *hider) known(name []part) {
	for n := len(name); n > 0; n = min(n-1, 2) {
		last := name[len(name)-n:]
		for i := 0; i+n <= len(h.parts); i++ {
			if !same(h.parts[i:i+n], last) {
				continue
			}
			called := i > 0 && (h.parts[i-1].is(selves, selvesFolded) || h.parts[i-1].fold == "ten" || h.parts[i-1].fold == "la")
			if n > 1 || called || h.parts[i].capital && !h.parts[i].begins && h.parts[i].canon == last[0].canon {
				h.hide(i, i+n, hiddenName)
			}
		}
	}
}

func same(a, b []part) bool {
	return slices.EqualFunc(a, b, func(x, y part) bool { return !x.hidden && x.fold == y.fold })
}

var (
	selves       = words("em tôi mình cháu con anh chị cô chú bác ông bà tớ")
	selvesFolded = fold(selves)
	betweenName  = fold(words("là đầy đủ thật gọi khai sinh em tôi mình cháu con anh chị cô chú bác ông bà tớ"))
	noName       = fold(words(`gì nào sao ai ở sinh năm tuổi quê muốn hỏi xin cần và đang hiện ạ nhà nhé làm học có được cho thì thôn xã phường số
		lớp trường nghề khoá việc này kia đó ấy rồi không hay với trong của`))
	noSelf = fold(words("người dân học phụ bộ cựu hộ thanh lao giao cán đảng đoàn công nông ngư sinh mẹ bố"))
)

// introduced hides who introduces themself: “em tên là …”, “tên tôi là …”, “tôi là
// Lan”.
func (h *hider) introduced(i int) {
	p, at := h.parts, i+1
	if p[i].hidden {
		return
	}
	before := i > 0 && p[i-1].is(selves, selvesFolded)
	switch {
	case p[i].canon == "tên" || p[i].canon == "ten":
		if !before && (at >= len(p) || p[at].hidden || !betweenName[p[at].fold]) {
			return
		}
		for at < len(p) && !p[at].hidden && betweenName[p[at].fold] {
			at++
		}
		end := at
		for end < len(p) && end < at+4 && !p[end].hidden && !p[end].digit && !noName[p[end].fold] && (end == at || !p[end].begins) {
			end++
		}
		h.hide(at, end, hiddenName)
	case (p[i].canon == "là" || p[i].canon == "la") && before:
		end := at
		for end < len(p) && end < at+4 && p[end].capital && !p[end].begins {
			end++
		}
		if end > at && !noSelf[p[at].fold] {
			h.hide(at, end, hiddenName)
		}
	}
}

var (
	surnames = words(`nguyễn trần phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh lương triệu tằng chíu chìu phùn
		lê đào đoàn vi ninh voòng lỷ bàn hà mạc tô trịnh cao lưu lục mã nông đàm tạ tống thái`)
	// sureSurnames begin a name of two words, too; the others begin places.
	sureSurnames = words("nguyễn trần phạm bùi đặng đỗ huỳnh trịnh")
	// plainSurnames are read without marks, too, before văn and thị: the others
	// would make names of “phân vân” and “lương thì”.
	plainSurnames = words("nguyen tran pham hoang huynh bui le")
	middles       = words("văn thị")
)

// named hides names as they are mostly written.
func (h *hider) named(i int) {
	p := h.parts
	if i+1 >= len(p) || p[i].hidden || p[i+1].hidden || p[i+1].begins {
		return
	}
	family := surnames[p[i].canon]
	caps := i
	for caps < len(p) && caps < i+4 && p[caps].capital && !p[caps].hidden && (caps == i || !p[caps].begins) {
		caps++
	}
	middle := family && middles[p[i+1].canon] || plainSurnames[p[i].canon] && (p[i+1].canon == "van" || p[i+1].canon == "thi" || middles[p[i+1].canon])
	switch {
	case middle && i+2 < len(p) && !p[i+2].hidden && !p[i+2].begins:
		h.hide(i, max(caps, i+3), hiddenName)
	case family && (caps >= i+3 || caps == i+2 && sureSurnames[p[i].canon]):
		h.hide(i, caps, hiddenName)
	}
}

var (
	// lanes stand before a number or a name and say where exactly somebody lives.
	lanes      = words("ngõ ngách hẻm kiệt tổ khu đội ấp xóm thôn bản đường phố làng ngo thon xom khu")
	namedLanes = words("xóm thôn bản đường phố ngõ ấp làng khu thon xom")
	noLane     = fold(words("công kinh đô chế đặc dân vực"))
)

// address hides a house number, an alley, a hamlet.
func (h *hider) address(i int) {
	p := h.parts
	if p[i].hidden || i+1 >= len(p) || p[i+1].hidden || p[i+1].begins {
		return
	}
	switch {
	case i+2 < len(p) && (p[i].fold == "so" && p[i+1].fold == "nha" || p[i].fold == "nha" && p[i+1].fold == "so") && p[i+2].digit && !p[i+2].hidden:
		h.hide(i, i+3, hiddenAddress)
	case lanes[p[i].canon] && p[i+1].digit:
		end := i + 2
		for end < len(p) && p[end].digit && !p[end].hidden { // “ngõ 12/3”
			end++
		}
		h.hide(i, end, hiddenAddress)
	case namedLanes[p[i].canon] && p[i+1].capital && !noLane[p[i+1].fold]:
		end := i + 1
		for end < len(p) && end < i+4 && p[end].capital && !p[end].hidden && !p[end].begins {
			end++
		}
		h.hide(i, end, hiddenAddress)
	}
}
