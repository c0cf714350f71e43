package console_test

import (
	"bytes"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"nghe/bot"
	"nghe/broadcast"
	"nghe/course"
	"nghe/dialog"
	"nghe/handoff"
	"nghe/scheduler/reminder"
	"nghe/staff"
	"nghe/story"
)

// What becomes of a route when the thing that it is about lies elsewhere.
const (
	refused  = "refused"  // 403 or 404, or a form that says so, and written down
	filtered = "filtered" // an answer without a word of it
	open     = "open"     // the same as of one's own: there is nobody's data in it
)

// A row says who may come to a route, and what they get of what is not theirs.
// Roles are their first letters: administrator, editor, officer, counsellor,
// viewer.
type row struct {
	roles   string
	foreign string
	of      string // what {id} is: it is made for each try, one at home and one elsewhere
	form    string // a query, or what is sent; {id} and {place} are put in
	none    bool   // there may be no such thing at home: 404 is as good as an answer
}

const everybody = "aeocv"

// The table is written by hand and not taken from staff.rules: what one of the
// two forgets, the other says.
var rows = map[string]row{
	"GET /console/{$}":                        {everybody, filtered, "case interest", "", false},
	"POST /console/sign-out":                  {everybody, open, "", "x=y", false},
	"GET /console/cases":                      {"ac", filtered, "case", "", false},
	"GET /console/cases/events":               {"ac", "", "", "", false}, // TestCaseEvents
	"GET /console/cases/overview":             {"ac", filtered, "case", "", false},
	"POST /console/cases/duty":                {"ac", open, "", "on=no", false},
	"GET /console/cases/{id}":                 {"ac", refused, "case", "", false},
	"GET /console/cases/{id}/talk":            {"ac", refused, "case", "", false},
	"GET /console/cases/{id}/media/{message}": {"ac", refused, "case", "", true},
	"GET /console/cases/{id}/attach":          {"ac", refused, "case", "", false},
	"POST /console/cases/{id}/claim":          {"ac", refused, "case", "x=y", false},
	"POST /console/cases/{id}/pass":           {"ac", refused, "case", "x=y", false},
	"POST /console/cases/{id}/reply":          {"ac", refused, "case", "text=chào&key=k", false},
	"POST /console/cases/{id}/file":           {"ac", refused, "case", "file", false},
	"POST /console/cases/{id}/merge":          {"ac", refused, "case", "from={id}", false},
	"POST /console/cases/{id}/canned":         {"ac", refused, "case", "canned_title=a&canned_text=b", false},
	"POST /console/cases/{id}/canned/drop":    {"ac", refused, "case", "title=a", false},
	"POST /console/cases/{id}/note":           {"ac", refused, "case", "note=a&key=k", false},
	"POST /console/cases/{id}/urgent":         {"ac", refused, "case", "urgent=yes", false},
	"POST /console/cases/{id}/transfer":       {"ac", refused, "case", "to=org+X&why=a", false},
	"POST /console/cases/{id}/release":        {"ac", refused, "case", "x=y", false},
	"POST /console/cases/{id}/close":          {"ac", refused, "case", "outcome=answered", false},
	"POST /console/cases/{id}/reopen":         {"ac", refused, "case", "x=y", false},

	"GET /console/courses":                {everybody, open, "", "", false},
	"GET /console/courses/new":            {"aeo", open, "", "", false},
	"POST /console/courses":               {"aeo", refused, "", "nghe=hàn&tinh-trang=Đang+nhận&xa-phuong={place}&ten-lop=Lớp", false},
	"GET /console/courses/import":         {"aeo", open, "", "", false},
	"POST /console/courses/import":        {"aeo", open, "", "file", false}, // by row: TestImportOutOfScope
	"GET /console/courses/template.xlsx":  {"aeo", open, "", "", false},
	"GET /console/courses/export.xlsx":    {everybody, open, "", "", false},
	"GET /console/courses/{id}":           {everybody, filtered, "course", "", false},
	"GET /console/courses/{id}/edit":      {"aeo", refused, "course", "", false},
	"POST /console/courses/{id}":          {"aeo", refused, "course", "nghe=hàn", false},
	"GET /console/courses/{id}/duplicate": {"aeo", open, "course", "", false}, // a form; what is sent is asked
	"POST /console/courses/{id}/open":     {"aeo", refused, "course", "x=y", false},
	"GET /console/courses/{id}/cancel":    {"aeo", refused, "course", "", false},
	"POST /console/courses/{id}/cancel":   {"aeo", refused, "course", "why=x", false},
	"GET /console/courses/{id}/loud":      {everybody, open, "course", "", false},
	"GET /console/courses/{id}/board":     {everybody, open, "course", "", false},
	"GET /console/courses/{id}/code.svg":  {everybody, open, "course", "", false},

	"GET /console/stories":                {"aeo", filtered, "story", "", false},
	"GET /console/stories/new":            {"aeo", open, "", "", false},
	"POST /console/stories":               {"aeo", refused, "", "story", false},
	"GET /console/stories/{id}":           {"aeo", refused, "story", "", false},
	"GET /console/stories/{id}/edit":      {"aeo", refused, "story", "", false},
	"POST /console/stories/{id}":          {"aeo", refused, "story", "story", false},
	"GET /console/stories/{id}/picture":   {"aeo", refused, "story", "", true},
	"POST /console/stories/{id}/publish":  {"aeo", refused, "story", "x=y", false},
	"POST /console/stories/{id}/draft":    {"aeo", refused, "story", "x=y", false},
	"POST /console/stories/{id}/withdraw": {"aeo", refused, "story", "x=y", false},

	"GET /console/interests":               {"aoc", filtered, "interest", "q=Kín", false},
	"POST /console/interests/move":         {"aoc", refused, "interest", "id={id}&to=contacted", false},
	"POST /console/interests/papers":       {"aoc", refused, "interest", "id={id}&papers=owed", false},
	"POST /console/interests/mark":         {"aoc", refused, "interest", "id={id}&mark=certificate", false},
	"GET /console/interests/new":           {"aoc", open, "", "", false},
	"POST /console/interests":              {"aoc", refused, "", "ho-ten=An&dien-thoai=0912345678&nghe=hàn&xa-phuong={place}&da-dong-y=Có", false},
	"GET /console/interests/import":        {"aoc", open, "", "", false},
	"POST /console/interests/import":       {"aoc", open, "", "file", false}, // by row: TestImportOutOfScope
	"GET /console/interests/template.xlsx": {"aoc", open, "", "", false},
	"GET /console/interests/export.xlsx":   {"ao", filtered, "interest", "", false},
	"GET /console/interests/{id}":          {"aoc", refused, "interest", "", false},
	"POST /console/interests/{id}":         {"aoc", refused, "interest", "ho-ten=An", false},

	"GET /console/needs":               {"aeov", refused, "", "place={place}", false},
	"GET /console/needs/map":           {"aeov", filtered, "interest", "", false},
	"GET /console/needs/export.xlsx":   {"aeov", refused, "", "place={place}", false},
	"GET /console/results":             {"aeov", refused, "", "place={place}", false},
	"GET /console/results/export.xlsx": {"aeov", refused, "", "place={place}", false},
	"GET /console/report":              {"aeov", refused, "", "place={place}", false},
	"GET /console/report/export.xlsx":  {"aeov", refused, "", "place={place}", false},
	"POST /console/report/difficulty":  {"ao", refused, "", "place={place}&words=a", false},
	"POST /console/report/receiver":    {"A", refused, "", "receiver=a", false},

	"GET /console/campaigns":                  {"aeov", filtered, "campaign", "", false},
	"GET /console/campaigns/new":              {"ao", open, "", "", false},
	"POST /console/campaigns":                 {"ao", refused, "", "title=a&from=2026-11-01&to=2026-12-01&place={place}", false},
	"GET /console/campaigns/{id}":             {"aeov", refused, "campaign", "", false},
	"GET /console/campaigns/{id}/edit":        {"ao", refused, "campaign", "", false},
	"POST /console/campaigns/{id}":            {"ao", refused, "campaign", "title=a&from=2026-11-01&to=2026-12-01&place=ba-che", false},
	"GET /console/campaigns/{id}/picture":     {"aeov", refused, "campaign", "", false},
	"GET /console/campaigns/{id}/export.xlsx": {"aeov", refused, "campaign", "", false},
	"POST /console/campaigns/{id}/letter":     {"ao", refused, "campaign", "x=y", false},

	"GET /console/broadcasts":                  {"aeov", open, "", "", false},
	"GET /console/broadcasts/new":              {"ao", open, "", "", false},
	"POST /console/broadcasts/reach":           {"ao", open, "", "text=a&place={place}", false}, // counts
	"POST /console/broadcasts":                 {"ao", open, "", "text=a&place={place}", false}, // waits for a yes from there
	"GET /console/broadcasts/{id}":             {"aeov", open, "broadcast", "", false},          // counts, no names
	"GET /console/broadcasts/{id}/progress":    {"aeov", open, "broadcast", "", false},
	"GET /console/broadcasts/{id}/edit":        {"ao", refused, "broadcast", "", false},
	"POST /console/broadcasts/{id}":            {"ao", refused, "broadcast", "text=a&place=ba-che", false},
	"POST /console/broadcasts/{id}/send":       {"ao", refused, "broadcast", "x=y", false},
	"POST /console/broadcasts/{id}/try":        {"ao", refused, "broadcast", "x=y", false},
	"POST /console/broadcasts/{id}/approve":    {"ao", refused, "broadcast", "hash=x", false},
	"POST /console/broadcasts/{id}/pause":      {"ao", refused, "broadcast", "x=y", false},
	"POST /console/broadcasts/{id}/resume":     {"ao", refused, "broadcast", "x=y", false},
	"POST /console/broadcasts/{id}/cancel":     {"ao", refused, "broadcast", "why=x", false},
	"GET /console/broadcasts/{id}/people":      {"ao", refused, "broadcast", "", false},
	"GET /console/broadcasts/{id}/people.xlsx": {"ao", refused, "broadcast", "", false},
	"GET /console/broadcasts/{id}/calls":       {"ao", refused, "broadcast", "", false},

	"GET /console/funnels":          {"aeov", open, "", "", false},
	"GET /console/unanswered":       {"ae", open, "", "", false},
	"POST /console/unanswered/mark": {"ae", open, "", "text=a&mark=outside", false},
	"GET /console/rules":            {"aeo", open, "", "", false},
	"POST /console/rules":           {"A", refused, "", "per_week=3", false},
	"GET /console/reminders":        {"aeo", open, "", "", false},
	"POST /console/reminders/{id}":  {"A", refused, "reminder", "on=yes", false},

	"GET /console/bank-days":            {"aeo", filtered, "bank", "", false},
	"GET /console/bank-days/new":        {"aeo", open, "", "", false},
	"POST /console/bank-days":           {"aeo", refused, "", "place={place}&day=12&hours=sáng&where=xã", false},
	"GET /console/bank-days/{id}":       {"aeo", refused, "bank", "", false},
	"POST /console/bank-days/{id}":      {"aeo", refused, "bank", "day=12&hours=sáng&where=xã", false},
	"POST /console/bank-days/{id}/drop": {"aeo", refused, "bank", "x=y", false},

	"GET /console/facts":                         {"ae", open, "", "", false},
	"GET /console/content":                       {"ae", open, "", "", false},
	"GET /console/content/new":                   {"ae", open, "", "kind=topic&id=a.b", false},
	"GET /console/content/ask":                   {"ae", open, "", "text=a", false},
	"GET /console/content/history":               {"ae", open, "", "", false},
	"GET /console/content/history/{id}":          {"ae", open, "release", "", false},
	"POST /console/content/history/{id}":         {"ae", open, "release", "why=a", false},
	"GET /console/content/{kind}/{id}":           {"ae", open, "topic", "", false},
	"POST /console/content/{kind}/{id}/try":      {"ae", open, "topic", "text=a", false},
	"POST /console/content/{kind}/{id}/download": {"ae", open, "topic", "text=a", false},
	"POST /console/content/{kind}/{id}":          {"ae", open, "topic", "text=a&why=b", false},
	"POST /console/content/{kind}/{id}/drop":     {"ae", open, "topic", "why=b", false},

	"GET /console/account":                    {everybody, open, "", "", false},
	"POST /console/account/password":          {everybody, open, "", "old=a", false},
	"GET /console/account/codes":              {everybody, open, "", "", false},
	"GET /console/account/codes/picture":      {everybody, open, "", "", true},
	"POST /console/account/codes":             {everybody, open, "", "code=1", false},
	"POST /console/account/codes/end":         {everybody, open, "", "password=a", false},
	"POST /console/account/chat":              {everybody, open, "", "x=y", false},
	"POST /console/account/chat/end":          {everybody, open, "", "x=y", false},
	"POST /console/account/sessions/end":      {everybody, open, "", "x=y", false},
	"POST /console/account/sessions/{id}/end": {everybody, open, "session", "x=y", true}, // TestForeignSessionsStay

	"GET /console/members":                    {"a", filtered, "member", "", false},
	"GET /console/members/new":                {"a", open, "", "", false},
	"POST /console/members":                   {"a", refused, "", "name=An&login=an{n}&role=viewer&place={place}", false},
	"GET /console/members/{id}":               {"a", refused, "member", "", false},
	"POST /console/members/{id}":              {"a", refused, "member", "name=An&role=viewer&place=ba-che", false},
	"POST /console/members/{id}/link":         {"a", refused, "member", "x=y", false},
	"POST /console/members/{id}/off":          {"a", refused, "member", "x=y", false},
	"POST /console/members/{id}/sessions/end": {"a", refused, "member", "x=y", false},
	"GET /console/audit":                      {"A", refused, "", "", false},
}

