package console_test

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"nghe/bot"
	"nghe/broadcast"
	"nghe/console"
	"nghe/course"
	"nghe/daily"
	"nghe/handoff"
	"nghe/people"
	"nghe/report"
	"nghe/staff"
	"nghe/store"
	"nghe/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// at is a time of the province.
func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	if err != nil {
		panic(err)
	}
	return t
}

// reported is a small world made by hand, and what every table must say of it:
// half a year of the report's year 2026, looked at in the evening of its 182nd day.
func reported(t *testing.T, db *store.DB) *world {
	w := newWorldOn(t, db)
	w.console.Now = func() time.Time { return at("2026-05-31 20:00") }
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := db.PutCourses(ctx, []course.Course{{ID: "c1", Title: "Lớp hàn", Trade: "han", Level: course.Short, Place: "ba-che", Provider: "Trường A", Partners: []string{"Hội Nông dân xã"}, Status: course.Finished}}, at("2025-12-01 08:00"))
	must(err)
	must(w.learn(ctx))

	// A woman, as she agreed to have kept, who goes all the way.
	an := bot.Contact{Channel: "telegram", ID: "1"}
	must(db.Follow(ctx, people.Person{ID: "an", Profile: []byte("{}"), UpdatedAt: at("2025-12-10 08:00")}, an, people.Following{At: at("2025-12-10 08:00")}, []string{"women"}, people.Consent{Purpose: people.PurposeNews, Words: "x", GivenAt: at("2025-12-10 08:00")}))
	wish := func(id, place, trade string, level course.Level, class, created string) {
		t.Helper()
		i := course.Interest{ID: id, Place: place, Trade: trade, Level: level, Course: class, State: course.New, Source: course.FromPaper, Consent: "giấy", CreatedAt: at(created), UpdatedAt: at(created)}
		if id == "w1" {
			i.Channel, i.Contact, i.Source = an.Channel, an.ID, course.FromTalk
			_, err := db.PutInterest(ctx, i)
			must(err)
			return
		}
		must(db.AddInterests(ctx, []course.Interest{i}))
	}
	now := map[string]course.State{}
	move := func(id string, to course.State, when string) {
		t.Helper()
		from := now[id]
		if from == "" {
			from = course.New
		}
		n, err := db.MoveInterests(ctx, []course.Move{{ID: id, From: from, To: to}}, at(when))
		if must(err); n != 1 {
			t.Fatalf("%s was not %s", id, from)
		}
		now[id] = to
	}
	mark := func(id string, s course.Step, when string) {
		t.Helper()
		must(db.MarkInterests(ctx, []string{id}, course.Milestone{Step: s, At: at(when)}, at(when)))
	}
	wish("w1", "ba-che", "han", course.Short, "c1", "2025-12-10 08:00")
	move("w1", course.Enrolled, "2026-01-05 08:00")
	move("w1", course.Started, "2026-01-20 08:00")
	move("w1", course.Done, "2026-03-10 08:00")
	mark("w1", course.Certified, "2026-03-20 00:00")
	move("w1", course.Working, "2026-04-01 08:00")
	mark("w1", course.Idle3, "2026-05-19 08:00") // a mistake
	mark("w1", course.Working3, "2026-05-20 08:00")
	wish("w2", "ba-che", "han", course.Short, "c1", "2025-12-15 08:00")
	move("w2", course.Started, "2026-01-20 08:00") // and so enrolled
	move("w2", course.Dropped, "2026-02-02 08:00")
	wish("w3", "dong-trieu", "nuoi-ong", "", "", "2026-01-31 23:30")
	wish("w4", "ba-che", "nuoi-ong", course.Secondary, "", "2026-02-01 00:10")
	move("w4", course.Done, "2026-02-03 08:00") // a mistake
	move("w4", course.Contacted, "2026-02-04 08:00")
	wish("w5", "ba-che", "han", course.Short, "c1", "2025-02-01 08:00") // the year before
	move("w5", course.Done, "2025-05-10 08:00")
	mark("w5", course.Idle3, "2025-08-10 08:00")
	mark("w5", course.Working6, "2025-12-05 08:00")
	wish("w6", "ba-che", "han", "", "", "2026-12-01 00:00") // the year after
	wish("w7", "", "nuoi-ong", "", "", "2026-05-30 08:00")

	open := func(id string, kind handoff.Kind, queue, when string) {
		t.Helper()
		_, _, err := db.OpenCase(ctx, handoff.Case{ID: id, Turn: id, State: handoff.Waiting, Kind: kind, Queue: queue, Place: "ba-che", Contact: bot.Contact{Channel: "zalo", ID: id}, OpenedAt: at(when), WaitingAt: at(when)}, nil)
		must(err)
	}
	closed := func(id string, o handoff.Outcome, rating int, when string) {
		t.Helper()
		_, err := db.ChangeCase(ctx, id, func(c handoff.Case) (handoff.Change, error) {
			c.State, c.Outcome, c.ClosedBy, c.ClosedAt, c.Rating = handoff.Closed, o, "lan", at(when), rating
			return handoff.Change{Case: c, Hold: &bot.Hold{}, At: at(when)}, nil
		})
		must(err)
	}
	open("k1", handoff.Help, "training", "2026-01-10 08:00")
	closed("k1", handoff.Answered, 5, "2026-01-12 08:00")
	open("k2", handoff.Help, "loans", "2026-02-10 08:00")
	open("k3", handoff.Complaint, "complaint", "2026-03-01 08:00")
	closed("k3", handoff.Referred, 0, "2026-03-02 20:00")
	open("k4", handoff.Help, "training", "2025-03-01 08:00") // the year before
	closed("k4", handoff.Enrolled, 3, "2025-03-02 08:00")

	loan := library().Programmes[0].ID
	must(db.AddCounts(ctx, daily.Counts{
		{Day: 20260110, Kind: daily.Conversations, Place: "ba-che", Channel: "web"}: 7, {Day: 20251201, Kind: daily.Conversations, Channel: "web"}: 4,
		{Day: 20250310, Kind: daily.Conversations, Channel: "web"}: 6, {Day: 20251130, Kind: daily.Conversations, Channel: "web"}: 9,
		{Day: 20260110, Kind: daily.Programmes, What: loan, Place: "ba-che"}: 3, {Day: 20260530, Kind: daily.Programmes, What: loan}: 2, {Day: 20250310, Kind: daily.Programmes, What: loan}: 1,
	}))

	letter := broadcast.Broadcast{ID: "b", Text: "Có lớp", State: broadcast.Sending, At: at("2026-02-01 08:00"), UsefulUntil: at("2026-03-01 08:00"), CreatedAt: at("2026-02-01 08:00")}
	_, _, err = db.Put(ctx, letter, true, letter.At)
	must(err)
	for more := true; more; {
		more, err = db.Plan(ctx, "b", 100, letter.At)
		must(err)
	}
	claimed, _, _, err := db.Claim(ctx, &letter, broadcast.Claiming{Channel: "telegram", Owner: "o", Limit: 9, Now: letter.At, Lease: time.Minute}, func(broadcast.Facts) broadcast.Verdict { return broadcast.Verdict{Do: broadcast.Send} })
	must(err)
	for _, c := range claimed {
		_, _, err := db.Mark(ctx, "b", "o", []broadcast.Outcome{{Who: c.Who, State: broadcast.Sent}}, letter.At)
		must(err)
	}
	return w
}

