package webchat

import "net/http"

// showAsset gives a file of the page. Any address of it that is not the
// present one gets the present file, but not for keeps.
func (c *Chat) showAsset(w http.ResponseWriter, r *http.Request) {
	a, ok := c.assets[r.PathValue("name")]
	if !ok {
		c.showMissing(w, r)
		return
	}
	keep := "no-cache"
	if r.URL.RequestURI() == a.path {
		keep = "public, max-age=31536000, immutable"
	}
	w.Header().Set("Cache-Control", keep)
	a.body.send(w, r, http.StatusOK)
}

// showIcon gives the icon to browsers that don't read the page for it.
func (c *Chat) showIcon(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "public, max-age=86400")
	c.assets["mark.svg"].body.send(w, r, http.StatusOK)
}
