package console_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"nghe/bot"
	"nghe/broadcast"
	"nghe/course"
	"nghe/daily"
	"nghe/dialog"
	"nghe/handoff"
	"nghe/people"
	"nghe/release"
	"nghe/report"
	"nghe/scheduler/reminder"
	"nghe/staff"
	"nghe/story"
	"nghe/unanswered"
)

// evil is what somebody types who wants to act in the browser of who reads it.
const evil = `"><script>x=1</script>'{{7*7}}<img src=x onerror=x=1>`

// spoil puts a text into every field of a record that holds one and is empty, so
// that a field that is new is tried without being named here. Types with a name of
// their own (states, days, kinds) are no free text.
func spoil(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.Pointer:
		spoil(v.Elem(), text)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				spoil(v.Field(i), text)
			}
		}
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() && v.Len() == 0 {
			v.SetString(text)
		}
	case reflect.Slice:
		if v.Type().Elem() == reflect.TypeFor[string]() && v.Len() == 0 {
			v.Set(reflect.ValueOf([]string{text}))
		}
	}
}

func spoilt[T any](record T, text string) T {
	spoil(reflect.ValueOf(&record), text)
	return record
}

// marked is a console where every free text is a marker; ids are of one thing of
// each kind.
type marked struct {
	*tries
	ids map[string]string
}

func (m *marked) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

