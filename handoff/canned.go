package handoff

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"nghe/content"
	"nghe/staff"
	"nghe/viet"
)

// Canned gives the canned answers of the content for a case, filled in: those of
// its queue first. Name is how the person may be called; "" when it is not known,
// or who reads it may not know.
func (d *Desk) Canned(c *Case, by staff.Member, name string) []content.Canned {
	return d.fill(c, by, name, d.Library().CannedFor(d.QueueOf(c).ID))
}

// AllCanned is Canned with the member's own after those of the content.
func (d *Desk) AllCanned(ctx context.Context, c *Case, by staff.Member, name string) ([]content.Canned, error) {
	own, err := d.OwnCanned(ctx, by)
	if err != nil {
		return nil, err
	}
	all := d.Library().CannedFor(d.QueueOf(c).ID)
	for _, x := range own {
		all = append(all, &content.Canned{ID: OwnPrefix + viet.Fold(x.Title), Title: x.Title, Text: x.Text})
	}
	return d.fill(c, by, name, all), nil
}

// nameFirst finds where a sentence begins with whom it is said to.
var nameFirst = regexp.MustCompile(`(^|\n|[.!?]\s+)\{name\}`)

func (d *Desk) fill(c *Case, by staff.Member, name string, all []*content.Canned) []content.Canned {
	lib, q := d.Library(), d.QueueOf(c)
	if name == "" {
		name = "anh/chị"
	}
	first, size := utf8.DecodeRuneInString(name)
	place := "nơi anh/chị ở"
	if p := lib.Place(c.Place); p != nil {
		place = p.Name
	}
	var filled []content.Canned
	for _, x := range all {
		one := *x
		one.Text = content.Fill(nameFirst.ReplaceAllString(x.Text, "${1}{Name}"), "{Name}", string(unicode.ToUpper(first))+name[size:], "{name}", name, "{me}", by.Name, "{number}", c.Title(), "{queue}", q.Title, "{who}", q.Who,
			"{hours}", d.Hours(q).String(), "{place}", place)
		filled = append(filled, one)
	}
	return filled
}

// OwnPrefix begins the ids that AllCanned gives to a member's own.
const OwnPrefix = "own:"

// OwnCanned is an answer that a member keeps for themself. Text has the places of
// content.CannedPlaces.
type OwnCanned struct {
	Title string
	Text  string
	At    time.Time
}

// Drawer keeps members' own answers, by login and by the title without accents.
// Package store has it.
type Drawer interface {
	// OwnCanned gives them, the oldest first.
	OwnCanned(ctx context.Context, login string) ([]OwnCanned, error)
	// PutCanned keeps one in the place of one of the same name.
	PutCanned(ctx context.Context, login, name string, x OwnCanned) error
	// DropCanned says whether there was one.
	DropCanned(ctx context.Context, login, name string) (bool, error)
}

// Limits of own answers.
const (
	mostOwn   = 50
	longTitle = 40   // characters
	longOwn   = 1500 // characters, as those of the content
)

var places = regexp.MustCompile(`\{[^{}]*\}`)

// OwnCanned gives a member's own answers as they were kept.
func (d *Desk) OwnCanned(ctx context.Context, by staff.Member) ([]OwnCanned, error) {
	if d.Drawer == nil {
		return nil, nil
	}
	own, err := d.Drawer.OwnCanned(ctx, by.Login)
	if err != nil {
		return nil, fmt.Errorf("read own answers: %w", err)
	}
	return own, nil
}

// KeepCanned keeps an answer of a member's own; of the same title, in its place.
func (d *Desk) KeepCanned(ctx context.Context, by staff.Member, title, text string, now time.Time) error {
	if err := staff.AllowedSomewhere(by, staff.TakeCases); err != nil {
		return err
	}
	title = strings.Join(strings.Fields(title), " ")
	text, err := words(text)
	switch n := utf8.RuneCountInString(title); {
	case err != nil:
		return err
	case n == 0 || n > longTitle || viet.Fold(title) == "":
		return refuse("Tên câu mẫu cần có chữ, dài nhất %d chữ.", longTitle)
	case utf8.RuneCountInString(text) > longOwn:
		return refuse("Câu mẫu dài quá %d chữ, anh/chị viết ngắn lại.", longOwn)
	}
	for _, p := range places.FindAllString(text, -1) {
		if !slices.Contains(content.CannedPlaces, strings.Trim(p, "{}")) {
			return refuse("Không có chỗ điền %s. Điền được: {%s}.", p, strings.Join(content.CannedPlaces, "}, {"))
		}
	}
	own, err := d.OwnCanned(ctx, by)
	if err != nil {
		return err
	}
	name := viet.Fold(title)
	same := func(x OwnCanned) bool { return viet.Fold(x.Title) == name }
	if len(own) >= mostOwn && !slices.ContainsFunc(own, same) {
		return refuse("Anh/chị đã có %d câu mẫu riêng. Anh/chị xoá bớt (trong chat: /xoamau) rồi lưu câu mới.", mostOwn)
	}
	if err := d.Drawer.PutCanned(ctx, by.Login, name, OwnCanned{title, text, now}); err != nil {
		return fmt.Errorf("keep own answer: %w", err)
	}
	return nil
}

// DropCanned removes an answer of a member's own; again, nothing more.
func (d *Desk) DropCanned(ctx context.Context, by staff.Member, title string) (bool, error) {
	there, err := d.Drawer.DropCanned(ctx, by.Login, viet.Fold(strings.Join(strings.Fields(title), " ")))
	if err != nil {
		return false, fmt.Errorf("remove own answer: %w", err)
	}
	return there, nil
}
