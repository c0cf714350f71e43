package faketelegram

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// Start makes a server for a test and gives the address that a bot reaches it
// at. The test fails when there were Problems.
func Start(t testing.TB, settings Settings) (s *Server, base string) {
	s = New(settings)
	h := httptest.NewServer(s)
	t.Cleanup(func() {
		s.Close()
		h.CloseClientConnections()
		h.Close()
		for _, p := range s.Problems() {
			t.Errorf("telegram: %s", p)
		}
	})
	return s, h.URL
}

// Forgive forgets the Problems so far: a test that makes them on purpose.
func (s *Server) Forgive() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.problems = nil
}

// Handler is a bot's webhook as something to Reach, without a network.
type Handler struct{ http.Handler }

// RoundTrip implements http.RoundTripper.
func (h Handler) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result(), nil
}
