package console_test

import (
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"nghe/course"
	"nghe/staff"
	"nghe/story"
)

// storyFields are those of a story that may be told.
func storyFields(change map[string]string) map[string]string {
	all := map[string]string{
		"who": "một chị ở Ba Chẽ", "place": "ba-che", "trade": "nau-an", "kind": "training", "text": "Chị học rồi mở quán.", "source": "Hội Phụ nữ xã", "alt": "Chị bên bếp",
		"consent-words": story.Words, "consent-on": "2026-11-01", "consent-how": "paper", "consent-by": "Cô Lan", "consent-picture": "yes",
	}
	for k, v := range change {
		all[k] = v
	}
	return all
}

// hand sends a form with a picture.
func (w *world) hand(path, cookie string, fields map[string]string, picture []byte) (*http.Response, string) {
	w.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for name, value := range fields {
		if err := form.WriteField(name, value); err != nil {
			w.t.Fatal(err)
		}
	}
	if picture != nil {
		part, err := form.CreateFormFile("picture", "anh.png")
		if err != nil {
			w.t.Fatal(err)
		}
		if _, err := part.Write(picture); err != nil {
			w.t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		w.t.Fatal(err)
	}
	return w.ask("POST", path, cookie, b.String(), "Content-Type", form.FormDataContentType())
}

func somePicture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// only gives the story that there is.
func (w *world) only() *story.Story {
	w.t.Helper()
	all, err := w.db.Stories(w.t.Context())
	if err != nil || len(all) != 1 {
		w.t.Fatalf("%+v %v", all, err)
	}
	return &all[0]
}

func TestAStoryFromDraftToWithdrawn(t *testing.T) {
	w := newWorld(t)
	officer := w.as(staff.Officer, staff.Scope{Places: []string{"ba-che"}})
	answer, _ := w.hand("/console/stories", officer, storyFields(map[string]string{"consent-on": ""}), somePicture(t))
	path := strings.TrimSuffix(answer.Header.Get("Location"), "?done=story")
	if answer.StatusCode != http.StatusSeeOther || !strings.HasPrefix(path, "/console/stories/") {
		t.Fatalf("%d %v", answer.StatusCode, answer.Header)
	}
	if _, page := w.ask("GET", path, officer, ""); !strings.Contains(page, "Chưa đăng được: chưa ghi đủ sự đồng ý") || strings.Contains(page, path+"/publish") {
		t.Error("it can be published without consent")
	}
	if answer, _ := w.ask("POST", path+"/publish", officer, ""); answer.StatusCode != http.StatusUnprocessableEntity || w.only().State != story.Draft {
		t.Errorf("published without consent: %d", answer.StatusCode)
	}

	w.hand(path, officer, storyFields(nil), nil)
	if answer, _ := w.ask("POST", path+"/publish", officer, ""); answer.StatusCode != http.StatusSeeOther || w.only().Told() == nil || w.only().Picture == "" {
		t.Fatalf("%d %+v", answer.StatusCode, w.only())
	}
	if answer, body := w.ask("GET", path+"/picture", officer, ""); answer.Header.Get("Content-Type") != "image/jpeg" || !strings.HasPrefix(body, "\xff\xd8\xff") {
		t.Errorf("%v", answer.Header)
	}
	// What is told can't lose its consent by being changed.
	if answer, page := w.hand(path, officer, storyFields(map[string]string{"consent-by": ""}), nil); answer.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, "chưa ghi đủ") {
		t.Errorf("%d", answer.StatusCode)
	}

	name := w.only().Picture
	if answer, _ := w.ask("POST", path+"/withdraw", officer, ""); answer.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d", answer.StatusCode)
	}
	gone := w.only()
	if picture, err := w.db.StoryPicture(t.Context(), gone.ID, name); picture != nil || err != nil || gone.State != story.Withdrawn || gone.Text != "" {
		t.Errorf("%+v %v", gone, err)
	}
	_, page := w.ask("GET", path, officer, "")
	if strings.Contains(page, "mở quán") || !strings.Contains(page, "đã rút lại") || !strings.Contains(page, "Ký trên giấy") {
		t.Errorf("%s", page)
	}
	for _, did := range []string{"Thêm câu chuyện", "Sửa câu chuyện", "Đăng câu chuyện", "Rút câu chuyện"} {
		if !strings.Contains(page, did) {
			t.Errorf("%s is not in the books", did)
		}
	}
	for _, again := range []string{path + "/publish", path} {
		if answer, _ := w.hand(again, officer, storyFields(nil), nil); answer.StatusCode < 400 {
			t.Errorf("%s came back: %d", again, answer.StatusCode)
		}
	}
}

