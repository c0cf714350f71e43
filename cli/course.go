package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"

	"nghe/content"
	"nghe/course"
	"nghe/course/sheet"
)

var courseCommand = command{
	name: "course", synopsis: "import FILE.xlsx | list [--json] | template FILE.xlsx", about: "courses in and out",
	help: `
“template” writes an Excel file to fill in: headers, drop-downs, notes and one
example row that is not imported.
“import” takes such a file: all of it, or nothing and every bad row and cell
(in Vietnamese, for the officer who filled it in). A row with the code (Mã lớp)
of a course that is there changes it; without a code title, place and start say
which course it is. A running “nghe serve” shows the courses a moment later.
“list” prints them, with --json as a list of objects; unknown is null.`,
	run: runCourse,
}

func runCourse(ctx context.Context, p *Process, args []string) error {
	f := flags("course")
	asJSON := f.Bool("json", false, "")
	rest, err := parse(f, args, 2)
	if err != nil {
		return err
	}
	if len(rest) == 0 {
		return wrongUse("course: say import, list or template")
	}
	takesFile := rest[0] == "import" || rest[0] == "template"
	switch {
	case !takesFile && rest[0] != "list":
		return wrongUse("course: %q is none of import, list, template", rest[0])
	case takesFile && len(rest) != 2:
		return wrongUse("course %s: a file is missing", rest[0])
	case !takesFile && len(rest) != 1:
		return wrongUse("course list: unexpected argument %q", rest[1])
	case takesFile && *asJSON:
		return wrongUse("course %s: --json is for list", rest[0])
	}
	e, err := readEnvironment(p.Environ)
	if err != nil {
		return err
	}
	if rest[0] == "template" {
		return writeTemplate(p, e, rest[1])
	}
	parts, err := open(ctx, e, p, quietLog(p.Stderr))
	if err != nil {
		return err
	}
	defer parts.close()
	if rest[0] == "import" {
		return parts.importCourses(ctx, p, rest[1])
	}
	courses, _, err := parts.storage.db.Courses(ctx)
	if err != nil {
		return err
	}
	if *asJSON {
		if courses == nil {
			courses = []course.Course{}
		}
		return printJSON(p, courses)
	}
	return printCourses(p, parts.mind.holder.Current(), courses)
}

// writeTemplate makes the file to fill in. A file that is there is not
// overwritten: somebody may have filled it in.
func writeTemplate(p *Process, e environment, name string) (err error) {
	holder, err := openContent(e.Content)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	switch {
	case errors.Is(err, os.ErrExist):
		return fmt.Errorf("%s đã có, không ghi đè: chọn tên khác", name)
	case err != nil:
		return fmt.Errorf("không ghi được file: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := sheet.Template(file, holder.Current()); err != nil {
		return err
	}
	fmt.Fprintf(p.Stdout, "Đã ghi mẫu vào %s. Điền xong thì: nghe course import %s\n", name, name)
	return nil
}

func (p *parts) importCourses(ctx context.Context, process *Process, name string) error {
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("không mở được %s: %w", name, cause(err))
	}
	defer file.Close()
	now := here(process.Now())
	lib := p.mind.holder.Current()
	courses, problems, err := sheet.Read(file, lib, p.mind.brain().Reader, now)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(name), err)
	}
	if len(problems) > 0 {
		fmt.Fprintf(process.Stderr, "nghe: chưa nhập lớp nào, có %d chỗ cần sửa:\n", len(problems))
		for _, problem := range problems {
			fmt.Fprintln(process.Stderr, problem)
		}
		return errTold
	}
	for i := range courses {
		courses[i].UpdatedAt = now // as it will be kept; what is the same keeps its own
	}
	n, err := p.storage.db.PutCourses(ctx, courses, now)
	if err != nil {
		return err
	}
	fmt.Fprintf(process.Stdout, "Đã nhập %d lớp: %d lớp mới, %d lớp sửa, %d lớp giữ nguyên.\n", len(courses), n.New, n.Changed, n.Same)
	remark(process.Stdout, courses, course.DayOf(now))
	return nil
}

// remark tells what officers may not expect of what they imported.
func remark(w io.Writer, courses []course.Course, on course.Day) {
	var past, unsure, noContact int
	for i := range courses {
		c := &courses[i]
		standing := c.Standing(on)
		if c.Status != course.Enrolling {
			continue
		}
		switch standing {
		case course.Past:
			past++
			continue
		case course.Unsure:
			unsure++
		}
		if c.ContactName == "" && c.ContactPhone == "" && c.ContactPlace == "" {
			noContact++
		}
	}
	if past > 0 {
		fmt.Fprintf(w, "%d lớp ghi “Đang nhận” nhưng đã quá hạn: không báo cho ai là đang nhận.\n", past)
	}
	if unsure > 0 {
		fmt.Fprintf(w, "%d lớp ghi “Đang nhận” nhưng chưa có hạn đăng ký: người hỏi được báo “chưa rõ hạn”.\n", unsure)
	}
	if noContact > 0 {
		fmt.Fprintf(w, "%d lớp đang nhận chưa ghi hỏi ai, ở đâu: người hỏi được chỉ đến xã, phường.\n", noContact)
	}
}

// cause gives the reason of a file error without its path.
func cause(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// standings are how a list calls them.
var standings = map[course.Standing]string{
	course.Past: "đã qua", course.Taken: "đủ người", course.Soon: "sắp mở", course.Unsure: "chưa rõ", course.Open: "đang nhận",
}

func printCourses(p *Process, lib *content.Library, courses []course.Course) error {
	if len(courses) == 0 {
		fmt.Fprintln(p.Stdout, "Chưa có lớp nào. Lấy mẫu: nghe course template mau.xlsx")
		return nil
	}
	on := course.DayOf(here(p.Now()))
	t := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "LỚP\tHÔM NAY\tHẠN\tKHAI GIẢNG\tNƠI\tTÊN")
	for i := range courses {
		c := &courses[i]
		place := "chưa rõ"
		if pl := lib.Place(c.Place); pl != nil {
			place = pl.Name
		}
		title := c.Title
		if c.Invented {
			title += " (ví dụ, không có thật)"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", c.ID, standings[c.Standing(on)], or(string(c.Deadline), "chưa rõ"), or(string(c.Start), "chưa rõ"), place, title)
	}
	return t.Flush()
}
