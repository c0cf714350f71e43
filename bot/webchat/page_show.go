package webchat

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"net/http"
	"strings"

	"nghe/bot"
	"nghe/dialog"
)

//go:embed page.html missing.html style.css chat.js mark.svg
var files embed.FS

// asset is a file of the page. Its address changes with its content, so that
// browsers may keep it for good.
type asset struct {
	path, kind string
	content    []byte
}

func loadAssets() map[string]asset {
	assets := map[string]asset{}
	for name, kind := range map[string]string{
		"style.css": "text/css; charset=utf-8", "chat.js": "text/javascript; charset=utf-8", "mark.svg": "image/svg+xml",
	} {
		content, err := files.ReadFile(name)
		if err != nil {
			panic(err) // the program was built without it
		}
		sum := sha256.Sum256(content)
		assets[name] = asset{
			path: "/chat/assets/" + name + "?" + base64.RawURLEncoding.EncodeToString(sum[:6]),
			kind: kind, content: content,
		}
	}
	return assets
}

type page struct {
	assets        map[string]asset
	show, missing *template.Template
}

func newPage(assets map[string]asset) page {
	parse := func(name string) *template.Template {
		return template.Must(template.New(name).ParseFS(files, name))
	}
	return page{assets: assets, show: parse("page.html"), missing: parse("missing.html")}
}

// view is what the page is made of.
type view struct {
	Style, Script, Mark string
	Offers              []dialog.Option
	say                 func(id string) string
}

// Say gives a phrase of the content.
func (v view) Say(id string) string { return v.say(id) }

func (c *Chat) view() view {
	brain := c.turns.Brain()
	return view{
		Style: c.assets["style.css"].path, Script: c.assets["chat.js"].path, Mark: c.assets["mark.svg"].path,
		Offers: offers(brain.Library),
		say:    func(id string) string { return brain.Phrase(id, "") },
	}
}

// offers are what somebody who has not said anything yet may want: the menu
// of the content.
func offers(lib dialog.Library) []dialog.Option {
	menu := lib.Flow("menu")
	if menu == nil {
		return nil
	}
	var options []dialog.Option
	for _, id := range menu.Steps[menu.Start].Offers {
		if topic := lib.Topic(id); topic != nil {
			options = append(options, dialog.Option{Label: topic.Title, Tap: id})
			continue
		}
		if flow := lib.Flow(strings.TrimPrefix(id, "flow:")); flow != nil {
			options = append(options, dialog.Option{Label: flow.Title, Tap: id})
		}
	}
	return options
}

func (c *Chat) showPage(w http.ResponseWriter, r *http.Request) {
	c.identity.give(w, r)
	c.render(w, http.StatusOK, c.page.show)
}

func (c *Chat) showMissing(w http.ResponseWriter, _ *http.Request) {
	c.render(w, http.StatusNotFound, c.page.missing)
}

func (c *Chat) render(w http.ResponseWriter, status int, t *template.Template) {
	var b bytes.Buffer
	if err := t.Execute(&b, c.view()); err != nil {
		c.log.Error("page can't be made", "page", t.Name(), "error", err)
		http.Error(w, c.turns.Brain().Phrase(bot.PhraseStorage, ""), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(b.Bytes())
}

func (c *Chat) showAsset(w http.ResponseWriter, r *http.Request) {
	a, ok := c.assets[r.PathValue("name")]
	if !ok {
		c.showMissing(w, r)
		return
	}
	w.Header().Set("Content-Type", a.kind)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Write(a.content)
}

func (c *Chat) showIcon(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", c.assets["mark.svg"].kind)
	w.Header().Set("Cache-Control", "public, max-age=86400")
	w.Write(c.assets["mark.svg"].content)
}
