package console

import (
	"errors"
	"net/http"

	"nghe/staff"
)

// invitation is the page of a one-time link.
type invitation struct {
	Form
	staff.Invitation
}

// showInvitation shows what a one-time link is for.
func (c *Console) showInvitation(v *visit) error {
	i, err := c.Desk.Invitation(v.Context(), v.PathValue("token"))
	if err != nil {
		return c.lapsed(v, err)
	}
	return c.page(v, "invitation", "Đặt mật khẩu", invitation{Invitation: i})
}

// lapsed says that a link opens nothing any more.
func (c *Console) lapsed(v *visit, err error) error {
	if !errors.Is(err, staff.ErrGone) {
		return err
	}
	return c.show(v, http.StatusNotFound, "oops", frame{Title: "Liên kết hết dùng được", Page: oops{"Liên kết hết dùng được", "Liên kết này đã được dùng, hoặc đã quá 7 ngày. Nếu anh/chị đã đặt mật khẩu thì vào trang đăng nhập; nếu chưa thì nhờ quản trị tạo liên kết mới."}})
}

// acceptInvitation uses a one-time link up and signs in.
func (c *Console) acceptInvitation(v *visit) error {
	f, err := read(v)
	if err != nil {
		return err
	}
	token := v.PathValue("token")
	i, err := c.Desk.Invitation(v.Context(), token)
	if err != nil {
		return c.lapsed(v, err)
	}
	p := invitation{Form: f, Invitation: i}
	m, err := c.Desk.Accept(v.Context(), token, f.Get("name"), f.Get("login"), f.Get("password"), f.Get("again"))
	switch {
	case errors.Is(err, staff.ErrGone):
		return c.lapsed(v, err)
	case p.refuse(err):
		return c.again(v, "invitation", "Đặt mật khẩu", p)
	case err != nil:
		return err
	}
	session, err := c.Desk.Open(v.Context(), m, c.from(v.Request))
	if err != nil {
		return err
	}
	c.setCookie(v.w, session)
	return sendOn(v, "/console/", "welcome")
}
