package webchat

import (
	"encoding/json"
	"net/http"
)

// manifest tells a phone how to keep the page among its apps.
type manifest struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	ShortName   string `json:"short_name"`
	Description string `json:"description"`
	Lang        string `json:"lang"`
	StartURL    string `json:"start_url"`
	Scope       string `json:"scope"`
	Display     string `json:"display"`
	Background  string `json:"background_color"`
	Theme       string `json:"theme_color"`
	Icons       []icon `json:"icons"`
}

type icon struct {
	Src     string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

func (c *Chat) showManifest(w http.ResponseWriter, r *http.Request) {
	v := c.view()
	content, err := json.Marshal(manifest{
		ID: "/", Name: v.Say("web.title") + " · " + v.Say("web.tagline"), ShortName: v.Say("web.title"),
		Description: v.Say("web.tagline"), Lang: "vi", StartURL: "/", Scope: "/", Display: "standalone",
		// The colours of paper and sky in style.css.
		Background: "#f8f3e8", Theme: "#d5e8e1",
		Icons: []icon{
			{v.Asset("mark.svg"), "any", "image/svg+xml", "any"},
			{v.Asset("icon-192.png"), "192x192", "image/png", "any maskable"},
			{v.Asset("icon-512.png"), "512x512", "image/png", "any maskable"},
		},
	})
	if err != nil {
		c.fail(w, "manifest", err)
		return
	}
	w.Header().Set("Cache-Control", "no-cache")
	newBody("application/manifest+json", content).send(w, r, http.StatusOK)
}
