package webchat

import (
	"encoding/json"
	"net/http"
	"slices"
)

// showWorker gives the script that lets the page open without a line. It is
// new whenever a file or a word of the page is: then browsers fetch the page
// and its files anew.
func (c *Chat) showWorker(w http.ResponseWriter, r *http.Request) {
	page, err := c.page.make("page.html", c.view())
	if err != nil {
		c.fail(w, "page.html", err)
		return
	}
	shell := []string{"/"}
	for _, name := range []string{"style.css", "chat.js", "mark.svg"} {
		shell = append(shell, c.assets[name].path)
	}
	list, err := json.Marshal(shell)
	if err != nil {
		c.fail(w, "sw.js", err)
		return
	}
	code := file("sw.js")
	version := digest(slices.Concat(page, list, code))
	script := slices.Concat([]byte("\"use strict\";\nconst version = \"nghe-"+version+"\", shell = "), list, []byte(";\n"), code)
	w.Header().Set("Cache-Control", "no-cache")
	newBody(kinds[".js"], script).send(w, r, http.StatusOK)
}
