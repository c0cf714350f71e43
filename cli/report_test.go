package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"nghe/cli"
)

// The command writes the same tables as the page: of a year, of other days, of a
// commune; it overwrites nothing and says what is wrong.
func TestReportCommand(t *testing.T) {
	data := invent(t, 50, "--cases", "30")
	dir := t.TempDir()
	now := time.Now()
	run := func(args ...string) (int, string) {
		out := newOutput()
		code := cli.Run(t.Context(), &cli.Process{Args: append([]string{"report"}, args...), Environ: []string{"NGHE_DATA=" + data}, Stdin: strings.NewReader(""), Stdout: out, Stderr: out, Now: func() time.Time { return now }})
		return code, out.String()
	}
	overview := func(name string) map[string]string {
		t.Helper()
		f, err := excelize.OpenFile(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		rows, err := f.GetRows("Tổng hợp")
		if err != nil {
			t.Fatal(err)
		}
		all := map[string]string{}
		for _, r := range rows {
			if len(r) > 1 {
				all[r[0]] = r[1]
			}
		}
		return all
	}
	from, to := now.AddDate(0, 0, -300).Format(time.DateOnly), now.AddDate(0, 0, 2).Format(time.DateOnly)
	whole := filepath.Join(dir, "whole.xlsx")
	if code, out := run("--from", from, "--to", to, "--out", whole); code != 0 || !strings.Contains(out, "Toàn tỉnh, từ "+from+" đến "+to) {
		t.Fatal(code, out)
	}
	if got := overview(whole); got["Nguyện vọng học nghề được ghi"] != "50" {
		t.Errorf("%v", got)
	}
	for name, place := range map[string]string{"id": "ba-che", "name": "xã ba chẽ"} {
		file := filepath.Join(dir, name+".xlsx")
		if code, out := run("--year", "2026", "--place", place, "--out", file); code != 0 || !strings.Contains(out, "Xã Ba Chẽ, từ 2025-12-01 đến 2026-11-30") {
			t.Error(code, out)
		}
	}
	before, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"--out FILE.xlsx is missing":      {"--year", "2026"},
		"--year 1999: give a year":        {"--year", "1999", "--out", "x.xlsx"},
		"give --year, or --from and --to": {"--year", "2026", "--from", from, "--to", to, "--out", "x.xlsx"},
		"give two days as 2026-01-31":     {"--from", to, "--to", from, "--out", "x.xlsx"},
		"give --place or --org, not both": {"--place", "ba-che", "--org", "A", "--out", "x.xlsx"},
		`unexpected argument "more"`:      {"more", "--out", "x.xlsx"},
	} {
		if code, out := run(args...); code != 2 || !strings.Contains(out, want) {
			t.Errorf("%v: %d %s", args, code, out)
		}
	}
	for want, args := range map[string][]string{
		"không ghi đè": {"--out", whole}, `no commune is called "nowhere"`: {"--place", "nowhere", "--out", filepath.Join(dir, "x.xlsx")},
		"không ghi được": {"--out", filepath.Join(dir, "no", "x.xlsx")},
	} {
		if code, out := run(args...); code != 1 || !strings.Contains(out, want) {
			t.Errorf("%v: %d %s", args, code, out)
		}
	}
	if after, err := os.ReadFile(whole); err != nil || string(after) != string(before) {
		t.Error("the file was changed", err)
	}
}
