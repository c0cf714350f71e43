package story

import (
	"time"

	"nghe/content"
	"nghe/staff"
)

// Story is what somebody did, with what allows to tell it.
type Story struct {
	ID     string `json:"id"`
	Who    string `json:"who"`            // without a name: “một chị ở Ba Chẽ”
	Name   string `json:"name,omitempty"` // told only when the consent covers it
	Place  string `json:"place"`          // id in content/places.yaml
	Trade  string `json:"trade"`          // id in content/trades.yaml
	Kind   string `json:"kind"`           // one of Kinds
	Text   string `json:"text"`
	Source string `json:"source"` // who told it, or where it was written

	State   State   `json:"state"`
	Consent Consent `json:"consent"`
	// Picture is the name of the picture, which changes with it; "" without one.
	Picture string `json:"picture,omitempty"`
	Alt     string `json:"alt,omitempty"` // what is seen on it, for who can't see it

	By          string    `json:"by"` // id of who wrote it down
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
	WithdrawnAt time.Time `json:"withdrawn_at,omitzero"`
}

// Consent is what the person said yes to.
type Consent struct {
	Words   string `json:"words"` // as they were read out or signed
	On      string `json:"on"`    // the day, as in course.Day
	How     string `json:"how"`   // one of Ways
	By      string `json:"by"`    // who of the office asked
	Name    bool   `json:"name"`  // their name may be told
	Picture bool   `json:"picture"`
}

// Given says that there is one.
func (c Consent) Given() bool { return c.Words != "" && c.On != "" && c.How != "" && c.By != "" }

// State is how far a story is.
type State string

// The states. Withdrawn is the end.
const (
	Draft     State = "draft"
	Published State = "published"
	Withdrawn State = "withdrawn"
)

// Kinds are what helped, as in content/stories.yaml, with how they are called.
var Kinds = [][2]string{{"training", "Học nghề"}, {"loan", "Vay vốn"}, {"training+job", "Học nghề rồi có việc"}, {"own-initiative", "Tự làm"}}

// Ways are how somebody agrees, with how they are called.
var Ways = [][2]string{{"paper", "Ký trên giấy"}, {"spoken", "Nói trực tiếp, có người chứng kiến"}, {"chat", "Nhắn tin qua chat"}, {"phone", "Qua điện thoại"}}

// Words are what the office reads to the person, unless it has its own.
const Words = "Tôi đồng ý để câu chuyện của tôi được kể trên trang công khai và trong chat của nghe, để bà con khác tham khảo. Tôi có thể rút lại bất cứ lúc nào bằng cách báo xã; rút thì câu chuyện và ảnh được xoá khỏi các trang ngay."

// Where is where a story is, for who may change it.
func (s *Story) Where() staff.Where {
	if s.Place == "" {
		return staff.Where{}
	}
	return staff.Where{Places: []string{s.Place}}
}

// Told is a story as anybody hears it; nil when nobody may.
func (s *Story) Told() *content.Story {
	if s.State != Published || !s.Consent.Given() {
		return nil
	}
	told := &content.Story{ID: s.ID, Who: s.Who, Place: s.Place, Trade: s.Trade, Kind: s.Kind, Text: s.Text, Source: s.Source, Agreed: true}
	if s.Consent.Name && s.Name != "" {
		told.Who = s.Name + ", " + s.Who
	}
	if s.Consent.Picture {
		told.Picture, told.Alt = s.Picture, s.Alt
	}
	return told
}

// Told are those of all that may be told.
func Told(all []Story) []*content.Story {
	var told []*content.Story
	for i := range all {
		if t := all[i].Told(); t != nil {
			told = append(told, t)
		}
	}
	return told
}

// Withdraw takes a story back for good: what is about the person is no longer in
// it. What they had agreed to, and when that ended, stays, to be shown to whoever
// asks why it was told.
func (s Story) Withdraw(now time.Time) Story {
	c := s.Consent
	if c.Words != Words { // somebody's own words may tell who it was
		c.Words = "Lời đồng ý riêng, đã xoá cùng câu chuyện."
	}
	return Story{ID: s.ID, Place: s.Place, Trade: s.Trade, Kind: s.Kind, State: Withdrawn, Consent: c, By: s.By, CreatedAt: s.CreatedAt, UpdatedAt: now, WithdrawnAt: now}
}
