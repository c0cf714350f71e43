package zalo_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"

	"nghe/bot"
	"nghe/bot/bottest/zalo"
	"nghe/bot/zalo"
)

// Pictures and papers are uploaded and sent; what Zalo does not take is not
// tried, and says why.
func TestFilesAreSent(t *testing.T) {
	o := open(t)
	png := append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 100)...)
	files := map[string]*bot.File{
		"png": {Name: "ảnh.png", Type: "image/png", Body: png}, "pdf": {Name: `đ"ơn.pdf`, Type: "application/pdf", Body: []byte("%PDF-1.4")},
		"ogg": {Name: "a.ogg", Type: "audio/ogg", Body: []byte("OggS")}, "large": {Name: "a.jpg", Type: "image/jpeg", Body: make([]byte, 1<<20+1)},
	}
	o.account.Files = func(_ context.Context, name string) (*bot.File, error) {
		if name == "down" {
			return nil, errors.New("down")
		}
		return files[name], nil
	}
	o.Say("1", "chào")
	for _, c := range []struct {
		file, kind, reason string
		next               bot.Next
	}{{"png", "image", "", 0}, {"pdf", "file", "", 0}, {"ogg", "", "zalo-type", bot.Never}, {"large", "", "zalo-size", bot.Never}, {"none", "", "file-old", bot.Never}, {"down", "", "storage", bot.Again}} {
		before := len(o.Sent())
		parts := o.account.Render([]bot.Bubble{{From: bot.FromCounsellor, Text: "Hoa gửi ảnh.", Media: &bot.Media{Kind: bot.MediaPhoto, File: c.file}}})
		if len(parts) != 2 || parts[0].Text != "Hoa gửi ảnh." || parts[1].File == nil {
			t.Fatalf("%+v", parts)
		}
		_, err := o.send(t, "1", parts[1])
		if c.reason != "" {
			if err == nil || err.Reason != c.reason || err.Next != c.next || len(o.Sent()) != before {
				t.Errorf("%s: %v", c.file, err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", c.file, err)
		}
		m := o.Sent()[before]
		if m.Kind != c.kind || !bytes.Equal(m.File, files[c.file].Body) || m.Text != "" {
			t.Errorf("%s: %+v", c.file, m)
		}
	}
	if _, err := o.send(t, "anonymous.1.2", bot.Part{File: &bot.Media{File: "png"}}); err == nil || err.Reason != "zalo-type" {
		t.Errorf("to somebody without an account: %v", err)
	}
}

// What people sent is got of Zalo's hosts only, without the token.
func TestFilesAreGot(t *testing.T) {
	o := open(t)
	o.Send("1", "audio", "")
	o.Send("1", "location", "")
	o.Deliver(t.Context())
	if len(o.heard) != 2 || o.heard[0].Media.Ref == "" || o.heard[1].Media.Ref != "" {
		t.Fatalf("%+v", o.heard)
	}
	settings := o.account.Settings
	settings.Reach = fakezalo.Hosts{}
	settings.References = func(_ context.Context, key string) ([]zalo.Media, error) {
		if key == o.heard[0].Media.Ref {
			return o.records.Media()[:1], nil
		}
		if key == "none" {
			return nil, nil
		}
		return []zalo.Media{{Kind: "image", Ref: key}}, nil
	}
	account := zalo.New(settings)
	f, err := account.Fetch(t.Context(), o.heard[0].Media.Ref, 1000)
	if err != nil || !bytes.Equal(f.Body, fakezalo.Spoken) {
		t.Errorf("%q %v", f.Body, err)
	}
	if _, err := account.Fetch(t.Context(), o.heard[0].Media.Ref, 10); !errors.Is(err, bot.ErrFileSize) {
		t.Errorf("longer than allowed: %v", err)
	}
	for _, ref := range []string{"none", "https://example.com/i.jpg", "http://127.0.0.1/i.jpg", "https://zdn.vn.example.com/i.jpg", "file:///i.jpg", "http://f6.zdn.vn:8080/i.jpg", "https://a@f6.zdn.vn/i.jpg", "http://f6.zdn.vn/gone", "xzdn.vn", "http://evilzdn.vn/i.jpg"} {
		if f, err := account.Fetch(t.Context(), ref, 1000); !errors.Is(err, bot.ErrNoFile) {
			t.Errorf("%s: %q %v", ref, f.Body, err)
		}
	}
	for _, ref := range []string{"http://f6.photo.talk.zdn.vn/i.jpg", "https://zalo.me/i.jpg"} {
		if f, err := account.Fetch(t.Context(), ref, 1000); err != nil || !slices.Equal(f.Body, fakezalo.Picture) {
			t.Errorf("%s: %v", ref, err)
		}
	}
}
