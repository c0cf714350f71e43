package webchat

import (
	"sync"

	"nghe/bot"
)

// hub knows which pages are open. The zero value is ready.
type hub struct {
	mu    sync.Mutex
	pages map[bot.Contact]map[chan struct{}]bool
}

// maxPages is how many pages of one person are served at a time.
const maxPages = 8

// open registers a page. What it gets is a hint that there may be something
// new: hints that nobody took yet are one hint.
func (h *hub) open(c bot.Contact) (hint chan struct{}, closed func(), ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.pages == nil {
		h.pages = map[bot.Contact]map[chan struct{}]bool{}
	}
	if len(h.pages[c]) >= maxPages {
		return nil, nil, false
	}
	if h.pages[c] == nil {
		h.pages[c] = map[chan struct{}]bool{}
	}
	hint = make(chan struct{}, 1)
	h.pages[c][hint] = true
	return hint, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.pages[c], hint)
		if len(h.pages[c]) == 0 {
			delete(h.pages, c)
		}
	}, true
}

func (h *hub) wake(c bot.Contact) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for hint := range h.pages[c] {
		select {
		case hint <- struct{}{}:
		default:
		}
	}
}
