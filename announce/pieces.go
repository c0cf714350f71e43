package announce

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"nghe/viet"
)

// Field is something that is told of a class.
type Field string

// The fields that are read.
const (
	Title       Field = "title"
	Trade       Field = "trade"
	Place       Field = "place"
	Venue       Field = "venue"
	Deadline    Field = "deadline"
	Start       Field = "start"
	End         Field = "end"
	Duration    Field = "duration"
	Schedule    Field = "schedule"
	Quota       Field = "quota"
	Fee         Field = "fee"
	Benefits    Field = "benefits"
	Who         Field = "who"
	Ages        Field = "ages"
	Papers      Field = "papers"
	HowTo       Field = "how-to"
	Contact     Field = "contact"
	Phone       Field = "phone"
	Provider    Field = "provider"
	Certificate Field = "certificate"
	Level       Field = "level"
	Note        Field = "note" // a sentence to go with the message
)

// label is a way in which announcements name a field.
type label struct {
	field Field
	words []viet.Word
	// inside says that a piece begins at these words also in the middle of a
	// sentence; the others only at the beginning of one, or before a colon.
	inside bool
	drop   int // how many of the words are the name; the others belong to what is told
}

// labels, the longest first.
var labels = func() []label {
	var all []label
	for _, row := range []struct {
		field  Field
		inside bool
		names  string
	}{
		{Title, false, "tên lớp|tên khoá|tên khoá học"},
		{Trade, false, "nghề đào tạo|ngành nghề|tên nghề|ngành học"},
		{Venue, false, "địa điểm học|địa điểm|nơi học|địa điểm đào tạo|nơi mở lớp|học tại"},
		{Deadline, true, "hạn đăng ký|hạn nộp hồ sơ|hạn nhận hồ sơ|hạn cuối|hạn chót|thời hạn đăng ký|thời hạn nộp hồ sơ|thời hạn nhận hồ sơ|nhận hồ sơ đến|nhận đăng ký đến|đăng ký đến hết|đăng ký đến ngày|đăng ký trước|nhận hồ sơ trước|chốt danh sách|đến hết ngày|hạn đến|hạn ngày"},
		{Deadline, false, "hạn|thời hạn|đăng ký đến"},
		{Start, true, "khai giảng|ngày khai giảng|dự kiến khai giảng|bắt đầu học|bắt đầu từ|học từ ngày|mở lớp ngày|bắt đầu ngày"},
		{Start, false, "bắt đầu|mở lớp từ|ngày học"},
		{End, true, "bế giảng|kết thúc"},
		{Duration, true, "thời gian học|thời gian đào tạo|thời lượng|thời gian khoá học"},
		{Duration, false, "học trong|thời gian"},
		{Schedule, true, "lịch học|học vào|giờ học|buổi học"},
		{Quota, true, "số lượng|chỉ tiêu|sĩ số|số chỗ|số người"},
		{Fee, true, "học phí|miễn phí|miễn học phí|không thu học phí|không mất tiền"},
		{Benefits, true, "quyền lợi|chế độ|được hỗ trợ|hỗ trợ tiền|hỗ trợ"},
		{Who, true, "đối tượng|dành cho|ưu tiên"},
		{Papers, true, "hồ sơ gồm|giấy tờ|hồ sơ đăng ký gồm|hồ sơ cần|thủ tục gồm"},
		{Papers, false, "hồ sơ"},
		{HowTo, true, "đăng ký tại|cách đăng ký|nơi đăng ký|nộp hồ sơ tại"},
		{Contact, true, "liên hệ|người liên hệ|đầu mối|hotline|mọi chi tiết"},
		{Contact, true, "gặp +anh|gặp +chị|gặp +cô|gặp +chú|gặp +bác|gặp +ông|gặp +bà|gặp +thầy|gặp +đồng chí|hỏi +anh|hỏi +chị|hỏi +cô|hỏi +chú|hỏi +bác|gọi +anh|gọi +chị|gọi +số|sđt +chị|sđt +anh"},
		{Contact, false, "lh|gọi|gặp|sđt|điện thoại|số điện thoại|zalo"},
		{Provider, true, "đơn vị đào tạo|đơn vị dạy|cơ sở đào tạo|đơn vị tổ chức|đơn vị mở lớp|giảng dạy"},
		{Certificate, true, "cấp chứng chỉ|được cấp chứng chỉ|chứng chỉ"},
		{Level, false, "trình độ"},
		{Note, false, "nhắn thêm|nói thêm|thêm câu|lời nhắn"},
	} {
		for name := range strings.SplitSeq(row.names, "|") {
			before, _, kept := strings.Cut(name, " +")
			l := label{field: row.field, words: viet.Words(strings.ReplaceAll(name, "+", "")), inside: row.inside}
			l.drop = len(l.words)
			if kept {
				l.drop = len(viet.Words(before))
			}
			all = append(all, l)
		}
	}
	slices.SortStableFunc(all, func(a, b label) int { return len(b.words) - len(a.words) })
	return all
}()

