package handoff

import (
	"nghe/content"
	"nghe/staff"
)

// Canned gives the canned answers for a case, filled in: those of its queue
// first. Name is how the person may be called; "" when it is not known, or who
// reads it may not know.
func (d *Desk) Canned(c *Case, by staff.Member, name string) []content.Canned {
	lib, q := d.Library(), d.QueueOf(c)
	if name == "" {
		name = "anh/chị"
	}
	place := "nơi anh/chị ở"
	if p := lib.Place(c.Place); p != nil {
		place = p.Name
	}
	var filled []content.Canned
	for _, x := range lib.CannedFor(q.ID) {
		one := *x
		one.Text = content.Fill(x.Text, "{name}", name, "{me}", by.Name, "{number}", c.Title(), "{queue}", q.Title, "{who}", q.Who,
			"{hours}", d.Hours(q).String(), "{place}", place)
		filled = append(filled, one)
	}
	return filled
}
