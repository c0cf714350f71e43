package console

import (
	"nghe/broadcast"
	"nghe/staff"
)

// rulesPage is the page of what everything that is told unasked keeps to.
type rulesPage struct {
	Form
	Rules broadcast.Rules
	May   bool // change them
}

// showRules shows the rules.
func (c *Console) showRules(v *visit) error {
	rules, err := c.Broadcasts.Records.Rules(v.Context())
	if err != nil {
		return err
	}
	return c.rulesPage(v, Form{}, rules, c.page)
}

func (c *Console) rulesPage(v *visit, f Form, rules broadcast.Rules, show func(*visit, string, string, any) error) error {
	return show(v, "rules", "Quy định gửi tin", rulesPage{Form: f, Rules: rules, May: may(v.me(), staff.EditRules, staff.Where{})})
}

// Seen are the rules that stood when the form was shown.
func (p rulesPage) Seen() string { return or(p.Get("seen"), seenRules(p.Rules)) }

// Paid says whether the choice that costs money is made.
func (p rulesPage) Paid() bool {
	if p.Values != nil {
		return p.Has("zalo_paid", "yes")
	}
	return p.Rules.ZaloPaid
}
