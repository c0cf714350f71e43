package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	log.SetFlags(log.Ltime)
	quick := flag.Bool("quick", false, "one short round of each, to see that it works; written to a new folder unless -out says where")
	withLarge := flag.Bool("large", false, "also a million people, and pages during a broadcast: half an hour more")
	rounds := flag.Int("rounds", 6, "how often each is run")
	only := flag.String("only", "", "parts to run, as “acd”; empty: all")
	out := flag.String("out", "", "folder to write to; empty: bench")
	flag.Parse()
	chosen := choose(suites, *only, *quick)
	if *quick {
		*rounds = 1
	}
	if *withLarge {
		chosen = append(chosen, choose(large, *only, false)...)
	}
	if *out == "" {
		*out = "bench"
		if *quick {
			var err error
			if *out, err = os.MkdirTemp("", "nghe-bench"); err != nil {
				log.Fatal(err)
			}
		}
	}
	m := machine(time.Now())
	m.Quick, m.Rounds = *quick, *rounds
	got, failed := measure(chosen, *rounds, *quick)
	m.took(time.Now())
	if err := write(*out, m, got, failed, chosen); err != nil {
		log.Fatal(err)
	}
	log.Printf("written to %s after %s", filepath.Join(*out, "RESULTS.md"), m.Took)
	if len(failed) > 0 {
		log.Fatalf("%d benchmarks failed", len(failed))
	}
}

// choose leaves the suites of some parts, in the quick form the short ones.
func choose(all []suite, only string, quick bool) []suite {
	return slices.DeleteFunc(slices.Clone(all), func(s suite) bool {
		return only != "" && !strings.Contains(only, s.part) || quick && s.quick == ""
	})
}

// write writes the report, the charts and the medians.
func write(dir string, m *facts, got results, failed []string, chosen []suite) error {
	if err := os.WriteFile(filepath.Join(dir, "RESULTS.md"), []byte(markdown(m, got, failed, chosen)), 0o644); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "results.svg"), []byte(charts(got)), 0o644); err != nil {
		return err
	}
	medians := map[string]map[string]float64{}
	for name, units := range got {
		medians[name] = map[string]float64{}
		for unit, all := range units {
			medians[name][unit] = spreadOf(all).median
		}
	}
	text, err := json.MarshalIndent(medians, "", " ")
	if err != nil {
		return fmt.Errorf("medians: %w", err)
	}
	return os.WriteFile(filepath.Join(dir, "results.json"), append(text, '\n'), 0o644)
}
