package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"nghe/bot"
	"nghe/bot/bottest/telegram"
	"nghe/bot/webchat/webtest"
	"nghe/store"
)

// gives chooses a file on a phone, as by the paper-clip.
func (r *reader) gives(name string, content []byte) {
	r.t.Helper()
	r.Await(`!document.querySelector("#clip").hidden`)
	path := filepath.Join(r.t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o644); err != nil {
		r.t.Fatal(err)
	}
	r.Do(chromedp.SetUploadFiles(chromedp.ID("file"), []string{path}))
}

// spoken is a voice note of Telegram's kind, silent.
var spoken = append([]byte("OggS\x00\x02"), make([]byte, 200)...)

// A person on the web sends a picture, a voice and a form; the counsellor sees,
// hears and opens each without opening the page again, and so does the person,
// also when they come back. What is not taken is told kindly.
func TestAPersonHandsOverFiles(t *testing.T) {
	k := openConsole(t, 1280, 800)
	wire := webtest.NewWire(t, strings.TrimPrefix(k.url, "http://"))
	person := asker(t, wire.URL())
	if webtest.Evaluate[bool](person.Tab, `!document.querySelector("#clip").hidden`) {
		t.Error("a file can be sent to nobody")
	}
	person.send("gặp người")
	person.sees("số #1")
	person.gives("giấy nhà.png", picture(t))
	person.Await(`document.querySelector("#log .person .file img")?.naturalWidth == 300`)
	person.sees("chuyển kèm cho cán bộ")
	person.Check("clip")
	person.Picture("clip")

	k.visit("/console/cases/1")
	k.Await(`document.querySelector("#talk .person .file img")?.naturalWidth == 300`)
	k.says("Mở giấy nhà.png")
	k.Press("#take button")
	k.Await(caseLive)
	person.sees("đã vào trả lời")
	person.gives("ghi-am.ogg", spoken)
	k.Await(`!!document.querySelector("#talk .person audio")`)
	person.gives("đơn xin.PDF", append([]byte("%PDF-1.4 "), make([]byte, 3000)...))
	k.sees("Mở đơn xin.pdf")
	k.look("case-handed")
	person.Await(`document.querySelectorAll("#log .person audio, #log .person a.file").length == 3`)

	// What can't be taken, and a line that is away.
	person.gives("don.pdf", []byte("MZ\x90\x00 this program"))
	person.sees("chưa nhận được loại tệp này")
	person.gives("phim.mp4", append([]byte("\x00\x00\x00\x18ftypisom"), make([]byte, bot.MaxFile)...))
	person.sees("Tệp lớn quá 10 MB")
	wire.Cut()
	person.gives("anh2.png", picture(t))
	person.sees("Mạng yếu, tệp chưa gửi được")
	person.Check("clip-lost")
	person.Picture("clip-lost")
	wire.Mend()
	person.Click(`[data-state=unsent] .again`)
	person.Await(`document.querySelectorAll("#log .person .file img").length == 2`)
	k.Await(`document.querySelectorAll("#talk .person .file img").length == 2`)

	// It is there when they come back, and nobody else's.
	person.Do(chromedp.Reload())
	person.Await(`document.querySelectorAll("#log .person .file").length == 4 && document.querySelector("#log .person .file img")?.naturalWidth == 300`)
	mine := webtest.Evaluate[string](person.Tab, `document.querySelector("#log .person a.file").pathname`)
	stranger := asker(t, k.url)
	if status := webtest.Evaluate[int](stranger.Tab, fmt.Sprintf(`fetch(%q).then(r => r.status)`, mine)); status != http.StatusNotFound {
		t.Errorf("a stranger opens it: %d", status)
	}
	for _, size := range []int64{320, 1280} {
		person.Size(size, 740)
		person.Check("clip")
		person.Picture(fmt.Sprint("clip-", size))
	}

	// Closed, the clip is gone, and what was sent goes with the person.
	k.Click(`details:has([name=outcome]) summary`)
	k.Click(`form[action$="/close"] [value=answered]`)
	k.Press(`form[action$="/close"] button`)
	person.Await(`document.querySelector("#clip").hidden`)
	person.send("xoá dữ liệu của tôi")
	person.Click(`#choices [data-tap^="erase/"][data-tap$="=yes"]`)
	person.Await(`document.querySelectorAll("#log .file").length == 0`)
	if status := webtest.Evaluate[int](person.Tab, fmt.Sprintf(`fetch(%q).then(r => r.status)`, mine)); status != http.StatusNotFound {
		t.Errorf("it outlives who sent it: %d", status)
	}
	if faults := k.Faults(); len(faults) > 0 {
		t.Errorf("%q", faults)
	}
}

