package handoff

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"nghe/bot"
	"nghe/staff"
)

// File is what is known of what came with a message and is no words.
type File struct {
	Name string
	Type string // as HTTP names it
	Size int
	// Why says why it is not there: a word of whyNoFile.
	Why string
}

// There says whether it can be looked at.
func (f *File) There() bool { return f != nil && f.Why == "" }

// Why a file is not there.
const (
	noFileSize = "file-size"
	noFileType = "file-type"
	noFileGone = "file-gone" // the platform does not give it out
	noFileOld  = "file-old"  // it was kept long enough
	noFileSlow = "file-slow" // it could not be had in time
)

var whyNoFile = map[string]string{
	noFileSize: "lớn quá 10 MB", noFileType: "loại tệp không nhận (nhận ảnh, ghi âm, phim MP4, PDF, Word, Excel)", noFileGone: "nơi gửi không còn giữ", noFileOld: "đã hết hạn giữ 30 ngày",
	noFileSlow: "chưa tải được từ nơi gửi", "zalo-type": "Zalo chỉ nhận ảnh JPG, PNG và tệp PDF, Word", "zalo-size": "Zalo chỉ nhận ảnh tới 1 MB, tệp tới 5 MB",
}

// NoFile says in words why a file is not there; the word itself when it is
// another reason.
func NoFile(why string) string {
	if text, ok := whyNoFile[why]; ok {
		return text
	}
	return why
}

const (
	// fileTime is for getting a file of its platform. Words that come after it, and
	// who is shown it, wait no longer than fileHolds.
	fileTime  = 10 * time.Minute
	fileHolds = time.Minute
	// FilesKeptFor is how long after closing the files of a case are kept.
	FilesKeptFor = 30 * 24 * time.Hour
)

// fetched says whether a message has no file, or it is known what became of it.
func (m *Message) fetched() bool { return m.Media == nil || m.Media.Ref == "" || m.File != nil }

// AwaitsFile says whether the file of a message is worth waiting for.
func (m *Message) AwaitsFile(now time.Time) bool { return !m.fetched() && now.Sub(m.At) < fileHolds }

// SayMedia is Say for something that is no words: text is its caption, "" for
// none, and via the channel that it was sent by. It is relayed once it was got
// and found fit.
func (d *Desk) SayMedia(ctx context.Context, id string, by staff.Member, media bot.Media, via, text, key string, now time.Time) (*Message, error) {
	if media.Ref == "" {
		return nil, refuse("Vị trí và danh thiếp chưa chuyển được. Anh/chị gõ bằng chữ.")
	}
	if strings.TrimSpace(text) != "" {
		var err error
		if text, err = words(text); err != nil {
			return nil, err
		}
	}
	media.File, media.Group = "", ""
	m := Message{
		Key: "say " + by.Login + " " + key, From: FromCounsellor, By: by.Login, Name: by.Name, Text: strings.TrimSpace(text), Media: &media, Via: via, State: Queued, At: now,
	}
	return d.add(ctx, id, by, m, func(c *Case) error { return d.maySend(by, c, now) })
}

// SayFile is SayMedia for a file that is here: looked at, and kept together with
// the message. What was said under the same key is something else.
func (d *Desk) SayFile(ctx context.Context, id string, by staff.Member, name string, body []byte, text, key string, now time.Time) (*Message, error) {
	media := &bot.Media{Kind: bot.MediaOther, Name: name}
	f, why := fit(bot.File{Body: body}, media)
	if why != "" {
		return nil, refuse("Chưa gửi được: %s.", NoFile(why))
	}
	media.Kind = kindOf(f.Type)
	if strings.TrimSpace(text) != "" {
		var err error
		if text, err = words(text); err != nil {
			return nil, err
		}
	}
	m := Message{
		Key: "file " + by.Login + " " + key, From: FromCounsellor, By: by.Login, Name: by.Name, Text: strings.TrimSpace(text), Media: media,
		File: &File{Name: f.Name, Type: f.Type, Size: len(f.Body)}, Body: f.Body, State: Queued, At: now,
	}
	return d.add(ctx, id, by, m, func(c *Case) error { return d.maySend(by, c, now) })
}

// maySend is maySay for what is no words.
func (d *Desk) maySend(by staff.Member, c *Case, now time.Time) error {
	if err := d.maySay(by, c, now); err != nil {
		return err
	}
	if d.Carries == nil || !d.Carries(c.Contact) {
		return refuse("Người dân đang ở kênh không nhận được tệp. Anh/chị gõ bằng chữ, hoặc hẹn cách khác.")
	}
	return nil
}

