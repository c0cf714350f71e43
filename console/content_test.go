package console_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"nghe/daily"
	"nghe/release"
	"nghe/staff"
)

// hidden reads a field that the page carries.
func hidden(t *testing.T, page, name string) string {
	t.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no field %s in %.900s", name, page)
	}
	return html.UnescapeString(m[1])
}

// written reads what stands in the text area.
func written(t *testing.T, page string) string {
	t.Helper()
	m := regexp.MustCompile(`(?s)<textarea id="text"[^>]*>(.*?)</textarea>`).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no text in %.900s", page)
	}
	return html.UnescapeString(m[1])
}

func form(pairs ...string) string {
	f := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Add(pairs[i], pairs[i+1])
	}
	return f.Encode()
}

// An editor changes an answer: what that alters is shown, a talk is gone through,
// it is published with a reason, another editor is not written over, and it is
// gone back from.
func TestContentIsEdited(t *testing.T) {
	w := newWorld(t)
	one, two := w.as(staff.Editor, province), w.as(staff.Administrator, province)
	const path = "/console/content/topic/course.fee"
	ask := func(cookie, method, path, body string, want int) string {
		t.Helper()
		answer, text := w.ask(method, path, cookie, body)
		if answer.StatusCode != want {
			t.Fatalf("%s %s: %d, want %d: %s", method, path, answer.StatusCode, want, text[max(0, strings.Index(text, "<main")):])
		}
		return text
	}
	page := ask(one, "GET", path, "", 200)
	text, seen := written(t, page), hidden(t, page, "seen")
	if !strings.HasPrefix(text, "id: course.fee\n") {
		t.Fatalf("%.300s", text)
	}
	edit := strings.Replace(text, "Trường thu thêm khoản gì", "Trường có thu thêm khoản nào", 1)

	// Browsers send lines with CR.
	tried := ask(one, "POST", path+"/try", form("seen", seen, "text", strings.ReplaceAll(edit, "\n", "\r\n"), "say", "học có mất tiền không"), 200)
	for _, want := range []string{"1 câu đổi", "không trường hợp nào đổi", "chuyện đi khác", "Không câu nào hiểu khác đi", `data-mark="&#43;"`, "Trường có thu thêm khoản nào", "Nói lại từ đầu", "Trên từng kênh"} {
		if !strings.Contains(tried, want) {
			t.Errorf("no %q in what it alters", want)
		}
	}
	if hidden(t, tried, "said") != "học có mất tiền không" || strings.Count(tried, `class="said me"`) != 1 {
		t.Error("the talk is not on the page")
	}
	tap := html.UnescapeString(regexp.MustCompile(`name="tap" value="([^"]*)"`).FindStringSubmatch(tried)[1])
	more := ask(one, "POST", path+"/try", form("seen", seen, "text", edit, "said", "học có mất tiền không", "tapped", "", "tap", tap), 200)
	if strings.Count(more, `class="said me"`) != 2 {
		t.Error("a tap is not said")
	}
	if all, err := w.db.Releases(t.Context(), 0, 9); err != nil || len(all) != 0 {
		t.Errorf("trying keeps something: %v %v", all, err)
	}

	// What can't be used is told beside the line, and nothing of it is kept.
	bad := ask(one, "POST", path, form("seen", seen, "text", strings.Replace(edit, "4 triệu đồng", "7 triệu đồng", 1), "why", "Mức mới"), 422)
	if !strings.Contains(bad, "“7 triệu đồng” không phải số") || !strings.Contains(bad, "<code class=\"code\">  Lao động nông thôn") || !strings.Contains(written(t, bad), "7 triệu đồng") {
		t.Errorf("%s", bad[strings.Index(bad, "<main"):])
	}
	if text := ask(one, "POST", path, form("seen", seen, "text", "id: &a x\nb: *a", "why", "Mức mới"), 422); !strings.Contains(text, "Không dùng neo") {
		t.Error("a bomb is not told")
	}
	if text := ask(one, "POST", path, form("seen", seen, "text", edit, "why", " "), 422); !strings.Contains(text, `id="wrong-why"`) || !strings.Contains(written(t, text), "khoản nào") {
		t.Error("it is published without a reason")
	}
	ask(one, "POST", path, form("seen", seen, "text", edit, "why", "Dễ hiểu hơn"), http.StatusSeeOther)

	late := ask(two, "POST", path, form("seen", seen, "text", strings.Replace(text, "xin giấy thu", "nhớ xin giấy thu", 1), "why", "Nhắc cho rõ"), 422)
	if !strings.Contains(late, "Người editor vừa đổi mục này") || !strings.Contains(written(t, late), "nhớ xin giấy thu") || !strings.Contains(late, "Trường có thu thêm khoản nào") {
		t.Errorf("%s", late[strings.Index(late, "<main"):])
	}
	both := strings.Replace(edit, "xin giấy thu", "nhớ xin giấy thu", 1)
	ask(two, "POST", path, form("seen", hidden(t, late, "seen"), "text", both, "why", "Nhắc cho rõ"), http.StatusSeeOther)

	if list := ask(one, "GET", "/console/content", "", 200); !strings.Contains(list, "Đang có 1 mục đã sửa") || !strings.Contains(list, "đã sửa</span>") {
		t.Error("the list does not tell what is edited")
	}
	if list := ask(one, "GET", "/console/content?q=giay+thu", "", 200); !strings.Contains(list, "course.fee") {
		t.Error("it is not found by its words")
	}
	history := ask(one, "GET", "/console/content/history", "", 200)
	if !strings.Contains(history, "Bản 2: Câu hỏi course.fee") || !strings.Contains(history, "Nhắc cho rõ") || !strings.Contains(history, "Người administrator") {
		t.Errorf("%s", history[strings.Index(history, "<main"):])
	}
	if shown := ask(one, "GET", "/console/content/history/2", "", 200); !strings.Contains(shown, "nhớ xin giấy thu") || !strings.Contains(shown, "bản đang dùng") {
		t.Error("a change is not shown")
	}
	ask(one, "POST", "/console/content/history/1", form("why", ""), 422)
	ask(one, "POST", "/console/content/history/1", form("why", "Chưa thống nhất"), http.StatusSeeOther)
	if page := ask(one, "GET", path, "", 200); written(t, page) != edit {
		t.Errorf("%s", written(t, page))
	}
	ask(one, "POST", path+"/drop", form("seen", release.Entry{Text: edit}.Version(), "why", "Như cũ là được"), http.StatusSeeOther)
	if page := ask(one, "GET", path, "", 200); written(t, page) != text || !strings.Contains(page, "có sẵn</span>") {
		t.Errorf("%s", written(t, page))
	}
	for _, path := range []string{"9", "-1", "x"} {
		ask(one, "GET", "/console/content/history/"+path, "", 404)
	}
	entries, err := w.db.Staff().Entries(t.Context(), staff.Query{Did: "content.", Limit: 9})
	if err != nil || len(entries) != 4 || entries[3].Did != "content.edit" || entries[3].About != "topic:course.fee" || !strings.Contains(entries[3].Detail, "Dễ hiểu hơn") || entries[1].Did != "content.restore" {
		t.Errorf("%+v %v", entries, err)
	}
}

