package console

import (
	"bytes"
	"image/png"
	"net/http"

	"nghe/staff"
)

// codes is the page on which one-time codes are taken into use.
type codes struct {
	Form
	Secret string // as one types it
	On     bool
}

// The secret that is not in use yet waits in a cookie of its own: nothing is
// kept of somebody who only looked.
const secretCookie = "nghe_staff_secret"

// showCodes shows a new secret as a picture and as letters.
func (c *Console) showCodes(v *visit) error {
	key, err := staff.NewSecret(v.me().Login)
	if err != nil {
		return err
	}
	c.setSecret(v, key.Secret())
	return c.page(v, "codes", "Mã xác thực 6 số", codes{Secret: grouped(key.Secret()), On: v.me().Secret != ""})
}

func (c *Console) setSecret(v *visit, secret string) {
	age := 15 * 60
	if secret == "" {
		age = -1
	}
	http.SetCookie(v.w, &http.Cookie{Name: secretCookie, Value: secret, Path: "/console/account/codes", MaxAge: age, HttpOnly: true, Secure: c.Secure, SameSite: http.SameSiteStrictMode})
}

// grouped writes a secret in fours, to be read off.
func grouped(secret string) string {
	var b bytes.Buffer
	for i, r := range secret {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// showCodesPicture draws the secret for the camera of a phone.
func (c *Console) showCodesPicture(v *visit) error {
	cookie, err := v.Cookie(secretCookie)
	if err != nil {
		return errMissing
	}
	key, err := staff.SecretKey(v.me().Login, cookie.Value)
	if err != nil {
		return errMissing
	}
	const side = 240 // pixels
	image, err := key.Image(side, side)
	if err != nil {
		return errMissing
	}
	v.w.Header().Set("Content-Type", "image/png")
	return png.Encode(v.w, image)
}

// beginCodes takes the secret into use when the first code is right.
func (c *Console) beginCodes(v *visit) error {
	f, err := read(v)
	if err != nil {
		return err
	}
	cookie, err := v.Cookie(secretCookie)
	if err != nil {
		return sendOn(v, "/console/account/codes", "")
	}
	p := codes{Form: f, Secret: grouped(cookie.Value), On: v.me().Secret != ""}
	err = c.Desk.BeginCodes(v.Context(), v.me(), cookie.Value, f.Get("code"))
	switch {
	case p.refuse(err):
		return c.again(v, "codes", "Mã xác thực 6 số", p)
	case err != nil:
		return err
	}
	c.setSecret(v, "")
	return sendOn(v, "/console/account", "codes")
}

// endCodes ends their use.
func (c *Console) endCodes(v *visit) error {
	f, err := read(v)
	if err != nil {
		return err
	}
	a := account{Form: f}
	err = c.Desk.EndCodes(v.Context(), v.me(), f.Get("old"))
	switch {
	case a.refuse(err):
		a.Wrong["old-codes"] = a.Wrong["old"]
		delete(a.Wrong, "old")
		return c.accountPage(v, a, c.again)
	case err != nil:
		return err
	}
	return sendOn(v, "/console/account", "codes-end")
}
