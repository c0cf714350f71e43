package handoff

import (
	"context"
	"fmt"
	"strings"
	"time"

	"nghe/bot"
)

// What a person hands over on a page of ours comes whole, with its message
// (bot.Incoming.File); the name that the page gave it is bot.Media.Ref.

// Look says what a file is by what is in it, whatever it is called, and which
// kind of bot.Media that makes. Not fit: it is of no kind that is passed on.
func (d *Desk) Look(name string, body []byte) (f bot.File, kind string, is bool) {
	f, why := fit(bot.File{Body: body}, &bot.Media{Kind: bot.MediaOther, Name: name})
	return f, kindOf(f.Type), why == ""
}

// kindOf gives the kind of what HTTP names so.
func kindOf(mime string) string {
	switch whole, _, _ := strings.Cut(mime, "/"); whole {
	case "image":
		return bot.MediaPhoto
	case "audio":
		return bot.MediaVoice
	}
	return bot.MediaOther
}

// Keep keeps the file that came with a turn, once; false when no case has that
// turn. It implements bot.Cases.
func (d *Desk) Keep(ctx context.Context, who bot.Contact, turn string, f bot.File, now time.Time) (bool, error) {
	m, err := d.saidIn(ctx, who, turn)
	if err != nil || m == nil {
		return false, err
	}
	if m.File != nil {
		return true, nil
	}
	c, err := d.Records.Case(ctx, m.Case)
	if err != nil || c == nil {
		return false, err
	}
	return true, d.putFile(ctx, c, *m, f, "", now)
}

// saidIn gives what a person said in a turn, as one of their cases has it; nil
// for none.
func (d *Desk) saidIn(ctx context.Context, who bot.Contact, turn string) (*Message, error) {
	theirs, err := d.Records.Cases(ctx, Query{Of: who, States: []State{Waiting, Claimed, Closed}, Within: everywhere, Limit: mostCases})
	if err != nil {
		return nil, fmt.Errorf("read cases: %w", err)
	}
	for i := range theirs {
		c, key := &theirs[i], fileKey(turn, 0)
		for c != nil && c.MergedInto != "" { // what was said went along
			key = MergedKey(c.ID, key)
			if c, err = d.Records.Case(ctx, c.MergedInto); err != nil {
				return nil, fmt.Errorf("read case: %w", err)
			}
		}
		if c == nil {
			continue
		}
		m, err := d.Records.MessageBy(ctx, c.ID, key)
		if err != nil || m != nil {
			return m, err
		}
	}
	return nil, nil
}

// FileFor gives a file of a talk to the person whose it is, and to nobody else:
// what a counsellor sent into it, by the name of the message, and what the person
// handed over, by the name that their page gave it. Nil when it is not there.
func (d *Desk) FileFor(ctx context.Context, who bot.Contact, name string) (*bot.File, error) {
	if who == (bot.Contact{}) {
		return nil, nil
	}
	m, err := d.sentTo(ctx, who, name)
	if m == nil && err == nil {
		m, err = d.saidIn(ctx, who, bot.Incoming{Contact: who, Update: name}.Turn())
	}
	if m == nil || err != nil {
		return nil, err
	}
	return d.Records.File(ctx, m.ID)
}

// sentTo gives what a counsellor sent into a talk; nil for none.
func (d *Desk) sentTo(ctx context.Context, who bot.Contact, message string) (*Message, error) {
	m, err := d.Records.Message(ctx, message)
	if err != nil || m == nil || m.From != FromCounsellor {
		return nil, err
	}
	c, err := d.Records.Case(ctx, m.Case)
	if err != nil || c == nil || c.Contact != who {
		return nil, err
	}
	return m, nil
}
