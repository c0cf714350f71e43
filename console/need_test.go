package console_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"nghe/course"
	"nghe/staff"
)

// needy is a small world made by hand: who wishes for what, where.
func needy(t *testing.T) *world {
	w := newWorld(t)
	if _, err := w.db.PutCourses(t.Context(), []course.Course{
		{ID: "near", Title: "Lớp hàn", Trade: "han", Status: course.Enrolling, Deadline: "2099-01-01", Place: "ba-che", Provider: "Trường A"},
		{ID: "past", Title: "Lớp may", Trade: "may-cong-nghiep", Status: course.Finished, Place: "dong-trieu", Provider: "Trường A"},
	}, time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := w.learn(t.Context()); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, k := range []struct {
		wish course.Interest
		n    int
		day  int
	}{
		{course.Interest{Place: "ba-che", Trade: "nuoi-ong", State: course.New}, 20, 5},
		{course.Interest{Place: "ba-che", Trade: "nuoi-ong", State: course.Contacted, Level: course.Secondary}, 4, 3},
		{course.Interest{Place: "ky-thuong", Trade: "nuoi-ong", State: course.New}, 7, 9},
		{course.Interest{Place: "dong-trieu", Trade: "may-cong-nghiep", State: course.New}, 31, 4},
		{course.Interest{Place: "dong-trieu", Trade: "may-cong-nghiep", State: course.Enrolled}, 1, 1},
		{course.Interest{Place: "dong-trieu", Trade: "may-cong-nghiep", State: course.Dropped}, 2, 1},
		{course.Interest{Place: "ba-che", Trade: "han", Course: "near", State: course.New}, 3, 7},
		{course.Interest{Place: "", Trade: "nuoi-ong", State: course.New}, 2, 8},
	} {
		var all []course.Interest
		for range k.n {
			n++
			i := k.wish
			i.ID, i.Source, i.Consent = fmt.Sprintf("n%03d", n), course.FromPaper, "giấy"
			i.CreatedAt = time.Date(2026, 11, k.day, 23, 30, 0, 0, zone)
			i.UpdatedAt = i.CreatedAt
			all = append(all, i)
		}
		if err := w.db.AddInterests(t.Context(), all); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

var tags = regexp.MustCompile(`<[^>]*>|\s+`)

// plain is what a page says from one heading to the next, without its marks.
func plain(text, from, to string) string {
	_, text, _ = strings.Cut(text, from)
	text, _, _ = strings.Cut(text, to)
	return strings.Join(strings.Fields(tags.ReplaceAllString(text, " ")), " ")
}

// Every figure of the page of needs, and of a commune's and a trade's.
func TestNeedsPage(t *testing.T) {
	w := needy(t)
	admin := w.as(staff.Administrator, province)
	look := func(query string) string {
		t.Helper()
		answer, text := w.ask("GET", "/console/needs"+query, admin, "")
		if answer.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d", query, answer.StatusCode)
		}
		return text
	}
	usual := func(trade string) string {
		return map[string]string{"duoi-3-thang": "Dưới 3 tháng", "so-cap": "Sơ cấp"}[library().Trade(trade).Level]
	}
	says := func(text, from, to string, want ...string) {
		t.Helper()
		got := plain(text, from, to)
		for _, x := range want {
			before, after, found := strings.Cut(got, x)
			if !found {
				t.Errorf("%q is not, or not in its order, in %q", x, before)
			}
			got = after
		}
	}
	all := look("")
	says(all, `<div class="tiles">`, "<h2", "67 nguyện vọng đang chờ lớp", "3 nghề có người chờ", "3 xã, phường có người chờ", "2 lớp đủ người để mở")
	says(all, `id="open"`, "<h2", "Tính theo 30 người",
		"1. May công nghiệp, Phường Đông Triều", usual("may-cong-nghiep"), "31 người đang chờ", "Đủ người ngay trong xã, phường.", "chưa có lớp nghề này", "ghi từ 04/11/2026",
		"2. Nuôi ong", ", Xã Ba Chẽ", usual("nuoi-ong"), "31 người đang chờ", "Gộp các xã giáp nhau: Xã Ba Chẽ 24, Xã Kỳ Thượng 7.", "ghi từ 03/11/2026")
	says(all, "chưa ai dạy", "Nhu cầu theo nghề", "Nuôi ong", "33 người đang chờ", "lâu nhất từ 03/11/2026")
	// Đang chờ, Đã vào lớp, Đang học, Học xong, Đã có việc, Thôi, Cộng
	says(all, "Nhu cầu theo nghề", "</main>", "May công nghiệp "+usual("may-cong-nghiep")+" 31 1 0 0 0 2 32", usual("nuoi-ong")+" 29 0 0 0 0 0 29", "Trung cấp 4 0 0 0 0 0 4", "Thợ hàn", "3 0 0 0 0 0 3")

	commune := look("?place=ba-che")
	says(commune, `<div class="tiles">`, "<h2", "27 nguyện vọng", "2 nghề", "1 xã", "1 lớp")
	says(commune, `id="open"`, "<h2", "1. Nuôi ong")
	says(commune, "Nhu cầu ở Xã Ba Chẽ", "</main>", "Nuôi ong", usual("nuoi-ong")+" 20 0 0 0 0 0 20", "Trung cấp 4", "Thợ hàn")
	trade := look("?trade=may-cong-nghiep&least=32")
	says(trade, `id="open"`, "<h2", "Tính theo 32 người", "Chưa nơi nào đủ 32 người")
	says(trade, "theo nơi ở", "</main>", "Phường Đông Triều "+usual("may-cong-nghiep")+" 31 1 0 0 0 2 32")

	// What was changed a moment ago is counted.
	if err := w.db.AddInterests(t.Context(), []course.Interest{{ID: "late", Place: "dong-trieu", Trade: "may-cong-nghiep", State: course.New, Source: course.FromPaper, Consent: "giấy", CreatedAt: time.Now(), UpdatedAt: time.Now()}}); err != nil {
		t.Fatal(err)
	}
	says(look("?trade=may-cong-nghiep&least=32"), `id="open"`, "<h2", "1. May công nghiệp", "32 người đang chờ")
	if answer, _ := w.ask("GET", "/console/needs?place=nowhere", admin, ""); answer.StatusCode != http.StatusNotFound {
		t.Errorf("a commune that is none: %d", answer.StatusCode)
	}
}

// The map has each commune once, with its number, colour and way on; the list
// beside it has the same numbers.
func TestNeedMap(t *testing.T) {
	w := needy(t)
	answer, text := w.ask("GET", "/console/needs/map", w.as(staff.Administrator, province), "")
	if answer.StatusCode != http.StatusOK || strings.Count(text, "<title>") != 55 { // one of the page
		t.Fatalf("%d, %d titles", answer.StatusCode, strings.Count(text, "<title>"))
	}
	for _, want := range []string{
		`<title>Xã Ba Chẽ: 27 người đang chờ</title>`, `<title>Phường Đông Triều: 31 người đang chờ</title>`, `<title>Đặc khu Cô Tô: 0 người đang chờ</title>`,
		"65 người đang chờ, ngoài ra 2 người chưa rõ nơi ở", "30 trở lên", "20–29",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the map has no %s", want)
		}
	}
	for place, step := range map[string]string{"dong-trieu": "step4", "ba-che": "step3", "ky-thuong": "step1", "co-to": "step0"} {
		_, tile, _ := strings.Cut(text, `place=`+place+`">`)
		if tile, _, _ = strings.Cut(tile, "</g>"); !strings.Contains(tile, `class="`+step+`"`) {
			t.Errorf("%s is not of %s: %s", place, step, tile)
		}
	}
	if list := plain(text, "Danh sách", "</main>"); !strings.Contains(list, "Phường Đông Triều 31 04/11/2026 Xã Ba Chẽ 27 03/11/2026 Xã Kỳ Thượng 7 09/11/2026") || strings.Count(list, " 0") < 51 {
		t.Errorf("the list: %.300s", list)
	}
	// Of a trade; and for who works for one commune the others are left open.
	_, text = w.ask("GET", "/console/needs/map?trade=han", w.as(staff.Officer, staff.Scope{Places: []string{"ba-che"}}), "")
	for _, want := range []string{`<a href="/console/needs?place=ba-che&amp;trade=han">`, `<title>Xã Ba Chẽ: 3 người đang chờ, nghề Thợ hàn</title>`, "Phường Đông Triều: ngoài phạm vi", "3 người đang chờ."} {
		if !strings.Contains(text, want) {
			t.Errorf("the map of a trade has no %s", want)
		}
	}
}

// Nobody sees the sums of where they don't work.
func TestNeedsStayInTheirScope(t *testing.T) {
	w := needy(t)
	officer, viewer := w.as(staff.Officer, staff.Scope{Places: []string{"ba-che"}}), w.as(staff.Viewer, province)
	school, counsellor := w.as(staff.Officer, staff.Scope{Org: "Trường A"}), w.as(staff.Counsellor, province)
	for path, who := range map[string]string{"/console/needs?place=dong-trieu": officer, "/console/needs/export.xlsx?place=dong-trieu": officer, "/console/needs": counsellor, "/console/needs/map": counsellor} {
		if answer, _ := w.ask("GET", path, who, ""); answer.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d", path, answer.StatusCode)
		}
	}
	total := func(who string) string {
		_, text := w.ask("GET", "/console/needs?least=5", who, "")
		return plain(text, `<div class="tiles">`, "<h2")
	}
	for _, c := range []struct{ who, want string }{
		{officer, "27 nguyện vọng đang chờ lớp 2 nghề có người chờ 1 xã, phường có người chờ 1 lớp"},
		{viewer, "67 nguyện vọng đang chờ lớp 3 nghề có người chờ 3 xã, phường có người chờ 3 lớp"},
		{school, "3 nguyện vọng đang chờ lớp 1 nghề có người chờ 1 xã, phường có người chờ 0 lớp"},
	} {
		if got := total(c.who); !strings.Contains(got, c.want) {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
	if _, text := w.ask("GET", "/console/needs", viewer, ""); strings.Contains(text, "/console/interests") {
		t.Error("who may not see people is sent to them")
	}
}

// book reads a workbook: what its cells show, and what is in them.
func book(t *testing.T, body string) (shown, raw map[string][][]string) {
	t.Helper()
	shown, raw = map[string][][]string{}, map[string][][]string{}
	for into, options := range map[*map[string][][]string]excelize.Options{&shown: {}, &raw: {RawCellValue: true}} {
		f, err := excelize.OpenReader(bytes.NewReader([]byte(body)), options)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for _, name := range f.GetSheetList() {
			rows, err := f.GetRows(name)
			if err != nil {
				t.Fatal(err)
			}
			(*into)[name] = rows
		}
	}
	return shown, raw
}

func TestNeedsWorkbook(t *testing.T) {
	w := needy(t)
	_, body := w.ask("GET", "/console/needs/export.xlsx", w.as(staff.Administrator, province), "")
	shown, raw := book(t, body)
	row := func(sheet string, n int, want ...string) {
		t.Helper()
		if len(shown[sheet]) <= n || !slices.Equal(shown[sheet][n], want) {
			t.Errorf("%s, row %d: %q, want %q", sheet, n+1, shown[sheet][min(n, len(shown[sheet])-1)], want)
		}
	}
	level := func(trade string) string {
		return map[string]string{"duoi-3-thang": "Dưới 3 tháng", "so-cap": "Sơ cấp"}[library().Trade(trade).Level]
	}
	bees, sewing, welding := library().Trade("nuoi-ong").Label(), library().Trade("may-cong-nghiep").Label(), library().Trade("han").Label()
	row("Nên mở lớp", 1, "1", "Phường Đông Triều", sewing, level("may-cong-nghiep"), "31", "Phường Đông Triều 31", "04/11/2026", "0")
	row("Nên mở lớp", 2, "2", "Xã Ba Chẽ", bees, level("nuoi-ong"), "31", "Xã Ba Chẽ 24, Xã Kỳ Thượng 7", "03/11/2026", "0")
	if day := raw["Nên mở lớp"][1][6]; day != "46330" { // days since 1899-12-30
		t.Errorf("the day is %q", day)
	}
	row("Nghề chưa ai dạy", 1, bees, "33", "0", "0", "0", "0", "0", "33")
	row("Theo nghề", 1, sewing, level("may-cong-nghiep"), "31", "1", "0", "0", "0", "2", "32")
	row("Theo nghề", 4, welding, level("han"), "3", "0", "0", "0", "0", "0", "3")
	places := map[string]string{}
	for _, r := range shown["Theo xã"][1:56] {
		places[r[0]] = strings.Join(r[1:], " ")
	}
	for name, want := range map[string]string{"Xã Ba Chẽ": "27 0 0 0 0 0 27", "Phường Đông Triều": "31 1 0 0 0 2 32", "Đặc khu Cô Tô": "0 0 0 0 0 0 0", "chưa rõ nơi ở": "2 0 0 0 0 0 2"} {
		if places[name] != want {
			t.Errorf("%s: %q, want %q", name, places[name], want)
		}
	}
	if len(places) != 55 {
		t.Errorf("%d communes", len(places))
	}
	f, err := excelize.OpenReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if kind, err := f.GetCellType("Theo xã", "B2"); err != nil || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
		t.Errorf("a number is of type %v, %v", kind, err)
	}
}

// A survey is made, answered by bot and on paper, and told of.
func TestCampaign(t *testing.T) {
	w := needy(t)
	admin, officer, stranger := w.as(staff.Administrator, province), w.as(staff.Officer, staff.Scope{Places: []string{"ba-che"}}), w.as(staff.Officer, staff.Scope{Places: []string{"tien-yen"}})
	today := time.Now().In(zone)
	form := func(change ...string) string {
		f := url.Values{"title": {"Khảo sát Ba Chẽ"}, "from": {today.Format(time.DateOnly)}, "to": {today.AddDate(0, 0, 9).Format(time.DateOnly)}, "place": {"ba-che"}}
		for i := 0; i < len(change); i += 2 {
			f.Set(change[i], change[i+1])
		}
		return f.Encode()
	}
	for _, bad := range [][]string{{"title", ""}, {"title", "a{b}"}, {"from", "2026-13-40"}, {"to", "2020-01-01"}, {"to", "2199-01-01"}, {"place", "tien-yen"}, {"place", "nowhere"}} {
		if answer, _ := w.ask("POST", "/console/campaigns", officer, form(bad...)); answer.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%v: %d", bad, answer.StatusCode)
		}
	}
	if len(w.courses.Load().Campaigns()) != 0 {
		t.Fatal("what was refused is kept")
	}
	answer, _ := w.ask("POST", "/console/campaigns", officer, form())
	path, _, _ := strings.Cut(answer.Header.Get("Location"), "?")
	id := strings.TrimPrefix(path, "/console/campaigns/")
	if k := w.courses.Load().Campaign(id); answer.StatusCode != http.StatusSeeOther || k == nil || len(id) > course.MaxCampaignID || k.Title != "Khảo sát Ba Chẽ" {
		t.Fatalf("%d %q %+v", answer.StatusCode, path, k)
	}
	if answer, _ := w.ask("POST", path, officer, form("title", "Khảo sát xã Ba Chẽ")); answer.StatusCode != http.StatusSeeOther || w.courses.Load().Campaign(id).Title != "Khảo sát xã Ba Chẽ" {
		t.Errorf("changed: %d", answer.StatusCode)
	}
	for _, p := range []string{path, path + "/edit", path + "/picture", path + "/export.xlsx"} {
		if answer, _ := w.ask("GET", p, stranger, ""); answer.StatusCode != http.StatusForbidden {
			t.Errorf("%s: a stranger gets %d", p, answer.StatusCode)
		}
	}
	if _, text := w.ask("GET", "/console/campaigns", stranger, ""); strings.Contains(text, "Khảo sát xã Ba Chẽ") {
		t.Error("a stranger sees it in the list")
	}

	// Two answer the bot, one on paper; one more paper is of no survey.
	for i, village := range []string{"Khe Lò", "khe lo"} {
		if err := w.db.AnswerSurvey(t.Context(), course.Interest{ID: fmt.Sprint("a", i), Channel: "web", Contact: fmt.Sprint("p", i), Trade: "han", Place: "ba-che", Village: village, Able: course.AbleNow, Campaign: id,
			State: course.New, Source: course.FromSurvey, Consent: "vâng", CreatedAt: time.Now(), UpdatedAt: time.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	paper := func(who, campaign string, want int) {
		t.Helper()
		f := url.Values{"ho-ten": {"Bàn Thị Mai"}, "xa-phuong": {"Xã Ba Chẽ"}, "thon": {"Nam Hả"}, "nghe": {library().Trade("nuoi-ong").Name}, "da-dong-y": {"Có"}, "campaign": {campaign}}
		if answer, text := w.ask("POST", "/console/interests", who, f.Encode()); answer.StatusCode != want {
			t.Errorf("paper for %q: %d %s", campaign, answer.StatusCode, plain(text, `role="alert"`, "</div>"))
		}
	}
	paper(officer, id, http.StatusSeeOther)
	paper(officer, "", http.StatusSeeOther)
	paper(officer, "nothing", http.StatusUnprocessableEntity)
	_, text := w.ask("GET", path, officer, "")
	for _, want := range []string{"3 người trả lời 2 trả lời bot 1 trên phiếu giấy"} {
		if got := plain(text, `<div class="tiles">`, `<p class="acts`); !strings.Contains(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
	told := plain(text, "Theo nghề", "Đã làm gì")
	for _, want := range []string{library().Trade("han").Label() + " 2 0 2", library().Trade("nuoi-ong").Label() + " 0 1 1", "Khe Lò, Xã Ba Chẽ 2 0 2", "Nam Hả, Xã Ba Chẽ 0 1 1", "trong ba tháng tới 2 0 2"} {
		if !strings.Contains(told, want) {
			t.Errorf("no %q in %q", want, told)
		}
	}
	if _, body := w.ask("GET", path+"/export.xlsx", officer, ""); true {
		shown, _ := book(t, body)
		if got := strings.Join(shown["Theo thôn"][1], " "); got != "Khe Lò, Xã Ba Chẽ 2 0 2" {
			t.Errorf("the workbook: %s", got)
		}
	}
	if _, text := w.ask("GET", "/console/interests?campaign="+id, officer, ""); strings.Count(text, `href="/console/interests/`) < 3 || !strings.Contains(text, "Bàn Thị Mai") {
		t.Error("the people of the survey are not listed")
	}
	if _, text := w.ask("GET", "/console/needs?place=ba-che", admin, ""); !strings.Contains(plain(text, `<div class="tiles">`, "<h2"), "31 nguyện vọng đang chờ") {
		t.Errorf("answers are no needs: %s", plain(text, `<div class="tiles">`, "<h2"))
	}
	if answer, body := w.ask("GET", path+"/picture", officer, ""); answer.Header.Get("Content-Type") != "image/png" || !strings.HasPrefix(body, "\x89PNG") {
		t.Error("no picture")
	}

	// The letter is a draft whose button opens the survey, also after it is edited.
	answer, _ = w.ask("POST", path+"/letter", officer, "")
	letter, _, _ := strings.Cut(answer.Header.Get("Location"), "?")
	letterID := strings.TrimPrefix(letter, "/console/broadcasts/")
	button := func() string {
		b, err := w.db.Broadcast(t.Context(), letterID)
		if err != nil || b == nil {
			t.Fatalf("%q: %v, %v", letter, b, err)
		}
		if len(b.Options) != 1 || b.State != "draft" || !slices.Equal(b.Audience.Places, []string{"ba-che"}) {
			t.Fatalf("%+v", b)
		}
		return b.Options[0].Tap
	}
	if got := button(); got != "flow:survey?survey="+id || len(got) > 64 {
		t.Errorf("the button says %q", got)
	}
	edited := url.Values{"text": {"Mời bà con trả lời khảo sát."}, "place": {"ba-che"}, "when": {"now"}}
	if answer, _ := w.ask("POST", letter, officer, edited.Encode()); answer.StatusCode != http.StatusSeeOther || button() != "flow:survey?survey="+id {
		t.Errorf("edited: %d", answer.StatusCode)
	}
	entries, err := w.db.Staff().Entries(t.Context(), staff.Query{About: "campaign:" + id, Limit: 9})
	if err != nil || len(entries) != 2 || !strings.Contains(entries[0].Detail, "tên: Khảo sát Ba Chẽ → Khảo sát xã Ba Chẽ") {
		t.Errorf("%+v, %v", entries, err)
	}
}
