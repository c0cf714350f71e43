package report

import (
	"cmp"
	"strings"
	"time"

	"nghe/content"
	"nghe/course"
	"nghe/viet"
)

// Table is what a page and a workbook show alike.
type Table struct {
	Name    string // of the sheet, at most 31 characters
	Above   string // stands above it in a workbook; "": nothing
	Columns []Column
	// Rows hold a value for each column: string, int, or time.Time for days; nil
	// is empty.
	Rows [][]any
	// Notes stand below it: where the numbers come from, what was left out.
	Notes []string
}

// Column is a column of a table.
type Column struct {
	Title string
	Width float64 // in characters
}

// Words are how things are called in a table.
type Words struct {
	Place, Trade func(id string) string // "" of a place: not known
	Level        func(course.Level) string
	State        func(course.State) string
	Able         func(course.Able) string
	Zone         *time.Location // of days
}

// NewWords calls places, trades and levels as the content does.
func NewWords(lib *content.Library, zone *time.Location) Words {
	return Words{
		Place: func(id string) string {
			if p := lib.Place(id); p != nil {
				return p.Name
			}
			return cmp.Or(id, "chưa rõ nơi ở")
		},
		Trade: func(id string) string {
			if t := lib.Trade(id); t != nil {
				return t.Label()
			}
			return cmp.Or(id, "chưa rõ nghề")
		},
		Level: LevelName, Zone: zone,
	}
}

// counted are the states that a table of needs tells one by one, after those who
// wait.
var counted = []course.State{course.Enrolled, course.Started, course.Done, course.Working, course.Dropped}

// Table tells sums, one a row, with what is named of each: place, trade, level.
func (w Words) Table(name string, sums []Sum, place, trade, level bool) Table {
	t := Table{Name: name, Notes: []string{"Đang chờ: tình trạng “" + w.State(course.New) + "” hoặc “" + w.State(course.Contacted) + "”. Mỗi nguyện vọng đếm một lần; “Cộng” không tính người đã thôi."}}
	for _, c := range []struct {
		shown bool
		Column
	}{{place, Column{"Xã, phường", 24}}, {trade, Column{"Nghề", 32}}, {level, Column{"Trình độ", 16}}} {
		if c.shown {
			t.Columns = append(t.Columns, c.Column)
		}
	}
	t.Columns = append(t.Columns, Column{"Đang chờ", 11})
	for _, s := range counted {
		t.Columns = append(t.Columns, Column{w.State(s), 11})
	}
	t.Columns = append(t.Columns, Column{"Cộng", 11})
	for _, s := range sums {
		var row []any
		if place {
			row = append(row, w.Place(s.Place))
		}
		if trade {
			row = append(row, w.Trade(s.Trade))
		}
		if level {
			row = append(row, w.Level(s.Level))
		}
		row = append(row, s.Waiting())
		for _, state := range counted {
			row = append(row, s.Count.Of(state))
		}
		t.Rows = append(t.Rows, append(row, s.Count.All()))
	}
	return t
}

// Openings tells which classes could open, the first first.
func (w Words) Openings(all []Opening, notes ...string) Table {
	t := Table{Name: "Nên mở lớp", Notes: notes, Columns: []Column{{"Thứ tự", 8}, {"Nơi mở", 24}, {"Nghề", 32}, {"Trình độ", 16}, {"Người đang chờ", 11}, {"Từ các xã", 44}, {"Chờ lâu nhất từ", 14}, {"Lớp gần đó đã đủ người", 14}}}
	for i, o := range all {
		t.Rows = append(t.Rows, []any{i + 1, w.Place(o.Place), w.Trade(o.Trade), w.Level(o.Level), o.Waiting, w.Communes(o.From), w.day(o.Since), o.Full})
	}
	return t
}

// Communes tells from where people would come: “Xã Lương Minh 29, Xã Kỳ Thượng 7”.
func (w Words) Communes(from []From) string {
	var parts []string
	for _, f := range from {
		parts = append(parts, w.Place(f.Place)+" "+viet.FormatNumber(int64(f.Waiting)))
	}
	return strings.Join(parts, ", ")
}

// day is the day of a time in the zone, as Excel has it: midnight, without a zone.
func (w Words) day(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	y, m, d := t.In(w.Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// Survey tells what a survey gave.
func (w Words) Survey(s Survey) []Table {
	part := func(name, title string, width float64, all []Part, call func(Part) string) Table {
		t := Table{Name: name, Columns: []Column{{title, width}, {"Qua bot", 11}, {"Phiếu giấy", 11}, {"Cộng", 11}}}
		for _, p := range all {
			t.Rows = append(t.Rows, []any{call(p), p.Bot(), p.Paper, p.N})
		}
		return t
	}
	return []Table{
		part("Theo nghề", "Nghề", 32, s.Trades, func(p Part) string { return w.Trade(p.ID) }),
		part("Theo thôn", "Thôn, bản, khu", 40, s.Villages, func(p Part) string {
			if p.ID == "" {
				return w.Place(p.Place) + ", chưa rõ thôn"
			}
			return p.ID + ", " + w.Place(p.Place)
		}),
		part("Theo trình độ", "Trình độ", 20, s.Levels, func(p Part) string { return w.Level(course.Level(p.ID)) }),
		part("Khi nào học được", "Khi nào", 24, s.Able, func(p Part) string { return w.Able(course.Able(p.ID)) }),
	}
}
