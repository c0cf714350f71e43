package site

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"nghe/content"
)

// told is a story with what one could do now.
type told struct {
	*content.Story
	KindWord string
	Host     string // where it was read
	Courses  []row
}

var kindWords = map[string]string{"training": "Học nghề", "loan": "Vay vốn", "training+job": "Học nghề rồi có việc", "own-initiative": "Tự làm"}

// storiesPage is the list of good examples.
type storiesPage struct {
	Trade  string
	Trades []*content.Trade
	Rows   []told
}

// listStories shows who did what, with the classes that are open now.
func (s *Site) listStories(w http.ResponseWriter, r *http.Request) {
	lib := s.Library()
	p := storiesPage{Trade: r.FormValue("nghe")}
	if lib.Trade(p.Trade) == nil {
		p.Trade = ""
	}
	there := map[string]bool{}
	for _, x := range lib.Stories {
		if x.Quiet {
			continue
		}
		there[x.Trade] = true
		if p.Trade != "" && x.Trade != p.Trade {
			continue
		}
		row := told{Story: x, KindWord: kindWords[x.Kind]}
		if u, err := url.Parse(x.URL); err == nil {
			row.Host = strings.TrimPrefix(u.Host, "www.")
		}
		if x.Trade != "" {
			row.Courses = s.open([]string{x.Trade}, x.Place, 2)
		}
		p.Rows = append(p.Rows, row)
	}
	for _, t := range lib.Trades {
		if there[t.ID] {
			p.Trades = append(p.Trades, t)
		}
	}
	title, link := "Điển hình làm ăn, học nghề", s.URL+"/dien-hinh"
	if p.Trade != "" {
		title += ": " + lib.Trade(p.Trade).Label()
		link += "?nghe=" + p.Trade
	}
	s.show(w, r, http.StatusOK, "stories", frame{Title: title, About: "Người Quảng Ninh học nghề, vay vốn, đổi đời: chuyện thật, có nguồn, và lớp nghề ấy đang mở.", Here: "/dien-hinh", Link: link, Page: p})
}

// stories are some of a trade, those of a place first.
func (s *Site) stories(trade, place string, most int) []*content.Story {
	var all []*content.Story
	for _, x := range s.Library().Stories {
		if x.Trade == trade && trade != "" && !x.Quiet {
			all = append(all, x)
		}
	}
	slices.SortStableFunc(all, func(a, b *content.Story) int {
		switch {
		case (a.Place == place) == (b.Place == place):
			return 0
		case a.Place == place:
			return -1
		}
		return 1
	})
	return all[:min(most, len(all))]
}

// showPicture gives the picture of a story, as long as it is told.
func (s *Site) showPicture(w http.ResponseWriter, r *http.Request) {
	name, ok := strings.CutSuffix(r.PathValue("picture"), ".jpg")
	if !ok {
		s.showMissing(w, r)
		return
	}
	body, err := s.Picture(r.Context(), r.PathValue("id"), name)
	switch {
	case err != nil:
		s.fail(w, r, "picture", err)
		return
	case body == nil:
		s.showMissing(w, r)
		return
	}
	h := w.Header()
	// Kept by the browser, but asked for each time: it may have been withdrawn.
	tag := `"` + name + `"`
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", "image/jpeg")
	if _, err := w.Write(body); err != nil {
		s.Log.Debug("a picture did not arrive", "error", err)
	}
}
