package content_test

import (
	"bytes"
	"context"
	"encoding/json"
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
	"go.yaml.in/yaml/v4"

	"nghe/advice"
	"nghe/announce"
	"nghe/bot"
	"nghe/bot/bottest"
	"nghe/broadcast"
	"nghe/content"
	"nghe/course"
	"nghe/dialog"
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
			if filepath.Base(filepath.Dir(file)) == "officer" {
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
			turns := &bot.Turns{
				Brain:    func() bot.Brain { return now },
				Sessions: &bottest.Sessions{}, People: book,
				Effects: effects,
				Log:     slog.New(slog.NewTextHandler(t.Output(), nil)),
			}
			stage := transcript.Stage{Zone: zone, Handle: turns.Handle,
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
					courses = none
					if name != "" {
						courses = announced(t, name)
					}
					now = brain(lib, courses, now.Reader)
					return nil
				},
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

// announced gives the courses of a file beside the transcripts. The names of
// the fields are those of “nghe course list --json”.
func announced(t *testing.T, name string) *course.Catalogue {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("transcripts", "courses", name+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Courses []map[string]any }
	if err := yaml.Load(b, &file); err != nil {
		t.Fatalf("courses %s: %v", name, err)
	}
	b, err = json.Marshal(file.Courses)
	if err != nil {
		t.Fatal(err)
	}
	var courses []course.Course
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&courses); err != nil {
		t.Fatalf("courses %s: %v", name, err)
	}
	return course.NewCatalogue(courses)
}

// members of staff who write in transcripts, by their login.
var members = map[string]staff.Member{
	"lan":  {Name: "Phạm Thị Lan", Role: staff.Officer, Scope: staff.Scope{Places: []string{"ba-che", "ky-thuong", "luong-minh"}}},
	"tuan": {Name: "Vũ Anh Tuấn", Role: staff.Officer, Scope: staff.Scope{Province: true}},
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
