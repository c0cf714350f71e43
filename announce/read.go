package announce

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"nghe/course"
	"nghe/dialog"
	"nghe/viet"
)

// Limits of what is kept, in characters.
const (
	maxText  = 4000
	maxTitle = 100
	maxLine  = 200
	maxSaid  = 80
	maxItems = 8
)

// Read makes a draft of a whole announcement. Nothing is read that no words
// name; a text about something else gives an empty draft.
func Read(text string, w World) Draft {
	d := Draft{Course: course.Course{Status: course.Enrolling}}
	d.take(text, w, false)
	return d
}

// Empty says that nothing of a class was found.
func (d *Draft) Empty() bool { return len(d.From) == 0 && len(d.Maybe) == 0 }

// Correct takes what an officer says about a draft and gives the fields that
// are different now; none when the words say nothing of a class.
func (d *Draft) Correct(text string, w World) []Field {
	return d.take(text, w, true)
}

// take reads a text into the draft. In a correction what is said counts over
// what was there, and bare names and days are answers.
func (d *Draft) take(text string, w World, correcting bool) []Field {
	r := &reading{World: w, draft: d, correcting: correcting}
	if d.From == nil {
		d.From = map[Field]string{}
	}
	if d.Maybe == nil {
		d.Maybe = map[Field][]string{}
	}
	text = cleanLines(text)
	if correcting {
		text = withoutNo(text)
		if f, ok := r.unknown(text); ok {
			d.Leave(f)
			return []Field{f}
		}
	}
	all := pieces(text)
	for _, p := range all {
		r.piece(r.asked(p))
	}
	r.trade(all)
	r.place(all)
	if correcting && len(r.changed) == 0 {
		r.answer(text)
	}
	r.title(all)
	for _, f := range r.changed {
		d.Open = slices.DeleteFunc(d.Open, func(o Field) bool { return o == f || o == Contact && (f == Phone || f == HowTo) })
	}
	if len(r.changed) > 0 {
		d.Asked = ""
	}
	return r.changed
}

// cleanLines makes foreign text fit to be read, line by line.
func cleanLines(text string) string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = viet.Clean(line, maxText); line != "" {
			lines = append(lines, line)
		}
		if len(lines) == 200 {
			break
		}
	}
	text = strings.Join(lines, "\n")
	if r := []rune(text); len(r) > maxText {
		text = string(r[:maxText])
	}
	return text
}

var no = regexp.MustCompile(`^(khong phai( the| vay| dau)?|khong dung|sai roi|nham roi|nham|a khong|khong|sua lai|doi lai|sua|doi)( la| thanh)?\b[ ,.:;-]*`)

// withoutNo leaves out the words by which somebody takes something back.
func withoutNo(text string) string {
	folded, at := foldBytes(text)
	if m := no.FindStringIndex(folded); m != nil && m[1] < len(folded) {
		// "Không thu học phí" takes nothing back.
		if !strings.HasPrefix(folded, "khong thu") && !strings.HasPrefix(folded, "khong mat") {
			return text[at[m[1]]:]
		}
	}
	return text
}

// reading is a text being read into a draft.
type reading struct {
	World
	draft      *Draft
	correcting bool
	changed    []Field
}

// set notes that a field was read. The first words count, in a correction the
// last.
func (r *reading) set(f Field, said string, put func(*course.Course)) {
	if !r.correcting && r.draft.From[f] != "" {
		return
	}
	put(&r.draft.Course)
	r.draft.From[f] = tidy(said, maxSaid)
	if r.draft.From[f] == "" {
		r.draft.From[f] = string(f)
	}
	delete(r.draft.Maybe, f)
	if !slices.Contains(r.changed, f) {
		r.changed = append(r.changed, f)
	}
}

