package bench

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"nghe/bot"
	faketelegram "nghe/bot/bottest/telegram"
	"nghe/content"
	"nghe/dialog"
	"nghe/handoff"
	"nghe/staff"
	"nghe/store"
	"nghe/store/storetest"
)

// What issue 6 asks one process to carry.
const (
	openCases = 200
	openPages = 50
	talkers   = 30 // of those who have a case, who talk
)

// atRest is how long nothing is done but what the clock and open pages do.
const atRest = time.Minute

// caseDesk fills a folder with open cases of people on Telegram, and with staff
// who are signed in: their cookies.
func caseDesk(b *testing.B, data string) (cookies []string) {
	b.Helper()
	ctx, now := b.Context(), time.Now()
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	db, err := store.Open(ctx, data, now)
	must(err)
	defer db.Close()
	lib := content.MustBuiltin()
	cases := &handoff.Desk{Records: db, Sessions: db.Sessions(), Library: func() *content.Library { return lib }, Zone: time.FixedZone("", 7*3600), Log: slog.New(slog.DiscardHandler)}
	for i := range openCases {
		c, _, err := cases.Open(ctx, handoff.Opening{
			Contact: person(i), Turn: fmt.Sprint("telegram:open-", i), Kind: handoff.Help, Topic: []string{"loan.", "course.", "job."}[i%3],
			Wish: "em muốn hỏi cách vay vốn mở quán", Answers: dialog.Values{"place": dialog.Text("ba-che")}, At: now.Add(-time.Duration(i) * time.Minute),
		})
		must(err)
		for n := range 10 {
			must(cases.File(ctx, c.Contact, c.ID, fmt.Sprint("t", n), []bot.Bubble{{From: bot.FromPerson, Text: "một câu dài vừa vừa, như bà con vẫn nhắn cho bot", At: now}}))
		}
	}
	desk := staff.Desk{Records: db.Staff(), Now: time.Now, Key: []byte("key")}
	for i := range openPages {
		const password = "hàu suối rừng hồi"
		_, link, err := desk.Invite(ctx, staff.Operator, staff.Member{Name: fmt.Sprint("Tư vấn viên ", i), Login: fmt.Sprint("tvv", i), Role: staff.Counsellor, Scope: staff.Scope{Province: true}})
		must(err)
		m, err := desk.Accept(ctx, link, "", "", password, password)
		must(err)
		token, err := desk.Open(ctx, m, staff.From{})
		must(err)
		cookies = append(cookies, "nghe_staff="+token)
	}
	return cookies
}

func person(i int) bot.Contact {
	return bot.Contact{Channel: "telegram", ID: strconv.Itoa(5000 + i)}
}

// staffPage is one open page of the console.
type staffPage struct {
	b      *testing.B
	url    string
	cookie string
	news   chan string // what its stream says, but for beats
}

func (p *staffPage) ask(method, path string, form url.Values) *http.Response {
	p.b.Helper()
	r, err := http.NewRequestWithContext(p.b.Context(), method, p.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		p.b.Fatal(err)
	}
	r.Header.Set("Cookie", p.cookie)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Part", "yes")
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		p.b.Fatal(err)
	}
	return answer
}

func (p *staffPage) text(path string) string {
	p.b.Helper()
	answer := p.ask("GET", path, nil)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		p.b.Fatalf("%s: %d %v", path, answer.StatusCode, err)
	}
	return string(text)
}

// listen opens the stream of the page; what nobody reads is dropped.
func (p *staffPage) listen() {
	p.b.Helper()
	answer := p.ask("GET", "/console/cases/events", nil)
	if answer.StatusCode != http.StatusOK {
		p.b.Fatal(answer.Status)
	}
	p.news = make(chan string, 1000)
	go func() {
		defer answer.Body.Close()
		for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
			select {
			case p.news <- lines.Text():
			default:
			}
		}
	}()
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}