// yearlyTables are the hand counts. The columns of training: wishes, enrolled,
// begun, finished, certificates, work, given up; last year's wishes and finished.
var yearlyTables = map[string]string{
	"Tổng hợp": "Lượt trò chuyện với máy|11|6|22; Nguyện vọng học nghề được ghi|5|1|10; Người vào lớp|2|1|4; Người bắt đầu học|2|1|4; Người học xong|1|1|2; Người có chứng chỉ|1|0|2; Người có việc sau học|1|0|2; " +
		"Lượt được chỉ gói vay|5|1|10; Ca chuyển cho người tư vấn|2|1|4; Phản ánh, khiếu nại của người dân|1|0|2; Lượt tin thông báo đã tới|1|0|2; Người nhận được thông báo|1|0|",
	"Theo tháng":                   "12/2025|4|2|0|0|0|0|0|0|0|0; 1/2026|7|1|2|0|0|0|1|0|0|0; 2/2026|0|1|0|0|0|0|1|0|1|0; 3/2026|0|0|0|1|1|0|0|1|0|0; 4/2026|0|0|0|0|0|1|0|0|0|0; 5/2026|0|1|0|0|0|0|0|0|0|1; Cộng|11|5|2|1|1|1|2|1|1|1",
	"Theo xã, phường":              "Xã Ba Chẽ|3|2|2|1|1|1|1|1|1; Phường Đông Triều|1|0|0|0|0|0|0|0|0; chưa rõ nơi ở|1|0|0|0|0|0|0|0|0; Cộng|5|2|2|1|1|1|1|1|1",
	"Theo nghề":                    "Nuôi ong lấy mật|3|0|0|0|0|0|0|0|0; Thợ hàn|2|2|2|1|1|1|1|1|1; Cộng|5|2|2|1|1|1|1|1|1",
	"Theo trình độ":                "Dưới 3 tháng|2|2|2|1|1|1|1|1|1; Trung cấp|1|0|0|0|0|0|0|0|0; chưa rõ|2|0|0|0|0|0|0|0|0; Cộng|5|2|2|1|1|1|1|1|1",
	"Theo giới tính":               "Nữ|1|1|1|1|1|1|0|0|0; chưa rõ|4|1|1|0|0|0|1|1|1; Cộng|5|2|2|1|1|1|1|1|1",
	"Theo nhóm đối tượng":          "WOMEN|1|1|1|1|1|1|0|0|0; chưa rõ|4|1|1|0|0|0|1|1|1; Cộng|5|2|2|1|1|1|1|1|1",
	"Tư vấn vay vốn":               "LOAN|5|1; Cộng|5|1",
	"Ca tư vấn (chuyển cho người)": "Học nghề, hỗ trợ|1|1|0|1; Vay vốn|1|0|1|0; Cộng|2|1|1|1",
	"Ca tư vấn: kết quả":           "Đã trả lời|1|0; Đã đăng ký học|0|1; Còn mở|1|0; Cộng|2|1",
	"Phản ánh, khiếu nại của người dân và việc trả lời": "Đã chuyển nơi khác|1|0; Cộng|1|0",
	"Người dân hài lòng tới đâu":                        "Tốt|1|0; Tạm được|0|1; Ca có đánh giá|1|1",
	"Tuyên truyền, thông báo":                           "Đợt tin có người nhận được|1|0; Lượt tin đã tới|1|0; Lượt tin hỏng hoặc không rõ|0|0; Người nhận được|1|0",
	"Chất lượng đào tạo: việc làm sau học":              "Có việc|1|1; Số người đã hỏi|1|1",
	"Khó khăn, vướng mắc của cơ quan, địa phương":       "Toàn tỉnh|Thiếu giáo viên|Người administrator|31/05/2026",
}

