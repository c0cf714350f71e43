package site_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"nghe/content"
	"nghe/course"
	"nghe/demo"
	"nghe/site"
)

var library = sync.OnceValue(content.MustBuiltin)

// now is a Monday; the zone is that of the province.
var (
	zone = time.FixedZone("Asia/Ho_Chi_Minh", 7*3600)
	now  = time.Date(2026, 11, 30, 9, 0, 0, 0, zone)
)

// public are the pages over some classes and stories.
func public(t *testing.T, courses []course.Course, stories ...*content.Story) *site.Site {
	k, lib := course.NewCatalogue(courses), library().WithStories(stories)
	return site.New(site.Settings{
		Library: func() *content.Library { return lib }, Courses: func() *course.Catalogue { return k }, URL: "https://nghe.example", Now: func() time.Time { return now }, Zone: zone,
		Picture: func(_ context.Context, story, name string) ([]byte, error) {
			if story == "a" && name == "p1" {
				return []byte("a picture"), nil
			}
			return nil, nil
		},
		Telegram: func() string { return "nghe_bot" }, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	})
}

func get(t *testing.T, s *site.Site, path string, header ...string) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Result(), string(body)
}

func open(id, trade, place string, deadline course.Day) course.Course {
	return course.Course{ID: id, Title: "Lớp " + id, Trade: trade, Place: place, Status: course.Enrolling, Deadline: deadline}
}

var links = regexp.MustCompile(`<h3><a href="/lop-hoc/([^"]+)"`)

// ids are the classes of a list, in order.
func ids(page string) string {
	var all []string
	for _, m := range links.FindAllStringSubmatch(page, -1) {
		all = append(all, m[1])
	}
	return strings.Join(all, " ")
}

func TestClassesAreFoundAndOrdered(t *testing.T) {
	s := public(t, []course.Course{
		open("later", "nau-an", "ba-che", "2026-12-20"), open("first", "han", "dam-ha", "2026-12-02"), open("next", "nau-an", "tien-yen", "2026-12-10"), open("gone", "nau-an", "ba-che", "2026-11-29"),
		{ID: "soon", Title: "Lớp soon", Trade: "nau-an", Place: "ba-che", Status: course.Planned, Start: "2027-02"}, {ID: "off", Title: "Lớp off", Trade: "nau-an", Place: "ba-che", Status: course.Cancelled},
	})
	for path, want := range map[string]string{
		"/lop-hoc": "first next later soon", "/lop-hoc?nghe=nau-an": "next later soon", "/lop-hoc?nghe=khong-co&xa=%3Cb%3E": "first next later soon",
		"/lop-hoc?xa=dam-ha&nghe=han": "first", "/lop-hoc?xa=ba-che&nghe=nau-an": "later soon next", // and what is near
		"/lop-hoc?xa=co-to&nghe=han": "first", "/lop-hoc?trang=99": "first next later soon", "/lop-hoc?trang=-1": "first next later soon",
	} {
		if _, page := get(t, s, path); ids(page) != want {
			t.Errorf("%s shows %q, want %q", path, ids(page), want)
		}
	}
	if _, page := get(t, s, "/lop-hoc?xa=co-to&nghe=han"); !strings.Contains(page, "Chưa có lớp nào như vậy") {
		t.Error("nothing at the place, and it is not said")
	}
	if _, page := get(t, s, "/lop-hoc?nghe=nau-an&xa=ba-che"); strings.Count(page, " selected") != 2 {
		t.Error("what was looked for is not marked")
	}
}

func TestLongListsHavePages(t *testing.T) {
	var all []course.Course
	for i := range 95 {
		all = append(all, open(fmt.Sprintf("k-%02d", i), "han", "ba-che", "2026-12-20"))
	}
	s := public(t, all)
	seen := map[string]bool{}
	for _, path := range []string{"/lop-hoc", "/lop-hoc?trang=2", "/lop-hoc?trang=3"} {
		_, page := get(t, s, path)
		for _, id := range strings.Fields(ids(page)) {
			if seen[id] {
				t.Errorf("%s twice", id)
			}
			seen[id] = true
		}
	}
	if len(seen) != 95 {
		t.Errorf("%d of 95 are on a page", len(seen))
	}
}