// names of fields as they are said when one is not known: "hạn chưa rõ".
var (
	notKnown   = regexp.MustCompile(`\b(chua ro|khong ro|chua biet|khong biet|chua co|chua chot)\b`)
	takeAway   = regexp.MustCompile(`^(bo|xoa|thoi|khong ghi) `)
	unknownFor = map[string]Field{
		"han": Deadline, "khai giang": Start, "be giang": End, "hoc phi": Fee, "lien he": Contact, "so luong": Quota, "chi tieu": Quota, "so nguoi": Quota,
		"dia diem": Venue, "xa": Place, "noi": Place, "thoi gian": Duration, "doi tuong": Who, "giay to": Papers, "tuoi": Ages, "ho tro": Benefits, "lich": Schedule, "don vi": Provider,
		"dien thoai": Phone, "so dien thoai": Phone, "chung chi": Certificate, "cau them": Note, "loi nhan": Note,
	}
)

// unknown says which field a text leaves open.
func (r *reading) unknown(text string) (Field, bool) {
	folded := viet.Fold(text)
	if utf8.RuneCountInString(folded) > 40 || !notKnown.MatchString(folded) && !takeAway.MatchString(folded) {
		return "", false
	}
	var best string
	for name := range unknownFor {
		if len(name) > len(best) && regexp.MustCompile(`\b`+name+`\b`).MatchString(folded) {
			best = name
		}
	}
	if best != "" {
		return unknownFor[best], true
	}
	return r.draft.Asked, r.draft.Asked != "" && notKnown.MatchString(folded)
}

var (
	people   = regexp.MustCompile(`\b(\d{1,4}) ?(nguoi|hoc vien|hv|cho|suat|chi tieu|lao dong|hoi vien|doan vien)\b`)
	lengths  = regexp.MustCompile(`\b(it nhat |khoang |hon |gan )?(\d{1,3}|mot|hai|ba|bon|nam|sau) ?([-–] ?\d{1,3} )?(thang|tuan|ngay|buoi|gio|nam)\b`)
	ages     = regexp.MustCompile(`\b(?:tu )?(?:du )?(\d{2})(?: tuoi)? ?(?:-|–|den) ?(\d{2}) tuoi\b|\b(?:tu |du |tren )(?:du )?(\d{2}) tuoi\b`)
	phones   = regexp.MustCompile(`(\+?84|0)[\d .-]{8,14}\d`)
	free     = regexp.MustCompile(`\b(mien phi|mien hoc phi|khong thu hoc phi|khong mat tien|khong mat hoc phi|mien 100% hoc phi|hoc phi: ?0|hoc phi 0)\b`)
	levels   = map[string]course.Level{"tap huan": course.Briefing, "duoi 3 thang": course.Short, "so cap": course.Elementary, "trung cap": course.Secondary, "cao dang": course.College}
	leveled  = regexp.MustCompile(`\b(truong |truong nghe )?(tap huan|duoi 3 thang|so cap|trung cap|cao dang)\b`)
	provided = regexp.MustCompile(`^((?:truong|trung tam|tt) .{3,70}?) (?:mo lop|to chuc|tuyen sinh|chieu sinh|thong bao|phoi hop|mo)\b`)
	venues   = regexp.MustCompile(`\btai (?:phong hoc )?((?:nha van hoa|hoi truong|tru so|trung tam|truong|nha cong dong|nha sinh hoat|ubnd|cong ty|htx|hop tac xa)\b[^,;:()]*)`)
	offices  = regexp.MustCompile(`^(hoi|ubnd|uy ban|trung tam|truong|phong|ban|bo phan|nha van hoa|cong doan|lien doan|tt|mat tran|doan|hop tac xa|htx|cong ty|van phong|mot cua)\b`)
	titled   = regexp.MustCompile(`^(chi|anh|co|chu|bac|ba|ong|thay|em|dong chi|d/c|dc) `)
	beforeNo = regexp.MustCompile(`(?i)[\s,(]*(số điện thoại|so dien thoai|điện thoại|dien thoai|qua số|qua so|theo số|theo so|số máy|so may|sđt|sdt|đt|dt|số|zalo|hotline|gọi|goi)[\s:.]*$`)
	between  = regexp.MustCompile(`\bden\b|-|–`)
)

