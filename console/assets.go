package console

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"net/http"
	"path"
	"strings"
)

//go:embed look/*.css look/*.svg look/*.js look/htmx-2.0.11
var files embed.FS

// asset is a file of the pages. Its address changes with its content, so that
// browsers may keep it for good.
type asset struct {
	path         string
	kind         string
	plain, small []byte // small is compressed
}

// served are the files that pages ask for.
var served = map[string]string{
	"style.css": "look/style.css", "console.js": "look/console.js", "cases.js": "look/cases.js", "brocade.svg": "look/brocade.svg", "mark.svg": "look/mark.svg",
	"htmx.js": "look/htmx-2.0.11/htmx.min.js",
}

var kinds = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}

func loadAssets() map[string]asset {
	assets := map[string]asset{}
	for name, file := range served {
		content, err := files.ReadFile(file)
		if err != nil {
			panic(err) // the program was built without it
		}
		sum := sha256.Sum256(content)
		assets[name] = asset{
			path: "/console/assets/" + name + "?" + base64.RawURLEncoding.EncodeToString(sum[:6]),
			kind: kinds[path.Ext(name)], plain: content, small: squeeze(content, gzip.BestCompression),
		}
	}
	return assets
}

// squeeze compresses.
func squeeze(content []byte, level int) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, level)
	if err == nil {
		_, err = w.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(err) // compressing in memory can't fail
	}
	return b.Bytes()
}

// takesGzip reads a header Accept-Encoding; browsers that take it say so
// plainly.
func takesGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		if strings.TrimSpace(part) == "gzip" {
			return true
		}
	}
	return false
}

// showAsset gives a file of the pages. Any address of it that is not the
// present one gets the present file, but not for keeps.
func (c *Console) showAsset(w http.ResponseWriter, r *http.Request) {
	a, ok := c.assets[r.PathValue("name")]
	if !ok {
		c.door(func(*visit) error { return errMissing })(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "no-cache")
	if r.URL.RequestURI() == a.path {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	content := a.plain
	if takesGzip(r) {
		h.Set("Content-Encoding", "gzip")
		content = a.small
	}
	w.Write(content)
}