// newMarked fills everything that people and staff can write with a text.
func newMarked(t *testing.T, text string) *marked {
	m := &marked{tries: &tries{world: newWorld(t)}, ids: map[string]string{}}
	m.cases.Drawer = m.db
	ctx, now := t.Context(), time.Now()

	k := spoilt(course.Course{ID: "k1", Trade: "nau-an", Place: "ba-che", Status: course.Enrolling, Deadline: course.DayOf(now.AddDate(0, 1, 0)), Quota: new(int64(30)), Fee: new(int64(100000))}, text)
	_, err := m.db.PutCourses(ctx, []course.Course{k}, now)
	m.must(err)
	wish := spoilt(course.Interest{ID: "i1", Channel: "web", Contact: "c1", Trade: "nau-an", Place: "ba-che", Course: "k1", Campaign: "khaosat", BirthYear: 1990, State: course.New, Source: course.FromPaper, EnteredBy: "operator", CreatedAt: now, UpdatedAt: now}, text)
	dropped, own := wish, wish
	own.ID, own.Whom, own.Campaign, own.EnteredBy, own.Source = "i3", "", "", "", course.FromTalk // of their own, in a talk
	dropped.ID, dropped.State, dropped.Channel, dropped.Contact, dropped.Campaign = "i2", course.Dropped, "", "", ""
	profile, err := json.Marshal(dialog.Values{"name": dialog.Text(text), "place": dialog.Text("ba-che"), "village": dialog.Text(text)})
	m.must(err)
	m.must(m.db.Fill(ctx, []people.Person{{ID: "demo-p1", CreatedAt: now, UpdatedAt: now, Contacts: []bot.Contact{{Channel: "web", ID: "c1"}}, Profile: profile,
		Consents: []people.Consent{{Purpose: people.PurposeRemember, Words: text, GivenAt: now}, {Purpose: people.PurposeNews, Words: text, GivenAt: now}}, News: []people.Following{{At: now}}}}, []course.Interest{own}))
	m.must(m.db.AddInterests(ctx, []course.Interest{wish, dropped}))
	m.must(m.db.PutCampaign(ctx, spoilt(course.Campaign{ID: "khaosat", Places: []string{"ba-che"}, From: course.DayOf(now), To: course.DayOf(now.AddDate(0, 0, 9)), By: "operator"}, text), now))
	s := spoilt(story.Story{ID: "s1", Place: "ba-che", Trade: "nau-an", Kind: "training", Picture: "p", State: story.Draft, By: "operator", Consent: story.Consent{On: "2026-11-01", How: "paper", Name: true, Picture: true}, CreatedAt: now, UpdatedAt: now}, text)
	_, err = m.db.PutStory(ctx, nil, s, []byte("no picture"))
	m.must(err)
	m.must(m.db.PutBankDay(ctx, spoilt(reminder.BankDay{Place: "ba-che", Day: 12, At: now}, text)))
	month := report.Span{From: daily.DayOf(now.AddDate(0, 0, 1-now.Day())), To: daily.DayOf(now.AddDate(0, 1, -now.Day()))}
	m.must(m.db.PutDifficulty(ctx, spoilt(report.Difficulty{Span: month, At: now}, text)))
	m.must(m.db.PutReceiver(ctx, text))
	day := daily.DayOf(now.In(zone))
	m.must(m.db.ChangeUnanswered(ctx, []unanswered.Change{{Text: unanswered.Text{Day: day, Text: text, Why: unanswered.Missed, Channel: "web"}, At: now}}))
	_, _, err = m.db.PutNotice(ctx, reminder.Notice{Name: "n", Roles: []string{"administrator", "officer", "counsellor"}, Text: text, At: now, Until: now.Add(time.Hour)})
	m.must(err)
	_, err = m.db.PutRelease(ctx, release.Release{Number: 1, At: now, By: text, Name: text, About: "topic:course.fee", Why: text})
	m.must(err)
	m.must(m.db.Staff().PutEntry(ctx, staff.Entry{ID: "e1", At: now, Member: "operator", Name: text, Did: "course.cancel", About: text, Detail: text}))

	made, err := m.console.Broadcasts.New(ctx, broadcast.Letter{Text: text, Audience: broadcast.Audience{Places: []string{"ba-che"}}, Topics: []string{"nau-an"}}, broadcast.By{Name: text}, now)
	m.must(err)
	if made.State == broadcast.Awaiting {
		_, err = m.console.Broadcasts.Approve(ctx, made.ID, broadcast.By{Name: "another"}, now)
		m.must(err)
	}
	_, err = m.db.Change(ctx, made.ID, broadcast.Begin, broadcast.Sending, broadcast.Clock, "", now)
	m.must(err)
	for more := true; more; {
		more, err = m.db.Plan(ctx, made.ID, 100, now)
		m.must(err)
	}
	member, _, err := m.desk.Invite(ctx, staff.Operator, staff.Member{Name: text, Login: "evil", Role: staff.Counsellor, Scope: staff.Scope{Places: []string{"ba-che"}, Org: text}})
	m.must(err)

	// A talk, handed to somebody whose own name is as evil.
	who := bot.Contact{Channel: "zalo", ID: text}
	c, _, err := m.cases.Open(ctx, handoff.Opening{Contact: who, Turn: "zalo:1", Kind: handoff.Complaint, Topic: "loan.gqvl", Wish: text, For: text, About: text, Answers: dialog.Values{"place": dialog.Text("ba-che"), "name": dialog.Text(text), "trade": dialog.Text(text)}, At: now})
	m.must(err)
	member.Role, member.Scope = staff.Counsellor, province
	_, err = m.cases.Claim(ctx, c.ID, member, now)
	m.must(err)
	_, err = m.cases.Note(ctx, c.ID, member, text, "note", now)
	m.must(err)
	_, err = m.cases.Say(ctx, c.ID, member, text, "say", now)
	m.must(err)
	m.must(m.cases.File(ctx, who, c.ID, "zalo:2", []bot.Bubble{{From: bot.FromPerson, Text: text, At: now}, {From: bot.FromBot, Text: text, At: now, Options: []dialog.Option{{Label: text, Tap: "do:menu"}}}}))
	m.must(m.learn(ctx))
	m.ids = map[string]string{"case": c.ID, "course": "k1", "interest": "i1", "story": "s1", "campaign": "khaosat", "broadcast": made.ID, "bank": "ba-che", "member": member.ID, "reminder": library().Reminders[0].ID, "topic": "course.fee", "release": "1"}
	return m
}

// path gives the address of a route, about what is there.
func (m *marked) path(pattern, of string) (method, path string) {
	method, path, _ = strings.Cut(pattern, " ")
	id := "x"
	for _, what := range strings.Fields(of) {
		id = m.ids[what]
	}
	return method, strings.NewReplacer("{$}", "", "{id}", url.PathEscape(id), "{kind}", "topic", "{message}", "x").Replace(path)
}

