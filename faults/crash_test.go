package faults_test

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Redis crashes with its machine under load and has lost what it wrote in the
// last second (appendfsync everysec). Then some answers are never sent and some
// questions are asked again: a person who hears nothing writes once more, and
// answers what is asked. Nobody is stuck, only answers of about that second are
// missing, all that the records hold is there and nothing of it twice.
func TestRedisCrashes(t *testing.T) {
	besideOthers(t)
	want := answers(t, script)
	const lastYes = "đủ 16 tuổi"
	confirmation := want[slices.Index(script, lastYes)]
	in := install(t, nil)
	in.start("")
	in.start("")
	var mu sync.Mutex
	var silences []time.Time                          // when those wrote who were not answered
	agreed, told := map[int64]int{}, map[int64]bool{} // how often they said the last yes; who was told that they are kept
	var talks sync.WaitGroup
	for i := range *people {
		talks.Go(func() {
			quiet, said, heard := in.answer(i, want)
			mu.Lock()
			defer mu.Unlock()
			id := int64(1000 + i) // on Telegram
			silences = append(silences, quiet...)
			agreed[id], told[id] = said[lastYes], heard[confirmation]
		})
	}
	over := make(chan struct{})
	go func() { talks.Wait(); close(over) }()

	// About when people agree to be kept.
	ctx, cancel := context.WithTimeout(t.Context(), patience(len(script), 4*time.Minute))
	defer cancel()
	if err := in.platform.Wait(ctx, func() bool { return len(once(in.platform.said(0))) > 12 }); err != nil {
		t.Fatal("nobody came so far")
	}
	kept := time.Now() // what was written until then is left
	left := in.redis.Written()
	<-time.After(time.Second)
	lost := in.redis.Written() - left
	in.redis.Crash(left)
	crashed := time.Now()
	before := in.consents()
	in.redis.Start()
	<-over

	missing := 0
	for _, at := range silences {
		// What a turn and its sending take is counted in: an answer stands in
		// the outbox until the platform's pace lets it go.
		if at.Before(kept.Add(-patience(1, 5*time.Second))) {
			t.Errorf("an answer to what was said %v before the loss is missing", kept.Sub(at))
		}
		if at.Before(crashed) {
			missing++
		}
	}
	after, again := in.consents(), 0
	for id, times := range before {
		if got := after[id]; len(got) < len(times) || !slices.Equal(got[:len(times)], times) {
			t.Errorf("person %d agreed at %v when Redis crashed, and at %v afterwards", id, times, got)
		}
	}
	for id, times := range after {
		if len(times) > agreed[id] {
			t.Errorf("person %d said yes %d times, and is kept with %d consents", id, agreed[id], len(times))
		}
		again += len(times) - 1
	}
	for id := range told {
		if told[id] && after[id] == nil {
			t.Errorf("person %d was told that they are kept, and is not", id)
		}
	}
	if lost == 0 {
		t.Error("nothing was lost")
	}
	t.Logf("%d bytes of writes lost; of %d people %d had agreed then, %d had no answer to what they said in that second, %d agreed again; %d are kept",
		lost, *people, len(before), missing, again, len(after))
}

// answer has one person answer what they are asked until they are told what is
// kept of them. It gives when they wrote what got no answer, how often they said
// each thing, and what they heard, by its beginning.
func (in *installation) answer(i int, want []string) (silences []time.Time, said map[string]int, told map[string]bool) {
	reply := map[string]string{} // by what the bot said
	for turn, text := range script[1:] {
		reply[want[turn]] = text
	}
	said, told = map[string]int{}, map[string]bool{}
	text, heard := script[0], 0
	for limit := time.Now().Add(patience(len(script), 4*time.Minute)); time.Now().Before(limit); {
		in.platform.says(i, text)
		said[text]++
		at := time.Now()
		ctx, cancel := context.WithTimeout(in.t.Context(), patience(1, 15*time.Second))
		err := in.platform.Wait(ctx, func() bool { return len(in.platform.said(i)) > heard })
		cancel()
		if err != nil {
			silences = append(silences, at)
			continue // and says it once more
		}
		all := in.platform.said(i)
		for _, text := range all[heard:] {
			told[begin(text)] = true
		}
		heard = len(all)
		last := all[heard-1]
		switch next, known := reply[begin(last)]; {
		case begin(last) == want[len(want)-1]:
			return silences, said, told
		case known:
			text = next
		default:
			in.t.Logf("person %d says %q and hears %q", i, text, last)
			text = asked(last, want, reply)
		}
	}
	all := in.platform.said(i)
	in.t.Errorf("person %d is stuck after %d answers, the last is %q", i, len(all), all[max(0, len(all)-1):])
	return silences, said, told
}

// asked finds the answer to a question that stands somewhere in a text; where
// there is none a person asks for what is kept of them.
func asked(text string, want []string, reply map[string]string) string {
	words := strings.Join(strings.Fields(text), " ")
	for _, question := range want {
		if strings.Contains(words, question) && reply[question] != "" {
			return reply[question]
		}
	}
	return script[len(script)-1]
}

// consents are when each person agreed, as the records have it.
func (in *installation) consents() map[int64][]int64 {
	in.t.Helper()
	db, err := sql.Open("pgx", in.database)
	if err != nil {
		in.t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query("SELECT CAST(c.contact AS BIGINT), k.given_at FROM contact c JOIN consent k ON k.person = c.person ORDER BY k.given_at")
	if err != nil {
		in.t.Fatal(err)
	}
	defer rows.Close()
	list := map[int64][]int64{}
	for rows.Next() {
		var id, at int64
		if err := rows.Scan(&id, &at); err != nil {
			in.t.Fatal(err)
		}
		list[id] = append(list[id], at)
	}
	if err := rows.Err(); err != nil {
		in.t.Fatal(err)
	}
	return list
}