// What is edited is one of the list; nothing of a request becomes a path.
func TestOnlyWhatIsListedIsEdited(t *testing.T) {
	w := newWorld(t)
	editor, officer := w.as(staff.Editor, province), w.as(staff.Officer, province)
	for _, path := range []string{"flow/menu", "topic/..%2F..%2Fgo.mod", "topic/Hoa", "phrase/nosuch", "topics%2F*.yaml/x", "place/ba-che"} {
		for _, method := range []string{"GET", "POST"} {
			if answer, _ := w.ask(method, "/console/content/"+path, editor, form("text", "id: x", "why", "Thử xem")); answer.StatusCode != 404 {
				t.Errorf("%s %s: %d", method, path, answer.StatusCode)
			}
		}
	}
	for _, path := range []string{"/console/facts", "/console/content", "/console/content/ask", "/console/content/topic/course.fee", "/console/content/history"} {
		if answer, _ := w.ask("GET", path, officer, ""); answer.StatusCode != 403 {
			t.Errorf("%s: an officer gets %d", path, answer.StatusCode)
		}
		if answer, text := w.ask("GET", "/console/", officer, ""); answer.StatusCode != 200 || strings.Contains(text, `href="`+path+`"`) {
			t.Errorf("an officer is shown the way to %s", path)
		}
	}
	if answer, text := w.ask("POST", "/console/content/topic/course.fee/download", editor, form("text", "id: course.fee\ntitle: <b>x</b>\n")); answer.StatusCode != 200 || !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/plain") ||
		!strings.HasPrefix(answer.Header.Get("Content-Disposition"), "attachment") || !strings.Contains(text, "topics/course.yaml") || !strings.Contains(text, "replaces:") {
		t.Errorf("%d %v %s", answer.StatusCode, answer.Header, text)
	}
}

