package advice

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"nghe/content"
)

// LoanCase is a person and what they want to borrow for. A nil or empty field
// is not known.
type LoanCase struct {
	Purpose string    `json:"purpose"` // one of Purposes
	Groups  *[]string `json:"groups"`  // nil = not known, empty = none
	Place   string    `json:"place"`
	Age     *int64    `json:"age"`    // years
	Amount  *int64    `json:"amount"` // đồng
	Months  *int64    `json:"months"`
	On      string    `json:"on"` // YYYY-MM-DD; "" = today
}

// Purposes of a loan.
var Purposes = []string{"study", "job", "startup", "abroad", "household"}

// ParseLoanCase reads a case from JSON. Anything unknown, negative or
// impossible is an *InputError.
func ParseLoanCase(lib *content.Library, b []byte) (LoanCase, error) {
	var c LoanCase
	if err := decodeStrict(b, &c); err != nil {
		return c, err
	}
	if c.Groups != nil {
		if err := checkGroups(*c.Groups); err != nil {
			return c, err
		}
	}
	if c.Purpose != "" && !slices.Contains(Purposes, c.Purpose) {
		return c, &InputError{"purpose", fmt.Sprintf("unknown purpose %q", c.Purpose), "one of study, job, startup, abroad, household"}
	}
	return c, cmp.Or(checkPlace(lib, c.Place), checkDay(c.On), checkRange("age", c.Age, 0, 130), checkRange("amount", c.Amount, 1, int64(1e12)), checkRange("months", c.Months, 1, 1200))
}

// LoanAdvice is which programmes fit, best first, and why others do not.
type LoanAdvice struct {
	Programmes []ProgrammeAdvice `json:"programmes"`
	Not        []NotFitting      `json:"not"`
}

// ProgrammeAdvice is one programme that fits.
type ProgrammeAdvice struct {
	ID          string        `json:"id"`
	Name        string        `json:"name"`
	Max         *int64        `json:"max"`           // đồng; null = none, or not known
	MaxPerMonth *int64        `json:"max_per_month"` // đồng
	Rate        float64       `json:"rate_percent_per_year"`
	MaxMonths   *int64        `json:"max_months"`
	Collateral  *string       `json:"collateral"` // null = not known
	Papers      []string      `json:"papers"`
	Where       string        `json:"where"`
	Status      string        `json:"status"`
	Source      string        `json:"source"`
	Note        string        `json:"note"`
	Schedule    []Installment `json:"schedule"`
}

// Installment is what is paid in one month, and what is left afterwards, đồng.
type Installment struct {
	Month     int64 `json:"month"`
	Principal int64 `json:"principal"`
	Interest  int64 `json:"interest"`
	Left      int64 `json:"left"`
}

// NotFitting is a programme that does not fit, and why.
type NotFitting struct {
	ID  string `json:"id"`
	Why string `json:"why"`
}

// minAge is the age from which a person may ask for a loan (Luật Việc làm
// 74/2025/QH15, Điều 2 and 9).
const minAge = 15

// Loan finds the programmes that fit on the day of the case, or today.
func Loan(lib *content.Library, c LoanCase, today time.Time) LoanAdvice {
	if c.On == "" {
		c.On = today.Format(time.DateOnly)
	}
	a := LoanAdvice{Programmes: []ProgrammeAdvice{}, Not: []NotFitting{}}
	for _, p := range lib.Programmes {
		why, maybe := whyNot(lib, p, c)
		if why != "" {
			a.Not = append(a.Not, NotFitting{p.ID, why})
			continue
		}
		a.Programmes = append(a.Programmes, programmeAdvice(lib, p, c, maybe))
	}
	slices.SortStableFunc(a.Programmes, byPreference)
	return a
}

// byPreference: in force before uncertain, lower rate, higher ceiling, id. No
// ceiling stands after any ceiling.
func byPreference(a, b ProgrammeAdvice) int {
	uncertain := func(p ProgrammeAdvice) int {
		if p.Status == content.InForce {
			return 0
		}
		return 1
	}
	most := func(p ProgrammeAdvice) int64 {
		if p.Max == nil {
			return 0
		}
		return *p.Max
	}
	return cmp.Or(cmp.Compare(uncertain(a), uncertain(b)), cmp.Compare(a.Rate, b.Rate), cmp.Compare(most(b), most(a)), cmp.Compare(a.ID, b.ID))
}

