package console

import (
	"slices"

	"nghe/staff"
	"nghe/story"
)

// storyWords are how the states of a story are called, with their colours.
var storyWords = map[story.State]struct{ Label, Colour string }{
	story.Draft: {"bản nháp", "straw"}, story.Published: {"đang kể", "leaf"}, story.Withdrawn: {"đã rút", "brick"},
}

// storyRow is a story in the list.
type storyRow struct {
	story.Story
	Word, Colour string
}

// listStories shows the good examples of where one works.
func (c *Console) listStories(v *visit) error {
	all, err := c.Records.Stories(v.Context())
	if err != nil {
		return err
	}
	var rows []storyRow
	for _, s := range all {
		if may(v.me(), staff.EditStories, s.Where()) {
			rows = append(rows, storyRow{s, storyWords[s.State].Label, storyWords[s.State].Colour})
		}
	}
	rank := map[story.State]int{story.Draft: 0, story.Published: 1, story.Withdrawn: 2}
	slices.SortStableFunc(rows, func(a, b storyRow) int { return rank[a.State] - rank[b.State] })
	return c.page(v, "stories", "Điển hình", rows)
}