// Fetch gets what people and counsellors sent of their platforms and keeps it,
// and relays what waited for it. Call it whenever something was said.
func (d *Desk) Fetch(ctx context.Context, now time.Time) error {
	if d.Fetcher == nil {
		return nil
	}
	const atATime = 50
	wanted, err := d.Records.Unfetched(ctx, now.Add(-2*fileTime), atATime)
	if err != nil {
		return fmt.Errorf("look for files: %w", err)
	}
	var errs []error
	for _, m := range wanted {
		errs = append(errs, d.fetch(ctx, m, now))
	}
	return errors.Join(errs...)
}

// oneFile is for getting one file.
const oneFile = time.Minute

func (d *Desk) fetch(ctx context.Context, m Message, now time.Time) error {
	c, err := d.Records.Case(ctx, m.Case)
	if err != nil || c == nil {
		return err
	}
	via := m.Via
	if via == "" {
		via = c.Contact.Channel
	}
	getting, cancel := context.WithTimeout(ctx, oneFile)
	f, err := d.Fetcher(getting, via, m.Media.Ref, bot.MaxFile)
	cancel()
	why := ""
	switch {
	case errors.Is(err, bot.ErrFileSize):
		why = noFileSize
	case errors.Is(err, bot.ErrNoFile):
		why = noFileGone
	case errors.Is(err, bot.ErrFileLater) && now.Sub(m.At) < fileTime:
		return nil
	case err != nil && (now.Sub(m.At) >= fileTime || m.State == Queued && now.Sub(m.At) >= fileHolds):
		why = noFileSlow
	case err != nil:
		return fmt.Errorf("get file of message %s: %w", m.ID, err)
	default:
		f, why = fit(f, m.Media)
	}
	return d.putFile(ctx, c, m, f, why, now)
}

// putFile keeps what was got with a message, or why nothing was, tells of it, and
// relays what waited for it.
func (d *Desk) putFile(ctx context.Context, c *Case, m Message, f bot.File, why string, now time.Time) error {
	if err := d.Records.PutFile(ctx, m.ID, f, why, now); err != nil {
		return fmt.Errorf("keep file: %w", err)
	}
	kept, err := d.Records.Message(ctx, m.ID)
	if err != nil || kept == nil {
		return err
	}
	d.tell("fetched", Changed{Case: *c, Said: []Message{*kept}})
	if m.State == Queued {
		d.flush(ctx, c, now)
	}
	return nil
}

// Attend gets files and relays what could not be relayed at once, whenever said is
// rung and each few seconds, until the context ends.
func (d *Desk) Attend(ctx context.Context, said <-chan struct{}, now func() time.Time) {
	tick := time.NewTicker(fetchAgain)
	defer tick.Stop()
	for {
		if err := d.Fetch(ctx, now()); err != nil && ctx.Err() == nil {
			d.log().Warn("a file of a case can't be had yet", "error", err)
		}
		if err := d.relayWaiting(ctx, now()); err != nil && ctx.Err() == nil {
			d.log().Error("messages of cases wait", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-said:
		}
	}
}

const fetchAgain = 3 * time.Second

// FileOf gives what came with a message to a member who may see its case; nil
// when it is not there.
func (d *Desk) FileOf(ctx context.Context, id, message string, by staff.Member, now time.Time) (*bot.File, error) {
	c, err := d.Get(ctx, id, by)
	if err != nil {
		return nil, err
	}
	m, err := d.Records.Message(ctx, message)
	if err != nil || m == nil || m.Case != c.ID || !m.Ends.IsZero() && !now.Before(m.Ends) {
		return nil, err
	}
	e := entry(by, now, "read", c, "xem")
	if err := d.Records.NoteReading(ctx, *e); err != nil {
		return nil, fmt.Errorf("note reading: %w", err)
	}
	return d.Records.File(ctx, message)
}

// Takes implements bot.Cases: what is no words goes with the case that is open;
// a voice opens one while somebody is there to listen, in the hours of the queue
// that it would come to.
func (d *Desk) Takes(ctx context.Context, who bot.Contact, m bot.Media, flow, turn string, at time.Time) (bot.Taking, error) {
	c, err := d.Records.OpenCaseOf(ctx, who)
	switch {
	case err != nil:
		return bot.NotTaken, fmt.Errorf("read case: %w", err)
	case c != nil && c.Turn == turn:
		return bot.TakenOpens, nil // decided again
	case c != nil:
		return bot.TakenFiled, nil
	case m.Kind != bot.MediaVoice:
		return bot.NotTaken, nil
	}
	said, err := d.Sessions.Bubbles(ctx, who, 0, at)
	if err != nil {
		return bot.NotTaken, fmt.Errorf("read bubbles: %w", err)
	}
	q := d.Library().Route(lastTopic(said), flow)
	if q == nil || !d.Hours(q).Open(at) {
		return bot.NotTaken, nil
	}
	manned, err := d.manned(ctx, &Case{Queue: q.ID, Org: q.Org})
	if err != nil || manned != "yes" {
		return bot.NotTaken, err
	}
	return bot.TakenOpens, nil
}
