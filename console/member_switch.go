package console

import "nghe/staff"

// switchMember switches a member off, or on again.
func (c *Console) switchMember(v *visit) error {
	m, err := c.member(v)
	if err != nil {
		return err
	}
	if m.ID == v.me().ID {
		return &staff.Wrong{Text: "Anh/chị không tự ngừng tài khoản của mình được. Nhờ một quản trị khác."}
	}
	m.Off = !m.Off
	if err := c.Desk.Change(v.Context(), v.me(), m); err != nil {
		return err
	}
	return sendOn(v, "/console/members/"+m.ID, map[bool]string{true: "member-off", false: "member-on"}[m.Off])
}

// endMemberSessions signs a member out everywhere.
func (c *Console) endMemberSessions(v *visit) error {
	m, err := c.member(v)
	if err != nil {
		return err
	}
	if err := c.Desk.EndAll(v.Context(), v.me(), m.ID); err != nil {
		return err
	}
	return sendOn(v, "/console/members/"+m.ID, "member-out")
}
