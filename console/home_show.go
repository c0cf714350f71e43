package console

// home is the first page.
type home struct{}

// showHome shows what waits today.
func (c *Console) showHome(v *visit) error {
	return c.page(v, "home", "Hôm nay", home{})
}
