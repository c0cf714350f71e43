package storetest

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Processor gives how much time of the processor a program has used so far
// with all that it started, as Linux counts it, in hundredths of a second.
func Processor(t testing.TB, pid int) time.Duration {
	t.Helper()
	used, err := processor(pid)
	if err != nil {
		t.Fatal(err)
	}
	return used
}

// Processor is that of this server.
func (s *RedisServer) Processor() time.Duration {
	s.t.Helper()
	return Processor(s.t, s.cmd.Process.Pid)
}

// Processor is that of this server with its backends.
func (s *PostgresServer) Processor() time.Duration {
	s.t.Helper()
	return Processor(s.t, s.cmd.Process.Pid)
}

// tick is the unit of /proc on every Linux that Go runs on.
const tick = 10 * time.Millisecond

func processor(pid int) (time.Duration, error) {
	all, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0, err
	}
	var sum time.Duration
	for _, path := range all {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended meanwhile
		}
		// The name, in brackets, may hold anything.
		_, rest, _ := bytes.Cut(text[max(0, bytes.LastIndexByte(text, ')')):], []byte(" "))
		fields := strings.Fields(string(rest)) // from the state on: proc_pid_stat(5), field 3
		if len(fields) < 15 {
			return 0, fmt.Errorf("%s: %.80q is too short", path, text)
		}
		self, parent := filepath.Base(filepath.Dir(path)), fields[1]
		if want := strconv.Itoa(pid); self != want && parent != want {
			continue
		}
		times := fields[11:13] // its own
		if self == strconv.Itoa(pid) {
			times = fields[11:15] // and that of those it saw end
		}
		for _, f := range times {
			n, err := strconv.ParseInt(f, 10, 64)
			if err != nil {
				return 0, fmt.Errorf("%s: %w", path, err)
			}
			sum += time.Duration(n) * tick
		}
	}
	return sum, nil
}
