package console

import (
	"errors"
	"fmt"
	"net/http"

	"nghe/release"
)

// publishContent makes an edit what the bot says.
func (c *Console) publishContent(v *visit) error {
	f, e, err := c.editOf(v)
	if err != nil {
		return err
	}
	if f.Get("text") == "" {
		return errForm
	}
	edit := release.Edit{Kind: e.Kind, ID: e.ID, Text: f.Get("text"), Seen: f.Get("seen")}
	_, err = c.Editing.Publish(v.Context(), v.me(), edit, f.Get("why"))
	if err == nil {
		return sendOn(v, entryPath(e.Kind.ID, e.ID), "content")
	}
	return c.refuseContent(v, f, e, err)
}

// dropContent takes the edit of an entry away: what lies beneath is told again.
func (c *Console) dropContent(v *visit) error {
	f, e, err := c.editOf(v)
	if err != nil {
		return err
	}
	_, err = c.Editing.Publish(v.Context(), v.me(), release.Edit{Kind: e.Kind, ID: e.ID, Seen: f.Get("seen")}, f.Get("why"))
	switch {
	case err == nil && !e.Base:
		return sendOn(v, "/console/content?kind="+e.Kind.ID, "content-back")
	case err == nil:
		return sendOn(v, entryPath(e.Kind.ID, e.ID), "content-back")
	case errors.Is(err, release.ErrNone):
		return errMissing
	}
	f.Values.Set("text", e.Text)
	return c.refuseContent(v, f, e, err)
}

// refuseContent shows the form again with why it was not published; what was
// written is still in it.
func (c *Console) refuseContent(v *visit, f Form, e release.Entry, err error) error {
	var changed *release.Changed
	var unsound *release.Unsound
	var refused *release.Refused
	switch {
	case errors.As(err, &changed):
		by := ""
		if changed.By != "" {
			by = changed.By + " "
		}
		f.note("", "Lúc anh/chị đang sửa, "+by+"vừa đổi mục này. Chữ anh/chị viết vẫn còn dưới đây; phần “Khác bản đang dùng” cho thấy hai bản khác nhau ở đâu. Xem lại, ghép cho đủ rồi đăng lần nữa.")
		f.Values.Set("seen", changed.Now.Version())
		e = changed.Now
	case errors.As(err, &unsound), errors.As(err, &refused):
		// The page says where.
	case !f.refuse(err):
		return err
	}
	return c.contentPage(v, f, e, true, c.again)
}

// downloadContent gives the file of edits as it would be, for who keeps content
// by other means.
func (c *Console) downloadContent(v *visit) error {
	f, e, err := c.editOf(v)
	if err != nil {
		return err
	}
	shelf, _, err := c.Editing.Shelf(v.Context())
	if err != nil {
		return err
	}
	change, err := shelf.Put(e.Kind, e.ID, f.Get("text"))
	if err != nil {
		return c.refuseContent(v, f, e, err)
	}
	h := v.w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", e.Kind.ID+"-"+e.ID+".yaml"))
	v.w.WriteHeader(http.StatusOK)
	_, err = fmt.Fprintf(v.w, "# Đặt vào thư mục nội dung với tên %s\n%s", change.File, change.Edited[change.File])
	if err != nil {
		c.Log.Debug("a file did not arrive", "error", err)
	}
	return nil
}
