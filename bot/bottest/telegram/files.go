package faketelegram

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Upload is a file that came with a call.
type Upload struct {
	Name, Type string
	Body       []byte
}

// file is one that can be got by its file_id.
type file struct{ body []byte }

// Spoken and Picture are what people send: a sound and a picture, as far as
// anybody looks at their beginnings.
var (
	Spoken     = append([]byte("OggS\x00\x02"), bytes.Repeat([]byte{7}, 400)...)
	Picture, _ = base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
)

// Limits of files, in bytes.
const (
	mostDownload = 20 << 20
	mostUpload   = 50 << 20
	mostPicture  = 10 << 20
)

// filePath begins the paths that getFile gives.
const filePath = "files/"

func (s *Server) getFile(id string) (any, error) {
	f, ok := s.files[id]
	switch {
	case !ok:
		return nil, badRequest("wrong file_id or the file is temporarily unavailable")
	case len(f.body) > mostDownload:
		return nil, badRequest("file is too big")
	}
	return struct {
		ID     string `json:"file_id"`
		Unique string `json:"file_unique_id"`
		Size   int    `json:"file_size"`
		Path   string `json:"file_path"`
	}{id, "u", len(f.body), filePath + id}, nil
}

func (s *Server) download(w http.ResponseWriter, path string) {
	s.mu.Lock()
	f, ok := s.files[strings.TrimPrefix(path, filePath)]
	s.mu.Unlock()
	if !ok {
		refuse(w, &refusal{Code: http.StatusNotFound, Description: "Not Found"})
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Write(f.body) //nolint:errcheck // the other side may be gone
}

// sendFile takes a file that is uploaded, or that is known by its file_id.
func (s *Server) sendFile(call *Call) (any, error) {
	field := strings.ToLower(strings.TrimPrefix(call.Method, "send"))
	id, up := call.Params[field], Upload{}
	if name, uploaded := strings.CutPrefix(id, "attach://"); uploaded {
		var ok bool
		if up, ok = call.Files[name]; !ok || len(up.Body) == 0 {
			return nil, badRequest("file must be non-empty")
		}
		id = fmt.Sprintf("BQAC%s-%d", field, len(s.files))
		s.files[id] = file{up.Body}
	}
	body := s.files[id].body
	m := &Message{Caption: strings.TrimSpace(call.Params["caption"])}
	switch {
	case body == nil:
		return nil, badRequest("wrong file identifier/HTTP URL specified")
	case len(body) > mostUpload:
		return nil, &refusal{Code: http.StatusRequestEntityTooLarge, Description: "Request Entity Too Large"}
	case field == "photo" && len(body) > mostPicture:
		return nil, badRequest("file is too big")
	case field == "photo":
		if !slices.Contains([]string{"image/png", "image/jpeg"}, http.DetectContentType(body)) {
			return nil, badRequest("IMAGE_PROCESS_FAILED")
		}
		m.Photo = []PhotoSize{{FileID: id, UniqueID: "p", Width: 1, Height: 1}}
	case field == "voice":
		m.Voice = &Voice{FileID: id, UniqueID: "v", MimeType: up.Type}
	default:
		m.Document = &Document{FileID: id, UniqueID: "d", Name: up.Name, MimeType: up.Type, Size: len(body)}
	}
	return s.put(call, m)
}

// File gives what stands behind a file_id; nil for nothing.
func (s *Server) File(id string) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.files[id].body
}
