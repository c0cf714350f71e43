package webchat

import (
	"bytes"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"nghe/bot"
	"nghe/dialog"
)

type page struct{ pages *template.Template }

func newPage() page {
	pages := template.New("").Funcs(template.FuncMap{"icon": iconOf})
	return page{template.Must(pages.ParseFS(files, "page/*.html"))}
}

// make gives a page in bytes.
func (p page) make(name string, v view) ([]byte, error) {
	var b bytes.Buffer
	err := p.pages.ExecuteTemplate(&b, name, v)
	return b.Bytes(), err
}

// iconOf gives the picture that stands beside an offer on the front: the name
// of a symbol in page.html.
func iconOf(offer string) string {
	flow, ok := strings.CutPrefix(offer, "flow:")
	if ok && strings.HasPrefix(flow, "trade") {
		return "trade"
	}
	switch {
	case !ok:
	case flow == "course":
		return "class"
	case flow == "support", flow == "loan":
		return flow
	}
	return "ask"
}

// view is what a page is made of.
type view struct {
	Offers []dialog.Option
	Start  *dialog.Option // what the page asks for by itself, once; nil: nothing
	brain  bot.Brain
	assets map[string]asset
}

// Say gives a phrase of the content.
func (v view) Say(id string) string { return v.brain.Phrase(id, "") }

// SayAll gives all texts of a phrase.
func (v view) SayAll(id string) []string {
	texts := slices.Clone(v.brain.Library.Phrase(id))
	for name, word := range v.brain.Library.Form("") {
		for i := range texts {
			texts[i] = strings.ReplaceAll(texts[i], "{"+name+"}", word)
		}
	}
	return texts
}

// Most gives how many bytes a file may have.
func (view) Most() int { return bot.MaxFile }

// Asset gives the address of a file.
func (v view) Asset(name string) string { return v.assets[name].path }

func (c *Chat) view() view {
	brain := c.turns.Brain()
	return view{Offers: offers(brain.Library), brain: brain, assets: c.assets}
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
		if o := dialog.OptionOf(lib, id); o.Label != "" {
			options = append(options, o)
		}
	}
	return options
}

// showPage gives the page of the chat.
func (c *Chat) showPage(w http.ResponseWriter, r *http.Request) {
	c.welcome(w, r)
	c.render(w, r, http.StatusOK, "page.html", c.view())
}

// welcome gives the cookie of a browser, a new one only as long as its address has
// not asked for too many: else it is given with the first message.
func (c *Chat) welcome(w http.ResponseWriter, r *http.Request) {
	if c.allowStranger(r) {
		c.identity.give(w, r)
	}
}

// showStart gives the page for a link to one trade or class, such as
// /nghe/nuoi-hau: the page asks for it by itself, once. bubble.js makes these
// links.
func (c *Chat) showStart(flow string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := c.view()
		start := dialog.OptionOf(v.brain.Library, "flow:"+flow+"?"+flow+"="+r.PathValue("id"))
		if start.Label == "" {
			c.showMissing(w, r)
			return
		}
		v.Start = &start
		c.welcome(w, r)
		c.render(w, r, http.StatusOK, "page.html", v)
	}
}

func (c *Chat) showMissing(w http.ResponseWriter, r *http.Request) {
	c.render(w, r, http.StatusNotFound, "missing.html", c.view())
}

func (c *Chat) render(w http.ResponseWriter, r *http.Request, status int, name string, v view) {
	content, err := c.page.make(name, v)
	if err != nil {
		c.fail(w, name, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	newBody("text/html; charset=utf-8", content).send(w, r, status)
}

// fail says kindly that something of ours could not be made.
func (c *Chat) fail(w http.ResponseWriter, what string, err error) {
	c.log.Error("page can't be made", "page", what, "error", err)
	http.Error(w, c.turns.Brain().Phrase(bot.PhraseStorage, ""), http.StatusInternalServerError)
}