// piece reads one piece: what its name says, and what it looks like.
func (r *reading) piece(p piece) {
	text := tidy(p.text, maxLine)
	folded := viet.Fold(viet.Canon(p.said))
	list := func(put func(*course.Course) *[]string) {
		if items := itemsOf(text); len(items) > 0 {
			r.set(p.field, p.said, func(c *course.Course) { *put(c) = items })
		}
	}
	words := func(put func(*course.Course) *string) {
		if text != "" {
			r.set(p.field, p.said, func(c *course.Course) { *put(c) = text })
		}
	}
	switch p.field {
	case Deadline:
		if all := daysIn(p.text, r.Now); len(all) > 0 {
			last := all[len(all)-1] // "từ 1/12 đến 15/12"
			if len(all) > 1 && !between.MatchString(viet.Fold(p.text)) {
				last = all[0]
			}
			r.set(Deadline, p.said, func(c *course.Course) { c.Deadline = last.day })
		}
	case Start, End, Duration:
		r.span(p)
	case Schedule:
		words(func(c *course.Course) *string { return &c.Schedule })
	case Fee:
		r.fee(p, folded)
	case Benefits:
		if text != "" {
			item := tidy(p.said, maxLine)
			if viet.Fold(firstWord(item)) != "ho" && viet.Fold(firstWord(item)) != "duoc" {
				item = text
			}
			r.set(Benefits, p.said, func(c *course.Course) { c.Benefits = itemsOf(item) })
		}
	case Who:
		// The ages have a field of their own.
		text = strings.Join(slices.DeleteFunc(itemsOf(text), func(s string) bool { return ages.MatchString(viet.Fold(s)) }), ", ")
		list(func(c *course.Course) *[]string { return &c.Who })
	case Papers:
		list(func(c *course.Course) *[]string { return &c.Papers })
	case HowTo:
		if text != "" && !phones.MatchString(text) {
			r.set(HowTo, p.said, func(c *course.Course) { c.HowTo = tidy(p.said, maxLine) })
		} else if text != "" {
			r.contact(p)
		}
	case Contact:
		r.contact(p)
	case Provider:
		words(func(c *course.Course) *string { return &c.Provider })
	case Certificate:
		r.set(Certificate, p.said, func(c *course.Course) { c.Certificate = tidy(p.said, maxLine) })
	case Venue:
		if _, _, fit := r.Reader.Place(firstWords(text, tradeWords)); fit != dialog.Exact {
			words(func(c *course.Course) *string { return &c.Venue })
		}
	case Title:
		if text != "" {
			r.set(Title, p.said, func(c *course.Course) { c.Title = tidy(text, maxTitle) })
			r.draft.Named = true
		}
	case Note:
		if text != "" {
			r.draft.Note = text
			r.set(Note, p.said, func(*course.Course) {})
		}
		return
	case Quota:
		if n, ok := firstNumber(p.text); ok && n > 0 && n < 10000 {
			r.set(Quota, p.said, func(c *course.Course) { c.Quota = &n })
		}
	}
	r.looks(p, folded)
}

