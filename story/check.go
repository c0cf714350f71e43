package story

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"nghe/content"
	"nghe/course"
)

// Lengths of what is told, in characters. A message holds a story whole.
const (
	MaxWho    = 80
	MaxText   = 700
	MaxSource = 200
	MaxWords  = 1000
)

// Wrong is what is wrong with a story, by field of the form: text for staff. A
// story that is told needs the consent; a draft may wait for it.
func (s *Story) Wrong(lib *content.Library, today course.Day) map[string]string {
	wrong := map[string]string{}
	note := func(field, why string) {
		if why != "" && wrong[field] == "" {
			wrong[field] = why
		}
	}
	length := func(field, text string, most int, empty string) {
		switch n := utf8.RuneCountInString(text); {
		case n == 0:
			note(field, empty)
		case n > most:
			note(field, fmt.Sprintf("Anh/chị viết gọn trong %d chữ, đang có %d.", most, n))
		case strings.ContainsAny(text, "{}"):
			note(field, "Anh/chị không dùng dấu { }.")
		}
	}
	length("who", s.Who, MaxWho, "Anh/chị ghi là ai, không nêu tên: “một chị ở Ba Chẽ”.")
	length("name", s.Name, MaxWho, "")
	length("text", s.Text, MaxText, "Anh/chị kể câu chuyện.")
	length("source", s.Source, MaxSource, "Anh/chị ghi ai kể, hoặc lấy từ đâu.")
	if s.Name != "" && strings.Contains(strings.ToLower(s.Who+" "+s.Text), strings.ToLower(s.Name)) && !s.Consent.Name {
		note("text", "Câu chuyện nêu tên người đó, mà chưa có đồng ý nêu tên. Anh/chị bỏ tên ra.")
	}
	if lib.Place(s.Place) == nil {
		note("place", "Anh/chị chọn xã, phường.")
	}
	if lib.Trade(s.Trade) == nil {
		note("trade", "Anh/chị chọn nghề.")
	}
	if !in(Kinds, s.Kind) {
		note("kind", "Anh/chị chọn điều gì đã giúp người đó.")
	}
	s.wrongConsent(today, note)
	return wrong
}

// wrongConsent looks at a consent, which is whole or not there.
func (s *Story) wrongConsent(today course.Day, note func(field, why string)) {
	c := s.Consent
	if on := course.Day(c.On); c.On != "" && (!on.Valid() || on.MonthOnly() || on > today) {
		note("consent-on", "Anh/chị chọn ngày người đó đồng ý, không sau hôm nay.")
	}
	if c.How != "" && !in(Ways, c.How) {
		note("consent-how", "Anh/chị chọn cách người đó đồng ý.")
	}
	if utf8.RuneCountInString(c.Words) > MaxWords || utf8.RuneCountInString(c.By) > MaxWho {
		note("consent-words", "Lời đồng ý dài quá.")
	}
	if c.Name && s.Name == "" {
		note("name", "Đã ghi là được nêu tên thì anh/chị ghi tên.")
	}
}

// Unready says what is missing before a story may be told, "" when nothing is.
func (s *Story) Unready() string {
	switch {
	case s.State == Withdrawn:
		return "Câu chuyện này đã rút, không đăng lại được. Người đó đồng ý lại thì anh/chị viết câu chuyện mới."
	case !s.Consent.Given():
		return "Chưa đăng được: chưa ghi đủ sự đồng ý của người trong chuyện (lời đồng ý, ngày, cách đồng ý, ai hỏi)."
	case s.Picture != "" && s.Consent.Picture && s.Alt == "":
		return "Chưa đăng được: ảnh chưa có lời tả cho người không nhìn thấy."
	}
	return ""
}

func in(list [][2]string, value string) bool {
	return slices.ContainsFunc(list, func(x [2]string) bool { return x[0] == value })
}