// resultTables are those of the wishes of the year, whenever something came of
// them: wishes, enrolled, begun, finished, certificates, work after 3 and after 6
// months, given up.
var resultTables = map[string]string{
	"Từ nguyện vọng tới việc làm":     "Nguyện vọng|5|; Vào lớp|2|; Bắt đầu học|2|; Học xong|1|; Có chứng chỉ|1|; Có việc sau 3 tháng|1|; Có việc sau 6 tháng|0|",
	"Theo xã, phường":                 "Xã Ba Chẽ|3|2|2|1|1|1|0|1; Phường Đông Triều|1|0|0|0|0|0|0|0; chưa rõ nơi ở|1|0|0|0|0|0|0|0; Cộng|5|2|2|1|1|1|0|1",
	"Theo nghề":                       "Nuôi ong lấy mật|3|0|0|0|0|0|0|0; Thợ hàn|2|2|2|1|1|1|0|1; Cộng|5|2|2|1|1|1|0|1",
	"Theo trình độ":                   "Dưới 3 tháng|2|2|2|1|1|1|0|1; Trung cấp|1|0|0|0|0|0|0|0; chưa rõ|2|0|0|0|0|0|0|0; Cộng|5|2|2|1|1|1|0|1",
	"Theo giới tính":                  "Nữ|1|1|1|1|1|1|0|0; chưa rõ|4|1|1|0|0|0|0|1; Cộng|5|2|2|1|1|1|0|1",
	"Theo nhóm đối tượng":             "WOMEN|1|1|1|1|1|1|0|0; chưa rõ|4|1|1|0|0|0|0|1; Cộng|5|2|2|1|1|1|0|1",
	"Theo trường, nơi dạy":            "Trường A|2|2|2|1|1|1|0|1; chưa chọn lớp, hoặc chưa rõ|3|0|0|0|0|0|0|0; Cộng|5|2|2|1|1|1|0|1",
	"Theo đơn vị cùng tổ chức":        "Hội Nông dân xã|2|2|2|1|1|1|0|1; chưa chọn lớp, hoặc chưa rõ|3|0|0|0|0|0|0|0; Cộng|5|2|2|1|1|1|0|1",
	"Có việc không, khi được hỏi lại": "Có việc|1|0; Số người đã hỏi|1|0",
	"Ca tư vấn (chuyển cho người)":    "Học nghề, hỗ trợ|1|1|0|0; Vay vốn|1|0|1|0; Cộng|2|1|1|0",
	"Ca tư vấn: kết quả":              "Đã trả lời|1|0; Còn mở|1|0; Cộng|2|0",
	"Phản ánh, khiếu nại của người dân và việc trả lời": "Đã chuyển nơi khác|1|0; Cộng|1|0",
	"Người dân hài lòng tới đâu":                        "Tốt|1|0; Ca có đánh giá|1|0",
}

