package zalo_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"nghe/bot"
	fakezalo "nghe/bot/bottest/zalo"
	"nghe/bot/zalo"
)

// Everything that can fail does, with tokens in the failing place; nothing
// that is logged, told in an error or asked for in an address holds one.
func TestNoSecretIsEverTold(t *testing.T) {
	o := open(t)
	secrets := []string{o.OASecret, string(tapKey), o.AppSecret, o.keeper.Consent}
	sent := []string{o.AppSecret, o.keeper.Consent} // what Zalo could repeat
	var told strings.Builder
	note := func(err error) {
		if err == nil {
			t.Error("a failing place did not fail")
			return
		}
		for e := err; e != nil; e = errors.Unwrap(e) {
			fmt.Fprintf(&told, "%v %+v %#v\n", e, e, e)
		}
	}
	kept := func() {
		saved, _, _ := o.tokens.Load(t.Context())
		var p struct{ Access, Refresh string }
		if len(saved) > 0 && json.Unmarshal(saved, &p) == nil {
			secrets, sent = append(secrets, p.Access, p.Refresh), append(sent, p.Access, p.Refresh)
		}
	}
	all := func() string {
		known := strings.Join(sent, " ")
		return known + " " + url.QueryEscape(known)
	}
	send := func() error {
		_, err := o.account.Send(t.Context(), person("1"), bot.Part{Text: "chào"})
		return err
	}

	// The token endpoint, with answers that repeat what they were sent.
	for _, f := range []fakezalo.Fault{
		{Status: 502, Body: all()}, {Status: 200, Body: "not JSON " + all()}, {Drop: fakezalo.DropBefore},
		{Status: 200, Body: fmt.Sprintf(`{"error":-32,"error_name":%q}`, all())},
	} {
		f.Path = "access_token"
		o.Fail(f)
		note(send())
		o.clock.Pass(20 * time.Minute)
	}
	o.Say("1", "chào")
	if err := send(); err != nil {
		t.Fatal(err)
	}
	kept()
	// The endpoint for messages.
	for _, f := range []fakezalo.Fault{
		{Status: 500, Body: all()}, {Status: 200, Body: all()}, {Drop: fakezalo.DropBefore}, {Drop: fakezalo.DropAfter},
		{Status: 302, Body: all()}, {Status: 200, Body: fmt.Sprintf(`{"error":-201,"message":%q}`, all())},
		{Status: 200, Body: fmt.Sprintf(`{"error":-216,"message":%q}`, all()), Times: 2}, {Code: -242},
	} {
		f.Path = "/message/cs"
		o.Fail(f)
		note(send())
		kept()
		o.clock.Pass(20 * time.Minute)
	}
	// An address that can't be reached, with a password in it.
	secrets = append(secrets, "passWordOfTheProxy")
	for _, api := range []string{"http://me:passWordOfTheProxy@127.0.0.1:1", "http://me:passWordOfTheProxy@\x7f", "gopher://me:passWordOfTheProxy@x"} {
		a := zalo.New(zalo.Settings{API: api, AppSecret: o.AppSecret, TapKey: tapKey, Keeper: o.keeper, Now: o.clock.Now, Log: o.log, Zone: zone})
		_, err := a.Send(t.Context(), person("1"), bot.Part{Text: "chào"})
		note(err)
		k := o.process("lost", "another-consent-token")
		k.OAuth = api
		_, err = k.Token(t.Context())
		if err != nil {
			note(err)
		}
	}
	secrets = append(secrets, "another-consent-token")
	// Records that quote what they hold.
	o.tokens.Before = func(string) error { return errors.New("records are down") }
	o.clock.Pass(26 * time.Hour)
	note(send())
	o.tokens.Before = nil
	// Refused for good.
	o.RevokeRefresh()
	o.Fail(fakezalo.Fault{Path: "access_token", Status: 200, Body: fmt.Sprintf(`{"error":-14014,"error_name":%q}`, all())})
	o.clock.Pass(20 * time.Minute)
	note(send())
	// The webhook: what does not fit, and what it would have had to be.
	for _, d := range []fakezalo.Delivery{{}, {Unsigned: true}, {WrongSecret: true}, {OAFirst: true, HeaderTime: true}} {
		o.Deliveries(d)
		o.Say("1", all())
		o.Deliver(t.Context())
	}
	body := fmt.Sprintf(`{"app_id":%q,"event_name":"user_send_text","timestamp":"%d","sender":{"id":"1"}}`, o.AppID, o.clock.Now().UnixMilli())
	mac := fakezalo.Sign(o.AppID, []byte(body), fmt.Sprint(o.clock.Now().UnixMilli()), o.OASecret)
	secrets = append(secrets, mac)
	o.post(t, body, "X-ZEvent-Signature", "mac="+mac)
	o.post(t, body+" ", "X-ZEvent-Signature", "mac="+mac)

	told.WriteString(o.logged.String())
	if told.Len() < 2000 || len(secrets) < 10 {
		t.Fatalf("only %d bytes were told, %d secrets known", told.Len(), len(secrets))
	}
	for _, secret := range secrets {
		for _, form := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret)} {
			if i := strings.Index(told.String(), form); i >= 0 {
				t.Errorf("%.6s… is told: …%s", secret, told.String()[max(0, i-200):min(told.Len(), i+100)])
			}
		}
	}
}
