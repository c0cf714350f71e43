package console

// endSession signs one of one's own browsers out.
func (c *Console) endSession(v *visit) error {
	if err := c.Desk.EndSession(v.Context(), *v.session, v.PathValue("id")); err != nil {
		return err
	}
	return sendOn(v, "/console/account", "session-end")
}

// endOtherSessions signs all of them out but this one.
func (c *Console) endOtherSessions(v *visit) error {
	if err := c.Desk.EndOthers(v.Context(), *v.session); err != nil {
		return err
	}
	return sendOn(v, "/console/account", "sessions-end")
}