// looks reads what a piece is by its form, whatever it is called.
func (r *reading) looks(p piece, folded string) {
	if m := people.FindStringSubmatch(folded); m != nil && p.field != Benefits && p.field != Fee {
		if n, err := strconv.ParseInt(m[1], 10, 64); err == nil && n > 0 {
			r.set(Quota, m[0], func(c *course.Course) { c.Quota = &n })
		}
	}
	if m := ages.FindStringSubmatch(folded); m != nil {
		least, _ := strconv.ParseInt(m[1]+m[3], 10, 64)
		most, err := strconv.ParseInt(m[2], 10, 64)
		if least >= 10 && (err != nil || most > least) {
			r.set(Ages, m[0], func(c *course.Course) {
				c.MinAge, c.MaxAge = &least, nil
				if err == nil {
					c.MaxAge = &most
				}
			})
		}
	}
	if p.field == "" || p.field == Title || p.field == Trade || p.field == Place || p.field == Venue {
		if m := lengths.FindStringIndex(folded); m != nil && !strings.HasPrefix(folded[m[0]:], "nam nam") {
			r.length(p.said)
		}
		if phones.MatchString(p.said) {
			r.contact(p)
		}
	}
	if at := provided.FindStringSubmatchIndex(folded); at != nil && p.field == "" {
		_, where := foldBytes(p.said)
		if name := tidy(p.said[:where[min(at[3], len(where)-1)]], maxLine); len(p.said) > 0 {
			r.set(Provider, name, func(c *course.Course) { c.Provider = name })
		}
	}
	if p.field == "" || p.field == Duration || p.field == Start {
		plain, where := foldBytes(p.said)
		if at := venues.FindStringSubmatchIndex(plain); at != nil {
			if venue := tidy(p.said[where[at[2]]:where[at[3]]], maxLine); venue != "" {
				r.set(Venue, venue, func(c *course.Course) { c.Venue = venue })
			}
		}
	}
	if free.MatchString(folded) && p.field != Fee {
		zero := int64(0)
		r.set(Fee, p.said, func(c *course.Course) { c.Fee = &zero })
	}
	for _, m := range leveled.FindAllStringSubmatch(folded, -1) {
		name, level := m[2], levels[m[2]]
		if m[1] == "" && p.field != Certificate && p.field != Who && p.field != Provider && p.field != Contact && p.field != Benefits {
			r.set(Level, name, func(c *course.Course) { c.Level = level })
		}
	}
}

// length takes a length of time as it is said.
func (r *reading) length(text string) bool {
	folded, at := foldBytes(text)
	for _, m := range lengths.FindAllStringIndex(folded, -1) {
		said := spelled(tidy(text[at[m[0]]:at[m[1]]], maxLine))
		// "ngày 20 tháng 11" is a day, "tháng 12 năm 2026" a month.
		if len(daysIn(text[at[max(0, m[0]-9)]:at[min(len(folded), m[1]+6)]], r.Now)) > 0 && !strings.Contains(folded[m[0]:m[1]], "buoi") {
			continue
		}
		r.set(Duration, said, func(c *course.Course) { c.Duration = said })
		return true
	}
	return false
}

// spelled gives back the marks that were left out.
func spelled(s string) string {
	if s != viet.Fold(s) {
		return s
	}
	return strings.NewReplacer("thang", "tháng", "tuan", "tuần", "ngay", "ngày", "buoi", "buổi", "gio", "giờ", "nam", "năm", "it nhat", "ít nhất", "khoang", "khoảng", "hon", "hơn", "gan", "gần", "mot", "một", "bon", "bốn", "sau", "sáu").Replace(s)
}

// span reads days and lengths: "từ 20/12/2026 đến 20/3/2027", "3 tháng".
func (r *reading) span(p piece) {
	all := daysIn(p.text, r.Now)
	switch {
	case p.field == End && len(all) > 0:
		r.set(End, p.said, func(c *course.Course) { c.End = all[0].day })
	case len(all) > 1 && between.MatchString(viet.Fold(p.text)):
		r.set(Start, p.said, func(c *course.Course) { c.Start = all[0].day })
		r.set(End, p.said, func(c *course.Course) { c.End = all[1].day })
	case len(all) > 0:
		r.set(Start, p.said, func(c *course.Course) { c.Start = all[0].day })
	}
	if p.field != End && !r.length(p.text) && p.field == Duration && len(all) == 0 {
		if text := tidy(p.text, maxLine); text != "" && strings.ContainsFunc(text, unicode.IsDigit) {
			r.set(Duration, p.said, func(c *course.Course) { c.Duration = text })
		}
	}
}