var (
	sectionMark = regexp.MustCompile(`(?s)<section class="report">\s*<h2>(.*?)</h2>(.*?)</section>`)
	bodyMark    = regexp.MustCompile(`(?s)<tbody>(.*?)</tbody>`)
	rowMark     = regexp.MustCompile(`(?s)<tr>(.*?)</tr>`)
	cellMark    = regexp.MustCompile(`(?s)<t[hd][^>]*>(.*?)</t[hd]>`)
)

// tablesOf reads the tables of a page, by their headings, in their order.
func tablesOf(page string) (titles []string, tables map[string]string) {
	tables = map[string]string{}
	for _, s := range sectionMark.FindAllStringSubmatch(page, -1) {
		title := html.UnescapeString(s[1])
		titles = append(titles, title)
		body := bodyMark.FindStringSubmatch(s[2])
		if body == nil {
			continue
		}
		var rows []string
		for _, r := range rowMark.FindAllStringSubmatch(body[1], -1) {
			var cells []string
			for _, c := range cellMark.FindAllStringSubmatch(r[1], -1) {
				cells = append(cells, html.UnescapeString(c[1]))
			}
			rows = append(rows, strings.Join(cells, "|"))
		}
		tables[title] = strings.Join(rows, "; ")
	}
	return titles, tables
}

