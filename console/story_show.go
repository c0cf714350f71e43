package console

import (
	"errors"

	"nghe/course"
	"nghe/staff"
	"nghe/story"
)

// storyPage is the page of one story.
type storyPage struct {
	storyRow
	Kind    string // as it is called
	How     string
	Unready string // why it can't be told yet
	Told    string // whom it is told of, as people read it; "" = it is not
	Entries []staff.Entry
}

// ConsentDay is the day of the consent as it is written.
func (p storyPage) ConsentDay() string { return date(course.Day(p.Consent.On)) }

// showStory shows a story with its consent, and what can be done with it.
func (c *Console) showStory(v *visit) error {
	s, err := c.story(v)
	if err != nil {
		return err
	}
	p := storyPage{storyRow: storyRow{*s, storyWords[s.State].Label, storyWords[s.State].Colour}, Kind: labelIn(story.Kinds, s.Kind), How: labelIn(story.Ways, s.Consent.How), Unready: s.Unready()}
	if told := s.Told(); told != nil {
		p.Told = told.Who
	}
	if p.Entries, err = c.Desk.Records.Entries(v.Context(), staff.Query{About: "story:" + s.ID, Limit: 20}); err != nil {
		return err
	}
	return c.page(v, "story", or(s.Who, "Câu chuyện đã rút"), p)
}

func labelIn(list [][2]string, value string) string {
	for _, x := range list {
		if x[0] == value {
			return x[1]
		}
	}
	return ""
}

// publishStory lets it be told.
func (c *Console) publishStory(v *visit) error {
	was, err := c.story(v)
	if err != nil {
		return err
	}
	s := *was
	if why := s.Unready(); why != "" {
		return &staff.Wrong{Text: why}
	}
	s.State, s.UpdatedAt = story.Published, c.Now()
	return c.putStory(v, was, s, nil, "story.publish", "story-told")
}

// unpublishStory makes it a draft again.
func (c *Console) unpublishStory(v *visit) error {
	was, err := c.story(v)
	if err != nil {
		return err
	}
	s := *was
	s.State, s.UpdatedAt = story.Draft, c.Now()
	return c.putStory(v, was, s, nil, "story.draft", "story-draft")
}

// withdrawStory takes it back for good: text, name and picture are removed, also
// of what somebody else changes at this moment.
func (c *Console) withdrawStory(v *visit) error {
	const tries = 5
	for n := 1; ; n++ {
		was, err := c.story(v)
		if err != nil {
			return err
		}
		if was.State == story.Withdrawn {
			return sendOn(v, "/console/stories/"+was.ID, "story-gone")
		}
		if err := c.putStory(v, was, was.Withdraw(c.Now()), nil, "story.withdraw", "story-gone"); !errors.Is(err, errStale) || n == tries {
			return err
		}
	}
}

// showStoryPicture shows the picture of a story to who may change it.
func (c *Console) showStoryPicture(v *visit) error {
	s, err := c.story(v)
	if err != nil {
		return err
	}
	body, err := c.Records.StoryPicture(v.Context(), s.ID, s.Picture)
	switch {
	case err != nil:
		return err
	case body == nil:
		return errMissing
	}
	v.w.Header().Set("Content-Type", "image/jpeg")
	_, err = v.w.Write(body)
	return err
}