// sender is a browser of the web chat without a page.
type sender struct {
	*http.Client
	t   *testing.T
	url string
}

func opens(t *testing.T, url string) sender {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := sender{&http.Client{Jar: jar}, t, url}
	v.asks("GET", "/", "", nil)
	return v
}

// asks gives the status, and all that was said in answer.
func (v sender) asks(method, path, kind string, body []byte, header ...string) (int, string) {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.url+path, bytes.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := v.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer answer.Body.Close()
	var whole bytes.Buffer
	if _, err := whole.ReadFrom(answer.Body); err != nil {
		v.t.Fatal(err)
	}
	return answer.StatusCode, whole.String()
}

func (v sender) says(id, text string) string {
	v.t.Helper()
	body, err := json.Marshal(map[string]string{"id": id, "text": text})
	if err != nil {
		v.t.Fatal(err)
	}
	status, said := v.asks("POST", "/chat/messages", "application/json", body)
	if status != http.StatusOK {
		v.t.Fatalf("%q: %d %s", text, status, said)
	}
	return said
}

func (v sender) gives(id, name string, content []byte) (int, string) {
	v.t.Helper()
	return v.asks("POST", "/chat/files/"+id+"?name="+url.QueryEscape(name), "application/octet-stream", content)
}

// What is handed over on the web reaches a counsellor's own Telegram, once however
// often the page sends it; nothing is taken that nobody looks at, that is another
// thing than it says, or that comes from another site.
func TestAFileIsHandedOverOnce(t *testing.T) {
	platform, api := faketelegram.Start(t, faketelegram.Settings{Pace: &faketelegram.Published})
	data := t.TempDir()
	hoa := platform.Person(6, "Hoa")
	hires(t, data, "hoa", "Hoa", bot.Contact{Channel: "telegram", ID: "6"})
	s := serve(t, "NGHE_DATA="+data, "TELEGRAM_TOKEN="+faketelegram.Token, "TELEGRAM_API="+api)
	an, binh := opens(t, s.url), opens(t, s.url)
	stranger := sender{&http.Client{}, t, s.url}

	pic := picture(t)
	refused := func(who sender, want int, says, id, name string, content []byte) {
		t.Helper()
		if status, said := who.gives(id, name, content); status != want || !strings.Contains(said, says) {
			t.Errorf("%s: %d %s", id, status, said)
		}
	}
	refused(stranger, http.StatusForbidden, "Gặp người", "file-0001", "a.png", pic)
	refused(an, http.StatusConflict, "Gặp người", "file-0001", "a.png", pic)
	an.says("message-1", "gặp người")
	binh.says("message-1", "gặp người")
	refused(an, http.StatusBadRequest, "chưa nhận được loại tệp", "short", "a.png", pic)
	refused(an, http.StatusUnsupportedMediaType, "chưa nhận được loại tệp", "file-0002", "a.png", []byte("<html><script>"))
	refused(an, http.StatusUnsupportedMediaType, "chưa nhận được loại tệp", "file-0003", "a.png", nil)
	refused(an, http.StatusRequestEntityTooLarge, "lớn quá 10 MB", "file-0004", "a.png", append(bytes.Clone(pic), make([]byte, bot.MaxFile)...))
	if status, said := an.asks("POST", "/chat/files/file-0005", "image/png", pic); status != http.StatusBadRequest {
		t.Errorf("as a form of any site could send it: %d %s", status, said)
	}
	if status, _ := an.asks("POST", "/chat/files/file-0005", "application/octet-stream", pic, "Sec-Fetch-Site", "cross-site"); status != http.StatusForbidden {
		t.Errorf("from another site: %d", status)
	}

	hoa.Says("/truc")
	if err := platform.Wait(within(t), func() bool { return strings.Contains(fmt.Sprint(platform.Said(6)), "Có ca chờ #1") }); err != nil {
		t.Fatal(platform.Said(6), s.log)
	}
	if hoa.Taps("Nhận #1") == "" {
		t.Fatal("no button")
	}
	photos := func() (n int, caption string, body []byte) {
		for _, m := range platform.Messages(6) {
			if m.FromBot() && len(m.Photo) > 0 {
				n, caption, body = n+1, m.Caption, platform.File(m.Photo[0].FileID)
			}
		}
		return n, caption, body
	}
	for range 2 {
		if status, said := an.gives("file-0006", `..\..//etc/passwd`+"\r\nX: y.exe", pic); status != http.StatusOK {
			t.Fatalf("%d %s\n%s", status, said, s.log)
		}
	}
	// The same id is the same file, whatever comes with it.
	if status, said := an.gives("file-0006", "b.pdf", []byte("%PDF-1.4 other")); status != http.StatusOK {
		t.Errorf("%d %s", status, said)
	}
	an.says("message-2", "giấy đây anh chị xem giúp")
	if err := platform.Wait(within(t), func() bool { return strings.Contains(fmt.Sprint(platform.Said(6)), "giấy đây") }); err != nil {
		t.Fatal(platform.Said(6), s.log)
	}
	if n, caption, body := photos(); n != 1 || !strings.Contains(caption, "#1") || !bytes.Equal(body, pic) {
		t.Errorf("%d pictures, %q", n, caption)
	}
	if status, said := an.asks("GET", "/chat/files/file-0006", "", nil); status != http.StatusOK || said != string(pic) {
		t.Errorf("its own: %d", status)
	}
	if status, said := an.asks("GET", "/chat/files/file-0006", "", nil, "Range", "bytes=1-3"); status != http.StatusPartialContent || said != "PNG" {
		t.Errorf("a part of it: %d %q", status, said)
	}
	for _, who := range []sender{binh, stranger} {
		for _, name := range []string{"file-0006", "..%2F..%2Fetc%2Fpasswd", "file-0006%00"} {
			if status, said := who.asks("GET", "/chat/files/"+name, "", nil); status != http.StatusNotFound || strings.Contains(said, "PNG") {
				t.Errorf("somebody else, %s: %d", name, status)
			}
		}
	}
	// Too many from one browser at once.
	refusedOnce := false
	for i := range 20 {
		status, said := binh.gives(fmt.Sprintf("many-%04d", i), "a.png", pic)
		refusedOnce = refusedOnce || status == http.StatusTooManyRequests && strings.Contains(said, "chờ một chút")
	}
	if !refusedOnce {
		t.Error("one browser may send without end")
	}
	s.stop()

	db, err := store.Open(t.Context(), data, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	c, err := db.Case(t.Context(), "#1")
	if err != nil || c == nil {
		t.Fatal(err)
	}
	said, err := db.Messages(t.Context(), c.ID, 0, 100, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, m := range said {
		if m.File != nil {
			ids = append(ids, m.ID)
			if m.File.Type != "image/png" || strings.ContainsAny(m.File.Name, "/\\\r\n:") || !strings.HasSuffix(m.File.Name, ".png") {
				t.Errorf("%+v", m.File)
			}
		}
	}
	if len(ids) != 1 {
		t.Fatalf("%d files are kept", len(ids))
	}
	if err := db.People([]byte("key")).Delete(t.Context(), c.Contact, time.Now().UnixMilli()); err != nil {
		t.Fatal(err)
	}
	if f, err := db.File(t.Context(), ids[0]); f != nil || err != nil {
		t.Errorf("it outlives who sent it: %v", err)
	}
}
