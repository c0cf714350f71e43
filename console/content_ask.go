package console

import (
	"net/url"
	"strings"

	"nghe/content"
	"nghe/dialog"
)

// askPage is where a question that was not understood becomes a way of asking.
type askPage struct {
	Text    string
	Now     string // what the bot does with it now
	Nearest []askTopic
	Others  []*content.Topic
}

// askTopic is a topic that it may belong to.
type askTopic struct {
	*content.Topic
	Percent int
	Path    string
}

// outcomeWords are what the bot does with a question.
var outcomeWords = map[dialog.Outcome]string{
	dialog.Answer:  "trả lời ngay bằng câu gần nhất dưới đây",
	dialog.Offer:   "mời chọn một trong mấy câu gần nhất",
	dialog.Refuse:  "nói là chưa rõ, hoặc là việc ngoài phạm vi",
	dialog.Handoff: "coi là có nguy hiểm, đưa số khẩn cấp",
}

// askContent offers the topics that are nearest to a question.
func (c *Console) askContent(v *visit) error {
	p := askPage{Text: cutTo(strings.Join(strings.Fields(v.FormValue("text")), " "), longestSaid)}
	m := c.Bench.Current()
	p.Others = m.Library.Topics
	if p.Text != "" {
		meaning := m.Reader.Meaning(p.Text)
		p.Now = outcomeWords[meaning.Outcome]
		const most = 5
		for _, x := range meaning.Candidates {
			for _, t := range m.Library.Topics {
				if t.ID == x.Topic && len(p.Nearest) < most {
					p.Nearest = append(p.Nearest, askTopic{t, int(100*x.Score + .5), entryPath("topic", t.ID) + "?" + url.Values{"ask": {p.Text}}.Encode() + "#changes"})
				}
			}
		}
	}
	return c.page(v, "ask", "Thêm cách hỏi", p)
}