// foreignWords stand in everything that is made elsewhere, and nowhere else.
const foreignWords = "Kín Tiên Yên"

// tries makes things and asks for them.
type tries struct {
	*world
	n int
}

// make makes something in a place and gives its id.
func (w *tries) make(what, place string) (id string) {
	w.t.Helper()
	w.n++
	now, name := time.Now(), "Người nhà"
	if place != "ba-che" {
		name = foreignWords
	}
	id = fmt.Sprintf("x%d", w.n)
	var err error
	switch what {
	case "case":
		who := bot.Contact{Channel: "zalo", ID: id}
		c, _, failed := w.cases.Open(w.t.Context(), handoff.Opening{Contact: who, Turn: "zalo:" + id, Kind: handoff.Help, Topic: "loan.gqvl", Wish: name, Answers: dialog.Values{"place": dialog.Text(place)}, At: now})
		if failed != nil {
			w.t.Fatal(failed)
		}
		return c.ID
	case "course", "interest":
		k := course.Course{ID: "k" + id, Title: "Lớp", Trade: "han", Status: course.Enrolling, Deadline: course.DayOf(now.AddDate(0, 1, 0)), Place: place, Provider: "Trường " + place}
		_, err = w.db.PutCourses(w.t.Context(), []course.Course{k}, now)
		if err == nil {
			err = w.db.AddInterests(w.t.Context(), []course.Interest{{ID: id, Trade: "han", Place: place, Course: k.ID, Name: name, Phone: "0912345678", State: course.New, Source: course.FromPaper, Consent: "giấy", CreatedAt: now, UpdatedAt: now}})
		}
		if what == "course" {
			id = k.ID
		}
	case "story":
		s := story.Story{ID: id, Who: name, Place: place, Trade: "nau-an", Kind: "training", Text: name, Source: "Hội", Consent: story.Consent{Words: story.Words, On: "2026-11-01", How: "paper", By: name}, State: story.Draft, CreatedAt: now, UpdatedAt: now}
		_, err = w.db.PutStory(w.t.Context(), nil, s, nil)
	case "campaign":
		err = w.db.PutCampaign(w.t.Context(), course.Campaign{ID: id, Title: name, Places: []string{place}, From: course.DayOf(now), To: course.DayOf(now.AddDate(0, 0, 9))}, now)
	case "broadcast":
		made, failed := w.console.Broadcasts.New(w.t.Context(), broadcast.Letter{Text: name + id, Audience: broadcast.Audience{Places: []string{place}}, Draft: true}, broadcast.By{Name: "ai-do"}, now)
		if failed != nil {
			w.t.Fatal(failed)
		}
		return made.ID
	case "bank":
		id = place
		err = w.db.PutBankDay(w.t.Context(), reminder.BankDay{Place: place, Day: 12, Hours: "sáng", Where: name, By: "ai-do", At: now})
	case "member":
		m, _, failed := w.desk.Invite(w.t.Context(), staff.Operator, staff.Member{Name: name, Login: "m" + id, Role: staff.Officer, Scope: staff.Scope{Places: []string{place}}})
		if failed != nil {
			w.t.Fatal(failed)
		}
		return m.ID
	case "reminder":
		return library().Reminders[0].ID
	case "topic":
		return library().Topics[0].ID
	case "release":
		return "0"
	}
	if err == nil {
		err = w.learn(w.t.Context())
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// try asks for a route about something that was just made in a place.
func (w *tries) try(pattern string, r row, place, cookie string) (path string, answer *http.Response, text string) {
	w.t.Helper()
	method, path, _ := strings.Cut(pattern, " ")
	id := "x"
	for _, what := range strings.Fields(r.of) {
		id = w.make(what, place)
	}
	w.n++
	fill := strings.NewReplacer("{$}", "", "{id}", url.PathEscape(id), "{kind}", "topic", "{message}", "x", "{place}", url.QueryEscape(place), "{n}", fmt.Sprint(w.n))
	path = fill.Replace(path)
	form := fill.Replace(r.form)
	if strings.Contains(form, "xa-phuong") { // it is typed there
		form = strings.NewReplacer("xa-phuong=ba-che", "xa-phuong=Xã+Ba+Chẽ", "xa-phuong=tien-yen", "xa-phuong=Xã+Tiên+Yên").Replace(form)
	}
	switch {
	case method == "GET" && form != "":
		answer, text = w.ask(method, path+"?"+form, cookie, "")
	case form == "file":
		answer, text = w.hand(path, cookie, map[string]string{"x": "y"}, nil)
	case form == "story":
		answer, text = w.hand(path, cookie, storyFields(map[string]string{"place": place}), nil)
	default:
		answer, text = w.ask(method, path, cookie, form)
	}
	return path, answer, text
}

// tells says whether an answer, which may be a workbook, has a word of what is
// elsewhere.
func (w *tries) tells(answer *http.Response, text string) bool {
	if strings.Contains(answer.Header.Get("Content-Type"), "spreadsheet") {
		shown, _ := book(w.t, text)
		text = fmt.Sprint(shown)
	}
	return strings.Contains(text, foreignWords)
}

// denials counts what was refused on a path.
func (w *tries) denials(method, path string) int {
	w.t.Helper()
	entries, err := w.db.Staff().Entries(w.t.Context(), staff.Query{Did: "refused", About: method + " " + path, Limit: 9})
	if err != nil {
		w.t.Fatal(err)
	}
	return len(entries)
}

// Of every route and every role: who may not come is refused, who may gets what is
// theirs, and of what is not theirs what the table says; each refusal is in the
// books. A route without a row fails.
func TestRoleRouteForeign(t *testing.T) {
	home := staff.Scope{Places: []string{"ba-che"}}
	seen := map[string]bool{}
	var all []string
	for _, line := range patterns(t) {
		parts := strings.Fields(line)
		pattern := parts[0] + " " + parts[1]
		seen[pattern] = true
		if _, ok := rows[pattern]; !ok {
			t.Errorf("%s has no row: say who may come and what they get of what is not theirs", pattern)
			continue
		}
		all = append(all, pattern)
	}
	for pattern := range rows {
		if !seen[pattern] {
			t.Errorf("%s has a row and is no route", pattern)
		}
	}
	tried := 0
	for _, role := range staff.Roles {
		t.Run(string(role), func(t *testing.T) {
			w := &tries{world: newWorld(t)}
			w.cases.Drawer = w.db
			w.make("bank", "tien-yen")
			cookie := w.as(role, home)
			for _, pattern := range all {
				r := rows[pattern]
				method, _, _ := strings.Cut(pattern, " ")
				if pattern == "POST /console/sign-out" || pattern == "POST /console/account/sessions/end" {
					continue // TestWhatComesFromElsewhereIsRefused, TestSessions
				}
				letter := string(role)[:1]
				if !strings.Contains(r.roles, letter) {
					for _, place := range []string{"ba-che", "tien-yen"} {
						path, answer, text := w.try(pattern, r, place, cookie)
						if answer.StatusCode != http.StatusForbidden || strings.Contains(text, foreignWords) || w.denials(method, path) != 1 {
							t.Errorf("%s, not for this role: %d, written down %d times", pattern, answer.StatusCode, w.denials(method, path))
						}
						tried++
					}
					continue
				}
				if r.foreign == "" {
					continue
				}
				path, answer, text := w.try(pattern, r, "ba-che", cookie)
				if code := answer.StatusCode; code == http.StatusForbidden || code >= 500 || code == http.StatusNotFound && !r.none {
					t.Errorf("%s, at home: %d %.300s", path, code, text)
				}
				path, answer, text = w.try(pattern, r, "tien-yen", cookie)
				tried += 2
				code := answer.StatusCode
				switch r.foreign {
				case open:
					if code == http.StatusForbidden || code >= 500 {
						t.Errorf("%s, elsewhere: %d", path, code)
					}
				case filtered:
					if code != http.StatusOK || w.tells(answer, text) {
						t.Errorf("%s, elsewhere: %d, or it tells of somebody", path, code)
					}
				case refused:
					form := code == http.StatusUnprocessableEntity && strings.Contains(text, "hạm vi")
					if code != http.StatusForbidden && code != http.StatusNotFound && !form {
						t.Errorf("%s, elsewhere: %d %.200s", path, code, text)
					}
					if n := w.denials(method, path); n != 1 {
						t.Errorf("%s, elsewhere: written down %d times", path, n)
					}
					if w.tells(answer, text) {
						t.Errorf("%s tells of somebody elsewhere", path)
					}
				}
			}
		})
	}
	// What is the province's alone.
	w := &tries{world: newWorld(t)}
	cookie := w.as(staff.Administrator, province)
	for pattern, r := range rows {
		if r.roles == "A" {
			if path, answer, text := w.try(pattern, r, "ba-che", cookie); answer.StatusCode == http.StatusForbidden || answer.StatusCode >= 404 && answer.StatusCode != http.StatusUnprocessableEntity {
				t.Errorf("%s, for the province: %d %.200s", path, answer.StatusCode, text)
			}
		}
	}
	if tried < 2*len(all)*len(staff.Roles)-60 {
		t.Errorf("only %d tries", tried)
	}
	t.Logf("%d routes, %d roles, %d tries", len(all), len(staff.Roles), tried)
}

// TestImportOutOfScope: a table with one row of elsewhere changes nothing at all, and
// who tried is in the books.
func TestImportOutOfScope(t *testing.T) {
	w := &tries{world: newWorld(t)}
	k := w.make("course", "tien-yen")
	admin, officer := w.as(staff.Administrator, province), w.as(staff.Officer, staff.Scope{Places: []string{"ba-che"}})
	_, exported := w.ask("GET", "/console/courses/export.xlsx", admin, "")
	upload := func(path, cookie, body string) (*http.Response, string) {
		var b bytes.Buffer
		form := multipart.NewWriter(&b)
		part, err := form.CreateFormFile("file", "../../lop.xlsx")
		if err == nil {
			_, err = part.Write([]byte(body))
		}
		if err = errors.Join(err, form.Close()); err != nil {
			t.Fatal(err)
		}
		return w.ask("POST", path, cookie, b.String(), "Content-Type", form.FormDataContentType())
	}
	was := w.courses.Load().Course(k).UpdatedAt
	if answer, text := upload("/console/courses/import", officer, exported); answer.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text, "ngoài phạm vi") || w.denials("POST", "/console/courses/import") != 1 {
		t.Errorf("a class of elsewhere: %d, written down %d times", answer.StatusCode, w.denials("POST", "/console/courses/import"))
	}
	if is := w.courses.Load().Course(k).UpdatedAt; !is.Equal(was) {
		t.Error("it was changed")
	}
	if answer, text := upload("/console/courses/import", admin, exported); answer.StatusCode != http.StatusSeeOther {
		t.Errorf("for the province: %d %.300s", answer.StatusCode, text)
	}
}

// TestForeignSessionsStay: nobody signs somebody else's browser out.
func TestForeignSessionsStay(t *testing.T) {
	w := newWorld(t)
	theirs, mine := w.as(staff.Officer, province), w.as(staff.Administrator, province)
	s, err := w.desk.Session(t.Context(), theirs)
	if err != nil || s == nil {
		t.Fatal(err)
	}
	w.ask("POST", "/console/account/sessions/"+s.ID+"/end", mine, "x=y")
	if answer, _ := w.ask("GET", "/console/", theirs, ""); answer.StatusCode != http.StatusOK {
		t.Errorf("signed out by somebody else: %d", answer.StatusCode)
	}
	w.ask("POST", "/console/account/sessions/"+s.ID+"/end", theirs, "x=y")
	if answer, _ := w.ask("GET", "/console/", theirs, ""); answer.StatusCode != http.StatusSeeOther {
		t.Errorf("not signed out by themself: %d", answer.StatusCode)
	}
}

// Whoever begins to read in the middle, by an address made by hand, is noted as
// having read the case.
func TestReadingInTheMiddleIsNoted(t *testing.T) {
	for _, path := range []string{"/talk", "/talk?after=3", "?part=hand", "/attach"} {
		w := &tries{world: newWorld(t)}
		id, admin := w.make("case", "ba-che"), w.as(staff.Administrator, province)
		for range 2 {
			if answer, _ := w.ask("GET", "/console/cases/"+id+path, admin, ""); answer.StatusCode != http.StatusOK {
				t.Fatalf("%s: %d", path, answer.StatusCode)
			}
		}
		entries, err := w.db.Staff().Entries(t.Context(), staff.Query{Did: "case.read", About: "case:" + id, Limit: 9})
		if err != nil || len(entries) != 1 {
			t.Errorf("%s: %d times in the books, %v", path, len(entries), err)
		}
	}
}

// Who reads of somebody's wish, looks through wishes or through whom an announcement
// went to is in the books, an administrator too: once an hour, without a name that
// was looked for.
func TestReadingOfWishesAndRecipientsIsNoted(t *testing.T) {
	w := &tries{world: newWorld(t)}
	wish, letter := w.make("interest", "ba-che"), w.make("broadcast", "ba-che")
	readers := []string{w.as(staff.Administrator, province), w.as(staff.Officer, staff.Scope{Places: []string{"ba-che"}})}
	for _, what := range []struct{ path, did, about string }{
		{"/console/interests/" + wish, "interest.read", "interest:" + wish},
		{"/console/interests?place=ba-che&q=Ng%C6%B0%E1%BB%9Di", "interest.list", "interests:ba-che"},
		{"/console/broadcasts/" + letter + "/people", "broadcast.people", "broadcast:" + letter},
	} {
		want := 0
		for _, cookie := range readers {
			if what.did == "broadcast.people" && cookie != readers[0] {
				continue // somebody else's letter
			}
			want++
			for range 2 {
				if answer, _ := w.ask("GET", what.path, cookie, ""); answer.StatusCode != http.StatusOK {
					t.Fatalf("%s: %d", what.path, answer.StatusCode)
				}
			}
		}
		entries, err := w.db.Staff().Entries(t.Context(), staff.Query{Did: what.did, About: what.about, Limit: 9})
		if err != nil || len(entries) != want {
			t.Errorf("%s: %d times in the books, want %d; %v", what.path, len(entries), want, err)
		}
		for _, e := range entries {
			if strings.Contains(e.Detail+e.About, "Người") {
				t.Errorf("the books tell whom was looked for: %+v", e)
			}
		}
	}
	// What was done with a wish is not hidden behind who looked.
	if _, page := w.ask("GET", "/console/interests/"+wish, readers[0], ""); strings.Contains(page, "đọc nguyện vọng") {
		t.Error("who looked stands among what was done")
	}
	// Nor pushed out by it.
	put := func(id, did, detail string) {
		t.Helper()
		if err := w.db.Staff().PutEntry(t.Context(), staff.Entry{ID: id, At: time.Now(), Member: "an", Name: "An", Did: did, About: "interest:" + wish, Detail: detail}); err != nil {
			t.Fatal(err)
		}
	}
	put("a", "interest.edit", "sửa thôn thành Khe Lò")
	for i := range 60 {
		put(fmt.Sprintf("z%02d", i), "interest.read", "")
	}
	if _, page := w.ask("GET", "/console/interests/"+wish, readers[0], ""); !strings.Contains(page, "sửa thôn thành Khe Lò") {
		t.Error("who looked has pushed out what was done")
	}
	// What is typed into the address is noted in whole letters.
	if answer, _ := w.ask("GET", "/console/interests?place="+strings.Repeat("%E1%BA%BF", 99)+"&trade=%00", readers[0], ""); answer.StatusCode != http.StatusOK {
		t.Errorf("a long address: %d", answer.StatusCode)
	}
	listed, err := w.db.Staff().Entries(t.Context(), staff.Query{Did: "interest.list", Limit: 1})
	if err != nil || len(listed) != 1 || !strings.HasPrefix(listed[0].About, "interests:ếế") || !utf8.ValidString(listed[0].About) {
		t.Errorf("%+v, %v", listed, err)
	}
}
