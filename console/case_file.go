package console

import (
	"errors"
	"io"
	"net/http"
	"time"
)

const (
	// maxCaseFile is above what a file may be, so that who keeps it can say so;
	// fileInMemory is how much of it is not put on the disk meanwhile.
	maxCaseFile  = 11 << 20
	fileInMemory = 1 << 20
)

// sendFile sends a picture or a file to the person, once for the key of the form.
func (c *Console) sendFile(v *visit) error {
	v.Body = http.MaxBytesReader(v.w, v.Body, maxCaseFile)
	unread := v.ParseMultipartForm(fileInMemory)
	var large *http.MaxBytesError
	if unread != nil && !errors.As(unread, &large) {
		return errors.Join(errForm, unread)
	}
	if unread == nil {
		defer v.MultipartForm.RemoveAll()
	}
	return c.doCase(v, "case-file", func(f *Form, now time.Time) error {
		if unread != nil {
			f.note("", "Tệp lớn quá 10 MB. Anh/chị gửi tệp nhỏ hơn.")
			return nil
		}
		file, head, err := v.FormFile("file")
		if err != nil {
			f.note("", "Anh/chị chọn ảnh hoặc tệp trước đã.")
			return nil
		}
		defer file.Close()
		body, err := io.ReadAll(file)
		if err != nil {
			return errors.Join(errForm, err)
		}
		_, err = c.Cases.SayFile(v.Context(), v.PathValue("id"), v.me(), head.Filename, body, f.Get("caption"), f.key(now), now)
		return err
	})
}