// word is one word of a text, where it stands, and whether it ends something.
type word struct {
	viet.Word       // without what stands around it
	begin, end int  // bytes, without what stands around it
	colon      bool // a colon follows
	stop       bool // the sentence, line or point of a list ends with it
	comma      bool // a comma or a bracket follows
}

func canon(s string) viet.Word {
	c := viet.Canon(s)
	return viet.Word{Canon: c, Fold: viet.Fold(c)}
}

// split takes a text apart at white space.
func split(text string) []word {
	var all []word
	add := func(begin, end int) {
		raw := text[begin:end]
		inner := strings.TrimFunc(raw, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if inner == "" {
			if len(all) > 0 {
				switch {
				case strings.Trim(raw, ":") == "":
					all[len(all)-1].colon = true
				case strings.Trim(raw, ",()") == "":
					all[len(all)-1].comma = true
				default: // "-", "•", an emoji
					all[len(all)-1].stop = true
				}
			}
			return
		}
		at := begin + strings.Index(raw, inner)
		w := word{Word: canon(inner), begin: at, end: at + len(inner)}
		after := text[w.end:end]
		w.colon = strings.Contains(after, ":")
		w.comma = strings.ContainsAny(after, ",()")
		// "TP. Hạ Long", "P. Hà Tu" go on.
		short := utf8.RuneCountInString(inner) <= 2 && !strings.ContainsFunc(inner, unicode.IsDigit)
		w.stop = strings.ContainsAny(after, ";!?•") || strings.Contains(after, ".") && !short
		if before := text[begin:at]; len(all) > 0 && before != "" {
			if strings.ContainsAny(before, "(") {
				all[len(all)-1].comma = true
			} else if strings.Trim(before, `"“'‘+`) != "" {
				all[len(all)-1].stop = true
			}
		}
		all = append(all, w)
	}
	start := -1
	for i, r := range text {
		switch {
		case unicode.IsSpace(r):
			if start >= 0 {
				add(start, i)
				start = -1
			}
			if r == '\n' && len(all) > 0 {
				all[len(all)-1].stop = true
			}
		case start < 0:
			start = i
		}
	}
	if start >= 0 {
		add(start, len(text))
	}
	// "Hạn:15/12" is two words.
	var out []word
	for _, w := range all {
		inner := text[w.begin:w.end]
		i := strings.IndexByte(inner, ':')
		if i <= 0 || i+1 == len(inner) || inner[i-1] >= '0' && inner[i-1] <= '9' || strings.HasPrefix(inner[i:], "://") {
			out = append(out, w)
			continue
		}
		left := word{Word: canon(inner[:i]), begin: w.begin, end: w.begin + i, colon: true}
		w.Word, w.begin = canon(inner[i+1:]), w.begin+i+1
		out = append(out, left, w)
	}
	return out
}

// piece is a part of a text that is about one thing.
type piece struct {
	field Field // it names, "" for none
	said  string
	text  string // without the name of the field
}

// pieces cuts a text where another thing begins.
func pieces(text string) []piece {
	words := split(text)
	var all []piece
	field, named, from := Field(""), 0, 0 // of the piece under way, in words
	flush := func(to int) {
		if from < to {
			p := piece{field: field, said: text[words[from].begin:words[to-1].end]}
			if from+named < to {
				p.text = text[words[from+named].begin:words[to-1].end]
			}
			all = append(all, p)
		}
		field, named, from = "", 0, to
	}
	for i := 0; i < len(words); {
		fresh := i == 0 || words[i-1].stop
		l, ok := labelAt(words, i, fresh || words[i-1].comma)
		if ok && !fresh && l.field == field && i == from+named { // "hạn đăng ký đến hết ngày"
			named += l.drop
			i += len(l.words)
			continue
		}
		if fresh || ok {
			flush(i)
		}
		if !ok {
			i++
			continue
		}
		field, named = l.field, l.drop
		i += len(l.words)
	}
	flush(len(words))
	return all
}

// labelAt gives the label that stands at a word: where a thing may begin, any;
// elsewhere one that is plain by itself or has a colon.
func labelAt(words []word, at int, begins bool) (label, bool) {
	for _, l := range labels {
		if at+len(l.words) > len(words) {
			continue
		}
		last := words[at+len(l.words)-1]
		if !begins && !l.inside && !last.colon && !(l.words[0].Fold == "han" && dated(words, at+1)) {
			continue
		}
		// "han" without marks is a trade, too.
		if len(l.words) == 1 && l.words[0].Fold == "han" && !words[at].Marked() && !last.colon && !dated(words, at+1) {
			continue
		}
		same := true
		for j, w := range l.words {
			typed := words[at+j]
			// A label does not go on over the end of a sentence.
			if typed.Fold != w.Fold || typed.Marked() && typed.Canon != w.Canon || j+1 < len(l.words) && (typed.stop || typed.colon) {
				same = false
				break
			}
		}
		if same {
			return l, true
		}
	}
	return label{}, false
}

// dated says that a day is near.
func dated(words []word, at int) bool {
	for _, w := range words[min(at, len(words)):min(at+3, len(words))] {
		if strings.ContainsAny(w.Fold, "0123456789") || w.Fold == "thang" {
			return true
		}
	}
	return false
}
