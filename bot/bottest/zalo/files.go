package fakezalo

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"time"
)

// upload is what was uploaded, to be sent within a week.
type upload struct {
	kind string // "image" or "file"
	body []byte
	at   time.Time
}

// Limits of uploads, in bytes.
const (
	mostPicture  = 1 << 20
	mostDocument = 5 << 20
	uploadLife   = 7 * 24 * time.Hour
)

// upload is POST /v2.0/oa/upload/image and /file.
func (s *Server) upload(_ *recorder, r *http.Request) (any, *refusal) {
	kind := path.Base(r.URL.Path)
	f, header, err := r.FormFile("file")
	if err != nil {
		s.complain("%s: %v", r.URL.Path, err)
		return nil, invalid("file")
	}
	defer f.Close()
	body, err := io.ReadAll(f)
	if err != nil || len(body) == 0 {
		return nil, invalid("file")
	}
	u := upload{kind, body, s.Now()}
	if kind == "image" {
		if len(body) > mostPicture || !slices.Contains([]string{"image/jpeg", "image/png"}, http.DetectContentType(body)) {
			return nil, refuse(-210)
		}
		id := s.id("i")
		s.uploads[id] = u
		return map[string]any{"attachment_id": id}, nil
	}
	if len(body) > mostDocument || !slices.Contains([]string{".pdf", ".doc", ".docx", ".csv"}, strings.ToLower(path.Ext(header.Filename))) {
		return nil, refuse(-210)
	}
	token := s.id("t")
	s.uploads[token] = u
	return map[string]any{"token": token}, nil
}

// attached has a message show what was uploaded.
func (s *Server) attached(m *Message, id, kind string) *refusal {
	u, ok := s.uploads[id]
	switch {
	case !ok || u.kind != kind:
		return invalid("attachment")
	case s.Now().Sub(u.at) > uploadLife:
		return refuse(-100)
	}
	m.File = u.body
	return nil
}

// What people send is got of Zalo's own hosts: a picture, and a voice.
var (
	Picture = append([]byte("\xff\xd8\xff\xe0"), bytes.Repeat([]byte{5}, 300)...)
	Spoken  = append([]byte("#!AMR\n"), bytes.Repeat([]byte{7}, 300)...)
)

// Hosts is a network in which Zalo's hosts are: it gives what Send attached.
type Hosts struct{}

// RoundTrip implements http.RoundTripper.
func (Hosts) RoundTrip(r *http.Request) (*http.Response, error) {
	out := httptest.NewRecorder()
	switch path.Ext(r.URL.Path) {
	case ".jpg":
		out.Body.Write(Picture)
	case ".amr":
		out.Body.Write(Spoken)
	case ".pdf":
		out.Body.WriteString("%PDF-1.4 a form")
	default:
		out.Code = http.StatusNotFound
	}
	return out.Result(), nil
}
