package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"nghe/advice"
	"nghe/bot"
	"nghe/bot/bottest"
	"nghe/content"
	"nghe/course"
	"nghe/dialog"
	"nghe/store"
	"nghe/store/storetest"
	"nghe/understand"
)

// script is what each person says: a sum that is worked out over many turns,
// and questions around it.
var script = []string{
	"tien an dc bao nhieu", "tính tiền hỗ trợ học nghề", "chị", "1", "hết rồi", "không có", "học phí có phải trả không", "chưa", "2 triệu rưỡi", "30",
	"16", "Đầm Hà", "đồng ý", "đủ 16 tuổi", "cảm ơn em", "vay làm ăn",
}

// shipped is what answers with the content that we ship.
func shipped() bot.Brain {
	lib, courses := content.MustBuiltin(), course.NewCatalogue(nil)
	whole := advice.WithCourses(lib, courses)
	return bot.Brain{Engine: dialog.New(whole, advice.Functions(lib, courses)), Reader: understand.New(lib), Library: whole}
}

// commits keeps what turns write.
type commits struct {
	bot.Sessions
	list []bot.Commit
}

func (c *commits) Save(ctx context.Context, commit bot.Commit) ([]bot.Bubble, error) {
	c.list = append(c.list, commit)
	return c.Sessions.Save(ctx, commit)
}

// From a decoded update to its commit on Redis, by how many people at once, nothing
// sent; beside it a bare go-redis client that reads the session and writes the
// same bytes in one MULTI. Both take turns in short rounds, so that what else
// the machine does weighs on both alike.
func BenchmarkTurnsOnRedis(b *testing.B) {
	for _, atOnce := range atOnceSizes {
		b.Run(fmt.Sprintf("contacts=%d", atOnce), func(b *testing.B) { turnsOnRedis(b, atOnce) })
	}
}

func turnsOnRedis(b *testing.B, atOnce int) {
	ctx := context.Background()
	address := storetest.Redis(b, "--appendonly", "yes", "--appendfsync", "everysec")
	r, err := store.OpenRedis(ctx, address, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	brain := shipped()
	written := &commits{Sessions: r}
	turns := &bot.Turns{
		Brain: func() bot.Brain { return brain }, Sessions: written, People: &bottest.People{}, Log: slog.New(slog.DiscardHandler),
		Pushed: func(string) bool { return true },
	}
	var person atomic.Int64
	talk := func(turns *bot.Turns) {
		c := bot.Contact{Channel: "telegram", ID: strconv.FormatInt(person.Add(1), 10)}
		for i, text := range script {
			turn, err := turns.Handle(ctx, bot.Incoming{Contact: c, Update: strconv.Itoa(i), Text: text, At: time.Now()})
			if err != nil || len(turn.Bubbles) == 0 {
				b.Errorf("%q: %v, %v", text, turn, err)
				return
			}
		}
	}
	talk(turns) // what the bare client writes
	turns.Sessions = r

	options, err := redis.ParseURL(address)
	if err != nil {
		b.Fatal(err)
	}
	options.ContextTimeoutEnabled = true
	client := redis.NewClient(options)
	defer client.Close()
	rows := prepare(b, written.list)
	bare := func() {
		name := "bare:{" + strconv.FormatInt(person.Add(1), 10) + "}:"
		for i := range rows {
			if err := rows[i].write(ctx, client, name, nothing); err != nil {
				b.Error(err)
				return
			}
		}
	}

	crowd := func(to *spent, do func()) {
		before := spentNow(b, client)
		var wg sync.WaitGroup
		for range atOnce {
			wg.Go(do)
		}
		wg.Wait()
		to.add(before, spentNow(b, client))
	}
	var ours, theirs spent
	crowd(&ours, func() { talk(turns) })
	crowd(&theirs, bare)
	ours, theirs = spent{}, spent{}
	n := 0
	for b.Loop() {
		crowd(&ours, func() { talk(turns) })
		b.StopTimer()
		crowd(&theirs, bare)
		b.StartTimer()
		n += atOnce * len(script)
	}
	ours.report(b, "turn", n)
	theirs.report(b, "bare", n)
	b.ReportMetric(100*theirs.wall/ours.wall, "%ofbare")
	b.ReportMetric(100*(theirs.client+theirs.redis)/(ours.client+ours.redis), "%ofbare-cpu")
}

// spent is time in seconds: on the clock, and of the processor.
type spent struct{ wall, client, redis float64 }

func (s *spent) add(from, to spent) {
	s.wall += to.wall - from.wall
	s.client += to.client - from.client
	s.redis += to.redis - from.redis
}

func (s *spent) report(b *testing.B, what string, n int) {
	b.ReportMetric(float64(n)/s.wall, what+"s/s")
	b.ReportMetric(1e6*s.client/float64(n), "µs-client/"+what)
	b.ReportMetric(1e6*s.redis/float64(n), "µs-redis/"+what)
}

func spentNow(b *testing.B, client *redis.Client) spent {
	b.Helper()
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		b.Fatal(err)
	}
	s := spent{
		wall:   float64(time.Now().UnixNano()) / 1e9,
		client: float64(use.Utime.Nano()+use.Stime.Nano()) / 1e9,
	}
	info, err := client.Info(context.Background(), "cpu").Result()
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range []string{"used_cpu_sys", "used_cpu_user"} {
		_, rest, _ := strings.Cut(info, "\n"+name+":")
		value, _, _ := strings.Cut(rest, "\r")
		seconds, err := strconv.ParseFloat(value, 64)
		if err != nil {
			b.Fatal(err)
		}
		s.redis += seconds
	}
	return s
}

