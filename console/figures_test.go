package console_test

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"nghe/daily"
	"nghe/staff"
	"nghe/unanswered"
)

// figures is a console with a small known world: a journey under two releases on
// two days, counted by hand.
func figures(t *testing.T) (w *world, today daily.Day) {
	t.Helper()
	w = newWorld(t)
	today = daily.DayOf(time.Now().In(zone))
	at := func(day daily.Day, version string, kind daily.Kind, step string) daily.Key {
		return daily.Key{Day: day, Kind: kind, Channel: "web", What: "loan", Step: step, Version: version}
	}
	old := today.Add(-30) // in the four weeks before these
	if err := w.db.AddCounts(t.Context(), daily.Counts{
		at(today, "v2", daily.FlowsStarted, ""): 20, at(today, "v2", daily.FlowsEnded, ""): 9, at(today, "v2", daily.FlowsLeft, ""): 4,
		at(today, "v2", daily.StepsCame, "purpose"): 20, at(today, "v2", daily.StepsAnswered, "purpose"): 16, at(today, "v2", daily.StepsLeft, "purpose"): 3, at(today, "v2", daily.StepsMissed, "purpose"): 7,
		at(today, "v2", daily.StepsCame, "age"): 1016, at(today, "v2", daily.StepsAnswered, "age"): 1015, // a number with a point
		at(today, "v2", daily.StepsCame, "was-asked-once"): 2,
		at(old, "v1", daily.FlowsStarted, ""):              8, at(old, "v1", daily.StepsCame, "purpose"): 8, at(old, "v1", daily.StepsAnswered, "purpose"): 2,
	}); err != nil {
		t.Fatal(err)
	}
	return w, today
}

var cell = regexp.MustCompile(`<td[^>]*>([^<]*)</td>`)

// numbers gives the cells of a row of a table, by what its head says.
func numbers(page, head string) string {
	for row := range strings.SplitSeq(page, "<tr ") {
		if !strings.Contains(row, `scope="row">`+head) {
			continue
		}
		var all []string
		for _, m := range cell.FindAllStringSubmatch(row, -1) {
			all = append(all, m[1])
		}
		return strings.Join(all, "|")
	}
	return "no row"
}