// A question that nobody understood becomes a way of asking, or a new topic.
func TestFromAQuestion(t *testing.T) {
	w := newWorld(t)
	editor := w.as(staff.Editor, province)
	const asked = "học lái máy xúc thì nhà nước cho bao nhiêu"
	_, page := w.ask("GET", "/console/content/ask?"+url.Values{"text": {asked}}.Encode(), editor, "")
	if !strings.Contains(page, "Bây giờ bot ") || strings.Count(page, "Thêm vào đây") < 2 {
		t.Fatalf("%s", page[strings.Index(page, "<main"):])
	}
	path := html.UnescapeString(regexp.MustCompile(`class="row" href="([^"]+)"`).FindStringSubmatch(page)[1])
	path, _, _ = strings.Cut(path, "#")
	_, page = w.ask("GET", path, editor, "")
	if text := written(t, page); !strings.Contains(text, "\n- "+asked+"\n") || !strings.Contains(page, "Đúng ngay câu đầu") {
		t.Errorf("%s", page[strings.Index(page, "<main"):])
	}
	answer, _ := w.ask("GET", "/console/content/new?"+url.Values{"kind": {"topic"}, "id": {"support.may-xuc"}, "ask": {asked}}.Encode(), editor, "")
	if answer.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d", answer.StatusCode)
	}
	_, page = w.ask("GET", answer.Header.Get("Location"), editor, "")
	if text := written(t, page); !strings.HasPrefix(text, "id: support.may-xuc\n") || !strings.Contains(text, asked) || hidden(t, page, "seen") != "" {
		t.Errorf("%s", text)
	}
	if answer, _ := w.ask("GET", "/console/content/new?kind=topic&id=..%2Fx", editor, ""); answer.StatusCode != 422 {
		t.Errorf("%d", answer.StatusCode)
	}
}

// Every fact is shown with its numbers, its source and its dates; what lapses, on
// top.
func TestFacts(t *testing.T) {
	w := newWorld(t)
	editor := w.as(staff.Editor, province)
	_, page := w.ask("GET", "/console/facts", editor, "")
	for _, want := range []string{"4.000.000 đồng/người/khóa", "Nghị định 338/2025/NĐ-CP, Điều 25", "chưa đối chiếu văn bản gốc", "28/02/2027", "Người editor", "Chương trình vay dùng để tính", "Quyết định 46/2015/QĐ-TTg"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q", want)
		}
	}
	if n := strings.Count(page, `class="fact stack"`); n != len(library().Facts) {
		t.Errorf("%d of %d facts", n, len(library().Facts))
	}
	if _, page := w.ask("GET", "/console/facts?q=tien+an&status=in-force", editor, ""); strings.Count(page, `class="fact stack"`) == 0 || strings.Count(page, `class="fact stack"`) > 20 {
		t.Error("facts are not found")
	}
	told := daily.Key{Kind: daily.FactsTold, Channel: "web", What: "support.nd338.meal"}
	was, is := told, told
	was.Day, is.Day = 20270111, 20270112 // the 30th day is the last that counts
	if err := w.db.AddCounts(t.Context(), daily.Counts{was: 500, is: 1234}); err != nil {
		t.Fatal(err)
	}
	w.console.Now = func() time.Time { return time.Date(2027, 2, 10, 9, 0, 0, 0, zone) }
	_, page = w.ask("GET", "/console/facts", editor, "")
	if !strings.Contains(page, "1.234 lần trong 30 ngày") || !strings.Contains(page, "Tới hạn trong 30 ngày") || strings.Contains(page, "quá hạn xem lại") {
		t.Error("counts, or what lapses, are not told")
	}
	w.console.Now = func() time.Time { return time.Date(2027, 4, 10, 9, 0, 0, 0, zone) }
	if _, page = w.ask("GET", "/console/facts", editor, ""); !strings.Contains(page, "quá hạn xem lại") {
		t.Error("what has lapsed is not told")
	}
}