// row is what a turn writes, as bytes.
type row struct {
	turn, session, sensitive, effects, sent string
	bubbles                                 []any
}

func prepare(b *testing.B, list []bot.Commit) []row {
	var rows []row
	for i, c := range list {
		r := row{turn: c.Turn, session: string(c.Session), sensitive: string(c.Sensitive), effects: string(c.Effects)}
		var said []bot.Bubble
		for _, bubble := range c.Bubbles {
			body, err := json.Marshal(bubble)
			if err != nil {
				b.Fatal(err)
			}
			r.bubbles = append(r.bubbles, fmt.Sprintf("%d|%d|%s", i, bubble.At.UnixMilli(), body))
			if bubble.From == bot.FromBot {
				said = append(said, bubble)
			}
		}
		sent, err := json.Marshal(map[string]any{"turn": c.Turn, "at": c.At, "bubbles": said})
		if err != nil {
			b.Fatal(err)
		}
		r.sent = string(sent)
		rows = append(rows, r)
	}
	if len(rows) != len(script) {
		b.Fatalf("%d turns were written", len(rows))
	}
	return rows
}

// write reads the session and writes a turn, as the scripts of store do it.
// What is left out tells what it costs.
func (r *row) write(ctx context.Context, client *redis.Client, name string, without safety) error {
	if err := client.HMGet(ctx, name+"s", "v", "p", "q").Err(); err != nil {
		return err
	}
	now := time.Now()
	_, err := client.TxPipelined(ctx, func(p redis.Pipeliner) error {
		p.HSet(ctx, name+"s", "v", 1, "q", 2, "p", r.session)
		p.PExpire(ctx, name+"s", bot.SessionLife)
		if r.sensitive != "" {
			p.Set(ctx, name+"x", r.sensitive, time.Hour)
		}
		if r.effects != "" {
			p.Set(ctx, name+"e", r.effects, bot.SessionLife)
		}
		if without != seenMark {
			p.ZAdd(ctx, name+"n", redis.Z{Score: float64(now.UnixMilli()), Member: r.turn})
			p.PExpire(ctx, name+"n", bot.SeenLife("telegram"))
		}
		p.RPush(ctx, name+"b", r.bubbles...)
		p.LTrim(ctx, name+"b", -bot.BubblesKept, -1)
		p.PExpire(ctx, name+"b", bot.BubbleLife)
		if without == outbox {
			return nil
		}
		seq := r.turn[strings.LastIndexByte(r.turn, ':')+1:]
		p.HSet(ctx, name+"o", seq+":b", r.sent, seq+":o", "", seq+":l", 0, seq+":n", now.UnixMilli(), seq+":p", "{}")
		p.PExpire(ctx, name+"o", 2*bot.OutboxLife)
		p.ZAdd(ctx, name+"due", redis.Z{Score: float64(now.UnixMilli()), Member: name})
		return nil
	})
	return err
}
