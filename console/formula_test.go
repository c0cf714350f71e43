package console_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"nghe/course"
	"nghe/course/sheet"
	"nghe/staff"
)

// calls is what a spreadsheet would do for who names a wish so.
const calls = `1+cmd|'/C calc'!A0`

// books are the routes that give a table away, and how many kinds of text in it
// somebody wrote, at least.
var books = map[string]int{
	"GET /console/courses/export.xlsx":         12,
	"GET /console/courses/template.xlsx":       0,
	"GET /console/interests/export.xlsx":       4, // name, telephone, village, consent …
	"GET /console/interests/template.xlsx":     0,
	"GET /console/needs/export.xlsx":           0,
	"GET /console/results/export.xlsx":         0,
	"GET /console/report/export.xlsx":          1, // difficulties, receiver
	"GET /console/campaigns/{id}/export.xlsx":  1,
	"GET /console/broadcasts/{id}/people.xlsx": 1,
}

// TestCellsStayText: what begins like a formula is text in every table that is given
// away, and nothing in it asks for anything outside. A route that gives away a table
// and has no row fails.
func TestCellsStayText(t *testing.T) {
	for _, sign := range []string{"=", "+", "-", "@", "\t=", "\r="} {
		t.Run(fmt.Sprintf("%q", sign), func(t *testing.T) {
			t.Parallel()
			text := sign + calls
			m := newMarked(t, text)
			admin := m.as(staff.Administrator, province)
			for _, pattern := range slices.Sorted(maps.Keys(rows)) {
				method, path := m.path(pattern, rows[pattern].of)
				least, isBook := books[pattern]
				if !isBook && (method != "GET" || strings.HasSuffix(path, "/events") || sign != "=") {
					continue
				}
				answer, body := m.ask(method, path, admin, "")
				kind := answer.Header.Get("Content-Type")
				if away := strings.Contains(kind, "spreadsheet") || strings.Contains(kind, "csv"); away != isBook {
					t.Errorf("%s gives away a %s; has a row: %v", pattern, kind, isBook)
				}
				if isBook {
					if n := cellsOf(t, pattern, body, calls); n < least {
						t.Errorf("%s has %d cells that somebody wrote", pattern, n)
					}
				}
			}
		})
	}
}

// cellsOf counts the cells with a text, each of which must be a text.
func cellsOf(t *testing.T, name, body, text string) (n int) {
	t.Helper()
	archive, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		part, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(f.Name, "externalLink") || strings.Contains(f.Name, "connections") || strings.HasPrefix(f.Name, "xl/worksheets/") && (bytes.Contains(part, []byte("<f>")) || bytes.Contains(part, []byte("<f "))) {
			t.Errorf("%s: %s has something to work out", name, f.Name)
		}
	}
	file, err := excelize.OpenReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, page := range file.GetSheetList() {
		lines, err := file.GetRows(page)
		if err != nil {
			t.Fatal(err)
		}
		for y, line := range lines {
			for x, value := range line {
				if !strings.Contains(value, text) {
					continue
				}
				n++
				cell, err := excelize.CoordinatesToCellName(x+1, y+1)
				if err != nil {
					t.Fatal(err)
				}
				kind, err := file.GetCellType(page, cell)
				if err != nil || kind != excelize.CellTypeSharedString && kind != excelize.CellTypeInlineString {
					t.Errorf("%s: %s!%s is of kind %d: %v", name, page, cell, kind, err)
				}
			}
		}
	}
	return n
}

// TestFormulasComeBackAsText: a class whose texts begin like formulas is the same
// when its table is read again.
func TestFormulasComeBackAsText(t *testing.T) {
	for _, sign := range []string{"=", "+", "-", "@", "\t=", "\r="} {
		was := spoilt(course.Course{Code: "na-01", Trade: "nau-an", Place: "ba-che", Status: course.Enrolling, SourceURL: "https://example.vn", ContactPhone: "0912345678"}, sign+calls)
		was.ID = sheet.Identity(&was)
		var b bytes.Buffer
		if err := sheet.Export(&b, library(), []course.Course{was}); err != nil {
			t.Fatal(err)
		}
		again, problems, err := sheet.Read(&b, library(), reader(), time.Now())
		if err != nil || len(again) != 1 {
			t.Fatalf("%q: %v %v", sign, err, problems)
		}
		is, want := sheet.Texts(library(), again[0]), sheet.Texts(library(), was)
		n := 0
		for field, text := range want {
			if strings.Contains(text, calls) {
				n++
			}
			if strings.TrimSpace(is[field]) != strings.TrimSpace(text) {
				t.Errorf("%q: %s was %q and is %q", sign, field, text, is[field])
			}
		}
		if n < 10 {
			t.Errorf("%q: only %d texts", sign, n)
		}
	}
}
