package console

import (
	"nghe/staff"
)

// account is the page of one's own account.
type account struct {
	Form
	Me       staff.Member
	Session  string // id of this one
	Sessions []staff.Session
	ChatCode string // to be sent to the bot; "" = none was asked for
}

// showAccount shows one's own account.
func (c *Console) showAccount(v *visit) error {
	return c.accountPage(v, account{}, c.page)
}

// accountPage fills in what the page always has.
func (c *Console) accountPage(v *visit, a account, show func(*visit, string, string, any) error) error {
	var err error
	a.Me, a.Session = v.me(), v.session.ID
	if a.Sessions, err = c.Desk.Records.Sessions(v.Context(), a.Me.ID, c.Now()); err != nil {
		return err
	}
	return show(v, "account", "Tài khoản của tôi", a)
}