// An address may hang on a wall for long: what is past, full, cancelled, invented
// or unknown says so and offers others.
func TestHowAClassStandsIsSaid(t *testing.T) {
	n := int64(30)
	s := public(t, []course.Course{
		open("here", "nau-an", "ba-che", "2026-12-20"), open("past", "nau-an", "ba-che", "2026-11-01"), {ID: "off", Title: "Lớp off", Trade: "nau-an", Status: course.Cancelled},
		{ID: "full", Title: "Lớp full", Trade: "nau-an", Status: course.Full, Deadline: "2026-12-20", Quota: &n}, {ID: "try", Title: "Lớp try", Trade: "nau-an", Status: course.Enrolling, Deadline: "2026-12-20", Invented: true},
	})
	for id, want := range map[string]string{
		"past": "Lớp này đã qua", "off": "Lớp này đã huỷ", "full": "Lớp này đã đủ người", "try": "không có thật", "here": "Hỏi và đăng ký trong chat",
	} {
		answer, page := get(t, s, "/lop-hoc/"+id)
		if answer.StatusCode != http.StatusOK || !strings.Contains(page, want) {
			t.Errorf("%s: %d, no %q", id, answer.StatusCode, want)
		}
		if id != "here" && !strings.Contains(page, `href="/lop-hoc/here"`) {
			t.Errorf("%s offers no other", id)
		}
		if joinable := strings.Contains(page, `href="/lop/`+id+`"`) && strings.Contains(page, "https://t.me/nghe_bot?start=course_course_"+id); joinable != (id == "here" || id == "try") {
			t.Errorf("%s can be joined: %v", id, joinable)
		}
	}
	answer, page := get(t, s, "/lop-hoc/nobody")
	if answer.StatusCode != http.StatusNotFound || !strings.Contains(page, `href="/lop-hoc/here"`) {
		t.Errorf("%d %s", answer.StatusCode, page)
	}
}

func TestWhatIsSharedOfAClass(t *testing.T) {
	free := int64(0)
	c := open("na-01", "nau-an", "ba-che", "2026-12-12")
	c.Fee, c.Title = &free, `Nấu "ăn" & <b>`
	_, page := get(t, public(t, []course.Course{c}), "/lop-hoc/na-01")
	for _, want := range []string{`<meta property="og:title" content="Nấu &#34;ăn&#34; &amp; &lt;b&gt;">`, `content="đang nhận, Xã Ba Chẽ, hạn thứ Bảy, 12/12/2026, học phí không mất tiền."`, `<meta property="og:url" content="https://nghe.example/lop-hoc/na-01">`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in\n%s", want, page[:1500])
		}
	}
	answer, code := get(t, public(t, []course.Course{c}), "/lop-hoc/na-01/ma.svg")
	if answer.Header.Get("Content-Type") != "image/svg+xml" || !strings.HasPrefix(code, "<svg ") {
		t.Errorf("%v %.100s", answer.Header, code)
	}
}

// Nothing that anybody typed becomes part of the page.
func TestNothingIsInjected(t *testing.T) {
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>'javascript:alert(1)`
	n := int64(1)
	c := course.Course{
		ID: "evil", Code: evil, Title: evil, Trade: "nau-an", Level: course.Level(evil), Status: course.Enrolling, Place: "ba-che", Venue: evil, Provider: evil, Partners: []string{evil}, Program: evil,
		Deadline: "2026-12-12", Duration: evil, Schedule: evil, Fee: &n, FeeNote: evil, Benefits: []string{evil}, Who: []string{evil}, Schooling: evil, Health: evil, Papers: []string{evil}, HowTo: evil,
		ContactName: evil, ContactPhone: evil, ContactPlace: evil, ContactHours: evil, Certificate: evil, JobAfter: evil, SourceURL: evil, CheckedBy: evil,
	}
	x := &content.Story{ID: "a", Who: evil, Place: "ba-che", Trade: "nau-an", Kind: evil, Text: evil, Source: evil, Agreed: true, Picture: evil, Alt: evil}
	y := &content.Story{ID: "b", Who: evil, Place: evil, Trade: "nau-an", Kind: evil, Text: evil, URL: "javascript://alert(1)"}
	s := public(t, []course.Course{c}, x, y)
	told := 0
	for _, path := range []string{"/lop-hoc", "/lop-hoc/evil", "/dien-hinh", "/lop-hoc?nghe=" + `%22%3E%3Cscript%3E` + "&xa=%27%3E", "/lop-hoc/%3Cscript%3E", "/dien-hinh?nghe=%3Cscript%3E"} {
		_, page := get(t, s, path)
		for _, bad := range []string{"<script", "<img src=x", "onerror=alert(1)>'", `href="javascript`} {
			if strings.Contains(page, bad) {
				t.Errorf("%s has %s", path, bad)
			}
		}
		told += strings.Count(page, html.EscapeString("<script>alert(1)</script>"))
	}
	if told < 15 {
		t.Errorf("only %d fields are told", told)
	}
}

