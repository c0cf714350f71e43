package fakezalo

import (
	"encoding/json"
	"net/http"
)

// Control gives the controls over HTTP, for a port of their own:
//
//	POST /say {"user","text"}      POST /tap {"user","title"}
//	POST /send {"user","kind","text"}
//	POST /follow, /unfollow, /withdraw {"user"}
//	POST /info {"user","Name","Phone","Ward","Address"}
//	POST /human {"user","text"}    POST /refuse {"user","code"}
//	POST /fail {"Path","Times","Code","Status","Body","Drop"}
//	POST /consent                  answers {"refresh_token"}
//	GET /sent, /attempts, /complaints
func (s *Server) Control() http.Handler {
	type order struct {
		User, Text, Title, Kind string
		Code                    int
		Info
	}
	mux := http.NewServeMux()
	post := func(path string, do func(order) (any, error)) {
		mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) {
			var o order
			if err := json.NewDecoder(r.Body).Decode(&o); err != nil && r.ContentLength != 0 {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			answer, err := do(o)
			if err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			_ = json.NewEncoder(w).Encode(answer)
		})
	}
	ok := func(do func(order)) func(order) (any, error) {
		return func(o order) (any, error) { do(o); return "ok", nil }
	}
	post("/say", func(o order) (any, error) { return s.Say(o.User, o.Text), nil })
	post("/tap", func(o order) (any, error) { return "ok", s.Tap(o.User, o.Title) })
	post("/send", func(o order) (any, error) { return s.Send(o.User, o.Kind, o.Text), nil })
	post("/follow", ok(func(o order) { s.Follow(o.User) }))
	post("/unfollow", ok(func(o order) { s.Unfollow(o.User) }))
	post("/withdraw", ok(func(o order) { s.Withdraw(o.User) }))
	post("/info", func(o order) (any, error) { return "ok", s.SubmitInfo(o.User, o.Info) })
	post("/human", ok(func(o order) { s.Human(o.User, "777", o.Text) }))
	post("/refuse", ok(func(o order) { s.Refuse(o.User, o.Code) }))
	post("/consent", func(order) (any, error) { return map[string]string{"refresh_token": s.Consent()}, nil })
	mux.HandleFunc("POST /fail", func(w http.ResponseWriter, r *http.Request) {
		var f Fault
		if err := json.NewDecoder(r.Body).Decode(&f); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		s.Fail(f)
	})
	show := func(path string, what func() any) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(what()) })
	}
	show("/sent", func() any { return s.Sent() })
	show("/attempts", func() any { return s.Attempts() })
	show("/complaints", func() any { return s.Complaints() })
	return mux
}