func TestFunnelNumbers(t *testing.T) {
	w, today := figures(t)
	viewer := w.as(staff.Viewer, staff.Scope{Places: []string{"ba-che"}})
	_, page := w.ask("GET", "/console/funnels?flow=loan", viewer, "")
	for head, want := range map[string]string{
		"Bắt đầu<": "20||||||", "Bạn muốn vay để làm gì?": "20|16|0|0|3|1|7", "Người vay bao nhiêu tuổi?": "1.016|1.015|0|0|0|1|0",
		"was-asked-once": "2|0|0|0|0|2|0", "Đi hết<": "9 (45%)||||||", "Bỏ giữa chừng<": "4 (20%)||||||", "Định trả trong bao lâu?": "0|0|0|0|0|0|0",
	} {
		if got := numbers(page, head); got != want {
			t.Errorf("%s: %s, want %s", head, got, want)
		}
	}
	// The picture says the same, in words and in lengths.
	for _, want := range []string{"20 tới · 4 dừng (20%), 7 lần không hiểu.", "9 lượt đi hết (45%)", `class="f-answered" x="0%" y="`, `width="1.97%"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q", want)
		}
	}

	// Two times, and two releases, side by side.
	_, page = w.ask("GET", "/console/funnels?flow=loan&with=time", viewer, "")
	if got, want := numbers(page, "Bạn muốn vay để làm gì?"), "20|4 (20%)|7|8|6|0"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	from := today.Add(-40).String()
	_, page = w.ask("GET", "/console/funnels?flow=loan&with=content&from="+from, viewer, "")
	if got, want := numbers(page, "Bạn muốn vay để làm gì?"), "8|6|0|20|4 (20%)|7"; got != want || !strings.Contains(page, "bản v1") {
		t.Errorf("%s, want %s", got, want)
	}
	_, page = w.ask("GET", "/console/funnels?flow=loan&with=content&a=v2&b=v2&from="+from, viewer, "")
	if got, want := numbers(page, "Bạn muốn vay để làm gì?"), "20|4 (20%)|7|20|4 (20%)|7"; got != want {
		t.Errorf("%s, want %s", got, want)
	}

	// What can't be is told at its place.
	for query, want := range map[string]string{
		"from=2026-13-01": "Ngày chưa đúng", "from=2026-11-02&to=2026-11-01": "Ngày cuối phải sau", "from=2020-01-01&to=2026-01-01": "Nhiều nhất hai năm", "with=content": "chỉ có một bản nội dung",
	} {
		if answer, page := w.ask("GET", "/console/funnels?flow=loan&"+query, viewer, ""); answer.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, want) {
			t.Errorf("%s: %d", query, answer.StatusCode)
		}
	}
	// An unknown journey is the most used one; nothing of it is shown as it came.
	if _, page := w.ask("GET", "/console/funnels?flow=%3Cb%3Ex", viewer, ""); strings.Contains(page, "<b>x") || numbers(page, "Bắt đầu<") != "20||||||" {
		t.Error("an unknown journey")
	}
	if answer, _ := w.ask("GET", "/console/funnels", w.as(staff.Counsellor, province), ""); answer.StatusCode != http.StatusForbidden {
		t.Errorf("a counsellor: %d", answer.StatusCode)
	}
}

// The pictures are well-formed, named and told in words.
func TestFunnelPictures(t *testing.T) {
	w, _ := figures(t)
	_, page := w.ask("GET", "/console/funnels?flow=loan&with=time", w.as(staff.Editor, province), "")
	pictures := regexp.MustCompile(`(?s)<svg class="funnel".*?</svg>`).FindAllString(page, -1)
	if len(pictures) != 2 {
		t.Fatalf("%d pictures", len(pictures))
	}
	ids := map[string]bool{}
	for _, svg := range pictures {
		d := xml.NewDecoder(strings.NewReader(svg))
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
		for _, want := range []string{`role="img"`, "<title ", "<desc "} {
			if !strings.Contains(svg, want) {
				t.Errorf("no %s", want)
			}
		}
		for _, m := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(svg, -1) {
			if ids[m[1]] {
				t.Errorf("the id %s stands twice", m[1])
			}
			ids[m[1]] = true
		}
	}
}

func TestUnansweredPage(t *testing.T) {
	w := newWorld(t)
	today := daily.DayOf(time.Now().In(zone))
	asked := func(n int, day daily.Day, text string, why unanswered.Why) (all []unanswered.Change) {
		for range n {
			all = append(all, unanswered.Change{Text: unanswered.Text{Day: day, Text: text, Why: why, Channel: "web", Flow: "loan", Step: "purpose"}})
		}
		return all
	}
	for _, changes := range [][]unanswered.Change{
		asked(3, today, "làm lại căn cước ở đâu", unanswered.Refused), asked(2, today, "lam lai can cuoc o dau vay", unanswered.Missed), asked(4, today.Add(-35), "làm lại căn cước ở đâu", unanswered.Refused),
		asked(1, today, "tôm chết <b>hàng loạt</b> là bệnh gì", unanswered.Missed), asked(1, today.Add(-80), "mai có mưa không", unanswered.Missed),
	} {
		if err := w.db.ChangeUnanswered(t.Context(), changes); err != nil {
			t.Fatal(err)
		}
	}
	editor := w.as(staff.Editor, province)
	_, page := w.ask("GET", "/console/unanswered", editor, "")
	for _, want := range []string{
		"<b>6 lượt hỏi</b> trong 30 ngày qua, 30 ngày trước đó 4.", "“làm lại căn cước ở đâu”", "5 lần", "tăng, trước đó 4", "ngoài phạm vi 3, không hiểu 2", "“Bạn muốn vay để làm gì?”: 5", "1 cách gõ khác",
		"&lt;b&gt;hàng loạt", "mới, trước đó chưa có",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	if strings.Contains(page, "mai có mưa") || !strings.Contains(page, "/console/content/ask?text=") {
		t.Error("the page has what is older, or no way to make a way of asking of a text")
	}
	if _, page := w.ask("GET", "/console/unanswered?days=90", editor, ""); !strings.Contains(page, "mai có mưa") {
		t.Error("ninety days have not what was asked eighty days ago")
	}

	// A group is marked whole, noted, and stands on another list.
	form := url.Values{"text": {"làm lại căn cước ở đâu", "lam lai can cuoc o dau vay"}, "mark": {unanswered.NotOurs}, "days": {"30"}, "show": {""}}
	if answer, _ := w.ask("POST", "/console/unanswered/mark", editor, form.Encode()); answer.StatusCode != http.StatusSeeOther || answer.Header.Get("Location") != "/console/unanswered?days=30&show=&done=unanswered-not-ours" {
		t.Errorf("%d %s", answer.StatusCode, answer.Header.Get("Location"))
	}
	if _, page := w.ask("GET", "/console/unanswered", editor, ""); strings.Contains(page, "“làm lại căn cước ở đâu”") {
		t.Error("what was marked is still there")
	}
	if _, page := w.ask("GET", "/console/unanswered?show=not-ours", editor, ""); !strings.Contains(page, "“làm lại căn cước ở đâu”") || !strings.Contains(page, "Người editor") {
		t.Error("what was marked is not where it belongs")
	}
	entries, err := w.db.Staff().Entries(t.Context(), staff.Query{Did: "unanswered.mark", Limit: 9})
	if err != nil || len(entries) != 1 || entries[0].Detail != "“làm lại căn cước ở đâu”: không thuộc việc của nghe" {
		t.Errorf("%+v, %v", entries, err)
	}
	for name, f := range map[string]url.Values{"another mark": {"text": {"x"}, "mark": {"gone"}}, "no text": {"mark": {"seen"}}} {
		if answer, _ := w.ask("POST", "/console/unanswered/mark", editor, f.Encode()); answer.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d", name, answer.StatusCode)
		}
	}
	for _, role := range []staff.Role{staff.Officer, staff.Viewer, staff.Counsellor} {
		if answer, _ := w.ask("GET", "/console/unanswered", w.as(role, province), ""); answer.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d", role, answer.StatusCode)
		}
	}
}

// Invented numbers are called so.
func TestInventedFiguresAreCalledSo(t *testing.T) {
	w, today := figures(t)
	admin := w.as(staff.Administrator, province)
	for _, invented := range []bool{false, true} {
		if invented {
			if err := w.db.FillCounts(t.Context(), daily.Counts{{Day: today, Kind: daily.FlowsStarted, Channel: daily.Invented, What: "loan"}: 1}, []unanswered.Sum{{N: 1, Text: unanswered.Text{Day: today, Text: "ví dụ nào đó", Why: unanswered.Missed, Channel: daily.Invented}}}); err != nil {
				t.Fatal(err)
			}
		}
		for _, path := range []string{"/console/funnels?flow=loan", "/console/unanswered"} {
			if _, page := w.ask("GET", path, admin, ""); strings.Contains(page, "không có thật") != invented {
				t.Error(fmt.Sprint(path, " with invented numbers: ", invented))
			}
		}
	}
}
