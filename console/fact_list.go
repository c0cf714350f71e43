package console

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"nghe/content"
	"nghe/daily"
	"nghe/scheduler/reminder"
	"nghe/staff"
	"nghe/viet"
)

// factsPage is everything dated that the bot relies on.
type factsPage struct {
	Lapsing  []lapsing
	Q        string
	Status   string
	Groups   []factGroup
	Shown    int
	Count    int
	Days     int // that are counted
	Sources  []*content.Source
	Regimes  []datedRule
	Loans    []datedRule
	Statuses []option
}

// lapsing is something whose day comes.
type lapsing struct {
	Title, What, Path string
	Day               string // YYYY-MM-DD
	Left              int    // days from today; below 0 it is past
}

// factGroup is the facts of one beginning of an id.
type factGroup struct {
	Title string
	Rows  []factRow
}

// factRow is one fact.
type factRow struct {
	*content.Fact
	Values []string // in plain words
	Cite   string
	Left   int    // days until it is to be reviewed
	Who    string // answers for it
	Told   int64
	Path   string
}

// datedRule is a regime or a programme.
type datedRule struct {
	Name, Status, From, Facts, Path string
}

// groupTitles are what facts are about, by how their ids begin.
var groupTitles = map[string]string{
	"support": "Hỗ trợ học nghề", "loan": "Vay vốn", "unemployment": "Bảo hiểm thất nghiệp", "poverty": "Chuẩn nghèo", "students": "Học sinh, sinh viên", "procedure": "Thủ tục",
	"institution": "Cơ sở, cơ quan", "channel": "Nơi hỏi và các kênh", "data": "Dữ liệu cá nhân", "emergency": "Số khẩn cấp", "qn": "Quảng Ninh", "reference": "Mức chung",
}

// soonDays is how far ahead what lapses is told of.
const soonDays = 30

// listFacts shows every fact with what it rests on, until when, and who answers
// for it; what lapses soon stands on top.
func (c *Console) listFacts(v *visit) error {
	const counted = 30
	lib, today := c.Library(), c.Now().In(c.Zone)
	p := factsPage{Q: strings.TrimSpace(v.FormValue("q")), Status: v.FormValue("status"), Count: len(lib.Facts), Days: counted, Lapsing: lapses(lib, today)}
	for _, s := range []string{content.InForce, content.Uncertain, content.Replaced} {
		p.Statuses = append(p.Statuses, option{s, statusWords[s]})
	}
	told, err := c.tellings(v, today.AddDate(0, 0, 1-counted), today)
	if err != nil {
		return err
	}
	who, err := c.answering(v)
	if err != nil {
		return err
	}
	at := map[string]int{}
	for _, f := range lib.Facts {
		if p.Status != "" && f.Status != p.Status || p.Q != "" && !strings.Contains(viet.Fold(strings.Join(append(values(f), f.ID, f.Statement, lib.Cite(f.ID)), " ")), viet.Fold(p.Q)) {
			continue
		}
		group := f.ID[:strings.IndexAny(f.ID+".", ".-")]
		i, there := at[group]
		if !there {
			i = len(p.Groups)
			at[group] = i
			p.Groups = append(p.Groups, factGroup{Title: or(groupTitles[group], "Khác: "+group)})
		}
		p.Groups[i].Rows = append(p.Groups[i].Rows, factRow{
			Fact: f, Values: values(f), Cite: lib.Cite(f.ID), Left: daysUntil(f.ReviewBy, today), Who: or(who["fact:"+f.ID], who[""]), Told: told[f.ID], Path: entryPath("fact", f.ID),
		})
		p.Shown++
	}
	if p.Q == "" && p.Status == "" {
		p.Sources, p.Regimes, p.Loans = lib.Sources, regimes(lib, today), loans(lib)
	}
	return c.page(v, "facts", "Số liệu và nguồn", p)
}

// tellings counts how often facts were told, by their ids, from a day to another.
func (c *Console) tellings(v *visit, from, to time.Time) (map[string]int64, error) {
	sums, err := c.Records.Counts(v.Context(), daily.Search{From: daily.DayOf(from), To: daily.DayOf(to), Kinds: []daily.Kind{daily.FactsTold}})
	told := map[string]int64{}
	for _, s := range sums {
		told[s.What] += s.N
	}
	return told, err
}

