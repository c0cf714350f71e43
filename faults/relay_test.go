package faults_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

var relays = flag.Int("relays", 60, "words between people and counsellors while processes are killed")

// pair is a person and the counsellor who has their case, each in their chat.
type pair struct {
	person, counsellor int // as onTelegram knows them
	number             int // of the case
}

const (
	pairs        = 10
	counsellorAt = 5000 // what their numbers begin with
)

// spoken are the words that the test has somebody say: "p3 lời 17" is the 17th
// of the third person, "c3 …" of their counsellor.
var spoken = regexp.MustCompile(`[pc]\d+ lời \d+`)

// A process is killed again and again while ten people and their counsellors
// write to each other: every word arrives, in order, with who it is for and
// nobody else; what came twice is listed, and the counsellor sees of their own
// that it may have.
func TestKillsDuringRelays(t *testing.T) {
	t.Parallel()
	in := install(t, nil)
	in.start("")
	running := in.start("")
	var all []pair
	for i := range pairs {
		all = append(all, in.meet(i))
	}
	for _, p := range all { // only now: the news of a case makes them choose again whom they answer
		in.hears(p.counsellor, "/truc", "trực")
		in.hears(p.counsellor, fmt.Sprint("/ca ", p.number), fmt.Sprintf(`#%d\b`, p.number))
	}
	words := *relays / pairs / 2
	in.start("send.sent:5") // it ends just after the platform took a word, which comes twice
	n := in.killing(running, func() {
		var talks sync.WaitGroup
		for i, p := range all {
			talks.Go(func() { in.says(p.person, "p", i, words, p.counsellor) })
			talks.Go(func() { in.says(p.counsellor, "c", i, words, p.person) })
		}
		talks.Wait()
	})
	doubled := map[string]bool{}
	for i, p := range all {
		in.heard(p.person, "", fmt.Sprint("c", i), words, doubled)
		in.heard(p.counsellor, fmt.Sprint("c", i), fmt.Sprint("p", i), words, doubled)
	}
	if listed := in.count("SELECT count(*) FROM trouble WHERE kind = 'doubtful'"); listed < len(doubled) {
		t.Errorf("%d words came twice, %d are listed as doubtful", len(doubled), listed)
	}
	if lost := in.count("SELECT count(*) FROM trouble WHERE kind = 'lost'"); lost > 0 {
		t.Errorf("%d were given up", lost)
	}
	states := in.settledStates()
	for word, state := range states {
		if state != "sent" && state != "sent twice" || doubled[word] && state == "sent" {
			t.Errorf("%q is shown as %s to the counsellor; it came twice: %t", word, state, doubled[word])
		}
	}
	if len(states) != pairs*words {
		t.Errorf("%d words of counsellors are kept, %d were said", len(states), pairs*words)
	}
	t.Logf("%d kills during %d words of %d people and their counsellors; %d came twice, each listed", n, 2*pairs*words, pairs, len(doubled))
}

// meet brings a person together with a counsellor of their own.
func (in *installation) meet(i int) pair {
	in.t.Helper()
	p := pair{person: i, counsellor: counsellorAt + i}
	login := fmt.Sprintf("tu-van-%d", i)
	in.run("staff", "add", "--name", fmt.Sprintf("Cán bộ %d", i), "--login", login, "--role", "counsellor")
	in.exec("UPDATE staff SET channel = 'telegram', contact = $2 WHERE login = $1", login, strconv.Itoa(1000+p.counsellor))
	in.hears(p.person, "gặp người", `số #\d`)
	found := regexp.MustCompile(`số #(\d+)`).FindStringSubmatch(strings.Join(in.platform.said(p.person), "\n"))
	p.number, _ = strconv.Atoi(found[1])
	in.run("case", "reply", found[1], "--as", login, "Chào bác, cháu đây ạ.")
	in.awaits(p.person, "cháu đây ạ")
	return p
}

