package webchat

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"

	"nghe/bot"
)

// identity gives each browser a name of its own: 128 random bits and a
// signature, so that nobody can try names.
type identity struct {
	secret []byte
	secure bool
}

const cookieName = "nghe_chat"

// known gives the contact of a request that carries a cookie of ours.
func (i identity) known(r *http.Request) (bot.Contact, bool) {
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return bot.Contact{}, false
	}
	id, signature, _ := strings.Cut(cookie.Value, ".")
	if id == "" || !hmac.Equal([]byte(signature), []byte(i.sign(id))) {
		return bot.Contact{}, false
	}
	return bot.Contact{Channel: Channel, ID: id}, true
}

// give gives the contact of a request, a new one when it has none. The cookie
// is set each time, so that it lives as long as the session it stands for.
func (i identity) give(w http.ResponseWriter, r *http.Request) bot.Contact {
	c, ok := i.known(r)
	if !ok {
		var id [16]byte
		rand.Read(id[:]) // never fails: the program would have ended
		c = bot.Contact{Channel: Channel, ID: base64.RawURLEncoding.EncodeToString(id[:])}
	}
	http.SetCookie(w, &http.Cookie{
		Name: cookieName, Value: c.ID + "." + i.sign(c.ID), Path: "/",
		MaxAge: int(bot.SessionLife.Seconds()), HttpOnly: true, Secure: i.secure, SameSite: http.SameSiteLaxMode,
	})
	return c
}

func (i identity) sign(id string) string {
	mac := hmac.New(sha256.New, i.secret)
	mac.Write([]byte("webchat contact\x00" + id))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}
