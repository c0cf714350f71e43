package content_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nghe/advice"
	"nghe/announce"
	"nghe/bot"
	"nghe/bot/bottest"
	"nghe/broadcast"
	"nghe/content"
	"nghe/content/transcripts"
	"nghe/counsel"
	"nghe/course"
	"nghe/dialog"
	"nghe/handoff"
	"nghe/officer"
	"nghe/people"
	"nghe/scheduler/reminder"
	"nghe/staff"
	"nghe/store"
	"nghe/transcript"
	"nghe/understand"
)

// Every conversation in transcripts goes as it is written there. Between two
// messages the session is only in the store, as bytes.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("transcripts/*/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 25 {
		t.Errorf("only %d transcripts", len(files))
	}
	zone := time.FixedZone("Asia/Ho_Chi_Minh", 7*3600)
	db, err := store.Open(t.Context(), t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	book := people.Book{Records: db.People([]byte("key"))}
	shipped, none := content.MustBuiltin(), course.NewCatalogue(nil)
	reader := understand.New(shipped)
	for _, file := range files {
		t.Run(strings.TrimSuffix(strings.TrimPrefix(filepath.ToSlash(file), "transcripts/"), ".txt"), func(t *testing.T) {
			written, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			// The records are those of the program; nobody is known in them yet.
			for _, c := range append(slices.Collect(maps.Values(transcript.Others)), transcript.Contact) {
				if err := book.Delete(t.Context(), c, time.Now()); err != nil {
					t.Fatal(err)
				}
			}
			lib, courses := shipped, none
			now := brain(lib, courses, reader)
			// What staff announce is there for the next one, too.
			db, book := db, book
			// Cases are numbered from one.
			if filepath.Base(filepath.Dir(file)) == "officer" || bytes.Contains(written, []byte("effect case-")) || bytes.Contains(written, []byte("\ncounsellor ")) || bytes.Contains(written, []byte("/truc")) || bytes.Contains(written, []byte("\noffice ")) {
				if db, err = store.Open(t.Context(), t.TempDir(), time.Now()); err != nil {
					t.Fatal(err)
				}
				defer db.Close()
				book = people.Book{Records: db.People([]byte("key"))}
			}
			desk := staff.Desk{Records: db.Staff(), Now: time.Now, Key: []byte("key")}
			effects := people.Wishes{Records: db, Courses: func() *course.Catalogue { return courses }}.Effects()
			maps.Copy(effects, people.Links{Book: book, Records: db, Key: []byte("key")}.Effects())
			maps.Copy(effects, people.News{Records: db}.Effects())
			maps.Copy(effects, reminder.Banks{Days: db.BankDays, Zone: zone}.Effects())
			maps.Copy(effects, people.Said{Records: db}.Effects())
			maps.Copy(effects, desk.Effects())
			maps.Copy(effects, officer.Office{
				Records: db, Staff: desk, Library: func() *content.Library { return lib }, Courses: func() *course.Catalogue { return courses }, Zone: zone,
				Broadcasts: &broadcast.Desk{Records: db, Library: func() *content.Library { return lib }, Courses: func() *course.Catalogue { return courses }, Zone: zone},
				Reader:     func() announce.Reader { return now.Reader },
				Learn: func(ctx context.Context) error {
					kept, _, err := db.Courses(ctx)
					courses = course.NewCatalogue(append(slices.Clone(courses.All()), kept...))
					now = brain(lib, courses, now.Reader)
					return err
				},
			}.Effects())
			sessions, log := &bottest.Sessions{}, slog.New(slog.NewTextHandler(t.Output(), nil))
			cases := &handoff.Desk{Records: db, Sessions: sessions, Library: func() *content.Library { return lib }, Zone: zone, Log: log,
				Holiday: func(at time.Time) bool { return broadcast.Calendar{Zone: zone, Holidays: lib.Holidays}.Holiday(at) }}
			maps.Copy(effects, cases.Effects())
			turns := &bot.Turns{
				Brain:    func() bot.Brain { return now },
				Sessions: sessions, People: book,
				Effects: effects, Cases: cases,
				Log: log,
			}
			cases.Steers = func(text string) bool { return now.Reader.Command(text) != dialog.NoCommand }
			cases.Talks, cases.Roster, cases.Staff, cases.Drawer = turns, db, manned{db.Staff()}, db
			chats := &counsel.Chats{Cases: cases, Records: db, Staff: desk, Zone: zone, Log: log}
			turns.Duty = chats.Hear
			stage := transcript.Stage{Zone: zone, Handle: turns.Handle, Said: sessions.Bubbles, Tick: cases.Tick, Counsel: counsels(cases), Look: chats.Look,
				Content: func(name string) error {
					lib = shipped
					if name != "" {
						lib = edited(t, name)
					}
					now = brain(lib, courses, understand.New(lib))
					return nil
				},
				BankDay: func(ctx context.Context, place string, day int) error {
					b := reminder.BankDay{Place: place, Day: day, Hours: "từ 8 giờ đến 11 giờ", Where: "trụ sở UBND xã", By: "officer", At: time.Now()}
					if err := b.Check(); err != nil {
						return err
					}
					return db.PutBankDay(ctx, b)
				},
				Remind: func(ctx context.Context, to bot.Contact, id, class string, at time.Time) ([]bot.Bubble, error) {
					r, c := lib.Reminder(id), courses.Course(class)
					if r == nil || c == nil {
						return nil, fmt.Errorf("no reminder %q, or no class %q", id, class)
					}
					letter := reminder.OfClass(lib, r, c)
					bubbles := broadcast.Bubbles(&broadcast.Broadcast{Text: letter.Text, Course: letter.Course, Options: letter.Options}, now.Library, courses, true)
					return bubbles, turns.Tell(ctx, to, "reminder "+id+at.String(), bubbles, at)
				},
				Courses: func(name string) error {
					var err error
					if courses, err = transcripts.Courses(name); err != nil {
						return err
					}
					now = brain(lib, courses, now.Reader)
					return nil
				},
			}
			stage.Office = func(ctx context.Context, to bot.Contact, text string, at time.Time) error {
				return cases.OfficeWrote(ctx, handoff.OfficeWord{Contact: to, Key: at.String(), Text: text, At: at}, at)
			}
			stage.Staff = func(login string, who bot.Contact) error { return joins(t, desk, login, who) }
			stage.People = func(n int, place, trade string, at time.Time) error {
				for i := range n {
					c := bot.Contact{Channel: "telegram", ID: fmt.Sprintf("%s-%s-%d", place, trade, i)}
					p := people.Person{ID: "demo-" + c.ID, Profile: []byte(`{"place":"` + place + `"}`), UpdatedAt: at}
					f := people.Following{Trade: trade, At: at}
					if err := db.Follow(t.Context(), p, c, f, nil, people.Consent{Purpose: people.PurposeNews, Words: "Đồng ý", GivenAt: at}); err != nil {
						return err
					}
				}
				return nil
			}
			replayed, err := stage.Replay(t.Context(), string(written))
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			if *update {
				if err := os.WriteFile(file, []byte(replayed), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(strings.Split(string(written), "\n"), strings.Split(replayed, "\n")); diff != "" {
				t.Errorf("%s goes differently now (-written +now); if that is right, run “go test ./content -update”:\n%s", file, diff)
			}
		})
	}
}

func brain(lib *content.Library, k *course.Catalogue, r dialog.Reader) bot.Brain {
	whole := advice.WithCourses(lib, k)
	return bot.Brain{Engine: dialog.New(whole, advice.Functions(lib, k)), Reader: r, Library: whole}
}

// members of staff who write in transcripts, by their login.
var members = map[string]staff.Member{
	"lan":  {Name: "Phạm Thị Lan", Role: staff.Officer, Scope: staff.Scope{Places: []string{"ba-che", "ky-thuong", "luong-minh"}}},
	"tuan": {Name: "Vũ Anh Tuấn", Role: staff.Officer, Scope: staff.Scope{Province: true}},
	"hoa":  {Name: "Nguyễn Thị Hoa", Role: staff.Counsellor, Scope: staff.Scope{Province: true}},
	"binh": {Name: "Trần Văn Bình", Role: staff.Counsellor, Scope: staff.Scope{Province: true}},
	"na":   {Name: "Lý Thị Na", Role: staff.Counsellor, Scope: staff.Scope{Places: []string{"ba-che"}}},
	"xem":  {Name: "Đỗ Thu Xem", Role: staff.Viewer, Scope: staff.Scope{Province: true}},
}

// joins makes a contact the chat of a member, by a code as the console gives it.
func joins(t *testing.T, desk staff.Desk, login string, who bot.Contact) error {
	m, ok := members[login]
	if !ok {
		return fmt.Errorf("nobody of the staff is called %q in transcripts", login)
	}
	m.Login = login
	m, _, err := desk.Invite(t.Context(), staff.Operator, m)
	if err != nil {
		return err
	}
	code, err := desk.ChatCode(t.Context(), m)
	if err != nil {
		return err
	}
	_, err = desk.Effects()[staff.EffectLink](t.Context(), bot.Asked{Contact: who, Turn: "link " + login, Slots: dialog.Values{"staff_code": dialog.Text(code)}, At: time.Now()})
	return err
}

// counsels lets members of staff work on the case that was opened last.
func counsels(cases *handoff.Desk) func(context.Context, string, string, string, time.Time) ([]string, error) {
	return func(ctx context.Context, login, do, text string, at time.Time) ([]string, error) {
		by, ok := members[login]
		if !ok {
			return nil, fmt.Errorf("nobody of the staff is called %q in transcripts", login)
		}
		by.ID, by.Login = login, login
		last, err := cases.Records.Cases(ctx, handoff.Query{Within: staff.Scope{Province: true}})
		if err != nil || len(last) == 0 {
			return nil, fmt.Errorf("no case was opened: %w", err)
		}
		id := slices.MaxFunc(last, func(a, b handoff.Case) int { return a.Number - b.Number }).ID
		word, more, _ := strings.Cut(text, " ")
		key := at.String()
		switch do {
		case "say":
			_, err = cases.Say(ctx, id, by, text, key, at)
		case "note":
			_, err = cases.Note(ctx, id, by, text, key, at)
		case "claim":
			_, err = cases.Claim(ctx, id, by, at)
		case "release":
			_, err = cases.Release(ctx, id, by, at)
		case "urgent":
			_, err = cases.Urgent(ctx, id, by, true, at)
		case "reopen":
			_, err = cases.Reopen(ctx, id, by, at)
		case "transfer":
			to := handoff.Transfer{Queue: word}
			if m, ok := members[word]; ok {
				m.ID, m.Login = word, word
				to = handoff.Transfer{Member: &m}
			}
			_, err = cases.Transfer(ctx, id, by, to, more, at)
		case "close":
			_, err = cases.Close(ctx, id, by, handoff.Outcome(word), more, at)
		case "read":
			return readCase(ctx, cases, id, by, at)
		default:
			return nil, fmt.Errorf("%q is nothing that a counsellor does", do)
		}
		return standing(ctx, cases, id, err)
	}
}

// readCase is what a counsellor sees first.
func readCase(ctx context.Context, cases *handoff.Desk, id string, by staff.Member, at time.Time) ([]string, error) {
	c, said, err := cases.Read(ctx, id, by, at)
	if err != nil {
		return standing(ctx, cases, id, err)
	}
	seen := []string{fmt.Sprintf("| %s %s, hàng %s, %s", c.Title(), c.State, c.Queue, c.Mask())}
	for _, line := range c.Summary.Lines() {
		seen = append(seen, "| "+line)
	}
	for _, m := range said {
		text := strings.ReplaceAll(m.Text, "\n", " ")
		if m.Media != nil {
			text = strings.TrimSpace("[" + handoff.MediaName(m.Media) + "] " + text)
		}
		line := fmt.Sprintf("> %s: %s", m.From, text)
		if m.State != "" {
			line += fmt.Sprintf(" (%s)", m.State)
		}
		seen = append(seen, line)
	}
	return seen, nil
}

// standing tells how a case stands after something was done with it, or why it
// was not.
func standing(ctx context.Context, cases *handoff.Desk, id string, err error) ([]string, error) {
	var taken *handoff.Taken
	var refused *handoff.Refused
	var denied *staff.Denied
	if errors.As(err, &taken) || errors.As(err, &refused) || errors.As(err, &denied) {
		return []string{"not done: " + err.Error()}, nil
	}
	if err != nil {
		return nil, err
	}
	c, err := cases.Records.Case(ctx, id)
	if err != nil {
		return nil, err
	}
	line := fmt.Sprintf("case %s %s in %s", c.Title(), c.State, c.Queue)
	if c.Holder != "" {
		line += " by " + c.Holder
	}
	if c.Outcome != "" {
		line += ": " + string(c.Outcome)
	}
	return []string{line}, nil
}

// edited gives the shipped content with overrides on top.
func edited(t *testing.T, name string) *content.Library {
	t.Helper()
	overrides, err := fs.Sub(os.DirFS("transcripts/content"), name)
	if err != nil {
		t.Fatal(err)
	}
	lib, problems := content.Load(content.Builtin(), overrides)
	if lib == nil {
		t.Fatalf("content %s: %v", name, problems)
	}
	return lib
}

// manned is an office with somebody at home who could take a case, beside those
// that a transcript names; they are never on duty.
type manned struct{ others handoff.Members }

func (o manned) Members(ctx context.Context) ([]staff.Member, error) {
	members, err := o.others.Members(ctx)
	return append(members, staff.Member{ID: "somebody", Login: "somebody", Role: staff.Counsellor, Scope: staff.Scope{Province: true}}), err
}
