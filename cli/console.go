package cli

import (
	"context"
	"strconv"
	"strings"
	"time"

	"nghe/bot"
	"nghe/bot/webchat"
	"nghe/broadcast"
	"nghe/console"
	"nghe/course"
	"nghe/staff"
	"nghe/store"
)

// deskRecords are what the pages of the console show and change.
type deskRecords struct {
	*store.DB
	staff staff.Records
}

// PutCourses keeps courses; a page has no use for the counts.
func (r deskRecords) PutCourses(ctx context.Context, courses []course.Course, now time.Time, entries ...staff.Entry) error {
	_, err := r.DB.PutCourses(ctx, courses, now, entries...)
	return err
}

// PutEntry notes something that changes nothing else.
func (r deskRecords) PutEntry(ctx context.Context, e staff.Entry) error {
	return r.staff.PutEntry(ctx, e)
}

// saying gives an announcement as somebody gets it on a channel, without what
// only a program needs.
func saying(road *broadcast.Road) func(*broadcast.Broadcast, string) console.Said {
	return func(b *broadcast.Broadcast, channel string) console.Said {
		said := console.Said{Channel: channel}
		for _, bubble := range road.Bubbles(b, channel) {
			said.Text = strings.TrimSpace(said.Text + "\n\n" + bubble.Text)
			for _, o := range bubble.Options {
				said.Buttons = append(said.Buttons, o.Label)
			}
		}
		return said
	}
}

// trying says an announcement to one contact: on the web in the talk, else at
// the platform's pace behind all answers.
func trying(road *broadcast.Road, sender *bot.Sender) func(context.Context, bot.Contact, *broadcast.Broadcast) error {
	return func(ctx context.Context, to bot.Contact, b *broadcast.Broadcast) error {
		bubbles := road.Bubbles(b, to.Channel)
		if to.Channel == webchat.Channel {
			now := road.Now()
			return road.Tell(ctx, to, "try-"+b.ID+"-"+strconv.FormatInt(now.UnixMilli(), 36), bubbles, now)
		}
		return sender.Bulk(ctx, to, bubbles)
	}
}
