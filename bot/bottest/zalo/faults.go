package fakezalo

import (
	"io"
	"net/http"
	"strings"
)

// Fault is something that goes wrong with the next calls.
type Fault struct {
	Path  string // part of the path of the calls; "" = of all
	Times int    // how many calls; 0 = one
	Code  int    // an error of Zalo, told with HTTP 200
	// Status and Body are a foreign answer, such as a proxy's page.
	Status int
	Body   string
	// Drop breaks the connection: before anything was done, or after it.
	Drop DropAt
}

// DropAt says when a connection breaks.
type DropAt int

const (
	NoDrop DropAt = iota
	DropBefore
	DropAfter // what was asked for was done, and nobody is told
)

// Fail makes the next calls fail, after the faults that are waiting.
func (s *Server) Fail(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.Times = max(1, f.Times)
	s.faults = append(s.faults, &f)
}

// fault carries out the first fault for the call and says whether it did.
func (s *Server) fault(w http.ResponseWriter, r *http.Request, done bool) bool {
	s.mu.Lock()
	var f *Fault
	for i, waiting := range s.faults {
		if strings.Contains(r.URL.Path, waiting.Path) {
			if (waiting.Drop == DropAfter) != done {
				break
			}
			f = waiting
			if f.Times--; f.Times == 0 {
				s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
			}
			break
		}
	}
	s.mu.Unlock()
	if f == nil {
		return false
	}
	if !done {
		_, _ = io.Copy(io.Discard, r.Body) // it was sent whole, whatever comes of it
	}
	switch {
	case f.Drop != NoDrop:
		panic(http.ErrAbortHandler)
	case f.Code != 0:
		rec := &recorder{}
		rec.json(map[string]any{"error": f.Code, "message": refuse(f.Code).message})
		w.Header().Set("Content-Type", "application/json;charset=UTF-8")
		w.Header().Set("X-RateLimit-Limit", "4000")
		remain := "3999"
		if f.Code == -32 {
			remain = "0"
		}
		w.Header().Set("X-RateLimit-Remain", remain)
		_, _ = w.Write(rec.body)
	default:
		w.WriteHeader(f.Status)
		_, _ = io.WriteString(w, f.Body)
	}
	return true
}
