// Command eval says how well questions are understood: “make eval”.
//
// It reads questions (topic, style, question; tab-separated) and prints, per
// style and in all, how many have the right topic first and among the first
// three, how many are answered outright and wrong, and how many questions that
// are none of our business are answered all the same. The scoring is the one
// that the acceptance of nghe uses: a label "a|b" accepts either topic.
//
// Each share has its 95 % interval. What is measured is compared with the last
// recorded run of the same file; -write records this one.
//
//	go run ./understand/eval [-misses] [-write] [-min1 PERCENT] [-min3 PERCENT] [FILE]
//
// Without FILE it reads content/eval/questions.dev.tsv.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"nghe/content"
	"nghe/understand"
	"nghe/understand/questions"
)

func main() {
	misses := flag.Bool("misses", false, "print each question whose first candidate is wrong")
	min1 := flag.Float64("min1", 0, "fail when top-1 is under this, in percent")
	min3 := flag.Float64("min3", 0, "fail when top-3 is under this, in percent")
	record := flag.String("record", "understand/eval/recorded.tsv", "the figures of the last recorded run, to compare with")
	write := flag.Bool("write", false, "write the figures of this run there")
	flag.Parse()
	file := "content/eval/questions.dev.tsv"
	if flag.NArg() > 0 {
		file = flag.Arg(0)
	}
	if err := run(file, *misses, *min1, *min3, *record, *write); err != nil {
		fmt.Fprintln(os.Stderr, "eval:", err)
		os.Exit(1)
	}
}

func run(file string, misses bool, min1, min3 float64, record string, write bool) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	list, err := questions.Read(f)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	began := time.Now()
	reader := understand.New(content.MustBuiltin())
	built := time.Since(began)
	times := make([]time.Duration, len(list))
	for i, q := range list {
		began = time.Now()
		reader.Meaning(q.Text)
		times[i] = time.Since(began)
	}
	slices.Sort(times)
	result := questions.Score(reader, list)
	fmt.Printf("%s\n%s\n", file, result)
	fmt.Printf("built in %v; a question: median %v, slowest in a hundred %v\n", built.Round(time.Millisecond), times[len(times)/2].Round(time.Microsecond), times[len(times)*99/100].Round(time.Microsecond))
	if err := compare(record, filepath.Base(file), result.All, write); err != nil {
		return err
	}
	if misses {
		for _, m := range result.Misses {
			fmt.Printf("%-8s %-22s -> %-22s %-7s %.2f  %s\n", m.Style, m.Labels[0], m.Got, m.Outcome, m.Score, m.Text)
		}
	}
	if top1, top3 := result.All.Percent(result.All.First), result.All.Percent(result.All.Third); top1 < min1 || top3 < min3 {
		return fmt.Errorf("top-1 %.1f %% and top-3 %.1f %%, wanted %.1f %% and %.1f %%", top1, top3, min1, min3)
	}
	return nil
}