// injected gives what of a page came from the marker and is not text: an element,
// an attribute, an address that runs, or an expression that was worked out.
func injected(t *testing.T, page string) (bad []string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		switch n.Type {
		case html.ElementNode:
			at := map[string]string{}
			for _, a := range n.Attr {
				at[a.Key] = a.Val
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || strings.ContainsAny(a.Key, `'"<{}`) {
					bad = append(bad, "attribute "+a.Key+" of "+n.Data)
				}
				if slices.Contains([]string{"href", "src", "action", "formaction", "hx-get", "hx-post"}, a.Key) && !strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "#") && !strings.HasPrefix(a.Val, "?") && !strings.HasPrefix(a.Val, "tel:") && !strings.HasPrefix(a.Val, "https://") && !strings.HasPrefix(a.Val, "data:image/png;base64,") && a.Val != "" {
					bad = append(bad, a.Key+" is "+a.Val)
				}
			}
			if n.Data == "script" && (!strings.HasPrefix(at["src"], "/console/assets/") || n.FirstChild != nil) {
				bad = append(bad, "a script "+at["src"])
			}
			if n.Data == "img" && at["src"] == "x" {
				bad = append(bad, "a picture")
			}
		case html.TextNode:
			if strings.Contains(n.Data, "'49<") {
				bad = append(bad, "an expression was worked out")
			}
		case html.CommentNode:
			if strings.Contains(n.Data, "onerror") {
				bad = append(bad, "a comment")
			}
		}
	}
	return bad
}

// TestInjectedFindsWhatIsThere: what looks for the marker sees it.
func TestInjectedFindsWhatIsThere(t *testing.T) {
	for _, page := range []string{"<p>" + evil, `<input value="` + evil + `">`, `<a href='` + evil + `'>`, `<a href="javascript:window.x=1">`, "<p>'49<b>", "<!-- " + evil, `<p onclick="x">`} {
		if len(injected(t, strings.Replace(page, "<b>", "&lt;", 1))) == 0 {
			t.Errorf("nothing is found in %s", page)
		}
	}
	if bad := injected(t, "<p>"+html.EscapeString(evil)+`<input value="`+html.EscapeString(evil)+`">`); bad != nil {
		t.Errorf("%q", bad)
	}
}

// unmarked are the pages on which nothing is shown that anybody wrote, and why.
// Every other route must show some of it, else it was not tried.
var unmarked = map[string]string{
	"GET /console/account/codes":              "a number",
	"GET /console/account/codes/picture":      "a picture",
	"GET /console/bank-days/new":              "an empty form",
	"GET /console/broadcasts/{id}/progress":   "counts",
	"GET /console/campaigns/new":              "an empty form",
	"GET /console/cases/{id}/media/{message}": "a picture, by what it is and not by its name: TestMediaOnPages",
	"GET /console/content":                    "content, which the program's check passes: TestContentIsEdited",
	"GET /console/content/ask":                "as asked: with a query",
	"GET /console/content/new":                "an empty form",
	"GET /console/content/{kind}/{id}":        "content; what is typed comes back with POST",
	"GET /console/courses/import":             "an empty form",
	"GET /console/courses/new":                "an empty form",
	"GET /console/facts":                      "content",
	"GET /console/funnels":                    "counts",
	"GET /console/members/new":                "an empty form",
	"GET /console/needs":                      "counts by place and trade",
	"GET /console/needs/map":                  "counts by place",
	"GET /console/reminders":                  "content and counts",
	"GET /console/rules":                      "numbers",
	"GET /console/stories/new":                "an empty form",
}

