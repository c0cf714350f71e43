package console

// signOut ends the session of this browser.
func (c *Console) signOut(v *visit) error {
	if err := c.Desk.SignOut(v.Context(), *v.session); err != nil {
		return err
	}
	c.setCookie(v.w, "")
	return sendOn(v, "/console/sign-in", "")
}