// bookOf reads the tables of a workbook, in their order, without the first sheet.
func bookOf(t *testing.T, body string) (tables []string) {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, name := range f.GetSheetList()[1:] {
		rows, err := f.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for i, r := range rows[1:] {
			if len(r) == 0 {
				break
			}
			for len(r) < len(rows[0]) {
				r = append(r, "")
			}
			lines = append(lines, strings.Join(r, "|"))
			// What is a number is one in Excel too.
			for k := 1; k < len(r); k++ {
				cell, _ := excelize.CoordinatesToCellName(k+1, i+2)
				kind, err := f.GetCellType(name, cell)
				digits := regexp.MustCompile(`^[\d.]+$`).MatchString(r[k])
				if err != nil || digits && kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
					t.Errorf("%s %s is %q of type %v, %v", name, cell, r[k], kind, err)
				}
			}
		}
		tables = append(tables, strings.Join(lines, "; "))
	}
	return tables
}

// onBoth runs a test over both stores.
func onBoth(t *testing.T, test func(*testing.T, *store.DB)) {
	t.Run("sqlite", func(t *testing.T) {
		db, err := store.Open(t.Context(), t.TempDir(), time.Now())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		test(t, db)
	})
	t.Run("postgres", func(t *testing.T) {
		db, err := store.OpenPostgres(t.Context(), storetest.Postgres(t), time.Now())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		test(t, db)
	})
}

// Every figure of the results, of the yearly report and of their workbooks is what
// was counted by hand.
func TestReportsAgreeWithTheHandCount(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB) {
		w := reported(t, db)
		admin := w.as(staff.Administrator, province)
		if answer, _ := w.ask("POST", "/console/report/difficulty?year=2026", admin, url.Values{"words": {"Thiếu giáo viên"}}.Encode()); answer.StatusCode != http.StatusSeeOther {
			t.Fatal(answer.Status)
		}
		for path, want := range map[string]map[string]string{"/console/report": yearlyTables, "/console/results": resultTables} {
			answer, page := w.ask("GET", path+"?year=2026", admin, "")
			if answer.StatusCode != http.StatusOK {
				t.Fatal(path, answer.Status)
			}
			titles, tables := tablesOf(page)
			if len(titles) != len(want) {
				t.Errorf("%s: %d tables, want %d", path, len(titles), len(want))
			}
			_, book := w.ask("GET", path+"/export.xlsx?year=2026", admin, "")
			sheets := bookOf(t, book)
			for i, title := range titles {
				should := strings.NewReplacer("WOMEN", library().ValueName("news_groups", "women"), "LOAN", library().Programmes[0].Name).Replace(want[title])
				if tables[title] != should {
					t.Errorf("%s, %s:\n%s\nwant\n%s", path, title, tables[title], should)
				}
				if i >= len(sheets) || sheets[i] != should {
					t.Errorf("%s, workbook, %s:\n%s\nwant\n%s", path, title, sheets[i], should)
				}
			}
		}
	})
}

// Whoever deletes all leaves what is counted by day, and cases; wishes and their
// milestones go.
func TestDeletingLeavesWhatIsCountedByDay(t *testing.T) {
	onBoth(t, func(t *testing.T, db *store.DB) {
		w := reported(t, db)
		book := people.Book{Records: db.People([]byte("key"))}
		for _, c := range []bot.Contact{{Channel: "telegram", ID: "1"}, {Channel: "zalo", ID: "k1"}} {
			if err := book.Delete(t.Context(), c, at("2026-05-01 08:00")); err != nil {
				t.Fatal(err)
			}
		}
		_, page := w.ask("GET", "/console/report?year=2026", w.as(staff.Administrator, province), "")
		_, tables := tablesOf(page)
		for title, want := range map[string]string{
			"Tổng hợp": "Lượt trò chuyện với máy|11|6|22; Nguyện vọng học nghề được ghi|4|1|8; Người vào lớp|1|1|2; Người bắt đầu học|1|1|2; Người học xong|0|1|0; Người có chứng chỉ|0|0|0; Người có việc sau học|0|0|0; " +
				"Lượt được chỉ gói vay|5|1|10; Ca chuyển cho người tư vấn|2|1|4; Phản ánh, khiếu nại của người dân|1|0|2; Lượt tin thông báo đã tới|1|0|2; Người nhận được thông báo|1|0|",
			"Ca tư vấn: kết quả": yearlyTables["Ca tư vấn: kết quả"],
		} {
			if tables[title] != want {
				t.Errorf("%s:\n%s\nwant\n%s", title, tables[title], want)
			}
		}
	})
}

