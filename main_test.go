package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
)

// asProgram makes the test binary be nghe itself, for tests that need a
// process of their own: its signals, its memory, its start.
const asProgram = "NGHE_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Unsetenv(asProgram)
		main()
	}
	testscript.Main(withBuildDir{m}, map[string]func(){"nghe": main})
}

type withBuildDir struct{ *testing.M }

func (m withBuildDir) Run() int {
	dir, err := os.MkdirTemp("", "nghe-build-*")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	buildDir = dir
	return m.M.Run()
}

// Every command and every way to ask for it wrongly is a story in
// testdata/script.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(env *testscript.Env) error {
			env.Setenv("NGHE_DATA", filepath.Join(env.WorkDir, "data"))
			env.Setenv("NGHE_LISTEN", "127.0.0.1:0")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"occupy": occupy,
			"xlsx":   xlsx,
		},
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
	})
}

// occupy NAME listens on a port and puts its address in the variable NAME.
func occupy(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { l.Close() })
	ts.Setenv(args[0], l.Addr().String())
}

// xlsx FROM TO makes a workbook of a text with tabs.
func xlsx(ts *testscript.TestScript, _ bool, args []string) {
	f := excelize.NewFile()
	defer f.Close()
	for i, line := range strings.Split(strings.TrimRight(ts.ReadFile(args[0]), "\n"), "\n") {
		cells := strings.Split(line, "\t")
		ts.Check(f.SetSheetRow("Sheet1", fmt.Sprint("A", i+1), &cells))
	}
	ts.Check(f.SaveAs(ts.MkAbs(args[1])))
}

// built compiles nghe as users run it: without the race detector, which takes
// memory and time of its own.
var built = sync.OnceValues(func() (string, error) {
	path := filepath.Join(buildDir, "nghe")
	out, err := exec.Command("go", "build", "-trimpath", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

// buildDir is a folder for the time of the tests.
var buildDir string

// program is nghe in a process of its own.
type program struct {
	*exec.Cmd
	url   string
	ready time.Duration // from the start until it answered that it is ready
}

// startProgram starts “nghe serve”. The test binary stands in for nghe where
// the race detector shall look on; exe is the binary of built elsewhere.
func startProgram(t testing.TB, exe, data string) *program {
	t.Helper()
	p := &program{Cmd: exec.CommandContext(context.WithoutCancel(t.Context()), exe, "serve")}
	p.Env = []string{asProgram + "=1", "NGHE_LISTEN=127.0.0.1:0", "NGHE_DATA=" + data}
	p.Stderr = t.Output()
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Process.Kill(); p.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("no address printed: %v", err)
	}
	p.url = strings.TrimSuffix(line[strings.Index(line, "http"):], "/\n")
	if body := get(t, p.url+"/readyz"); !strings.HasPrefix(body, "ready\n") {
		t.Fatalf("readyz says %q", body)
	}
	p.ready = time.Since(began)
	return p
}

func get(t testing.TB, url string) string {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s %v", url, r.StatusCode, body, err)
	}
	return string(body)
}

func TestServeEndsCleanlyOnSIGTERM(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, signal := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
		p := startProgram(t, exe, t.TempDir())
		// An open page doesn't keep it from ending.
		r, err := http.Get(p.url + "/")
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		events, err := http.NewRequestWithContext(t.Context(), "GET", p.url+"/chat/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		events.AddCookie(r.Cookies()[0])
		stream, err := http.DefaultClient.Do(events)
		if err != nil {
			t.Fatal(err)
		}
		defer stream.Body.Close()
		if err := p.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		if err := p.Wait(); err != nil {
			t.Errorf("%v: %v", signal, err)
		}
	}
}

// The promises are 1 s and 80 MB; the machine may be busy, so that the time
// is only told here (make bench measures it) and fails far above.
func TestServeStartsQuicklyAndIsSmall(t *testing.T) {
	exe, err := built()
	if err != nil {
		t.Fatal(err)
	}
	p := startProgram(t, exe, t.TempDir())
	get(t, p.url+"/")
	memory := anonymousMB(t, p.Process.Pid)
	t.Logf("ready after %v, %d MB of anonymous memory", p.ready.Round(time.Millisecond), memory)
	if p.ready > 5*time.Second {
		t.Errorf("ready only after %v", p.ready)
	}
	if memory > 80 {
		t.Errorf("%d MB of anonymous memory", memory)
	}
}

func anonymousMB(t testing.TB, pid int) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "RssAnon:")
	kb, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		t.Fatal(err)
	}
	return kb / 1024
}

func BenchmarkStart(b *testing.B) {
	exe, err := built()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		p := startProgram(b, exe, b.TempDir())
		b.ReportMetric(float64(p.ready.Milliseconds()), "ms/ready")
		p.Process.Kill()
		p.Wait()
	}
}
