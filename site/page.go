package site

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

//go:embed pages/*.html look/style.css
var files embed.FS

// pages are the templates by name; “layout” is around each.
type pages map[string]*template.Template

func loadPages(s *Site) pages {
	common := template.Must(template.New("layout").Funcs(s.functions()).ParseFS(files, "pages/_*.html"))
	names, err := fs.Glob(files, "pages/[a-z]*.html")
	if err != nil {
		panic(err)
	}
	all := pages{}
	for _, name := range names {
		all[strings.TrimSuffix(path.Base(name), ".html")] = template.Must(template.Must(common.Clone()).ParseFS(files, name))
	}
	return all
}

// frame is what is around every page.
type frame struct {
	Title string
	About string // for who shares the link, and for engines
	Here  string // path of the part of the site
	Link  string // of the page; "" = not to be indexed or shared
	Page  any
}

// show writes a page.
func (s *Site) show(w http.ResponseWriter, r *http.Request, status int, name string, f frame) {
	// Written to memory first: an error in the middle is not half a page.
	var b bytes.Buffer
	if err := s.pages[name].ExecuteTemplate(&b, "layout", f); err != nil {
		s.fail(w, r, name, err)
		return
	}
	s.send(w, r, status, "text/html; charset=utf-8", b.Bytes())
}

// send sends a text, compressed for who takes it.
func (s *Site) send(w http.ResponseWriter, r *http.Request, status int, kind string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Add("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		var small bytes.Buffer
		z := gzip.NewWriter(&small)
		z.Write(body) // into memory: neither fails
		z.Close()
		body = small.Bytes()
	}
	w.WriteHeader(status)
	if _, err := w.Write(body); err != nil {
		s.Log.Debug("a page did not arrive", "error", err)
	}
}

// style is the style sheet. Its address changes with its content, so that browsers
// may keep it for good.
type style struct {
	path string
	body []byte
}

func loadStyle() style {
	body, err := files.ReadFile("look/style.css")
	if err != nil {
		panic(err) // the program was built without it
	}
	sum := sha256.Sum256(body)
	return style{"/lop-hoc/trang/style.css?" + base64.RawURLEncoding.EncodeToString(sum[:6]), body}
}

func (s *Site) showStyle(w http.ResponseWriter, r *http.Request) {
	if r.URL.RequestURI() == s.style.path {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	s.send(w, r, http.StatusOK, "text/css; charset=utf-8", s.style.body)
}

// showMissing says that there is no such page, and where to go on.
func (s *Site) showMissing(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusNotFound, "missing", frame{Title: "Không có trang này", Page: s.open(nil, "", 4)})
}

// functions are what templates may call.
func (s *Site) functions() template.FuncMap {
	return template.FuncMap{
		"style": func() string { return s.style.path },
		"url":   func() string { return s.URL },
		"place": func(id string) string {
			if p := s.Library().Place(id); p != nil {
				return p.Name
			}
			return ""
		},
		"trade": func(id string) string {
			if t := s.Library().Trade(id); t != nil {
				return t.Label()
			}
			return ""
		},
	}
}
