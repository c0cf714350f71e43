package faults_test

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite" // to look into the books with

	faketelegram "nghe/bot/bottest/telegram"
	"nghe/crash"
	"nghe/store/storetest"
)

var told = flag.Int("told", 240, "people who are told something by a broadcast")

// telling is an installation with invented people on Telegram, and one broadcast.
type telling struct {
	*installation
	server *faketelegram.Server
	books  *sql.DB
	id     string
}

// embedded has everything in one file, and asks Telegram for updates.
func embedded(t *testing.T) *telling {
	t.Helper()
	data := t.TempDir()
	in := &installation{t: t, random: rand.New(rand.NewPCG(*seed, 9)), environ: []string{"NGHE_LISTEN=127.0.0.1:0", "NGHE_SECRET=a secret of the faults", "NGHE_DATA=" + data}}
	return tellingOn(t, in, "sqlite", "file:"+filepath.Join(data, "nghe.db")+"?_pragma=busy_timeout(5000)")
}

func tellingOn(t *testing.T, in *installation, driver, books string) *telling {
	t.Helper()
	server, api := faketelegram.Start(t, faketelegram.Settings{Anybody: true})
	in.environ = append(in.environ, "TELEGRAM_TOKEN="+faketelegram.Token, "TELEGRAM_API="+api)
	db, err := sql.Open(driver, books)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return &telling{installation: in, server: server, books: db}
}

// nghe runs a command beside the processes.
func (in *telling) nghe(args ...string) string {
	in.t.Helper()
	out, err := in.try(args...)
	if err != nil {
		in.t.Fatal(err)
	}
	return out
}

// try is nghe for what may be refused; the error has what was said.
func (in *telling) try(args ...string) (string, error) {
	cmd := exec.Command(program, args...)
	cmd.Env = in.environ
	out, err := cmd.Output()
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		err = fmt.Errorf("%w: %s", err, ended.Stderr)
	}
	if err != nil {
		err = fmt.Errorf("%v: %w", args, err)
	}
	return string(out), err
}

// announced is what no reminder says.
const announced = "Lớp đan lát khai giảng ở chợ phiên"

// announce makes invented people and a broadcast to them that begins after a
// while and is of use for another.
func (in *telling) announce(n int, begins, useful time.Duration) {
	in.t.Helper()
	in.nghe("demo", "--people", strconv.Itoa(n), "--channel", "telegram")
	now := time.Now()
	letter, err := json.Marshal(map[string]any{"text": announced, "urgent": true, "at": now.Add(begins), "useful_until": now.Add(useful)})
	if err != nil {
		in.t.Fatal(err)
	}
	var made struct{ ID string }
	if err := json.Unmarshal([]byte(in.nghe("broadcast", "new", "--yes", "--json", string(letter))), &made); err != nil {
		in.t.Fatal(err)
	}
	in.id = made.ID
}

func (in *telling) state() string {
	in.t.Helper()
	var state string
	if err := in.books.QueryRow("SELECT state FROM broadcast WHERE id = $1", in.id).Scan(&state); err != nil {
		in.t.Fatal(err)
	}
	return state
}

// rows gives the contacts of the rows in a state.
func (in *telling) rows(state string) []string {
	in.t.Helper()
	rows, err := in.books.Query("SELECT contact FROM delivery WHERE state = $1 AND broadcast = (SELECT number FROM broadcast WHERE id = $2) ORDER BY contact", state, in.id)
	if err != nil {
		in.t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var contact string
		if err := rows.Scan(&contact); err != nil {
			in.t.Fatal(err)
		}
		all = append(all, contact)
	}
	return all
}

// awaitDone waits until the broadcast is done.
func (in *telling) awaitDone(limit time.Duration) {
	in.t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(limit); in.state() != "done"; <-tick.C {
		if time.Now().After(deadline) {
			in.t.Fatalf("not done after %v: %s", limit, in.nghe("broadcast", "show", in.id))
		}
	}
}

