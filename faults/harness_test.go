package faults_test

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	faketelegram "nghe/bot/bottest/telegram"
	"nghe/store/storetest"
)

var (
	people = flag.Int("people", 20, "people who write")
	kills  = flag.Int("kills", 3, "random moments at which a process is killed")
	hits   = flag.Int("hits", 1, "times each crash point is hit")
	outage = flag.Duration("outage", 3*time.Second, "for which a store is stopped")
	seed   = flag.Uint64("seed", 1, "of everything random")
)

// patience is how long everybody may take to come through so many turns: the
// platform takes 30 messages a second of the whole bot, a machine that is at
// other things half as many; what goes wrong meanwhile takes its own time.
func patience(turns int, trouble time.Duration) time.Duration {
	return trouble + time.Duration(turns**people)*time.Second/15
}

func TestMain(m *testing.M) {
	flag.Parse()
	dir, err := os.MkdirTemp("", "nghe-faults-*")
	if err != nil {
		panic(err)
	}
	program = filepath.Join(dir, "nghe")
	build := exec.Command("go", "build", "-trimpath", "-tags", "crashpoints", "-o", program, "nghe")
	if out, err := build.CombinedOutput(); err != nil {
		panic(fmt.Sprintf("go build: %v\n%s", err, out))
	}
	// Most of the time somebody waits for a lease to end, or for a second of the
	// platform's pace: many wait together.
	flag.Set("test.parallel", "12")
	code := storetest.Run(m)
	os.RemoveAll(dir)
	os.Exit(code)
}

// besideOthers lets a test under load run together with others, unless there
// are so many people that each needs the machine for itself.
func besideOthers(t *testing.T) {
	if *people <= 50 {
		t.Parallel()
	}
}

// eachHit does something once for each hit of a crash point: an installation
// ends with its hit, so that the long form does not have them all at a time.
func eachHit(t *testing.T, do func(t *testing.T, hit int)) {
	for hit := range *hits {
		t.Run(strconv.Itoa(hit), func(t *testing.T) { do(t, hit) })
	}
}

// program is nghe with its crash points.
var program string

// platform is where people write, and what they are told there.
type platform interface {
	says(person int, text string)
	said(person int) []string
	Wait(ctx context.Context, ok func() bool) error
}

// installation is everything that several processes share, and the platform.
type installation struct {
	t        *testing.T
	platform platform
	script   []string // what every person says
	environ  []string
	database string
	redis    *storetest.RedisServer
	random   *rand.Rand

	mu        sync.Mutex
	processes []*process // that take webhooks
}

const webhookSecret = "faults-webhook-secret"

func install(t *testing.T, deliveries func(int64) int) *installation {
	t.Helper()
	return installOn(t, storetest.Postgres(t), deliveries)
}

// installOn has the records in a database that the test chose.
func installOn(t *testing.T, database string, deliveries func(int64) int) *installation {
	t.Helper()
	in := newInstallation(t, database)
	platform, api := faketelegram.Start(t, faketelegram.Settings{Reach: in, Deliveries: deliveries, Rand: rand.New(rand.NewPCG(*seed, 8))})
	in.platform, in.script = onTelegram{platform}, script
	in.environ = append(in.environ, "TELEGRAM_TOKEN="+faketelegram.Token, "TELEGRAM_API="+api, "TELEGRAM_WEBHOOK_SECRET="+webhookSecret)
	return in
}

// newInstallation has no platform yet.
func newInstallation(t *testing.T, database string) *installation {
	t.Helper()
	address, server := storetest.StartRedis(t, "--appendonly", "yes", "--appendfsync", "everysec")
	return &installation{t: t, random: rand.New(rand.NewPCG(*seed, 7)), database: database, redis: server, environ: []string{
		"NGHE_LISTEN=127.0.0.1:0", "NGHE_PUBLIC_URL=https://nghe.example.vn", "NGHE_SECRET=a secret of the faults", "NGHE_DATA=" + t.TempDir(),
		"REDIS_URL=" + address, "DATABASE_URL=" + database,
	}}
}

// onTelegram is people on the fake Telegram.
type onTelegram struct{ *faketelegram.Server }

func (p onTelegram) says(person int, text string) { p.Person(int64(1000+person), "An").Says(text) }

func (p onTelegram) said(person int) []string { return p.Said(int64(1000 + person)) }

// process is one nghe.
type process struct {
	cmd   *exec.Cmd
	url   *url.URL
	ended chan struct{}
	log   *os.File
}

// isReady finds where a process listens.
var isReady = regexp.MustCompile(`msg=ready .*\blisten=(\S+)`)

