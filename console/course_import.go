package console

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"nghe/course"
	"nghe/course/sheet"
	"nghe/staff"
)

// importPage is a page on which a table is handed in.
type importPage struct {
	Form
	What     string // "lớp" or "người"
	Action   string // path
	Problems []string
	Surveys  field // that people may answer; without options: nothing
}

// maxUpload is above what a table may be, so that the table's own limit can
// say what to do.
const maxUpload = 21 << 20

// upload gives the file that was handed in.
func upload(v *visit, take func(file io.Reader) error) error {
	v.Body = http.MaxBytesReader(v.w, v.Body, maxUpload)
	if err := v.ParseMultipartForm(4 << 20); err != nil {
		return errors.Join(errForm, err)
	}
	defer v.MultipartForm.RemoveAll()
	file, _, err := v.FormFile("file")
	if err != nil {
		return &staff.Wrong{Field: "file", Text: "Anh/chị chọn file Excel (.xlsx) trước đã."}
	}
	defer file.Close()
	return take(file)
}

// showCourseImport shows where a table of classes is handed in.
func (c *Console) showCourseImport(v *visit) error {
	return c.page(v, "import", "Nhập lớp từ Excel", importPage{What: "lớp", Action: "/console/courses/import"})
}

// importCourses takes a table of classes: all of it, or nothing and every bad
// cell.
func (c *Console) importCourses(v *visit) error {
	p := importPage{What: "lớp", Action: "/console/courses/import"}
	var all []course.Course
	var problems []sheet.Problem
	err := upload(v, func(file io.Reader) (err error) {
		all, problems, err = sheet.Read(file, c.Library(), c.Reader(), c.Now().In(c.Zone))
		return err
	})
	if again, err := c.refused(v, &p, "Nhập lớp từ Excel", problems, err); again || err != nil {
		return err
	}
	var entries []staff.Entry
	for i, k := range all {
		was := c.Courses().Course(k.ID)
		if err := staff.Allowed(v.me(), staff.EditCourses, staff.WhereCourse(k)); err != nil {
			errors.As(err, &v.denied)
			p.Problems = append(p.Problems, fmt.Sprintf("“%s”: %v", k.Title, err))
			continue
		}
		did, detail := "course.add", k.Title+" (Excel)"
		if was != nil {
			if err := staff.Allowed(v.me(), staff.EditCourses, staff.WhereCourse(*was)); err != nil {
				errors.As(err, &v.denied)
				p.Problems = append(p.Problems, fmt.Sprintf("“%s” đã có, của nơi khác: %v", was.Title, err))
				continue
			}
			all[i].Invented = was.Invented
			did, detail = "course.edit", "Excel: "+c.differences(*was, k)
			if detail == "Excel: không đổi gì" {
				continue
			}
		}
		entries = append(entries, c.entry(v, did, "course:"+k.ID, detail))
	}
	if p.Problems != nil {
		return c.again(v, "import", "Nhập lớp từ Excel", p)
	}
	if err := c.put(v, all, entries...); err != nil {
		return err
	}
	return sendOn(v, "/console/courses?"+freshly(all), "course-import")
}

// freshly names classes in an address, so that each can be announced at once; of
// very many only the first.
func freshly(all []course.Course) string {
	const most = 50
	q := url.Values{}
	for _, k := range all[:min(len(all), most)] {
		q.Add("fresh", k.ID)
	}
	return q.Encode()
}

// refused shows the page once more when a table can't be taken, and says
// whether it did.
func (c *Console) refused(v *visit, p *importPage, title string, problems []sheet.Problem, err error) (bool, error) {
	var file *sheet.FileError
	var wrong *staff.Wrong
	switch {
	case errors.As(err, &file):
		p.note("file", "Chưa nhập: "+file.Text+".")
	case errors.As(err, &wrong):
		p.note("file", wrong.Text)
	case err != nil:
		return false, err
	}
	for _, problem := range problems {
		p.Problems = append(p.Problems, problem.String())
	}
	if !p.Bad() && p.Problems == nil {
		return false, nil
	}
	return true, c.again(v, "import", title, *p)
}