func (r *reading) fee(p piece, folded string) {
	if free.MatchString(folded) || viet.Fold(tidy(p.text, maxLine)) == "mien phi" || viet.Fold(tidy(p.text, maxLine)) == "khong" {
		zero := int64(0)
		r.set(Fee, p.said, func(c *course.Course) { c.Fee, c.FeeNote = &zero, "" })
		return
	}
	if n, fit := r.Reader.Money(p.text); fit != dialog.None && n >= 1000 && n <= 500_000_000 {
		r.set(Fee, p.said, func(c *course.Course) { c.Fee, c.FeeNote = &n, "" })
	}
}

// contact reads who is to be asked: a name, an office, a number.
func (r *reading) contact(p piece) {
	text := p.text
	var numbers []string
	for _, m := range phones.FindAllString(text, -1) {
		if phone, ok := viet.Phone(m); ok && !slices.Contains(numbers, phone) && len(numbers) < 3 {
			numbers = append(numbers, phone)
		}
	}
	if len(numbers) > 0 {
		r.set(Phone, p.said, func(c *course.Course) { c.ContactPhone = strings.Join(numbers, ", ") })
		if !slices.Contains(r.changed, Contact) {
			r.changed = append(r.changed, Contact)
		}
	}
	if p.field != Contact && p.field != HowTo {
		return
	}
	if at := phones.FindStringIndex(text); at != nil {
		text = text[:at[0]]
	}
	for beforeNo.MatchString(text) {
		text = beforeNo.ReplaceAllString(text, "")
	}
	name, place := "", ""
	for _, part := range strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(",();", c) || c == '–' }) {
		part = tidy(part, maxLine)
		folded := viet.Fold(part)
		for _, cut := range []string{"tai ", "gap ", "voi ", "truc tiep ", "ve ", "den ", "qua "} {
			if strings.HasPrefix(folded, cut) {
				part = tidy(string([]rune(part)[utf8.RuneCountInString(cut):]), maxLine)
				folded = viet.Fold(part)
			}
		}
		switch {
		case part == "" || len(daysIn(part, r.Now)) > 0:
		case offices.MatchString(folded):
			if place == "" {
				place = part
			}
		case name == "" && (titled.MatchString(folded+" ") || capitals(part) >= 2):
			name = part
		case place == "" && name == "" && p.field == Contact && len(strings.Fields(part)) > 1:
			place = part
		}
	}
	if name != "" || place != "" {
		r.set(Contact, p.said, func(c *course.Course) {
			if r.correcting && len(numbers) == 0 && (name == "" || place == "") {
				// "liên hệ chị Hoa": the number was somebody else's.
				if name != "" && c.ContactName != "" && c.ContactName != name {
					c.ContactPhone = ""
				}
			}
			if name != "" {
				c.ContactName = name
			}
			if place != "" {
				c.ContactPlace = place
			}
		})
	}
}

func capitals(s string) (n int) {
	for _, w := range strings.Fields(s) {
		if first, _ := utf8.DecodeRuneInString(w); unicode.IsUpper(first) {
			n++
		}
	}
	return n
}

// tradeWords is how many words before and after a word are read with it: the
// reader takes no long texts.
const tradeWords = 24

