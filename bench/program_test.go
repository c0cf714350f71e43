package bench

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	faketelegram "nghe/bot/bottest/telegram"
)

const (
	webhookSecret = "bench-webhook-secret"
	public        = "https://nghe.example.vn"
)

// isReady finds where a program listens.
var isReady = regexp.MustCompile(`msg=ready .*\blisten=(\S+)\s`)

// program is nghe as its users run it, in a process of its own.
type program struct {
	url   string // of everything it serves
	pid   int
	ready time.Duration // from its start until it says so
}

// build compiles nghe as its users do.
func build(b *testing.B) (exe string) { return compile(b, "nghe") }

// compile makes a program of a package.
func compile(b *testing.B, pkg string) (exe string) {
	b.Helper()
	exe = filepath.Join(b.TempDir(), path.Base(pkg))
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", exe, pkg)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return exe
}

// memory gives what a process has used of memory in MB: its own pages at most,
// and now.
func memory(b *testing.B, pid int) (most, now float64) {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	field := func(name string) float64 {
		_, rest, _ := strings.Cut(string(status), "\n"+name+":")
		kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
		if err != nil {
			b.Fatal(err)
		}
		return kb / 1024
	}
	return field("VmHWM"), field("RssAnon")
}

// environment is the settings of a program with Telegram's webhook.
func environment(b *testing.B, telegram string, more ...string) []string {
	return append(append(os.Environ(), "NGHE_LISTEN=127.0.0.1:0", "NGHE_PUBLIC_URL="+public, "NGHE_DATA="+b.TempDir(),
		"TELEGRAM_TOKEN="+faketelegram.Token, "TELEGRAM_API="+telegram, "TELEGRAM_WEBHOOK_SECRET="+webhookSecret), more...)
}

// run starts a program; it is ended with the benchmark.
func run(b *testing.B, exe string, environ []string) program {
	b.Helper()
	log, err := os.Create(filepath.Join(b.TempDir(), "log"))
	if err != nil {
		b.Fatal(err)
	}
	defer log.Close()
	cmd := exec.Command(exe, "serve")
	cmd.Env = environ
	cmd.Stderr = log
	began := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	b.Cleanup(func() {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			b.Error(err)
		}
		var exit *exec.ExitError
		if err := <-ended; err != nil && !(errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGTERM) {
			b.Error(err) // what does not know the signal is ended by it
		}
	})
	for {
		text, err := os.ReadFile(log.Name())
		if err != nil {
			b.Fatal(err)
		}
		if m := isReady.FindSubmatch(text); m != nil {
			return program{url: "http://" + string(m[1]), pid: cmd.Process.Pid, ready: time.Since(began)}
		}
		select {
		case err := <-ended:
			b.Fatalf("%v:\n%s", err, text)
		case <-time.After(2 * time.Millisecond):
		}
	}
}
