package console

import (
	"nghe/staff"
)

// member gives the member of the path, if they are one whom one manages.
func (c *Console) member(v *visit) (staff.Member, error) {
	m, err := c.Desk.Records.Member(v.Context(), v.PathValue("id"))
	switch {
	case err != nil:
		return staff.Member{}, err
	case m == nil:
		return staff.Member{}, errMissing
	case !m.Scope.Within(v.me().Scope):
		return staff.Member{}, &staff.Denied{Why: "Phạm vi của cán bộ này rộng hơn phạm vi của anh/chị. Việc này cần quản trị cấp trên."}
	}
	return *m, nil
}

// showMember shows a member.
func (c *Console) showMember(v *visit) error {
	m, err := c.member(v)
	if err != nil {
		return err
	}
	return c.memberPage(v, c.memberForm(v, Form{}, m), c.page)
}

func (c *Console) memberPage(v *visit, p memberForm, show func(*visit, string, string, any) error) error {
	var err error
	if p.Sessions, err = c.Desk.Records.Sessions(v.Context(), p.Member.ID, c.Now()); err != nil {
		return err
	}
	return show(v, "member", p.Member.Name, p)
}

// changeMember changes name, role and scope.
func (c *Console) changeMember(v *visit) error {
	f, err := read(v)
	if err != nil {
		return err
	}
	was, err := c.member(v)
	if err != nil {
		return err
	}
	m := told(f)
	m.ID, m.Off = was.ID, was.Off
	err = c.Desk.Change(v.Context(), v.me(), m)
	switch {
	case f.refuse(err):
		return c.memberPage(v, c.memberForm(v, f, was), c.again)
	case err != nil:
		return err
	}
	return sendOn(v, "/console/members/"+was.ID, "member")
}