// balanced looks at the books when the broadcast is done: they add up, nobody
// was told twice, who is marked sent was told, and in doubt are some of those
// who were on their way when a process ended, and no others.
func (in *telling) balanced(onTheirWay []string) {
	in.t.Helper()
	var book struct {
		Planned, Queued, Sent, Failed, Skipped, Doubtful int
		Reasons                                          map[string]int
	}
	if err := json.Unmarshal([]byte(in.nghe("broadcast", "show", in.id)), &book); err != nil {
		in.t.Fatal(err)
	}
	if book.Queued != 0 || book.Sent+book.Failed+book.Skipped+book.Doubtful != book.Planned || book.Failed != 0 {
		in.t.Errorf("the books don't balance: %+v", book)
	}
	heard := func(contact string) int {
		id, err := strconv.ParseInt(contact, 10, 64)
		if err != nil {
			in.t.Fatal(err)
		}
		// By the hour of the day a reminder may be due besides.
		n := 0
		for _, text := range in.server.Said(id) {
			if strings.Contains(text, announced) {
				n++
			}
		}
		return n
	}
	for state, possible := range map[string][]int{"sent": {1}, "skipped": {0}, "doubtful": {0, 1}} {
		for _, contact := range in.rows(state) {
			if n := heard(contact); !slices.Contains(possible, n) {
				in.t.Errorf("%s is %s and heard it %d times", contact, state, n)
			}
		}
	}
	doubtful := in.rows("doubtful")
	for _, contact := range doubtful {
		if !slices.Contains(onTheirWay, contact) {
			in.t.Errorf("%s is in doubt and was not on its way when a process ended", contact)
		}
	}
	in.t.Logf("%d planned, %d sent, %d skipped, %d in doubt", book.Planned, book.Sent, book.Skipped, book.Doubtful)
}

// ofBroadcasts says whether a point lies on the road of broadcasts.
func ofBroadcasts(point string) bool {
	return strings.HasPrefix(point, "bulk.") || strings.HasPrefix(point, "page.")
}

// A process that ends between any two steps of a broadcast doubles nothing;
// what it had claimed is in doubt, and nothing else.
func TestCrashPointsOfBroadcasts(t *testing.T) {
	t.Parallel()
	for _, point := range crash.Points {
		if !strings.HasPrefix(point, "bulk.") {
			continue
		}
		t.Run(point, func(t *testing.T) {
			t.Parallel()
			eachHit(t, func(t *testing.T, hit int) {
				in := embedded(t)
				n, begins, useful, times := 60, time.Duration(0), time.Hour, 1
				switch point {
				case "bulk.begun":
					begins = 10 * time.Second
				case "bulk.dropped": // more than can be sent while it is of use
					n, useful = 900, 20*time.Second
				case "bulk.paced", "bulk.sent":
					times = 5 + 7*hit
				case "bulk.claimed", "bulk.marked":
					times = 1 + hit%3
				}
				in.announce(n, begins, useful)
				unlucky := in.start(fmt.Sprintf("%s:%d", point, times))
				select {
				case <-unlucky.ended:
				case <-time.After(time.Minute):
					t.Fatalf("the process never came to %s:\n%s", point, unlucky.logged())
				}
				onTheirWay := in.rows("claimed")
				in.start("")
				in.awaitDone(2 * time.Minute)
				if doubtful := in.rows("doubtful"); !slices.Equal(doubtful, onTheirWay) {
					t.Errorf("in doubt are %v, on their way were %v", doubtful, onTheirWay)
				}
				in.balanced(onTheirWay)
			})
		})
	}
}

