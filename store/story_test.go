package store_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"nghe/staff"
	"nghe/store"
	"nghe/story"
)

func TestStories(t *testing.T) { onEach(t, storiesSuite) }

func storiesSuite(t *testing.T, db *store.DB) {
	ctx := t.Context()
	entry := func(did string) staff.Entry { return staff.NewEntry(staff.Operator, noon, did, "story:a", "") }
	was := func(id string) *story.Story {
		t.Helper()
		s, err := db.Story(ctx, id)
		if err != nil || s == nil {
			t.Fatalf("%v %v", s, err)
		}
		return s
	}
	put := func(before *story.Story, s story.Story, picture []byte, did string, want bool) {
		t.Helper()
		if got, err := db.PutStory(ctx, before, s, picture, entry(did)); got != want || err != nil {
			t.Errorf("%s: %v, %v", did, got, err)
		}
	}
	s := story.Story{ID: "a", Who: "một chị ở Ba Chẽ", Name: "Triệu Thị “Mai”", Place: "ba-che", Trade: "nau-an", Kind: "training", Text: "Chị học rồi mở quán.", Source: "Chị kể", State: story.Published,
		Consent: story.Consent{Words: story.Words, On: "2026-11-20", How: "paper", By: "Cô Lan", Name: true, Picture: true}, Picture: "p1", Alt: "Chị bên bếp", CreatedAt: noon, UpdatedAt: noon}
	before, err := db.CoursesChange(ctx)
	if err != nil {
		t.Fatal(err)
	}
	put(nil, s, []byte("one"), "story.add", true)
	put(nil, s, []byte("one"), "story.again", false)
	if got := was("a"); !reflect.DeepEqual(*got, s) {
		t.Errorf("%+v, want %+v", got, s)
	}
	if after, _ := db.CoursesChange(ctx); after <= before {
		t.Error("conversations don't see it")
	}
	if b, err := db.ToldPicture(ctx, "a", "p1"); string(b) != "one" || err != nil {
		t.Errorf("%q %v", b, err)
	}

	// Another picture stands in for the first.
	read := was("a")
	s.Picture, s.UpdatedAt = "p2", noon.Add(time.Minute)
	put(read, s, []byte("two"), "story.edit", true)
	put(read, s, nil, "story.late", false) // it was read before
	if b, _ := db.StoryPicture(ctx, "a", "p1"); b != nil {
		t.Error("the old picture is still there")
	}

	// A draft is shown to nobody, nor by another story's name.
	draft := s
	draft.State, draft.UpdatedAt = story.Draft, noon.Add(2*time.Minute)
	put(was("a"), draft, nil, "story.unpublish", true)
	if b, _ := db.ToldPicture(ctx, "a", "p2"); b != nil {
		t.Error("the picture of a draft is shown")
	}
	if b, _ := db.StoryPicture(ctx, "b", "p2"); b != nil {
		t.Error("the picture of another story")
	}

	// Withdrawn: nothing of the person is left, and it does not come back.
	stale := was("a")
	put(stale, stale.Withdraw(noon.Add(time.Hour)), nil, "story.withdraw", true)
	put(stale, s, []byte("three"), "story.back", false)
	gone := was("a")
	again := *gone
	again.State, again.UpdatedAt = story.Published, noon.Add(2*time.Hour)
	put(gone, again, nil, "story.back", false)
	if gone = was("a"); gone.Who+gone.Name+gone.Text+gone.Picture+gone.Source+gone.Alt != "" || gone.State != story.Withdrawn || gone.Consent.On != "2026-11-20" || !gone.WithdrawnAt.Equal(noon.Add(time.Hour)) {
		t.Errorf("%+v", gone)
	}
	if b, _ := db.StoryPicture(ctx, "a", "p2"); b != nil {
		t.Error("withdrawn, and its picture is kept")
	}
	if all, err := db.Stories(ctx); len(all) != 1 || err != nil || len(story.Told(all)) != 0 {
		t.Errorf("%+v %v", all, err)
	}
	if none, err := db.Story(ctx, "nobody"); none != nil || err != nil {
		t.Errorf("%v %v", none, err)
	}

	// Only what was done is in the books.
	entries, err := db.Staff().Entries(ctx, staff.Query{About: "story:a", Limit: 20})
	var did []string
	for _, e := range entries {
		did = append(did, e.Did)
	}
	if got := strings.Join(did, " "); err != nil || got != "story.withdraw story.unpublish story.edit story.add" {
		t.Errorf("%s %v", got, err)
	}
}