// Who works for a commune sees it exactly, the province with small numbers hidden,
// and nothing of a neighbour; exact reading is in the books.
func TestReportOfAScope(t *testing.T) {
	db, err := store.Open(t.Context(), t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	w := reported(t, db)
	officer := w.as(staff.Officer, staff.Scope{Places: []string{"ba-che"}})
	_, page := w.ask("GET", "/console/report?year=2026", officer, "")
	_, tables := tablesOf(page)
	if got, want := tables["Theo xã, phường"], "Xã Ba Chẽ|3|2|2|1|1|1|1|1|1; Cộng|3|2|2|1|1|1|1|1|1"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if !strings.HasPrefix(tables["Tổng hợp"], "Lượt trò chuyện với máy|7|0|14; Nguyện vọng học nghề được ghi|3|1|6; ") {
		t.Error(tables["Tổng hợp"])
	}
	read := func() int {
		all, err := db.Staff().Entries(t.Context(), staff.Query{Did: "report.read", Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	if read() != 1 {
		t.Errorf("%d readings are in the books", read())
	}
	_, page = w.ask("GET", "/console/report?year=2026&whole=yes", officer, "")
	_, tables = tablesOf(page)
	if got, want := tables["Theo nghề"], "Nuôi ong lấy mật|ẩn|ẩn|ẩn|ẩn|ẩn|ẩn|ẩn|ẩn|ẩn; Thợ hàn|ẩn|ẩn|ẩn|ẩn|ẩn|ẩn|ẩn|ẩn|ẩn; Cộng|5|ẩn|ẩn|ẩn|ẩn|ẩn|ẩn|ẩn|ẩn"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for title, table := range tables {
		if regexp.MustCompile(`\|[1-4](\||;|$)`).MatchString(table) {
			t.Errorf("small numbers of all: %s: %s", title, table)
		}
	}
	if read() != 1 {
		t.Error("reading what is hidden is noted")
	}
	for path, want := range map[string]int{
		"/console/report?place=ky-thuong": http.StatusForbidden, "/console/results?place=ky-thuong": http.StatusForbidden, "/console/report?place=nowhere": http.StatusNotFound,
		"/console/report/export.xlsx?place=ky-thuong": http.StatusForbidden, "/console/report?org=" + url.QueryEscape("Trường A"): http.StatusForbidden,
	} {
		if answer, _ := w.ask("GET", path, officer, ""); answer.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, answer.StatusCode, want)
		}
	}
	// Only the province says for whom its reports are; who only looks writes nothing.
	for _, x := range []struct {
		cookie, path string
		want         int
	}{
		{officer, "/console/report/receiver", http.StatusForbidden}, {officer, "/console/report/difficulty?whole=yes", http.StatusForbidden}, {officer, "/console/report/difficulty", http.StatusSeeOther},
		{w.as(staff.Viewer, province), "/console/report/difficulty", http.StatusForbidden}, {w.as(staff.Administrator, province), "/console/report/receiver", http.StatusSeeOther},
	} {
		if answer, _ := w.ask("POST", x.path, x.cookie, url.Values{"words": {"Đường xa"}, "receiver": {"Sở Nội vụ tỉnh"}}.Encode()); answer.StatusCode != x.want {
			t.Errorf("%s: %d, want %d", x.path, answer.StatusCode, x.want)
		}
	}
	_, page = w.ask("GET", "/console/report?year=2026", w.as(staff.Administrator, province), "")
	if _, tables := tablesOf(page); !strings.Contains(page, "Nơi nhận: Sở Nội vụ tỉnh") || tables["Khó khăn, vướng mắc của cơ quan, địa phương"] != "Xã Ba Chẽ|Đường xa|Người officer|31/05/2026" {
		t.Errorf("%s", fmt.Sprint(tables["Khó khăn, vướng mắc của cơ quan, địa phương"]))
	}
}

// slowFigures are records that sum up when they are let.
type slowFigures struct {
	console.Records
	let chan struct{}
}

func (s slowFigures) Figures(ctx context.Context, a report.Asked) (report.Figures, error) {
	select {
	case <-s.let:
		return s.Records.Figures(ctx, a)
	case <-ctx.Done():
		return report.Figures{}, ctx.Err()
	}
}

// As long as there are no figures the page says so, and asks again by itself. What
// staff write is there at once when there are some.
func TestReportThatIsBeingSummedUp(t *testing.T) {
	db, err := store.Open(t.Context(), t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	w := reported(t, db)
	let := make(chan struct{})
	w.console.Records = slowFigures{w.console.Records, let}
	w.console.Patience = time.Nanosecond
	admin := w.as(staff.Administrator, province)
	for _, path := range []string{"/console/report?year=2026", "/console/results?year=2026"} {
		if answer, page := w.ask("GET", path, admin, ""); answer.StatusCode != http.StatusOK || !strings.Contains(page, "<h1>Đang tính</h1>") || answer.Header.Get("Refresh") == "" || strings.Contains(page, "<table") {
			t.Errorf("%s: %s: %s", path, answer.Status, page)
		}
	}
	if answer, _ := w.ask("POST", "/console/report/difficulty?year=2026", admin, url.Values{"words": {"Thiếu xưởng"}}.Encode()); answer.StatusCode != http.StatusSeeOther {
		t.Fatal(answer.Status)
	}
	close(let)
	w.console.Patience = time.Minute
	answer, page := w.ask("GET", "/console/report?year=2026", admin, "")
	if _, tables := tablesOf(page); !strings.Contains(tables["Khó khăn, vướng mắc của cơ quan, địa phương"], "Thiếu xưởng") || tables["Theo nghề"] != yearlyTables["Theo nghề"] || answer.Header.Get("Refresh") != "" {
		t.Error(page)
	}
}

// Figures that are made up say so on the page, on paper and on every sheet.
func TestInventedFiguresAreMarked(t *testing.T) {
	db, err := store.Open(t.Context(), t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	w := reported(t, db)
	admin := w.as(staff.Administrator, province)
	for _, invented := range []bool{false, true} {
		if invented {
			if err := db.AddCounts(t.Context(), daily.Counts{{Day: 20260110, Kind: daily.Turns, Channel: daily.Invented}: 1}); err != nil {
				t.Fatal(err)
			}
		}
		for _, path := range []string{"/console/report", "/console/results", "/console/needs", "/console/needs/map"} {
			if _, page := w.ask("GET", path+"?year=2026", admin, ""); strings.Contains(page, report.InventedMark) != invented || strings.Contains(page, "Số liệu bịa để thử") != invented {
				t.Errorf("%s, invented %t: %s", path, invented, page)
			}
		}
		for _, path := range []string{"/console/report/export.xlsx", "/console/results/export.xlsx", "/console/needs/export.xlsx"} {
			_, body := w.ask("GET", path+"?year=2026", admin, "")
			f, err := excelize.OpenReader(strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range f.GetSheetList() {
				if first, err := f.GetCellValue(name, "A1"); err != nil || (first == report.InventedMark) != invented {
					t.Errorf("%s, %s, invented %t: %q, %v", path, name, invented, first, err)
				}
			}
			f.Close()
		}
	}
}