// Two processes send a broadcast, either is killed at random moments, and
// somebody pauses and resumes it meanwhile.
func TestKillsDuringABroadcast(t *testing.T) {
	t.Parallel()
	database := storetest.Postgres(t)
	in := tellingOn(t, newInstallation(t, database), "pgx", database)
	in.announce(*told, 0, 12*time.Hour)
	running := []*process{in.start(""), in.start("")}
	random := rand.New(rand.NewPCG(*seed, 10))
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	var onTheirWay []string
	n, pauses := 0, 0
	for ; in.state() != "done" && n < *kills; n++ {
		span := 0.8 * float64(*told) / 30 / float64(*kills+1) // some of them can't be told
		select {
		case <-ctx.Done():
			t.Fatal(ctx.Err())
		case <-time.After(time.Duration(float64(time.Second) * span * (0.5 + random.Float64()))):
		}
		i := random.IntN(2)
		running[i].kill()
		onTheirWay = append(onTheirWay, in.rows("claimed")...)
		running[i] = in.start("")
		if state := in.state(); state == "sending" && n%2 == 0 {
			pauses++
			// The last row may be sent before the pause comes: then it is
			// refused, and only then.
			_, err := in.try("broadcast", "pause", in.id)
			if state := in.state(); state != "done" && (err != nil || state != "paused") {
				t.Errorf("%s after a pause: %v", state, err)
			}
			if in.state() == "paused" {
				in.nghe("broadcast", "resume", in.id)
			}
		}
	}
	in.awaitDone(time.Hour)
	in.balanced(onTheirWay)
	t.Logf("%d kills, %d pauses", n, pauses)
	if n == 0 {
		t.Error("nobody was killed")
	}
}

// A page of the web chat that opens is shown what waits for it, once, whenever
// the process ends between.
func TestCrashPointsOfPages(t *testing.T) {
	t.Parallel()
	for _, point := range crash.Points {
		if !strings.HasPrefix(point, "page.") {
			continue
		}
		t.Run(point, func(t *testing.T) {
			t.Parallel()
			for range *hits {
				in := embedded(t)
				unlucky := in.start(point)
				jar, err := cookiejar.New(nil)
				if err != nil {
					t.Fatal(err)
				}
				page := &http.Client{Jar: jar}
				for i, text := range []string{"nhận tin lớp mới", "mọi nghề", "cả tỉnh", "bỏ qua", "đồng ý", "đủ 16 tuổi"} {
					r, err := page.Post(unlucky.url.String()+"/chat/messages", "application/json", strings.NewReader(fmt.Sprintf(`{"id":"message-%d","text":%q}`, i, text)))
					if err != nil {
						t.Fatal(err)
					}
					r.Body.Close()
				}
				var made struct {
					ID      string
					Planned int
				}
				if err := json.Unmarshal([]byte(in.nghe("broadcast", "new", "--json", `{"text":"Có lớp mới","urgent":true}`)), &made); err != nil || made.Planned != 1 {
					t.Fatal(made, err)
				}
				in.id = made.ID
				opens := func(at *url.URL) string {
					r, err := page.Get(at.String() + "/chat/events")
					if err != nil {
						return ""
					}
					defer r.Body.Close()
					var all strings.Builder
					for lines := bufio.NewScanner(r.Body); lines.Scan() && lines.Text() != "event: shown"; {
						all.WriteString(lines.Text())
					}
					return all.String()
				}
				await := func(what string, so func() bool) {
					for deadline := time.Now().Add(time.Minute); !so(); {
						if time.Now().After(deadline) {
							t.Fatal(what)
						}
						<-time.After(100 * time.Millisecond)
					}
				}
				await("it never came to "+point, func() bool {
					opens(unlucky.url)
					select {
					case <-unlucky.ended:
						return true
					default:
						return false
					}
				})
				p := in.start("")
				jar.SetCookies(p.url, jar.Cookies(unlucky.url))
				await("not done", func() bool { opens(p.url); return in.state() == "done" })
				if n := strings.Count(opens(p.url), "Có lớp mới"); n != 1 {
					t.Errorf("it is there %d times", n)
				}
				if sent := in.rows("sent"); len(sent) != 1 {
					t.Errorf("sent: %v", sent)
				}
			}
		})
	}
}
