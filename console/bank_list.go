package console

import (
	"slices"
	"time"

	"nghe/content"
	"nghe/scheduler/reminder"
	"nghe/staff"
)

// bankList is the page of the policy bank's days.
type bankList struct {
	Rows    []bankRow
	Unknown []*content.Place // of one's own, without a day
	May     bool             // there is a commune whose day one may enter
}

// bankRow is one of them.
type bankRow struct {
	reminder.BankDay
	Next time.Time
	Name string // who entered it
}

// listBankDays shows the days of the communes one works for.
func (c *Console) listBankDays(v *visit) error {
	all, err := c.Records.BankDays(v.Context())
	if err != nil {
		return err
	}
	names, err := c.namesByLogin(v)
	if err != nil {
		return err
	}
	var p bankList
	known := map[string]bool{}
	for _, b := range all {
		known[b.Place] = true
		if c.mayBank(v.me(), b.Place) == nil {
			p.Rows = append(p.Rows, bankRow{BankDay: b, Next: b.Next(c.Now().In(c.Zone)), Name: or(names[b.By], b.By)})
		}
	}
	slices.SortFunc(p.Rows, func(a, b bankRow) int { return a.Next.Compare(b.Next) })
	for _, place := range c.bankPlaces(v.me()) {
		p.May = true
		if !known[place.ID] {
			p.Unknown = append(p.Unknown, place)
		}
	}
	return c.page(v, "bankdays", "Ngày giao dịch", p)
}

// mayBank says whether a member may enter the day of a commune.
func (c *Console) mayBank(m staff.Member, place string) error {
	return staff.Allowed(m, staff.EditOfficeDays, staff.Where{Places: []string{place}})
}

// bankPlaces are the communes whose day a member may enter.
func (c *Console) bankPlaces(m staff.Member) []*content.Place {
	return slices.DeleteFunc(c.placesByName(), func(p *content.Place) bool { return c.mayBank(m, p.ID) != nil })
}
