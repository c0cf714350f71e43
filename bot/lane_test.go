package bot

import (
	"runtime"
	"strconv"
	"testing"
)

// 10,000 people who are answered at the same time, half of them with another
// message that waits, cost at most 50 MB; afterwards nothing is left of them.
func TestManyLanesAreSmall(t *testing.T) {
	const people, waiters, most = 10_000, 10_000 / 2, 50 << 20
	used := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc + m.StackInuse)
	}
	var l lanes
	before := used()
	leaves := make([]func(), people)
	done := make(chan error)
	for i := range people {
		c := Contact{Channel: "telegram", ID: strconv.Itoa(i)}
		leave, err := l.enter(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		leaves[i] = leave
		if i >= waiters {
			continue
		}
		go func() {
			leave, err := l.enter(t.Context(), c)
			if err == nil {
				leave()
			}
			done <- err
		}()
	}
	waiting := func() (n int) {
		l.mu.Lock()
		defer l.mu.Unlock()
		for _, lane := range l.open {
			n += lane.users - 1
		}
		return n
	}
	for waiting() < waiters {
		runtime.Gosched()
	}
	cost := used() - before
	t.Logf("%d lanes with one waiting in every second cost %.1f MB", people, float64(cost)/(1<<20))
	if cost > most {
		t.Errorf("%d lanes cost %d bytes, at most %d are meant", people, cost, most)
	}
	for _, leave := range leaves {
		leave()
	}
	for range waiters {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if len(l.open) != 0 {
		t.Errorf("%d lanes are left", len(l.open))
	}
}
