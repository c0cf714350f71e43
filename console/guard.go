package console

import (
	"errors"
	"net/http"
	"net/url"
	"path"
	"strings"

	"nghe/staff"
)

// visit is one request, and who it is of.
type visit struct {
	*http.Request
	w       http.ResponseWriter
	session *staff.Session // nil at the door
	denied  *staff.Denied  // what was asked for and may not be; see noteDenied
}

// me is who is signed in.
func (v *visit) me() staff.Member { return v.session.Member }

// action answers a request. An error becomes a page that says what to do.
type action func(v *visit) error

// Errors that have a page of their own.
var (
	errMissing = errors.New("there is no such page")
	errCross   = errors.New("the request came from another site")
	errForm    = errors.New("the form can't be read")
)

// maxForm is more than any form holds, in bytes; files have a limit of their
// own.
const maxForm = 1 << 20

// guard sets what every answer carries.
func (c *Console) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Robots-Tag", "noindex")
		// The address of an invitation opens an account: it goes nowhere.
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// door answers somebody who need not be signed in.
func (c *Console) door(do action) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		v := &visit{Request: r, w: w}
		c.finish(v, do(v))
	}
}

// inside answers somebody who is signed in and whose role may do it.
func (c *Console) inside(need staff.Action, do action) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := &visit{Request: r, w: w}
		s, err := c.whose(r)
		switch {
		case err != nil:
			c.finish(v, err)
			return
		case s == nil:
			c.toDoor(v)
			return
		}
		v.session = s
		if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
			r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		}
		if need != "" {
			err = staff.AllowedSomewhere(s.Member, need)
		}
		if err == nil {
			err = do(v)
		}
		var denied *staff.Denied
		if errors.As(err, &denied) {
			v.denied = denied
		}
		c.noteDenied(v)
		c.finish(v, err)
	}
}

// addressed is as much of what somebody typed as an address as the books keep, in
// letters that every database takes.
func addressed(typed string) string {
	const longest = 200
	return strings.ToValidUTF8(strings.ReplaceAll(typed[:min(len(typed), longest)], "\x00", ""), "")
}

// noteDenied writes down that somebody asked for what they may not have: once an
// hour for one address. Whoever tries one number after another is seen in the
// books.
func (c *Console) noteDenied(v *visit) {
	if v.denied == nil {
		return
	}
	if err := c.Records.NoteReading(v.Context(), c.entry(v, "refused", addressed(v.Method+" "+v.URL.Path), v.denied.Why)); err != nil {
		c.Log.Error("a refusal was not written down", "login", v.me().Login, "path", v.Pattern, "error", err)
	}
}

// cookieName is of the cookie that holds the token of a session.
const cookieName = "nghe_staff"

func (c *Console) whose(r *http.Request) (*staff.Session, error) {
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return nil, nil
	}
	return c.Desk.Session(r.Context(), cookie.Value)
}

// setCookie keeps a token in the browser; "" takes it away. It lives as long
// as a session may; whether it still opens something is known here.
func (c *Console) setCookie(w http.ResponseWriter, token string) {
	age := 30 * 24 * 3600
	if token == "" {
		age = -1
	}
	http.SetCookie(w, &http.Cookie{Name: cookieName, Value: token, Path: "/console", MaxAge: age, HttpOnly: true, Secure: c.Secure, SameSite: http.SameSiteLaxMode})
}

func (c *Console) from(r *http.Request) staff.From {
	return staff.From{Address: c.Address(r), Agent: r.UserAgent()}
}

// toDoor sends somebody to sign in, and back afterwards.
func (c *Console) toDoor(v *visit) {
	to := "/console/sign-in"
	if v.Method == http.MethodGet && v.URL.Path != "/console/" {
		to += "?to=" + url.QueryEscape(v.URL.RequestURI())
	} else if v.Method != http.MethodGet {
		to += "?ended=yes"
	}
	if v.Header.Get("HX-Request") != "" {
		v.w.Header().Set("HX-Redirect", "/console/sign-in?ended=yes")
		v.w.WriteHeader(http.StatusOK)
		return
	}
	http.Redirect(v.w, v.Request, to, http.StatusSeeOther)
}

// back is where somebody wanted to go, if it is a page of ours.
func back(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Host != "" || u.Scheme != "" || !strings.HasPrefix(path.Clean(u.Path)+"/", "/console/") || strings.Contains(to, "\\") {
		return "/console/"
	}
	return u.RequestURI()
}

// finish shows what went wrong, if something did.
func (c *Console) finish(v *visit, err error) {
	if err == nil {
		return
	}
	var denied *staff.Denied
	var wrong *staff.Wrong
	var large *http.MaxBytesError
	o := oops{Title: "Chưa làm được", Text: "Máy chủ đang trục trặc nên chưa làm được việc này, chưa có gì thay đổi. Anh/chị chờ một phút rồi thử lại; vẫn vậy thì báo người vận hành."}
	status := http.StatusInternalServerError
	switch {
	case errors.As(err, &denied):
		status, o.Title, o.Text = http.StatusForbidden, "Chưa được phép", denied.Why
	case errors.As(err, &wrong):
		status, o.Text = http.StatusUnprocessableEntity, wrong.Text
	case errors.Is(err, errMissing), errors.Is(err, staff.ErrGone):
		status, o.Title, o.Text = http.StatusNotFound, "Không có trang này", "Trang này không có, hoặc điều anh/chị tìm đã bị xoá. Anh/chị chọn lại ở mục bên cạnh, hoặc quay về trang đầu."
	case errors.Is(err, errCross):
		status, o.Title, o.Text = http.StatusForbidden, "Chưa nhận", "Yêu cầu này được gửi từ một trang khác nên không được nhận. Anh/chị mở lại trang và bấm nút ở đây."
	case errors.As(err, &large):
		status, o.Text = http.StatusRequestEntityTooLarge, "Nội dung gửi lên lớn quá. Anh/chị gửi file nhỏ hơn, hoặc chia làm nhiều phần."
	case errors.Is(err, errForm):
		status, o.Text = http.StatusBadRequest, "Biểu mẫu gửi lên bị thiếu, có thể do mạng. Anh/chị quay lại trang trước rồi gửi lần nữa."
	default:
		if v.Context().Err() != nil {
			return // nobody is there any more
		}
		c.Log.Error("console", "path", v.Pattern, "error", err)
	}
	if err := c.show(v, status, "oops", frame{Title: o.Title, Page: o}); err != nil {
		c.Log.Error("console: the page of an error", "error", err)
	}
}

// oops is the page of an error.
type oops struct{ Title, Text string }

// sendOn goes to another page, where a line says what was done.
func sendOn(v *visit, to, done string) error {
	if done != "" {
		to += "?done=" + done
		if path, query, ok := strings.Cut(strings.TrimSuffix(to, "?done="+done), "?"); ok {
			to = path + "?" + query + "&done=" + done
		}
	}
	http.Redirect(v.w, v.Request, to, http.StatusSeeOther)
	return nil
}
