package console

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// writeTable writes rows as a workbook, a row at a time: a province may be in
// it.
func writeTable(w io.Writer, name string, rows [][]any) error {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", name); err != nil {
		return fmt.Errorf("table: %w", err)
	}
	s, err := f.NewStreamWriter(name)
	if err != nil {
		return fmt.Errorf("table: %w", err)
	}
	if err := s.SetColWidth(1, len(rows[0]), 18); err != nil {
		return fmt.Errorf("table: %w", err)
	}
	for i, row := range rows {
		if err := s.SetRow(fmt.Sprint("A", i+1), row); err != nil {
			return fmt.Errorf("table: %w", err)
		}
	}
	if err := s.Flush(); err != nil {
		return fmt.Errorf("table: %w", err)
	}
	_, err = f.WriteTo(w)
	return err
}

// cutInts reads “12-34”.
func cutInts(s string) (a int64, b int, ok bool) {
	x, y, _ := strings.Cut(s, "-")
	a, err := strconv.ParseInt(x, 10, 64)
	if err != nil {
		return 0, 0, false
	}
	b, err = strconv.Atoi(y)
	return a, b, err == nil
}

// viettime writes a number of something, rounded to what one needs to know.
func viettime(n float64, unit string) string {
	n = math.Round(n*10) / 10
	if n < 10 && n-float64(int(n)) >= .3 {
		return strings.Replace(strconv.FormatFloat(n, 'f', 1, 64), ".", ",", 1) + " " + unit
	}
	return strconv.Itoa(int(n+.5)) + " " + unit
}
