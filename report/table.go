package report

// Table is what a page and a workbook show alike.
type Table struct {
	Name    string // of the sheet, at most 31 characters
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
