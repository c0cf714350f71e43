package console

import (
	"fmt"
	"net/url"

	"nghe/staff"
	"nghe/unanswered"
)

// markUnanswered notes that a group was seen to, is none of our business, or is
// to be looked at again.
func (c *Console) markUnanswered(v *visit) error {
	f, err := read(v)
	if err != nil {
		return err
	}
	mark, done := f.Get("mark"), "unanswered-again"
	words := map[string]string{unanswered.Seen: "đã xem", unanswered.NotOurs: "không thuộc việc của nghe", "": "xem lại"}
	switch {
	case words[mark] == "" || len(f.Values["text"]) == 0:
		return errForm
	case mark != "":
		done = "unanswered-" + mark
	}
	texts := f.Values["text"]
	entry := staff.NewEntry(v.me(), c.Now(), "unanswered.mark", "", fmt.Sprintf("“%s”: %s", brief(texts[0]), words[mark]))
	n, err := c.Records.PutMarks(v.Context(), texts, unanswered.Mark{Mark: mark, By: v.me().Login, At: c.Now()}, entry)
	if err != nil {
		return err
	}
	if n == 0 {
		done = ""
	}
	return sendOn(v, "/console/unanswered?"+url.Values{"days": {f.Get("days")}, "show": {f.Get("show")}}.Encode(), done)
}
