package bench

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"nghe/content"
	"nghe/content/eval"
	"nghe/understand"
	"nghe/understand/questions"
)

// Words of which invented topics are made, and the ways of asking for them.
var (
	doings = strings.Fields("nuôi trồng đan dệt khâu đúc mài khắc tiện phay hàn sơn lợp xây đào gặt phơi sấy ủ nhuộm chẻ vót ghép chiết ươm tỉa tưới bón cày bừa")
	things = strings.Fields("ngọc trai|sá sùng|ba kích|trà hoa vàng|mây tre|gốm sứ|thuyền nan|lưới rê|rế lá|chổi chít|nấm sò|ong mật|dê núi|gà đồi|lợn móng|cá song|tôm he|ngao hai cồi|rươi|hàu sữa|quế|hồi|sở|keo lai|thông nhựa|na dai|ổi lê|cam sành|bưởi|vải chín sớm|thanh long|dứa")
	asking = []string{
		"%s ở %s thì làm thế nào", "muốn %s ở %s phải hỏi ai", "%s gần %s có khó không", "em định %s ở %s", "cho hỏi việc %s tại %s", "%s %s",
		"nhà em ở %[2]s có nên %[1]s", "chi phí %s ở %s là bao nhiêu", "ai mua khi %s ở %s",
	}
)

// topics is content with so many topics: ours, and invented ones.
func topics(b *testing.B, n int) *content.Library {
	b.Helper()
	lib := content.MustBuiltin()
	things := strings.Split(strings.Join(things, " "), "|")
	var text strings.Builder
	text.WriteString("topics:\n")
	for i := range n - len(lib.Topics) {
		doing := doings[i%len(doings)] + " " + things[i/len(doings)%len(things)]
		where := lib.Places[i/len(doings)/len(things)%len(lib.Places)].Name
		fmt.Fprintf(&text, "- id: other.invented%d\n  title: Việc thứ %d\n  answer: Đây là lời đáp thứ %d.\n  asks:\n", i, i, i)
		for _, ask := range asking {
			fmt.Fprintf(&text, "  - %q\n", fmt.Sprintf(ask, doing, where))
		}
	}
	more, problems := content.Load(content.Builtin(), fstest.MapFS{"topics/invented.yaml": {Data: []byte(text.String())}})
	if more == nil {
		b.Fatal(content.Errors(problems)[0])
	}
	return more
}

// A question of the development set, by how it is typed and by how many topics
// there are: each iteration asks one of them. p99-µs is of the questions, each by its
// fastest of some tries, so that what else the machine does is not in it.
func BenchmarkQuestion(b *testing.B) {
	all, err := questions.Read(strings.NewReader(eval.Dev))
	if err != nil {
		b.Fatal(err)
	}
	byStyle := map[string][]string{}
	for _, q := range all {
		byStyle[q.Style] = append(byStyle[q.Style], q.Text)
		byStyle["all"] = append(byStyle["all"], q.Text)
	}
	for _, n := range sizes(100, 1000, 10_000) {
		b.Run(fmt.Sprintf("topics=%d", n), func(b *testing.B) { questionsOf(b, n, byStyle) })
	}
}

func questionsOf(b *testing.B, n int, byStyle map[string][]string) {
	lib := topics(b, n)
	before, began := heap(), time.Now()
	r := understand.New(lib)
	r.Meaning("xin chào") // what is made when it is first wanted
	made, grown := time.Since(began), heap()-before
	for _, style := range []string{"all", "dau", "khongdau", "tat", "sai", "vung", "dai", "cut"} {
		texts := byStyle[style]
		if len(texts) == 0 {
			b.Fatal("no questions of style " + style)
		}
		b.Run("style="+style, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				r.Meaning(texts[i%len(texts)])
			}
			b.StopTimer()
			best := make([]time.Duration, len(texts))
			for i, text := range texts {
				for try := range 5 {
					began := time.Now()
					r.Meaning(text)
					if took := time.Since(began); try == 0 || took < best[i] {
						best[i] = took
					}
				}
			}
			report(b, best, "µs", "")
			if style == "all" {
				b.ReportMetric(float64(made.Milliseconds()), "ms-learnt")
				b.ReportMetric(grown, "MB-learnt")
			}
		})
	}
	runtime.KeepAlive(r)
}

// heap is what Go keeps at the moment, in MB.
func heap() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}

// report tells the median and the 99th percentile of times in a unit.
func report(b *testing.B, took []time.Duration, unit, of string) {
	b.Helper()
	slices.Sort(took)
	per := map[string]float64{"µs": 1e3, "ms": 1e6}[unit]
	for _, p := range []int{50, 99} {
		b.ReportMetric(float64(took[(len(took)-1)*p/100])/per, fmt.Sprintf("p%d-%s%s", p, unit, of))
	}
}
