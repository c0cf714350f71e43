package webchat

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"net/http"
	"path"
	"strings"
)

//go:embed page
var files embed.FS

// scripts are the parts of the page's script, in order. They are one file on
// the wire: on a slow line every request costs a third of a second.
var scripts = []string{"kept.js", "page.js", "bubble.js", "chart.js", "talk.js", "line.js", "file.js", "voice.js", "start.js"}

// asset is a file of the page. Its address changes with its content, so that
// browsers may keep it for good.
type asset struct {
	path string
	body body
}

// body is what goes over the wire, as it is and compressed.
type body struct {
	kind         string // its media type
	plain, small []byte // small is nil where compressing gains nothing
}

var kinds = map[string]string{
	".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png",
}

func loadAssets() map[string]asset {
	contents := map[string][]byte{"chat.js": nil}
	for _, name := range scripts {
		contents["chat.js"] = append(contents["chat.js"], file(name)...)
	}
	for _, name := range []string{"style.css", "mark.svg", "icon-192.png", "icon-512.png"} {
		contents[name] = file(name)
	}
	assets := map[string]asset{}
	for name, content := range contents {
		assets[name] = asset{
			path: "/chat/assets/" + name + "?" + digest(content),
			body: newBody(kinds[path.Ext(name)], content),
		}
	}
	return assets
}

// file gives a file of the folder page.
func file(name string) []byte {
	content, err := files.ReadFile("page/" + name)
	if err != nil {
		panic(err) // the program was built without it
	}
	return content
}

// digest names a content in eight letters.
func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return base64.RawURLEncoding.EncodeToString(sum[:6])
}

func newBody(kind string, content []byte) body {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err == nil {
		_, err = w.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(fmt.Sprintf("compressing in memory can't fail: %v", err))
	}
	if b.Len() >= len(content) {
		return body{kind: kind, plain: content}
	}
	return body{kind: kind, plain: content, small: b.Bytes()}
}

// send answers with the body, compressed for browsers that can take it.
func (b body) send(w http.ResponseWriter, r *http.Request, status int) {
	h := w.Header()
	h.Set("Content-Type", b.kind)
	content := b.plain
	if b.small != nil {
		h.Add("Vary", "Accept-Encoding")
		if takesGzip(r.Header.Get("Accept-Encoding")) {
			h.Set("Content-Encoding", "gzip")
			content = b.small
		}
	}
	w.WriteHeader(status)
	w.Write(content)
}

// takesGzip reads a header Accept-Encoding: "gzip;q=0" is a no.
func takesGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			weight = strings.ReplaceAll(weight, " ", "")
			return strings.Trim(strings.TrimPrefix(weight, "q="), "0.") != "" || weight == ""
		}
	}
	return false
}
