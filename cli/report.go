package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"nghe/content"
	"nghe/daily"
	"nghe/report"
	"nghe/report/sheet"
	"nghe/viet"
)

var reportCommand = command{
	name: "report", synopsis: "[--year Y | --from D --to D] [--place P | --org NAME] --out FILE.xlsx", about: "the yearly report, as Excel",
	help: `
Writes what was learnt, advised, handed to humans and told to people in a year
of the plan (from 1 December of the year before to 30 November), beside the year
before; a file that is there is not overwritten. Numbers are exact: for another
scope's eyes use the page, which hides small ones.
  --year Y        which year (the one we are in; until 20 December the one that ended)
  --from, --to D  other days, as 2026-01-31, both with it
  --place P       only a commune: its id, or its name
  --org NAME      only the classes and cases of an organisation, as they name it
  --out FILE      where to`,
	run: runReport,
}

// firstReportYear is the first of which there may be anything.
const firstReportYear = 2020

func runReport(ctx context.Context, p *Process, args []string) error {
	f := flags("report")
	year := f.Int("year", 0, "")
	from, to := f.String("from", "", ""), f.String("to", "", "")
	place, org, out := f.String("place", "", ""), f.String("org", "", ""), f.String("out", "", "")
	if _, err := parse(f, args, 0); err != nil {
		return err
	}
	today := daily.DayOf(here(p.Now()))
	span, err := reportSpan(*year, *from, *to, today)
	switch {
	case err != nil:
		return err
	case *out == "":
		return wrongUse("report: --out FILE.xlsx is missing")
	case *place != "" && *org != "":
		return wrongUse("report: give --place or --org, not both")
	}
	e, err := readEnvironment(p.Environ)
	if err != nil {
		return err
	}
	holder, err := openContent(e.Content)
	if err != nil {
		return err
	}
	lib := holder.Current()
	scope, named := report.Scope{All: true}, ""
	if *place != "" {
		one := placeNamed(lib, *place)
		if one == nil {
			return fmt.Errorf("report: no commune is called %q", *place)
		}
		scope, named = report.Scope{Places: []string{one.ID}}, one.ID
	}
	storage, err := openStorage(ctx, e, p.Now(), quietLog(p.Stderr))
	if err != nil {
		return err
	}
	defer storage.close()
	if *org != "" {
		if scope, err = storage.orgScope(ctx, *org); err != nil {
			return err
		}
		named = "org:" + *org
	}
	y, err := report.ReadYearly(ctx, storage.db, span, scope, named, zone(), today)
	if err != nil {
		return err
	}
	whose := func(scope string) string { return scopeName(lib, scope) }
	y.Lib, y.Words, y.Whose = lib, report.NewWords(lib, zone()), whose
	head := report.Head{Title: "Báo cáo", Name: whose(named), Span: span, At: here(p.Now())}
	if head.Receiver, err = storage.db.Receiver(ctx); err != nil {
		return err
	}
	if head.Invented, err = storage.db.Invented(ctx); err != nil {
		return err
	}
	head.Receiver = or(head.Receiver, report.UsualReceiver)
	if err := writeReport(*out, head.Workbook(y.Sections())); err != nil {
		return err
	}
	fmt.Fprintf(p.Stdout, "Đã ghi báo cáo %s, từ %s đến %s, vào %s\n", head.Name, span.From, span.To, *out)
	return nil
}

// reportSpan reads which days are asked for.
func reportSpan(year int, from, to string, today daily.Day) (report.Span, error) {
	switch {
	case from == "" && to == "" && year == 0:
		return report.Year(report.YearDue(today)), nil
	case from == "" && to == "":
		if year < firstReportYear || year > report.YearOf(today)+1 {
			return report.Span{}, wrongUse("report: --year %d: give a year from %d to %d", year, firstReportYear, report.YearOf(today)+1)
		}
		return report.Year(year), nil
	case year != 0:
		return report.Span{}, wrongUse("report: give --year, or --from and --to")
	}
	first, ok := daily.ParseDay(from)
	last, ok2 := daily.ParseDay(to)
	if !ok || !ok2 || first > last || first.Days(last) > 731 {
		return report.Span{}, wrongUse("report: --from %q --to %q: give two days as 2026-01-31, at most two years", from, to)
	}
	return report.Span{From: first, To: last}, nil
}

// placeNamed finds a commune by its id or its name.
func placeNamed(lib *content.Library, name string) *content.Place {
	if p := lib.Place(name); p != nil {
		return p
	}
	i := slices.IndexFunc(lib.Places, func(p *content.Place) bool {
		return viet.Fold(p.Name) == viet.Fold(name) || viet.Fold(p.Short()) == viet.Fold(name)
	})
	if i < 0 {
		return nil
	}
	return lib.Places[i]
}

// orgScope is what an organisation sees.
func (s *storage) orgScope(ctx context.Context, org string) (report.Scope, error) {
	all, _, err := s.db.Courses(ctx)
	scope := report.Scope{Org: org}
	for _, c := range all {
		if c.Provider == org {
			scope.Courses = append(scope.Courses, c.ID)
		}
	}
	return scope, err
}

// scopeName is how a scope of a report is called.
func scopeName(lib *content.Library, scope string) string {
	if org, ok := strings.CutPrefix(scope, "org:"); ok {
		return org
	}
	if scope == "" {
		return "Toàn tỉnh"
	}
	var names []string
	for _, id := range strings.Split(scope, ",") {
		name := id
		if p := lib.Place(id); p != nil {
			name = p.Name
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// writeReport makes the file. One that is there is not overwritten: somebody may
// have written into it.
func writeReport(name string, tables []report.Table) (err error) {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	switch {
	case errors.Is(err, os.ErrExist):
		return fmt.Errorf("%s đã có, không ghi đè: chọn tên khác", name)
	case err != nil:
		return fmt.Errorf("không ghi được %s: %w", name, cause(err))
	}
	defer func() {
		if err = errors.Join(err, file.Close()); err != nil {
			os.Remove(name) // half a report is none
		}
	}()
	return sheet.Write(file, tables)
}
