package console

import (
	"nghe/content"
	"nghe/staff"
)

// memberForm is the page of a new member, or of one who is there.
type memberForm struct {
	Form
	Member staff.Member // zero: a new one
	Self   bool
	Link   string // a link that was just made
	Places []*content.Place
	Org    []string // to choose from

	Sessions []staff.Session
}

func (c *Console) memberForm(v *visit, f Form, m staff.Member) memberForm {
	return memberForm{Form: f, Member: m, Self: m.ID == v.me().ID, Places: c.placesByName(), Org: c.organisations()}
}

// organisations are the names that are known of.
func (c *Console) organisations() []string {
	var all []string
	for _, i := range c.Library().Institutions {
		all = append(all, i.Name)
	}
	return all
}

// Chosen says whether something of the form is chosen: as it was sent, else as
// it is kept.
func (p memberForm) Chosen(field, value string) bool {
	if p.Values != nil {
		return p.Has(field, value)
	}
	switch field {
	case "role":
		return string(p.Member.Role) == value
	case "province":
		return p.Member.Scope.Province
	case "place":
		for _, id := range p.Member.Scope.Places {
			if id == value {
				return true
			}
		}
	}
	return false
}

// PlacesOpen says whether the list of communes is unfolded.
func (p memberForm) PlacesOpen() bool {
	if p.Values != nil {
		return len(p.Values["place"]) > 0
	}
	return len(p.Member.Scope.Places) > 0
}

// told reads what is told of a member.
func told(f Form) staff.Member {
	return staff.Member{
		Login: f.Get("login"), Name: f.Get("name"), Role: staff.Role(f.Get("role")),
		Scope: staff.Scope{Province: f.Get("province") != "", Org: f.Get("org"), Places: f.Values["place"]},
	}
}
