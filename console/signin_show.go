package console

import (
	"errors"
	"net/http"

	"nghe/staff"
)

// signIn is the page at the door.
type signIn struct {
	Form
	To     string // where one wanted to go
	Ended  bool   // a session ended while somebody worked
	Ticket string // the password was right, a code is wanted
}

// showSignIn shows the door.
func (c *Console) showSignIn(v *visit) error {
	s, err := c.whose(v.Request)
	if err != nil {
		return err
	}
	if s != nil {
		return sendOn(v, back(v.FormValue("to")), "")
	}
	return c.page(v, "signin", "Đăng nhập", signIn{To: back(v.FormValue("to")), Ended: v.FormValue("ended") != ""})
}

// signIn opens a session for who has the password, and the code if one is
// wanted.
func (c *Console) signIn(v *visit) error {
	f, err := read(v)
	if err != nil {
		return err
	}
	p := signIn{Form: f, To: back(f.Get("to")), Ticket: f.Get("ticket")}
	var token string
	if p.Ticket != "" {
		token, err = c.Desk.SignInCode(v.Context(), p.Ticket, f.Get("code"), c.from(v.Request))
	} else {
		token, err = c.Desk.SignIn(v.Context(), f.Get("login"), f.Get("password"), c.from(v.Request))
	}
	var need staff.NeedsCode
	switch {
	case err == nil:
		c.setCookie(v.w, token)
		return sendOn(v, p.To, "")
	case errors.As(err, &need):
		p.Ticket = need.Ticket
		return c.show(v, http.StatusOK, "signin", frame{Title: "Mã xác thực", Page: p})
	case errors.Is(err, staff.ErrGone):
		p.Ticket = ""
		p.note("", "Quá lâu rồi, anh/chị đăng nhập lại từ đầu.")
		return c.again(v, "signin", "Đăng nhập", p)
	case p.refuse(err):
		return c.again(v, "signin", "Đăng nhập", p)
	}
	return err
}
