package fakezalobot

import (
	"encoding/json"
	"net/http"
)

// Control gives the controls over HTTP, for a port of their own:
//
//	POST /say {"user","name","text"}
//	POST /send {"user","name","event","content":{…}}
//	POST /fail {"Method","Status","Body","OK200","Drop"}
//	GET /sent, /complaints
func (s *Server) Control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /send", func(w http.ResponseWriter, r *http.Request) {
		var o struct {
			User, Name, Event string
			Content           map[string]any
		}
		if err := json.NewDecoder(r.Body).Decode(&o); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		_ = json.NewEncoder(w).Encode(s.Send(o.User, o.Name, o.Event, o.Content))
	})
	mux.HandleFunc("POST /say", func(w http.ResponseWriter, r *http.Request) {
		var o struct{ User, Name, Text string }
		if err := json.NewDecoder(r.Body).Decode(&o); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		_ = json.NewEncoder(w).Encode(s.Say(o.User, o.Name, o.Text))
	})
	mux.HandleFunc("POST /fail", func(w http.ResponseWriter, r *http.Request) {
		var f Fault
		if err := json.NewDecoder(r.Body).Decode(&f); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		s.Fail(f)
	})
	mux.HandleFunc("GET /sent", func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(s.Sent()) })
	mux.HandleFunc("GET /complaints", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(s.Complaints())
	})
	return mux
}
