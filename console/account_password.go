package console

// changePassword sets another password.
func (c *Console) changePassword(v *visit) error {
	f, err := read(v)
	if err != nil {
		return err
	}
	a := account{Form: f}
	err = c.Desk.ChangePassword(v.Context(), *v.session, f.Get("old"), f.Get("password"), f.Get("again"))
	switch {
	case a.refuse(err):
		return c.accountPage(v, a, c.again)
	case err != nil:
		return err
	}
	return sendOn(v, "/console/account", "password")
}
