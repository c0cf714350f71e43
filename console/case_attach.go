package console

import (
	"slices"
	"strings"

	"nghe/content"
	"nghe/course"
	"nghe/handoff"
	"nghe/staff"
	"nghe/viet"
)

// attachPage is what can be put into an answer: canned answers, classes, rules
// with their source, and what the bot would answer.
type attachPage struct {
	*handoff.Case
	Form   // of an answer of one's own
	Asked  string
	Groups []attachGroup
}

type attachGroup struct {
	Title string
	Rows  []attachment
}

// attachment is one text to be put into an answer.
type attachment struct {
	What, Title, Text string // without a title its text says enough
	Own               bool   // who looks keeps it, and may drop it
}

// mostAttached is how many of a kind are offered.
const mostAttached = 12

// listAttachments offers what fits a word; without one the canned answers of the
// queue and the classes that enrol.
func (c *Console) listAttachments(v *visit) error {
	k, err := c.Cases.Show(v.Context(), v.PathValue("id"), v.me(), c.Now())
	if err != nil {
		return missingCase(err)
	}
	p, err := c.attachmentsOf(v, k, Form{})
	if err != nil {
		return err
	}
	if v.FormValue("part") != "" {
		return c.part(v, "attach", "attachments", p)
	}
	return c.page(v, "attach", "Chèn vào câu trả lời", p)
}

// attachmentsOf gathers what is offered, with a form that was refused or an empty
// one.
func (c *Console) attachmentsOf(v *visit, k *handoff.Case, f Form) (*attachPage, error) {
	who, err := c.identityOf(v, k)
	if err != nil {
		return nil, err
	}
	canned, err := c.Cases.AllCanned(v.Context(), k, v.me(), who.Called)
	if err != nil {
		return nil, err
	}
	p := &attachPage{Case: k, Form: f, Asked: strings.TrimSpace(v.FormValue("q"))}
	fits := fitting(p.Asked)
	add := func(title string, all []attachment) {
		if len(all) > mostAttached {
			all = all[:mostAttached]
		}
		if len(all) > 0 {
			p.Groups = append(p.Groups, attachGroup{title, all})
		}
	}
	add("Câu của tôi", cannedThat(canned, true, fits))
	add("Câu soạn sẵn", cannedThat(canned, false, fits))
	add("Lớp học", c.coursesThat(fits))
	if p.Asked != "" {
		add("Quy định, có nguồn", c.factsThat(fits))
		add("Câu trả lời của bot", c.answersThat(fits))
	}
	return p, nil
}

// fitting says whether a text has every word that was asked for, without looking
// at accents.
func fitting(asked string) func(text string) bool {
	words := strings.Fields(viet.Fold(asked))
	return func(text string) bool {
		text = viet.Fold(text)
		for _, w := range words {
			if !strings.Contains(text, w) {
				return false
			}
		}
		return true
	}
}

// cannedThat gives canned answers, one's own or those of the content.
func cannedThat(canned []content.Canned, own bool, fits func(string) bool) (all []attachment) {
	for _, x := range canned {
		if strings.HasPrefix(x.ID, handoff.OwnPrefix) == own && fits(x.Title+" "+x.Text) {
			all = append(all, attachment{"canned:" + x.ID, x.Title, x.Text, own})
		}
	}
	return all
}

func (c *Console) coursesThat(fits func(string) bool) (all []attachment) {
	today := c.today()
	for _, k := range c.Courses().All() {
		if k.Standing(today) != course.Past && fits(k.Title+" "+c.tradeName(k.Trade)+" "+c.placeName(k.Place)) {
			all = append(all, attachment{"course:" + k.ID, k.Title, c.tellCourse(k.ID), false})
		}
	}
	return all
}

// tellCourse tells a class as the bot would.
func (c *Console) tellCourse(id string) string {
	if c.TellCourse == nil {
		return c.courseTitle(id)
	}
	return c.TellCourse(id, c.Now())
}

func (c *Console) factsThat(fits func(string) bool) (all []attachment) {
	for _, f := range c.Library().Facts {
		if f.Status != content.Replaced && fits(f.Statement+" "+f.Who) {
			all = append(all, attachment{"fact:" + f.ID, "", c.tellFact(f), false})
		}
	}
	return all
}

// tellFact tells a rule with its caution and its source, and that it is past its
// date when it is.
func (c *Console) tellFact(f *content.Fact) string {
	lines := []string{f.Statement, f.Caution}
	if f.ReviewBy != "" && f.ReviewBy < string(c.today()) {
		lines = append(lines, "Quy định này cần được kiểm tra lại trước khi áp dụng.")
	}
	if cite := c.Library().Cite(f.ID); cite != "" {
		lines = append(lines, "(Nguồn: "+cite+")")
	}
	return strings.Join(course.Trimmed(lines), "\n")
}

func (c *Console) answersThat(fits func(string) bool) (all []attachment) {
	for _, t := range c.Library().Topics {
		if t.Answer != "" && fits(t.Title+" "+strings.Join(t.Asks, " ")) {
			all = append(all, attachment{"topic:" + t.ID, t.Title, c.tellTopic(t), false})
		}
	}
	return all
}

// tellTopic tells what the bot would answer, with the sources.
func (c *Console) tellTopic(t *content.Topic) string {
	text := t.Answer
	for name, word := range c.Library().Form("") {
		text = strings.ReplaceAll(text, "{"+name+"}", word)
	}
	var cites []string
	for _, id := range t.Facts {
		if cite := c.Library().Cite(id); cite != "" && !slices.Contains(cites, cite) {
			cites = append(cites, cite)
		}
	}
	if len(cites) > 0 {
		text = strings.TrimSpace(text) + "\n(Nguồn: " + strings.Join(cites, "; ") + ")"
	}
	return strings.TrimSpace(text)
}

// putText gives the text of an attachment by its name; "" for none.
func (c *Console) putText(v *visit, k *handoff.Case, called, what string) (string, error) {
	kind, id, _ := strings.Cut(what, ":")
	lib := c.Library()
	switch kind {
	case "canned":
		all, err := c.Cases.AllCanned(v.Context(), k, v.me(), called)
		if err != nil {
			return "", err
		}
		for _, x := range all {
			if x.ID == id {
				return x.Text, nil
			}
		}
	case "course":
		if c.Courses().Course(id) != nil {
			return c.tellCourse(id), nil
		}
	case "fact":
		for _, f := range lib.Facts {
			if f.ID == id {
				return c.tellFact(f), nil
			}
		}
	case "topic":
		for _, t := range lib.Topics {
			if t.ID == id {
				return c.tellTopic(t), nil
			}
		}
	case "":
		return "", nil
	}
	return "", &staff.Wrong{Text: "Mục này không còn nữa. Anh/chị quay lại ca và chọn mục khác."}
}
