package console

// makeChatCode shows a code that links the member's own chat.
func (c *Console) makeChatCode(v *visit) error {
	code, err := c.Desk.ChatCode(v.Context(), v.me())
	if err != nil {
		return err
	}
	return c.accountPage(v, account{ChatCode: code}, c.page)
}

// endChat parts the member from their chat.
func (c *Console) endChat(v *visit) error {
	if err := c.Desk.Unlink(v.Context(), v.me()); err != nil {
		return err
	}
	return sendOn(v, "/console/account", "chat-end")
}
