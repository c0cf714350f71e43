package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"nghe/dialog"
)

// Data is everything that is kept about a contact, for the contact.
type Data struct {
	Contact  string            `json:"contact"`
	At       time.Time         `json:"at"`
	Answers  map[string]string `json:"answers"`            // what they answered, by what it is about
	Asked    map[string]string `json:"answers_for_others"` // what they answered for somebody else
	Person   json.RawMessage   `json:"kept_with_consent"`  // null when nothing is
	Messages []Bubble          `json:"messages"`
	Cases    []CaseData        `json:"cases"` // what they asked humans
}

// CaseData is a talk with counsellors, for the person whose it is.
type CaseData struct {
	Number   string     `json:"number"`
	About    string     `json:"about"`
	OpenedAt time.Time  `json:"opened_at"`
	ClosedAt time.Time  `json:"closed_at,omitzero"` // not yet
	Outcome  string     `json:"outcome,omitempty"`
	Rating   int        `json:"rating,omitempty"`
	Remark   string     `json:"remark,omitempty"`
	Said     []CaseWord `json:"said"`
	Lines    []string   `json:"-"` // the same to be read
}

// CaseWord is one thing said in it.
type CaseWord struct {
	From  string    `json:"from"`
	Name  string    `json:"name,omitempty"` // of a counsellor
	Text  string    `json:"text"`
	Media string    `json:"media,omitempty"` // its kind
	At    time.Time `json:"at"`
	State string    `json:"state,omitempty"` // what became of it, of what went to them
}

// Export gives everything that is kept about a contact.
func (t *Turns) Export(ctx context.Context, c Contact, now time.Time) (Data, error) {
	d := Data{Contact: c.String(), At: now, Answers: map[string]string{}, Asked: map[string]string{}, Cases: []CaseData{}}
	loaded, err := t.Sessions.Load(ctx, c, "", now)
	if err != nil {
		return Data{}, fmt.Errorf("load session: %w", err)
	}
	if d.Messages, err = t.Sessions.Bubbles(ctx, c, 0, now); err != nil {
		return Data{}, fmt.Errorf("read bubbles: %w", err)
	}
	if d.Messages == nil {
		d.Messages = []Bubble{} // an empty list reads better than null
	}
	if d.Person, err = t.People.Export(ctx, c); err != nil {
		return Data{}, fmt.Errorf("export person: %w", err)
	}
	if t.Cases != nil {
		cases, err := t.Cases.Own(ctx, c, now)
		if err != nil {
			return Data{}, fmt.Errorf("export cases: %w", err)
		}
		d.Cases = append(d.Cases, cases...)
	}
	session, err := dialog.Decode(loaded.Session, nil)
	if err != nil {
		return Data{}, err
	}
	lib := t.Brain().Library
	name(lib, session.Mine, d.Answers)
	name(lib, session.Theirs, d.Asked)
	var private struct {
		Values dialog.Values `json:"s"` // as dialog.Session.Encode writes it
	}
	if len(loaded.Sensitive) > 0 {
		if err := json.Unmarshal(loaded.Sensitive, &private); err != nil {
			return Data{}, fmt.Errorf("read sensitive answers: %w", err)
		}
	}
	for slot, v := range private.Values {
		if slot == dialog.PickedSoFar {
			continue // of a question that is being asked: its bubbles are there
		}
		if theirs, ok := strings.CutPrefix(slot, "o."); ok {
			name(lib, dialog.Values{theirs: v}, d.Asked)
		} else {
			name(lib, dialog.Values{slot: v}, d.Answers)
		}
	}
	return d, nil
}

// name writes values the way the person knows them.
func name(lib dialog.Library, values dialog.Values, into map[string]string) {
	for id, v := range values {
		if !v.Known() {
			continue
		}
		label := id
		if slot := lib.Slot(id); slot != nil && slot.Label != "" {
			label = slot.Label
		}
		into[label] = valueNames(lib, id, v)
	}
}

func valueNames(lib dialog.Library, slot string, v dialog.Value) string {
	items := v.List()
	if items == nil {
		items = []string{v.String()}
	}
	names := make([]string, len(items))
	for i, item := range items {
		names[i] = lib.ValueName(slot, item)
	}
	return strings.Join(names, ", ")
}

// lines tells the data in a bubble: the answers and what was said with humans, a
// line each.
func (d Data) lines() string {
	var lines []string
	for _, set := range []map[string]string{d.Answers, d.Asked} {
		for _, label := range slices.Sorted(maps.Keys(set)) {
			lines = append(lines, label+": "+set[label])
		}
	}
	for _, c := range d.Cases {
		lines = append(lines, c.Lines...)
	}
	return strings.Join(lines, "\n")
}

// Knows says whether anything is kept about a contact.
func (t *Turns) Knows(ctx context.Context, c Contact, now time.Time) (bool, error) {
	d, err := t.Export(ctx, c, now)
	if err != nil {
		return false, err
	}
	return len(d.Messages) > 0 || len(d.Answers) > 0 || len(d.Asked) > 0 || len(d.Cases) > 0 || d.Person != nil, nil
}
