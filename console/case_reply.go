package console

import "time"

// replyCase says something to the person, once for the key of the form; a case
// that nobody has is one's own from then on.
func (c *Console) replyCase(v *visit) error {
	return c.doCase(v, "", func(f *Form, now time.Time) error {
		_, err := c.Cases.Reply(v.Context(), v.PathValue("id"), v.me(), f.Get("text"), f.key(now), now)
		return err
	})
}

// key names what a form asks for: sent twice, it is done once.
func (f *Form) key(now time.Time) string {
	if key := f.Get("key"); key != "" && len(key) <= 40 {
		return "page " + key
	}
	return "page " + now.Format(time.RFC3339Nano)
}
