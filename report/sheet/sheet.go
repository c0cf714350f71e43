// Package sheet writes the tables of package report as a workbook: numbers as
// numbers and days as days, so that Excel adds them up and sorts them.
package sheet

import (
	"fmt"
	"io"
	"time"

	"github.com/xuri/excelize/v2"

	"nghe/report"
)

// Write writes each table as a sheet, in their order.
func Write(w io.Writer, tables []report.Table) error {
	f := excelize.NewFile()
	defer f.Close()
	b := book{File: f}
	if err := b.write(tables); err != nil {
		return fmt.Errorf("workbook: %w", err)
	}
	_, err := f.WriteTo(w)
	return err
}

// book is a workbook being written, with its styles.
type book struct {
	*excelize.File
	head, number, day, text, note, above int
}

func (b *book) write(tables []report.Table) error {
	if err := b.styles(); err != nil {
		return err
	}
	for i, t := range tables {
		if i == 0 {
			if err := b.SetSheetName("Sheet1", t.Name); err != nil {
				return err
			}
		} else if _, err := b.NewSheet(t.Name); err != nil {
			return err
		}
		if err := b.table(t); err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
	}
	// The first sheet is the active one already. To say so would read all of it again.
	return nil
}

func (b *book) styles() error {
	thousands, date := "#,##0", "dd/mm/yyyy"
	for _, s := range []struct {
		into  *int
		style excelize.Style
	}{
		{&b.head, excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E9EDF7"}}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}}},
		{&b.number, excelize.Style{CustomNumFmt: &thousands}},
		{&b.day, excelize.Style{CustomNumFmt: &date}},
		{&b.text, excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}}},
		{&b.above, excelize.Style{Font: &excelize.Font{Bold: true, Color: "B00020"}}},
		{&b.note, excelize.Style{Font: &excelize.Font{Italic: true, Color: "525B6C"}}},
	} {
		id, err := b.NewStyle(&s.style)
		if err != nil {
			return err
		}
		*s.into = id
	}
	return nil
}

// table writes one sheet, a row at a time: a province may be in it.
func (b *book) table(t report.Table) error {
	s, err := b.NewStreamWriter(t.Name)
	if err != nil {
		return err
	}
	head := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		if err := s.SetColWidth(i+1, i+1, c.Width); err != nil {
			return err
		}
		head[i] = excelize.Cell{StyleID: b.head, Value: c.Title}
	}
	first := 1 // row of the head
	if t.Above != "" {
		first = 2
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: first, TopLeftCell: fmt.Sprint("A", first+1), ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if t.Above != "" {
		if err := s.SetRow("A1", []any{excelize.Cell{StyleID: b.above, Value: t.Above}}); err != nil {
			return err
		}
	}
	if err := s.SetRow(fmt.Sprint("A", first), head); err != nil {
		return err
	}
	for i, row := range t.Rows {
		cells := make([]any, len(row))
		for k, v := range row {
			cells[k] = b.cell(v)
		}
		if err := s.SetRow(fmt.Sprint("A", first+1+i), cells); err != nil {
			return err
		}
	}
	for i, note := range t.Notes {
		if err := s.SetRow(fmt.Sprint("A", first+len(t.Rows)+2+i), []any{excelize.Cell{StyleID: b.note, Value: note}}); err != nil {
			return err
		}
	}
	return s.Flush()
}

func (b *book) cell(v any) any {
	switch v := v.(type) {
	case int:
		return excelize.Cell{StyleID: b.number, Value: v}
	case time.Time:
		if v.IsZero() {
			return nil
		}
		return excelize.Cell{StyleID: b.day, Value: v}
	case string:
		return excelize.Cell{StyleID: b.text, Value: v}
	}
	return v
}