// trade finds the trade: where it is named as one, else where the class is,
// else anywhere but beside who teaches and who is asked.
func (r *reading) trade(all []piece) {
	if !r.correcting && r.draft.Course.Trade != "" {
		return
	}
	ids := func(p piece, text string) bool {
		ids, fit := r.Reader.Trade(text)
		return fit != dialog.None && r.several(Trade, p.said, ids)
	}
	for _, p := range all {
		if p.field == Trade && ids(p, p.text) {
			if c := &r.draft.Course; c.Title == "" && c.Trade != "" && len(strings.Fields(p.text)) <= 8 {
				c.Title = "Lớp " + lower(tidy(p.text, maxTitle))
			}
			return
		}
	}
	named := regexp.MustCompile(`\b(nghe|lop|khoa|day|hoc|tho|ve|ky thuat)\b`)
	for _, p := range all {
		if p.field != "" && p.field != Title && p.field != Duration && p.field != Place {
			continue
		}
		folded, at := foldBytes(p.said)
		for _, m := range named.FindAllStringIndex(folded, 6) {
			if ids(p, firstWords(p.said[at[m[0]]:], tradeWords)) {
				return
			}
		}
	}
	// A part of a name, which may mean several: "lớp chăn nuôi".
	for _, p := range all {
		if p.field != "" && p.field != Title {
			continue
		}
		folded, at := foldBytes(p.said)
		for _, m := range regexp.MustCompile(`\b(nghe|lop) `).FindAllStringIndex(folded, 3) {
			for _, n := range []int{2, 3} {
				text := firstWords(p.said[at[m[1]]:], n)
				if found, fit := r.Reader.Trade(text); fit == dialog.Exact && len(strings.Fields(text)) == n && r.several(Trade, p.said, found) {
					return
				}
			}
		}
	}
	if r.correcting {
		return
	}
	for _, p := range all {
		if (p.field == "" || p.field == Title) && ids(p, firstWords(p.said, tradeWords)) {
			return
		}
	}
}

// place finds the commune: where it is named as the place, else after "ở",
// "tại", "xã", else in the piece that names the class.
func (r *reading) place(all []piece) {
	if !r.correcting && r.draft.Course.Place != "" {
		return
	}
	ids := func(p piece, text string) bool {
		ids, _, fit := r.Reader.Place(firstWords(text, tradeWords))
		return fit != dialog.None && r.several(Place, p.said, ids)
	}
	for _, want := range []Field{Place, Venue} {
		for _, p := range all {
			if p.field == want && ids(p, p.said) {
				return
			}
		}
	}
	at := regexp.MustCompile(`\b(o|tai|xa|phuong|dac khu|thi tran|mo lop o)\b`)
	for _, p := range all {
		switch p.field {
		case Contact, Provider, Who, Papers, Benefits, Note, HowTo:
			continue
		}
		folded, where := foldBytes(p.said)
		for _, m := range at.FindAllStringIndex(folded, 6) {
			if ids(p, p.said[where[m[0]]:]) {
				return
			}
		}
	}
	if r.correcting {
		return
	}
	for _, p := range all {
		if (p.field == "" || p.field == Title) && ids(p, p.said) {
			return
		}
	}
}

// mostNames is how many trades or places are asked about; more say nothing.
const mostNames = 5

// several takes what a name means, or notes what it may mean.
func (r *reading) several(f Field, said string, ids []string) bool {
	put := func(id string) func(*course.Course) {
		return func(c *course.Course) {
			if f == Place {
				c.Place = id
				return
			}
			if c.Trade != id && !r.draft.Named {
				c.Title = ""
			}
			c.Trade = id
		}
	}
	switch {
	case len(ids) == 0 || len(ids) > mostNames:
		return false
	case len(ids) == 1:
		r.set(f, said, put(ids[0]))
		return true
	}
	if r.draft.From[f] == "" || r.correcting {
		put("")(&r.draft.Course)
		delete(r.draft.From, f)
		r.draft.Maybe[f] = slices.Clone(ids)
		r.changed = append(r.changed, f)
	}
	return true
}

// answer reads bare words: to what was asked, else a trade or a place that is
// named by itself.
func (r *reading) answer(text string) {
	asked := r.draft.Asked
	if asked == Trade || asked == Place {
		// One of those that it may be, by any part of its name.
		if id := r.oneOf(asked, text); id != "" {
			r.several(asked, text, []string{id})
			return
		}
	}
	ids, _, placed := r.Reader.Place(text)
	if placed == dialog.Exact && asked != Trade && r.several(Place, text, ids) {
		return
	}
	trades, fit := r.Reader.Trade(text)
	if (fit == dialog.Exact || fit == dialog.Part && asked == Trade) && r.several(Trade, text, trades) {
		return
	}
	if placed == dialog.Exact || placed == dialog.Part && asked == Place {
		r.several(Place, text, ids)
	}
}

