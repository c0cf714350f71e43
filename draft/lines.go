package draft

import "strings"

// Line is one line of two texts beside each other.
type Line struct {
	Mark string // "-" only before, "+" only now, "" in both
	Text string
}

// Lines compares two texts line by line.
func Lines(was, is string) []Line {
	a, b := split(was), split(is)
	// common[i][j] is how many lines the rests of both have in common, in order.
	common := make([][]int, len(a)+1)
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var out []Line
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out = append(out, Line{"", a[i]})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			out = append(out, Line{"-", a[i]})
			i++
		default:
			out = append(out, Line{"+", b[j]})
			j++
		}
	}
	return out
}

func split(text string) []string {
	if text = strings.TrimRight(text, "\n"); text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// Around gives only the lines that differ, each group with what stands right
// before it: the last line for which leads holds. A line "…" stands for what is
// left out.
func Around(lines []Line, leads func(string) bool) []Line {
	var out []Line
	lead, shown := -1, -1
	for n, l := range lines {
		if l.Mark == "" {
			if leads(l.Text) {
				lead = n
			}
			continue
		}
		if lead > shown {
			if len(out) > 0 {
				out = append(out, Line{"", "…"})
			}
			out = append(out, lines[lead])
			shown = lead
		}
		out = append(out, l)
		shown = n
	}
	return out
}

// Near gives only the lines that differ, with so many lines around them as they
// are in both. A line "…" stands for what is left out.
func Near(lines []Line, around int) []Line {
	var out []Line
	left := false
	for n, l := range lines {
		near := false
		for _, x := range lines[max(0, n-around):min(len(lines), n+around+1)] {
			near = near || x.Mark != ""
		}
		if !near {
			left = true
			continue
		}
		if left {
			out = append(out, Line{"", "…"})
		}
		out, left = append(out, l), false
	}
	return out
}