// says has somebody say all their words, each once the one before is there.
func (in *installation) says(who int, side string, i, words, to int) {
	for n := range words {
		word := fmt.Sprintf("%s%d lời %d", side, i, n+1)
		in.hears(who, word, "")
		if !in.arrives(to, word+`\b`) {
			in.t.Errorf("%q never arrived; last heard %q, and who said it %q", word, last(in.platform.said(to)), last(in.platform.said(who)))
			return
		}
	}
}

func last(said []string) []string { return said[max(0, len(said)-2):] }

// hears says something and waits until something is said to it, if anything is.
func (in *installation) hears(who int, text, answer string) {
	in.t.Helper()
	in.platform.says(who, text)
	if answer != "" {
		in.awaits(who, answer)
	}
}

func (in *installation) awaits(who int, pattern string) {
	in.t.Helper()
	if !in.arrives(who, pattern) {
		in.t.Fatalf("%d never heard %q, only %q", who, pattern, in.platform.said(who))
	}
}

func (in *installation) arrives(who int, pattern string) bool {
	ctx, cancel := context.WithTimeout(in.t.Context(), 5*time.Minute)
	defer cancel()
	heard := regexp.MustCompile(pattern).MatchString
	return in.platform.Wait(ctx, func() bool { return slices.ContainsFunc(in.platform.said(who), heard) }) == nil
}

// heard looks at what somebody heard: all words of the other, in order, and of
// nobody else. Those that came twice are added to doubled.
func (in *installation) heard(who int, own, other string, words int, doubled map[string]bool) {
	in.t.Helper()
	var got, want []string
	times := map[string]int{}
	for _, text := range in.platform.said(who) {
		for _, word := range spoken.FindAllString(text, -1) {
			if own != "" && strings.HasPrefix(word, own+" ") {
				continue // they are told that it may have arrived twice or not at all
			}
			if times[word]++; times[word] == 1 {
				got = append(got, word)
			} else {
				doubled[word] = true
			}
		}
	}
	for n := range words {
		want = append(want, fmt.Sprintf("%s lời %d", other, n+1))
	}
	if !slices.Equal(got, want) {
		in.t.Errorf("%d heard\n%q\nwant\n%q", who, got, want)
	}
}

// settledStates gives what the counsellors are shown once no word is on its way:
// that one was taken is noted after the platform has it.
func (in *installation) settledStates() map[string]string {
	in.t.Helper()
	for until := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		states := in.states()
		if time.Now().After(until) || !slices.Contains(slices.Collect(maps.Values(states)), "queued") {
			return states
		}
	}
}

// states gives what the counsellors are shown of their own words.
func (in *installation) states() map[string]string {
	in.t.Helper()
	db, err := sql.Open("pgx", in.database)
	if err != nil {
		in.t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query("SELECT trim(state || ' ' || why), body FROM handoff_message WHERE state <> ''")
	if err != nil {
		in.t.Fatal(err)
	}
	defer rows.Close()
	states := map[string]string{}
	for rows.Next() {
		var state string
		var body []byte
		var m struct{ Text string }
		if err := rows.Scan(&state, &body); err != nil {
			in.t.Fatal(err)
		}
		if err := json.Unmarshal(body, &m); err != nil {
			in.t.Fatal(err)
		}
		if word := spoken.FindString(m.Text); word != "" {
			states[word] = state
		}
	}
	return states
}

// run runs a command beside the processes.
func (in *installation) run(args ...string) {
	in.t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Env = in.environ
	if out, err := cmd.CombinedOutput(); err != nil {
		in.t.Fatalf("%v: %v\n%s", args, err, out)
	}
}

// exec changes the records behind the back of the processes.
func (in *installation) exec(query string, args ...any) {
	in.t.Helper()
	db, err := sql.Open("pgx", in.database)
	if err != nil {
		in.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(query, args...); err != nil {
		in.t.Fatal(err)
	}
}