// TestMarkersStayText: whatever people and staff can write is text on every page
// that may show it, and on every form that comes back with what was typed. A page
// that is new is visited by itself; where it shows nothing of all this it has to be
// named above.
func TestMarkersStayText(t *testing.T) {
	m := newMarked(t, evil)
	admin := m.as(staff.Administrator, province)
	session, err := m.desk.Session(t.Context(), admin)
	m.must(err)
	_, err = m.desk.Open(t.Context(), session.Member, staff.From{Address: evil, Agent: evil}) // a browser that is called so
	m.must(err)
	pages, forms, shown := 0, 0, 0
	for _, pattern := range slices.Sorted(maps.Keys(rows)) {
		r := rows[pattern]
		method, path := m.path(pattern, r.of)
		if pattern == "GET /console/cases/events" || pattern == "POST /console/sign-out" {
			continue // a stream of numbers: TestCaseEvents; an answer without a page
		}
		var tries []string
		if method == "GET" {
			tries = []string{"", "?" + url.Values{"q": {evil}, "text": {evil}, "place": {evil}, "trade": {evil}, "course": {evil}, "state": {evil}, "member": {evil}, "did": {evil}, "about": {evil}, "from": {evil}, "after": {evil}, "id": {evil}, "kind": {"topic"}, "done": {evil}, "by": {evil}}.Encode()}
			if pattern == "GET /console/content/new" {
				tries[0] = "?kind=topic&id=a.b"
			}
		} else {
			typed, _ := url.ParseQuery(r.form)
			if r.form == "story" {
				for name := range storyFields(nil) {
					typed.Set(name, evil)
				}
			}
			for name := range typed {
				typed.Set(name, evil)
			}
			for _, name := range []string{"title", "text", "name", "login", "words", "why", "note", "seen", "say", "where", "hours", "ten-lop", "ho-ten", "ghi-chu"} {
				typed.Set(name, evil)
			}
			tries = []string{typed.Encode()}
		}
		found := false
		for _, try := range tries {
			var answer *http.Response
			var text string
			if method == "GET" {
				answer, text = m.ask(method, path+try, admin, "")
				pages++
			} else {
				if strings.HasSuffix(path, "/claim") || strings.HasSuffix(path, "/off") || strings.HasSuffix(path, "/drop") || strings.HasSuffix(path, "/end") {
					continue // nothing is typed
				}
				answer, text = m.ask(method, path, admin, try)
				forms++
			}
			if answer.StatusCode >= 500 || try == "" && answer.StatusCode != http.StatusOK && !r.none {
				t.Errorf("%s %s: %d", method, path, answer.StatusCode)
			}
			if !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") {
				found = true // workbooks: TestCellsStayText; pictures
				continue
			}
			for _, bad := range injected(t, text) {
				t.Errorf("%s%s: %s", pattern, try[:min(len(try), 1)], bad)
			}
			if try == "" || pattern == "GET /console/content/new" {
				found = found || strings.Contains(text, "onerror=x=1")
			}
		}
		if method != "GET" {
			continue
		}
		why, silent := unmarked[pattern]
		if found {
			shown++
		}
		if found == silent {
			t.Errorf("%s shows something that was written: %v; said of it: %q", pattern, found, why)
		}
	}
	for pattern := range unmarked {
		if _, ok := rows[pattern]; !ok {
			t.Errorf("%s is no route", pattern)
		}
	}
	// What the door shows again.
	for _, try := range [][3]string{
		{"GET", "/console/sign-in?" + url.Values{"to": {"/console/" + evil}, "ended": {evil}}.Encode()}, {"GET", "/console/invitation/" + url.PathEscape(evil)}, {"GET", "/console/" + url.PathEscape(evil)},
		{"POST", "/console/sign-in", url.Values{"login": {evil}, "password": {evil}, "to": {evil}, "ticket": {evil}, "code": {evil}}.Encode()}, {"POST", "/console/invitation/x", url.Values{"password": {evil}, "again": {evil}}.Encode()},
	} {
		if answer, text := m.ask(try[0], try[1], "", try[2]); answer.StatusCode >= 500 || len(injected(t, text)) > 0 {
			t.Errorf("%s %s: %d %q", try[0], try[1], answer.StatusCode, injected(t, text))
		}
	}
	t.Logf("%d pages, %d forms; %d pages show what was written", pages, forms, shown)
	if shown < 40 {
		t.Errorf("only %d pages show a marker", shown)
	}
}

// TestNamesAreNotPaths: no part of an address leads out of where it belongs, for who
// may go everywhere.
func TestNamesAreNotPaths(t *testing.T) {
	m := newMarked(t, "x")
	admin := m.as(staff.Administrator, province)
	tried := 0
	for pattern := range rows {
		method, path, _ := strings.Cut(pattern, " ")
		if method != "GET" || !strings.Contains(path, "{") || strings.HasSuffix(path, "{$}") {
			continue
		}
		for _, climb := range []string{"..%2f..%2f..%2f..%2fetc%2fpasswd", "%2fetc%2fpasswd", "..%5c..%5cnghe.db", "..%2fnghe.db%00", "%2e%2e"} {
			for _, to := range []string{strings.NewReplacer("{id}", climb, "{message}", climb, "{kind}", climb).Replace(path), strings.NewReplacer("{id}", climb, "{message}", climb, "{kind}", "topic").Replace(path), strings.NewReplacer("{id}", m.ids["case"], "{message}", climb, "{kind}", "topic").Replace(path)} {
				if !strings.Contains(to, climb) {
					continue
				}
				answer, text := m.ask("GET", to, admin, "")
				if answer.StatusCode != http.StatusNotFound && answer.StatusCode != http.StatusMovedPermanently && answer.StatusCode != http.StatusTemporaryRedirect {
					t.Errorf("%s: %d", to, answer.StatusCode)
				}
				if strings.Contains(text, "root:") || strings.Contains(text, "SQLite format") {
					t.Errorf("%s gives a file away", to)
				}
				tried++
			}
		}
	}
	if tried < 150 {
		t.Errorf("only %d tries", tried)
	}
}
