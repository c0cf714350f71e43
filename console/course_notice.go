package console

import (
	"nghe/course"
	"nghe/notice"
)

// noticePage is a text that is made of a class.
type noticePage struct {
	course.Course
	Sentences []string      // to be read out
	Seconds   int           // how long that takes
	Board     *notice.Board // to be pinned up
	Link      string        // of the public page
}

// showLoud shows what is read out over the loudspeaker.
func (c *Console) showLoud(v *visit) error {
	k, err := c.course(v)
	if err != nil {
		return err
	}
	p := noticePage{Course: k, Sentences: notice.Loud(c.Library(), k, c.today())}
	p.Seconds = notice.Seconds(p.Sentences)
	return c.page(v, "loud", "Bài đọc loa", p)
}

// showBoard shows what is pinned to the notice board, to be printed.
func (c *Console) showBoard(v *visit) error {
	k, err := c.course(v)
	if err != nil {
		return err
	}
	return c.page(v, "board", "Thông báo dán bảng", noticePage{Course: k, Board: notice.Pin(c.Library(), k, c.today()), Link: c.publicLink(k.ID)})
}

// showCourseCode draws the address of the public page for the camera of a phone.
func (c *Console) showCourseCode(v *visit) error {
	k, err := c.course(v)
	if err != nil {
		return err
	}
	code, err := notice.Code(c.publicLink(k.ID))
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "image/svg+xml")
	_, err = v.w.Write(code)
	return err
}

// publicLink is the public page of a class.
func (c *Console) publicLink(id string) string { return c.URL + "/lop-hoc/" + id }
