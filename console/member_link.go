package console

// linkMember makes a new link to set a password.
func (c *Console) linkMember(v *visit) error {
	m, err := c.member(v)
	if err != nil {
		return err
	}
	link, err := c.Desk.NewLink(v.Context(), v.me(), m.ID)
	if err != nil {
		return err
	}
	p := c.memberForm(v, Form{}, m)
	p.Link = c.base(v) + "/console/invitation/" + link
	return c.memberPage(v, p, c.page)
}

// base is where the one who asks found us.
func (c *Console) base(v *visit) string {
	if c.URL != "" {
		return c.URL
	}
	scheme := "http://"
	if c.Secure {
		scheme = "https://"
	}
	return scheme + v.Host
}