func TestStories(t *testing.T) {
	mine := &content.Story{ID: "a", Who: "một chị ở Ba Chẽ", Place: "ba-che", Trade: "nau-an", Kind: "training", Text: "Chị học rồi mở quán.", Source: "Hội Phụ nữ xã", Agreed: true, Picture: "p1", Alt: "Chị bên bếp"}
	s := public(t, []course.Course{open("here", "nau-an", "ba-che", "2026-12-20")}, mine)
	_, page := get(t, s, "/dien-hinh?nghe=nau-an")
	for _, want := range []string{"một chị ở Ba Chẽ", "Người trong chuyện đã đồng ý cho kể. Nguồn: Hội Phụ nữ xã.", `src="/dien-hinh/a/p1.jpg" alt="Chị bên bếp"`, `href="/lop-hoc/here"`, "một tổ nấu cỗ ở Hải Lạng", "thongtin.vietnam.vn"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q", want)
		}
	}
	_, all := get(t, s, "/dien-hinh")
	for _, x := range library().Stories {
		if got := strings.Contains(all, html.EscapeString(x.Text)); got == x.Quiet {
			t.Errorf("%s, quiet %v, is shown: %v", x.ID, x.Quiet, got)
		}
		if x.Caution != "" && strings.Contains(all, html.EscapeString(x.Caution)) {
			t.Errorf("%s: what is for editors is shown", x.ID)
		}
	}
	answer, body := get(t, s, "/dien-hinh/a/p1.jpg")
	if body != "a picture" || answer.Header.Get("Content-Type") != "image/jpeg" || strings.Contains(answer.Header.Get("Cache-Control"), "max-age") {
		t.Errorf("%q %v", body, answer.Header)
	}
	if answer, body := get(t, s, "/dien-hinh/a/p1.jpg", "If-None-Match", answer.Header.Get("ETag")); answer.StatusCode != http.StatusNotModified || body != "" {
		t.Errorf("%d %q", answer.StatusCode, body)
	}
	for _, gone := range []string{"/dien-hinh/a/p2.jpg", "/dien-hinh/a/p1", "/dien-hinh/b/p1.jpg"} {
		if answer, _ := get(t, s, gone, "If-None-Match", `"p2"`); answer.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", gone, answer.StatusCode)
		}
	}
}

func TestWhatEveryAnswerCarries(t *testing.T) {
	s := public(t, nil)
	for _, path := range []string{"/lop-hoc", "/lop-hoc/x", "/dien-hinh", "/dien-hinh/x/y.jpg", "/robots.txt", "/lop-hoc/a/b/c"} {
		answer, _ := get(t, s, path)
		for name, want := range map[string]string{"Content-Security-Policy": "default-src 'none'; style-src 'self'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"} {
			if !strings.HasPrefix(answer.Header.Get(name), want) {
				t.Errorf("%s: %s is %q", path, name, answer.Header.Get(name))
			}
		}
		if answer.Header.Get("Set-Cookie") != "" || answer.Header.Get("X-Robots-Tag") != "" {
			t.Errorf("%s: %v", path, answer.Header)
		}
	}
	if _, robots := get(t, s, "/robots.txt"); !strings.Contains(robots, "Allow: /\n") || !strings.Contains(robots, "Disallow: /console/\n") {
		t.Errorf("%s", robots)
	}
}

// The first page with its style sheet stays below 40 KB on the wire, with as many
// classes as one page shows.
func TestTheFirstVisitIsSmall(t *testing.T) {
	s := public(t, demo.ManyCourses(library(), 3000, now))
	for _, path := range []string{"/lop-hoc", "/dien-hinh"} {
		total := 0
		_, page := get(t, s, path, "Accept-Encoding", "gzip")
		total += len(page)
		unpacked, err := gzip.NewReader(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		plain, err := io.ReadAll(unpacked)
		if err != nil {
			t.Fatal(err)
		}
		sheet := regexp.MustCompile(`/lop-hoc/trang/style.css\?[^"]+`).Find(plain)
		answer, style := get(t, s, string(sheet), "Accept-Encoding", "gzip")
		if !strings.Contains(answer.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %v", sheet, answer.Header)
		}
		if total += len(style); total > 40<<10 {
			t.Errorf("%s: %d bytes", path, total)
		}
		if bytes.Contains(plain, []byte("<script")) {
			t.Errorf("%s has a script", path)
		}
		t.Logf("%s: %d bytes", path, total)
	}
}

func BenchmarkCourses(b *testing.B) {
	k, lib := course.NewCatalogue(demo.ManyCourses(library(), 3000, now)), library()
	s := site.New(site.Settings{Library: func() *content.Library { return lib }, Courses: func() *course.Catalogue { return k }, Now: func() time.Time { return now }, Zone: zone, Log: slog.New(slog.DiscardHandler)})
	h := s.Handler()
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest("GET", "/lop-hoc", nil)
		r.Header.Set("Accept-Encoding", "gzip")
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
}