// within waits until something is so, and gives how long that took since a time.
func within(b *testing.B, since time.Time, what string, is func() bool) time.Duration {
	b.Helper()
	for !is() {
		if time.Since(since) > 20*time.Second {
			b.Fatal(what + " never came")
		}
		time.Sleep(time.Millisecond)
	}
	return time.Since(since)
}

// One process with 200 open cases and 50 open pages, on the embedded storage: what
// it uses at rest, and how long a word takes from a page to the person's chat and
// from there to the page. Give it -benchtime=1x.
func BenchmarkCases(b *testing.B) {
	platform, api := faketelegram.Start(b, faketelegram.Settings{Anybody: true})
	data := b.TempDir()
	cookies := caseDesk(b, data)
	program := run(b, build(b), append(os.Environ(), "NGHE_LISTEN=127.0.0.1:0", "NGHE_DATA="+data, "TELEGRAM_TOKEN="+faketelegram.Token, "TELEGRAM_API="+api))
	var pages []*staffPage
	for _, cookie := range cookies {
		p := &staffPage{b: b, url: program.url, cookie: cookie}
		p.text("/console/cases")
		p.listen()
		pages = append(pages, p)
	}
	b.ResetTimer()
	for b.Loop() {
		// What the start leaves to be done is no rest: the clock has warned once of
		// what it has to warn of.
		time.Sleep(70 * time.Second)
		before, begun := storetest.Processor(b, program.pid), time.Now()
		time.Sleep(atRest)
		used := storetest.Processor(b, program.pid) - before
		b.ReportMetric(100*used.Seconds()/time.Since(begun).Seconds(), "%core-at-rest")
		_, now := memory(b, program.pid)
		b.ReportMetric(now, "MB-at-rest")

		var first, toChat, toPage []time.Duration
		for i := range talkers {
			p, who := pages[i%len(pages)], 5000+int64(i)
			of := fmt.Sprintf("/console/cases/%d", i+1)
			say := func(word string) time.Duration {
				b.Helper()
				begun := time.Now()
				answer := p.ask("POST", of+"/reply", url.Values{"text": {word}, "key": {word}})
				answer.Body.Close()
				if answer.StatusCode != http.StatusNoContent {
					b.Fatal(answer.Status)
				}
				return within(b, begun, word, func() bool {
					return slices.ContainsFunc(platform.Said(who), func(s string) bool { return strings.Contains(s, word) })
				})
			}
			// The first takes the case: that the person is told so goes in the same message,
			// as Telegram takes one a second.
			first = append(first, say(fmt.Sprint("Chào chị ", i)))
			for len(p.news) > 0 {
				<-p.news
			}
			reply := fmt.Sprint("vâng, nhà em ở thôn Khe Áng ", i)
			begun := time.Now()
			platform.Person(who, "An").Says(reply)
			for line := range p.news {
				if strings.Contains(line, fmt.Sprintf(`"number":%d,`, i+1)) && strings.Contains(line, `"person":true`) {
					break
				}
			}
			if !strings.Contains(p.text(of+"/talk?after=10"), reply) {
				b.Fatal("told of, and not there: " + reply)
			}
			toPage = append(toPage, time.Since(begun))
			time.Sleep(1100 * time.Millisecond)
			toChat = append(toChat, say(fmt.Sprint("tôi nghe đây ", i)))
		}
		b.ReportMetric(float64(median(first).Milliseconds()), "ms-to-chat-first")
		b.ReportMetric(float64(median(toChat).Milliseconds()), "ms-to-chat")
		b.ReportMetric(float64(toChat[len(toChat)*95/100].Milliseconds()), "ms-to-chat-p95")
		b.ReportMetric(float64(median(toPage).Milliseconds()), "ms-to-page")
		b.ReportMetric(float64(toPage[len(toPage)*95/100].Milliseconds()), "ms-to-page-p95")
		most, _ := memory(b, program.pid)
		b.ReportMetric(most, "MB-at-most")
	}
	b.ReportMetric(0, "ns/op") // with the rest: says nothing
}
