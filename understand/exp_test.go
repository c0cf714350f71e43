package understand

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

type q struct{ labels []string; style, text string }

func devset() []q {
	b, _ := os.ReadFile("../content/eval/questions.dev.tsv")
	var out []q
	for i, l := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		if i == 0 { continue }
		p := strings.Split(l, "\t")
		out = append(out, q{strings.Split(p[0], "|"), p[1], p[2]})
	}
	return out
}

func topicIDs() []string {
	b, _ := os.ReadFile("../content/eval/topics.tsv")
	var out []string
	for i, l := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		if i == 0 { continue }
		id := strings.Split(l, "\t")[0]
		if id != outsideID { out = append(out, id) }
	}
	return out
}

func TestExp(t *testing.T) {
	dev := devset()
	for _, mode := range []string{"none", "half0", "half1"} {
		asks := map[string][]string{}
		var test []q
		for i, d := range dev {
			if mode != "none" && i%2 == int(mode[4]-'0') {
				if d.labels[0] != outsideID { asks[d.labels[0]] = append(asks[d.labels[0]], d.text) }
				continue
			}
			test = append(test, d)
		}
		var subs []subject
		for _, id := range topicIDs() {
			subs = append(subs, subject{id: id, asks: asks[id]})
		}
		t0 := time.Now()
		r := newReader(subs, nil)
		t1 := time.Since(t0)
		var n, top1, top3 int
		per := map[string]int{}
		perv := [4]int{}
		t0 = time.Now()
		for _, d := range test {
			if d.labels[0] == outsideID { continue }
			n++
			tx := r.readText(d.text)
			v := r.index.look(tx.tokens, r.concepts)
			res := r.index.rank(v)
			for k, s := range [][]float32{v.model, v.near, v.bag, v.gram} {
				b := 0
				for i := range s { if s[i] > s[b] && int32(i) != r.outside { b = i } }
				if has(d.labels, r.index.subjects[b].id) { perv[k]++ }
			}
			rank := 0
			for _, x := range res {
				if x.subject == r.outside { continue }
				if has(d.labels, r.index.subjects[x.subject].id) { break }
				rank++
			}
			if rank == 0 { top1++ } else if os.Getenv("MISS") == mode {
				fmt.Printf("%2d %v %s | %s | got %s %.2f\n", rank, d.labels, d.style, d.text, r.index.subjects[res[0].subject].id, res[0].score)
			}
			if rank < 3 { top3++ } else { per[d.style]++ }
		}
		el := time.Since(t0) / time.Duration(len(test))
		fmt.Printf("%s n=%d top1=%.1f top3=%.1f views=%v miss3=%v build=%v ask=%v\n", mode, n, 100*float64(top1)/float64(n), 100*float64(top3)/float64(n), perv, per, t1, el)
	}
}

func has(l []string, s string) bool { for _, x := range l { if x == s { return true } }; return false }