// asked takes a piece that names no field as the answer to what was asked.
func (r *reading) asked(p piece) piece {
	if !r.correcting || p.field != "" {
		return p
	}
	switch asked, folded := r.draft.Asked, viet.Fold(p.text); {
	case asked == Deadline && len(daysIn(p.text, r.Now)) > 0:
		p.field = Deadline
	case asked == Contact && !strings.HasPrefix(folded, "nghe ") && !strings.HasPrefix(folded, "lop ") && !strings.HasPrefix(folded, "o ") && len(strings.Fields(folded)) > 1 || asked == Contact && phones.MatchString(p.text):
		p.field = Contact
	}
	return p
}

// oneOf gives the one of what a name may mean whose name has the words said.
func (r *reading) oneOf(f Field, text string) string {
	plain := func(s string) string {
		out := " "
		for _, w := range viet.Words(s) {
			out += w.Fold + " "
		}
		return out
	}
	said := plain(tidy(text, maxLine))
	hit := ""
	for _, id := range r.draft.Maybe[f] {
		name := r.Library.ValueName(string(f), id)
		if t := r.Library.Trade(id); f == Trade && t != nil {
			name += " " + t.Name + " " + strings.Join(t.Aliases, " ")
		}
		if folded := plain(name); folded == said {
			return id
		} else if strings.Contains(folded, said) {
			if hit != "" {
				return ""
			}
			hit = id
		}
	}
	return hit
}

// Words at which the name of a class ends.
var titleEnds = regexp.MustCompile(` (tai|o|cho|danh cho|khai giang|tu|voi|do|duoc|se|han|hoc|mo|trong|gom|nam|dip) | \d|[,;:.(–]`)

// title takes the words that call the class, or makes a name of the trade.
func (r *reading) title(all []piece) {
	c := &r.draft.Course
	if r.draft.Named || c.Trade == "" || c.Title != "" {
		return
	}
	if !r.correcting {
		for _, p := range all {
			if p.field != "" && p.field != Trade {
				continue
			}
			folded, at := foldBytes(p.said)
			m := regexp.MustCompile(`\b(lop|khoa) `).FindStringIndex(folded)
			if m == nil {
				continue
			}
			end := len(folded)
			if e := titleEnds.FindStringIndex(folded[m[1]:]); e != nil {
				end = m[1] + e[0]
			}
			if s := tidy(p.said[at[m[0]]:at[end]], maxTitle); len(strings.Fields(s)) >= 2 {
				if ids, fit := r.Reader.Trade(s); fit != dialog.None && slices.Contains(ids, c.Trade) && s != viet.Fold(s) {
					c.Title = capital(s)
					return
				}
			}
		}
	}
	if t := r.Library.Trade(c.Trade); t != nil && c.Title == "" {
		c.Title = "Lớp " + strings.TrimPrefix(lower(t.Label()), "thợ ")
	}
}

func itemsOf(text string) []string {
	var items []string
	for _, item := range strings.FieldsFunc(text, func(c rune) bool { return c == ';' || c == ',' }) {
		if item = tidy(item, maxLine); item != "" && len(items) < maxItems {
			items = append(items, item)
		}
	}
	return items
}

func firstNumber(s string) (int64, bool) {
	m := regexp.MustCompile(`\d+`).FindString(s)
	n, err := strconv.ParseInt(m, 10, 64)
	return n, err == nil
}

func firstWord(s string) string {
	first, _, _ := strings.Cut(s, " ")
	return first
}

func firstWords(s string, n int) string {
	f := strings.Fields(s)
	return strings.Join(f[:min(n, len(f))], " ")
}

func capital(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:size]) + s[size:]
}

func lower(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return strings.ToLower(s[:size]) + s[size:]
}