func TestStoriesStayInTheirScope(t *testing.T) {
	w := newWorld(t)
	officer := w.as(staff.Officer, staff.Scope{Places: []string{"ba-che"}})
	other := w.as(staff.Officer, staff.Scope{Places: []string{"co-to"}})
	viewer := w.as(staff.Viewer, staff.Scope{Province: true})
	if answer, page := w.hand("/console/stories", other, storyFields(nil), nil); answer.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, "ngoài phạm vi") {
		t.Errorf("written elsewhere: %d", answer.StatusCode)
	}
	w.hand("/console/stories", officer, storyFields(nil), somePicture(t))
	path := "/console/stories/" + w.only().ID
	for _, cookie := range []string{other, viewer} {
		for _, at := range []string{"GET " + path, "GET " + path + "/edit", "GET " + path + "/picture", "POST " + path, "POST " + path + "/publish", "POST " + path + "/withdraw"} {
			method, to, _ := strings.Cut(at, " ")
			if answer, _ := w.ask(method, to, cookie, ""); answer.StatusCode < 400 {
				t.Errorf("%s: %d", at, answer.StatusCode)
			}
		}
	}
	if _, page := w.ask("GET", "/console/stories", other, ""); strings.Contains(page, "một chị ở Ba Chẽ") {
		t.Error("shown elsewhere")
	}
}

func TestPicturesOfStoriesAreLookedAt(t *testing.T) {
	w := newWorld(t)
	cookie := w.as(staff.Administrator, staff.Scope{Province: true})
	answer, page := w.hand("/console/stories", cookie, storyFields(nil), []byte("<svg onload=alert(1)>"))
	if answer.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, "không phải ảnh JPEG, PNG hoặc WebP") || !strings.Contains(page, "Chị học rồi mở quán.") {
		t.Errorf("%d", answer.StatusCode)
	}
	if answer, _ := w.hand("/console/stories", cookie, storyFields(nil), make([]byte, story.MaxUpload+2<<20)); answer.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("%d", answer.StatusCode)
	}
	if all, err := w.db.Stories(t.Context()); len(all) != 0 || err != nil {
		t.Errorf("%v %v", all, err)
	}
	// What is typed is shown as it is typed, and is nothing more.
	const evil = `"><script>alert(1)</script>`
	if _, page := w.hand("/console/stories", cookie, storyFields(map[string]string{"who": evil, "text": evil, "source": evil, "alt": evil, "consent-words": evil, "consent-by": evil}), nil); strings.Contains(page, evil) {
		t.Error("it is part of the page")
	}
	if _, page := w.ask("GET", "/console/stories/"+w.only().ID, cookie, ""); strings.Contains(page, "<script>") || strings.Count(page, "&lt;script&gt;") < 4 {
		t.Errorf("%s", page)
	}
}

func TestNoticesOfAClass(t *testing.T) {
	w := newWorld(t)
	viewer := w.as(staff.Viewer, staff.Scope{Province: true})
	deadline := course.DayOf(time.Now().AddDate(0, 0, 20))
	if _, err := w.db.PutCourses(t.Context(), []course.Course{
		{ID: "na-01", Title: "Lớp nấu ăn <b>", Trade: "nau-an", Place: "ba-che", Status: course.Enrolling, Deadline: deadline, ContactPhone: "0912 345 678"},
		{ID: "old", Title: "Lớp cũ", Trade: "nau-an", Status: course.Finished},
	}, time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := w.learn(t.Context()); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/console/courses/na-01/loud": "không chín một, hai ba bốn, năm sáu bảy tám", "/console/courses/na-01/board": deadline.Time().Format("02/01/2006"), "/console/courses/na-01/code.svg": "<svg ",
		"/console/courses/old/loud": "không có gì để đọc", "/console/courses/old/board": "không có gì để dán", "/console/courses/na-01": "/console/courses/na-01/loud",
	} {
		if answer, page := w.ask("GET", path, viewer, ""); answer.StatusCode != http.StatusOK || !strings.Contains(page, want) || strings.Contains(page, "Lớp nấu ăn <b>") {
			t.Errorf("%s: %d, no %q", path, answer.StatusCode, want)
		}
	}
}
