package report

import "slices"

// Least is the smallest number that is told of another scope's people: below it
// a number may tell who somebody is.
const Least = 5

// Hidden says whether a value of a table stands for a number that is hidden.
func Hidden(v any) bool { return v == hiddenWord }

// hiddenWord stands for a number that is hidden.
const hiddenWord = "ẩn"

// Hide says which cells of a column, and whether its total, are to be hidden so
// that no cell from 1 to least-1 is told, nor can be computed from the total and
// the cells that are shown. The cells add up to the total.
//
//   - A total that is small is hidden, and with it everything.
//   - Where the hidden cells could be told from their sum (there is one, or all of
//     them must be the least or the most that they can be), the smallest cell that
//     is shown is hidden too; if none is left but zeros, everything is.
func Hide(cells []int, least int) (hidden []bool, total bool) {
	hidden = make([]bool, len(cells))
	all, sum, small := 0, 0, 0
	for i, n := range cells {
		all += n
		if n > 0 && n < least {
			hidden[i] = true
			sum, small = sum+n, small+1
		}
	}
	if small == 0 {
		return hidden, false
	}
	if all < least {
		return everything(hidden), true
	}
	if small > 1 && sum != small && sum != small*(least-1) {
		return hidden, false
	}
	other := -1
	for i, n := range cells {
		if n > 0 && !hidden[i] && (other < 0 || n < cells[other]) {
			other = i
		}
	}
	if other < 0 {
		return everything(hidden), false
	}
	hidden[other] = true
	return hidden, false
}

func everything(hidden []bool) []bool {
	for i := range hidden {
		hidden[i] = true
	}
	return hidden
}

// alone is a number that adds up to nothing, as it is shown.
func alone(n int, hide bool) any {
	if hide && n > 0 && n < Least {
		return hiddenWord
	}
	return n
}

// sums is a table of numbers that add up downwards.
type sums struct {
	name, of string // of the sheet; of the first column
	width    float64
	columns  []string
	rows     []sumRow
	total    string // label of the last row
	whole    bool   // rows without any number are told too
}

type sumRow struct {
	label string
	cells []int
}

// table makes it one to show, small numbers hidden or not.
func (s sums) table(hide bool, notes ...string) Table {
	t := Table{Name: s.name, Columns: []Column{{s.of, s.width}}, Notes: notes}
	for _, c := range s.columns {
		t.Columns = append(t.Columns, Column{c, 12})
	}
	var rows []sumRow
	for _, r := range s.rows {
		if s.whole || slices.ContainsFunc(r.cells, func(n int) bool { return n != 0 }) {
			rows = append(rows, r)
		}
	}
	totals := make([]any, len(s.columns))
	hidden := make([][]bool, len(s.columns))
	anyHidden := false
	for c := range s.columns {
		cells, all := make([]int, len(rows)), 0
		for i, r := range rows {
			cells[i] = r.cells[c]
			all += r.cells[c]
		}
		totals[c] = all
		if !hide {
			continue
		}
		var total bool
		if hidden[c], total = Hide(cells, Least); total {
			totals[c] = hiddenWord
		}
		for _, h := range hidden[c] {
			anyHidden = anyHidden || h
		}
	}
	for i, r := range rows {
		row := []any{r.label}
		for c, n := range r.cells {
			if hide && hidden[c][i] {
				row = append(row, hiddenWord)
			} else {
				row = append(row, n)
			}
		}
		t.Rows = append(t.Rows, row)
	}
	t.Rows = append(t.Rows, append([]any{s.total}, totals...))
	if anyHidden {
		t.Notes = append(t.Notes, "“"+hiddenWord+"”: số nhỏ hơn 5, hoặc số phải ẩn theo để không ai tính ra số nhỏ ấy.")
	}
	return t
}