// start starts a process and waits until it is ready. crashAt is where it
// ends by itself, "" for nowhere.
func (in *installation) start(crashAt string) *process {
	in.t.Helper()
	log, err := os.CreateTemp(in.t.TempDir(), "log-*")
	if err != nil {
		in.t.Fatal(err)
	}
	p := &process{cmd: exec.CommandContext(context.WithoutCancel(in.t.Context()), program, "serve"), ended: make(chan struct{}), log: log}
	p.cmd.Env = append(slices.Clone(in.environ), "CRASH_AT="+crashAt)
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		in.t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		in.t.Fatal(err)
	}
	in.t.Cleanup(func() { p.kill(); log.Close() })
	address := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(stderr)
		for lines.Scan() {
			fmt.Fprintln(log, lines.Text())
			if m := isReady.FindStringSubmatch(lines.Text()); m != nil {
				address <- m[1]
			}
		}
		p.cmd.Wait()
		close(p.ended)
	}()
	select {
	case a := <-address:
		p.url = &url.URL{Scheme: "http", Host: a}
	case <-p.ended: // crashed before it was ready
	case <-time.After(30 * time.Second):
		in.t.Fatalf("not ready:\n%s", p.logged())
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if p.url != nil {
		in.processes = append(in.processes, p)
	}
	return p
}

func (p *process) logged() string {
	b, _ := os.ReadFile(p.log.Name())
	return string(b)
}

// kill ends the process as kill -9 does, if it still runs.
func (p *process) kill() {
	p.cmd.Process.Kill()
	<-p.ended
}

// gone takes a process that ended out of the way of webhooks.
func (in *installation) gone(p *process) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.processes = slices.DeleteFunc(in.processes, func(q *process) bool { return q == p })
}

// RoundTrip brings a webhook to any of the processes.
func (in *installation) RoundTrip(r *http.Request) (*http.Response, error) {
	in.mu.Lock()
	var to *process
	if n := len(in.processes); n > 0 {
		to = in.processes[in.random.IntN(n)]
	}
	in.mu.Unlock()
	if to == nil {
		return nil, errors.New("no process runs")
	}
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host = to.url.Scheme, to.url.Host
	return http.DefaultTransport.RoundTrip(r)
}

// script is what every person says, in order; the last makes the bot say all
// that it knows.
var script = []string{
	"tien an dc bao nhieu", "tính tiền hỗ trợ học nghề", "chị", "1", "hết rồi", "không có", "học phí có phải trả không", "chưa", "2 triệu rưỡi", "30",
	"16", "Đầm Hà", "đồng ý", "đủ 16 tuổi", "cảm ơn em", "vay làm ăn", "thông tin của tôi",
}

// answers is what a clean run says to the script: the first words of each
// turn, which are the same however a platform joins and splits.
func answers(t *testing.T, script []string) []string {
	t.Helper()
	chat := exec.Command(program, "chat", "--json")
	chat.Env = []string{"NGHE_DATA=" + t.TempDir()}
	chat.Stdin = strings.NewReader(strings.Join(script, "\n"))
	out, err := chat.Output()
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for line := range bytes.Lines(out) {
		var turn struct{ Replies []struct{ Text string } }
		if err := json.Unmarshal(line, &turn); err != nil {
			t.Fatal(err)
		}
		said = append(said, begin(turn.Replies[0].Text))
	}
	for i := range said {
		if i > 0 && said[i] == said[i-1] {
			t.Fatalf("turns %d and %d begin alike: %q", i, i+1, said[i])
		}
	}
	return said
}

func begin(text string) string {
	words := strings.Fields(text)
	return strings.Join(words[:min(6, len(words))], " ")
}

// talk has everybody go through the script. Each says their next line when the
// answer to the last is there.
func (in *installation) talk(n int) {
	in.t.Helper()
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			for turn, text := range in.script {
				in.platform.says(i, text)
				ctx, cancel := context.WithTimeout(in.t.Context(), patience(1, 4*time.Minute))
				err := in.platform.Wait(ctx, func() bool { return len(once(in.platform.said(i))) > turn })
				cancel()
				if err != nil {
					in.t.Errorf("person %d was not answered to %q, only %q", i, text, in.platform.said(i))
					return
				}
			}
		})
	}
	wg.Wait()
}

// once gives what was said by its first words, without what was said twice in
// a row.
func once(said []string) []string {
	var list []string
	for _, text := range said {
		if b := begin(text); len(list) == 0 || list[len(list)-1] != b {
			list = append(list, b)
		}
	}
	return list
}

// balance looks at the books when all is over.
func (in *installation) balance(n int, want []string) (doubled int) {
	in.t.Helper()
	for i := range n {
		said := in.platform.said(i)
		if got := once(said); !slices.Equal(got, want) {
			in.t.Errorf("person %d heard\n%q\nwant\n%q", i, got, want)
		}
		doubled += len(said) - len(want)
	}
	count := in.count
	if got := count("SELECT count(*) FROM person"); got != n {
		in.t.Errorf("%d people are kept, %d agreed", got, n)
	}
	if got := count("SELECT count(*) FROM consent"); got != n {
		in.t.Errorf("%d consents are kept, %d were given", got, n)
	}
	if listed := count("SELECT count(*) FROM trouble WHERE kind = 'doubtful'"); listed < doubled {
		in.t.Errorf("%d answers came twice, %d are listed as doubtful", doubled, listed)
	}
	if lost := count("SELECT count(*) FROM trouble WHERE kind = 'lost'"); lost > 0 {
		in.t.Errorf("%d answers were given up", lost)
	}
	return doubled
}

// count asks the records.
func (in *installation) count(query string) (n int) {
	in.t.Helper()
	db, err := sql.Open("pgx", in.database)
	if err != nil {
		in.t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow(query).Scan(&n); err != nil {
		in.t.Fatal(err)
	}
	return n
}
