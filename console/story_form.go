package console

import (
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/oklog/ulid/v2"

	"nghe/staff"
	"nghe/story"
)

// storyForm is the page on which a story is written down.
type storyForm struct {
	Form
	story.Story                 // without an ID: a new one
	Places, Trades, Kinds, Ways []option
}

// newStory shows an empty form, with the words of consent that are usual.
func (c *Console) newStory(v *visit) error {
	s := story.Story{Consent: story.Consent{Words: story.Words}}
	if all := v.me().Scope.Places; len(all) == 1 {
		s.Place = all[0]
	}
	return c.storyFormPage(v, Form{}, s, c.page)
}

func (c *Console) storyFormPage(v *visit, f Form, s story.Story, show func(*visit, string, string, any) error) error {
	p := storyForm{Form: f, Story: s}
	for _, place := range c.placesByName() {
		if may(v.me(), staff.EditStories, staff.Where{Places: []string{place.ID}}) {
			p.Places = append(p.Places, option{place.ID, place.Name})
		}
	}
	for _, t := range c.Library().Trades {
		p.Trades = append(p.Trades, option{t.ID, t.Label()})
	}
	p.Kinds, p.Ways = pairs(story.Kinds), pairs(story.Ways)
	title := "Thêm câu chuyện"
	if s.ID != "" {
		title = "Sửa câu chuyện"
	}
	return show(v, "storyform", title, p)
}

func pairs(list [][2]string) []option {
	all := make([]option, len(list))
	for i, x := range list {
		all[i] = option{x[0], x[1]}
	}
	return all
}

// story gives the story of the path if who asks may change it.
func (c *Console) story(v *visit) (*story.Story, error) {
	s, err := c.Records.Story(v.Context(), v.PathValue("id"))
	switch {
	case err != nil:
		return nil, err
	case s == nil:
		return nil, errMissing
	}
	return s, staff.Allowed(v.me(), staff.EditStories, s.Where())
}

// addStory keeps a new story, as a draft.
func (c *Console) addStory(v *visit) error {
	f, err := readWithFile(v)
	if err != nil {
		return err
	}
	now := c.Now()
	s, picture, err := c.readStory(v, &f, story.Story{State: story.Draft, By: v.me().ID, CreatedAt: now})
	if err != nil {
		return err
	}
	if f.Bad() {
		return c.storyFormPage(v, f, s, c.again)
	}
	s.ID = strings.ToLower(ulid.MustNew(ulid.Timestamp(now), ulid.DefaultEntropy()).String())
	return c.putStory(v, nil, s, picture, "story.add", "story")
}

// editStory shows the form of a story that is there.
func (c *Console) editStory(v *visit) error {
	s, err := c.story(v)
	if err != nil {
		return err
	}
	if s.State == story.Withdrawn {
		return &staff.Wrong{Text: s.Unready()}
	}
	return c.storyFormPage(v, Form{}, *s, c.page)
}

// changeStory keeps it as it was changed. One that is told must stay fit to be told.
func (c *Console) changeStory(v *visit) error {
	f, err := readWithFile(v)
	if err != nil {
		return err
	}
	was, err := c.story(v)
	if err != nil {
		return err
	}
	s, picture, err := c.readStory(v, &f, *was)
	if err != nil {
		return err
	}
	if why := s.Unready(); why != "" && s.State != story.Draft {
		f.note("", why)
	}
	if f.Bad() {
		return c.storyFormPage(v, f, s, c.again)
	}
	return c.putStory(v, was, s, picture, "story.edit", "story")
}

// readWithFile reads a form that a file may come with.
func readWithFile(v *visit) (Form, error) {
	v.Body = http.MaxBytesReader(v.w, v.Body, story.MaxUpload+maxForm)
	if err := v.ParseMultipartForm(fileInMemory); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return Form{}, err
		}
		return Form{}, errors.Join(errForm, err)
	}
	return Form{Values: v.PostForm, of: v}, nil
}

// readStory reads the form, and notes everything that can't be taken.
func (c *Console) readStory(v *visit, f *Form, was story.Story) (s story.Story, picture []byte, err error) {
	s = was
	line := func(field string) string { return strings.Join(strings.Fields(f.Get(field)), " ") }
	s.Who, s.Name, s.Place, s.Trade, s.Kind = line("who"), line("name"), f.Get("place"), f.Get("trade"), f.Get("kind")
	s.Text, s.Source, s.Alt, s.UpdatedAt = line("text"), line("source"), line("alt"), c.Now()
	s.Consent = story.Consent{Words: line("consent-words"), On: f.Get("consent-on"), How: f.Get("consent-how"), By: line("consent-by"), Name: f.Has("consent-name", "yes"), Picture: f.Has("consent-picture", "yes")}
	if f.Has("drop-picture", "yes") {
		s.Picture = ""
	}
	if picture, err = readPicture(v, f); err != nil {
		return s, nil, err
	}
	if picture != nil {
		s.Picture = rand.Text()
	}
	for field, why := range s.Wrong(c.Library(), c.today()) {
		f.note(field, why)
	}
	if s.Place != "" {
		f.refuse(staff.Allowed(v.me(), staff.EditStories, s.Where()))
	}
	return s, picture, nil
}

// readPicture reads the picture that came with a form, made anew; nil for none.
func readPicture(v *visit, f *Form) ([]byte, error) {
	file, head, err := v.FormFile("picture")
	if err != nil || head.Size == 0 {
		return nil, nil // none was chosen
	}
	defer file.Close()
	body, err := io.ReadAll(file)
	if err != nil {
		return nil, errors.Join(errForm, err)
	}
	made, err := story.Remake(body)
	switch {
	case errors.Is(err, story.ErrLarge):
		f.note("picture", "Ảnh lớn quá 10 MB. Anh/chị chọn ảnh nhỏ hơn.")
	case errors.Is(err, story.ErrNoPicture):
		f.note("picture", "Tệp này không phải ảnh JPEG, PNG hoặc WebP đọc được.")
	case err != nil:
		return nil, err
	}
	return made, nil
}

// errStale says that a story is no longer as it was read.
var errStale = &staff.Wrong{Text: "Câu chuyện này vừa được người khác sửa hoặc rút. Anh/chị mở lại trang rồi làm tiếp."}

// putStory keeps a story and takes it up at once. The books tell what was done and
// not of whom.
func (c *Console) putStory(v *visit, was *story.Story, s story.Story, picture []byte, did, done string) error {
	put, err := c.Records.PutStory(v.Context(), was, s, picture, c.entry(v, did, "story:"+s.ID, c.tradeName(s.Trade)+", "+c.placeName(s.Place)))
	switch {
	case err != nil:
		return err
	case !put:
		return errStale
	}
	if err := c.Learn(v.Context()); err != nil {
		return err
	}
	return sendOn(v, "/console/stories/"+s.ID, done)
}