// whyNot says why a programme does not fit; "" when it does. maybe tells that
// nobody is sure.
func whyNot(lib *content.Library, p *content.Programme, c LoanCase) (why string, maybe bool) {
	has := func(g string) bool { return c.Groups != nil && slices.Contains(*c.Groups, g) }
	switch {
	case c.Age != nil && *c.Age < minAge:
		return lib.Phrase("advice.too-young")[0], false
	case c.On < p.From:
		return lib.Phrase("advice.not-yet")[0], false
	case c.Purpose != "" && !slices.Contains(p.Purposes, c.Purpose):
		return lib.Phrase("advice.purpose")[0], false
	case slices.ContainsFunc(p.Except, has):
		return p.WhyNot, false
	case len(p.Groups) == 0, fits(p.Groups, has):
		return "", false
	case fits(p.Maybe, has):
		return "", true
	case c.Groups == nil && !special(p):
		return "", false // who it is for is told in the note
	}
	return p.WhyNot, false
}

// special says that a programme is only for people of groups that few are of.
// It is not shown to somebody of whom nothing is known.
func special(p *content.Programme) bool { return len(p.Maybe) == 0 && p.Purposes[0] != "household" }

func programmeAdvice(lib *content.Library, p *content.Programme, c LoanCase, maybe bool) ProgrammeAdvice {
	a := ProgrammeAdvice{ID: p.ID, Name: p.Name, Collateral: p.Collateral, Papers: p.Papers, Where: p.Where, Status: p.Status, Source: lib.Cite(p.Facts[0]), Schedule: []Installment{}}
	var notes []string
	note := func(s string) {
		if s != "" {
			notes = append(notes, s)
		}
	}
	if maybe {
		a.Status = content.Uncertain
		note(p.MaybeNote)
	} else if c.Groups == nil && len(p.Groups) > 0 {
		note(p.WhyNot)
	}
	rate := at(p.Rates, c.On, func(r content.Rate) string { return r.Day })
	a.Rate = rate.Percent
	if rate.Reduced > 0 && c.Groups != nil && fits(rate.ReducedFor, func(g string) bool { return slices.Contains(*c.Groups, g) }) {
		a.Rate = rate.Reduced
	} else {
		note(rate.Note)
	}
	if len(p.Max) > 0 {
		a.Max = ptr(at(p.Max, c.On, func(f content.From) string { return f.Day }).Amount)
	}
	if p.MaxPerMonth > 0 {
		a.MaxPerMonth = ptr(p.MaxPerMonth)
	}
	if p.MaxMonths > 0 {
		a.MaxMonths = ptr(p.MaxMonths)
	}
	note(p.Note)
	if p.Grace != "" {
		note(p.Grace)
	} else {
		for _, n := range a.repay(lib, c) {
			note(n)
		}
	}
	a.Note = join(notes)
	return a
}

// repay fills in the schedule where amount and months are known, and gives
// what is to be said about it.
func (a *ProgrammeAdvice) repay(lib *content.Library, c LoanCase) (notes []string) {
	if c.Amount == nil || c.Months == nil {
		return nil
	}
	amount := *c.Amount
	if a.Max != nil && amount > *a.Max {
		amount = *a.Max
		notes = append(notes, lib.Phrase("advice.cut")[0])
	}
	if a.MaxMonths != nil && *c.Months > *a.MaxMonths {
		return append(notes, lib.Phrase("advice.too-long")[0])
	}
	a.Schedule = schedule(amount, *c.Months, a.Rate)
	return notes
}

// schedule pays equal principal each month, rounded down, the rest in the last
// month; interest on what was left before, halves of a đồng rounded up.
func schedule(amount, months int64, rate float64) []Installment {
	list := make([]Installment, 0, months)
	// In ten-thousandths of a percent, so that halves are exact.
	units := int64(math.Round(rate * 10000))
	const perMonth = 12 * 100 * 10000
	left := amount
	for m := int64(1); m <= months; m++ {
		principal := amount / months
		if m == months {
			principal = left
		}
		interest := roundHalfUp(left, units, perMonth)
		left -= principal
		list = append(list, Installment{m, principal, interest, left})
	}
	return list
}

// roundHalfUp gives a*b/c without overflow for sums up to 10^12 đồng.
func roundHalfUp(a, b, c int64) int64 {
	whole, rest := a/c*b, a%c*b
	return whole + (2*rest+c)/(2*c)
}

// at gives the last of a list whose day has come; lists are in order.
func at[T any](list []T, on string, day func(T) string) T {
	found := list[0]
	for _, x := range list[1:] {
		if day(x) <= on {
			found = x
		}
	}
	return found
}

func join(notes []string) string {
	s := ""
	for i, n := range notes {
		if i > 0 {
			s += " "
		}
		s += n
	}
	return s
}
