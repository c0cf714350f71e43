package site

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"nghe/content"
	"nghe/course"
)

// Settings are what a Site needs.
type Settings struct {
	Library func() *content.Library // with the stories that may be told
	Courses func() *course.Catalogue
	// Picture gives the picture of a story by its name, nil for one that is not (or
	// no longer) told.
	Picture func(ctx context.Context, story, name string) ([]byte, error)
	// Telegram gives the name of the bot there, "" without one.
	Telegram func() string
	// URL is where the outside reaches it, without a slash at the end.
	URL  string
	Log  *slog.Logger
	Now  func() time.Time
	Zone *time.Location // of the province
}

// Site is the public pages. Make it with New.
type Site struct {
	Settings
	pages pages
	style style
}

// New makes the pages.
func New(s Settings) *Site {
	site := &Site{Settings: s, style: loadStyle()}
	site.pages = loadPages(site)
	return site
}

// Paths are the patterns that Handler serves.
var Paths = []string{"/lop-hoc", "/lop-hoc/", "/dien-hinh", "/dien-hinh/", "/robots.txt"}

// Handler serves the pages.
func (s *Site) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /lop-hoc", s.listCourses)
	mux.HandleFunc("GET /lop-hoc/{id}", s.showCourse)
	mux.HandleFunc("GET /lop-hoc/{id}/ma.svg", s.showCode)
	mux.HandleFunc("GET /lop-hoc/trang/style.css", s.showStyle)
	mux.HandleFunc("GET /dien-hinh", s.listStories)
	mux.HandleFunc("GET /dien-hinh/{id}/{picture}", s.showPicture)
	mux.HandleFunc("GET /robots.txt", s.showRobots)
	mux.HandleFunc("/", s.showMissing)
	return guard(mux)
}

// guard sets what every answer carries.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		// What was withdrawn or cancelled a moment ago must not come out of a cache.
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// showRobots lets everybody index what is public.
func (s *Site) showRobots(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprint(w, "User-agent: *\nDisallow: /console/\nDisallow: /chat/\nAllow: /\n")
}

// fail says that something of ours could not be made.
func (s *Site) fail(w http.ResponseWriter, r *http.Request, what string, err error) {
	if r.Context().Err() != nil {
		return // nobody is there any more
	}
	s.Log.Error("public page", "page", what, "error", err)
	http.Error(w, "Máy chủ đang trục trặc. Mời bà con thử lại sau ít phút.", http.StatusInternalServerError)
}