// answering gives who answers for entries, by what releases are about: whoever
// changed one last. Under "" are those who are reminded when facts lapse.
func (c *Console) answering(v *visit) (map[string]string, error) {
	const most = 500
	all, err := c.Editing.Records.Releases(v.Context(), 0, most)
	if err != nil {
		return nil, err
	}
	who := map[string]string{}
	for _, r := range slices.Backward(all) { // the newest stays
		who[r.About] = r.Name
	}
	members, err := c.Desk.Records.Members(v.Context())
	if err != nil {
		return nil, err
	}
	var names []string
	for _, r := range c.Library().Reminders {
		for _, m := range members {
			if r.What == content.ByFacts && !m.Off && (reminder.Notice{Roles: r.Roles, Province: r.Province}).For(string(m.Role), m.Scope.Province) && !slices.Contains(names, m.Name) {
				names = append(names, m.Name)
			}
		}
	}
	slices.Sort(names)
	const named = 2
	switch {
	case len(names) == 0:
		who[""] = "chưa giao ai: thêm người có vai " + staff.Editor.Label()
	case len(names) > named:
		who[""] = strings.Join(names[:named], ", ") + "…"
	default:
		who[""] = strings.Join(names, ", ")
	}
	return who, nil
}

// values tells the numbers of a fact: “mức tối đa: 4.000.000 đồng/người/khóa”.
func values(f *content.Fact) (all []string) {
	for _, n := range f.Numbers {
		value := n.Value
		if whole := strings.Trim(value, "0123456789") == ""; whole && len(value) > 3 && len(value) < 16 && n.Unit != "" && !strings.HasPrefix(n.Unit, "năm") {
			var dong int64
			for _, r := range value {
				dong = dong*10 + int64(r-'0')
			}
			value = viet.FormatNumber(dong)
		} else if strings.Trim(value, "0123456789.") == "" {
			value = strings.Replace(value, ".", ",", 1)
		}
		all = append(all, strings.TrimSpace(sentenceStart(n.What)+": "+value+" "+n.Unit))
	}
	return all
}

// daysUntil counts from today to a day; far away for what is no day.
func daysUntil(day string, today time.Time) int {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return 1 << 30
	}
	now, _ := time.Parse(time.DateOnly, today.Format(time.DateOnly)) // it is one
	return int(t.Sub(now).Hours() / 24)
}

// lapses gives what is past its day or will be soon, the most pressing first.
func lapses(lib *content.Library, today time.Time) (all []lapsing) {
	note := func(title, what, day, kind, id string) {
		if left := daysUntil(day, today); left <= soonDays {
			all = append(all, lapsing{title, what, entryPath(kind, id), day, left})
		}
	}
	for _, f := range lib.Facts {
		note(f.Statement, "số liệu phải xem lại", f.ReviewBy, "fact", f.ID)
	}
	for _, t := range lib.Topics {
		note(t.Title, "câu trả lời phải xem lại", t.ReviewBy, "topic", t.ID)
	}
	for _, t := range lib.Dangers {
		note(t.Title, "câu trả lời phải xem lại", t.ReviewBy, "danger", t.ID)
	}
	for _, s := range lib.Sources {
		if !slices.ContainsFunc(lib.Facts, func(f *content.Fact) bool { return f.Source == s.ID && f.Status == content.InForce }) {
			continue // what rests on it is told as doubtful, or not at all
		}
		note(s.Document, "văn bản hết hiệu lực", s.EffectiveTo, "source", s.ID)
	}
	for _, r := range lib.Regimes {
		if left := daysUntil(r.UncertainFrom, today); left >= 0 { // what is long uncertain is told as such
			note(r.Name, "chưa rõ còn áp dụng", r.UncertainFrom, "support", r.ID)
		}
	}
	slices.SortStableFunc(all, func(a, b lapsing) int { return cmp.Compare(a.Left, b.Left) })
	return all
}

func regimes(lib *content.Library, today time.Time) (all []datedRule) {
	for _, r := range lib.Regimes {
		status := content.InForce
		if daysUntil(r.UncertainFrom, today) <= 0 {
			status = content.Uncertain
		}
		all = append(all, datedRule{r.Name, status, r.From, cited(lib, r.Facts), entryPath("support", r.ID)})
	}
	return all
}

func loans(lib *content.Library) (all []datedRule) {
	for _, p := range lib.Programmes {
		all = append(all, datedRule{p.Name, p.Status, p.From, cited(lib, p.Facts), entryPath("loan", p.ID)})
	}
	return all
}

// cited names what facts rest on, each once.
func cited(lib *content.Library, facts []string) string {
	var all []string
	for _, id := range facts {
		if c := lib.Cite(id); c != "" && !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	return strings.Join(all, "; ")
}
