package zalo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strings"

	"nghe/bot"
)

// What an account may upload: pictures to 1 MB, documents to 5 MB. Neither
// voices nor films.
const (
	mostPicture  = 1 << 20
	mostDocument = 5 << 20
)

var documents = []string{"application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}

// Why a file is not sent.
const (
	reasonType = "zalo-type"
	reasonSize = "zalo-size"
)

// hosts are where Zalo keeps what people send.
var hosts = []string{"zdn.vn", "zadn.vn", "zalo.me"}

var _ bot.Fetcher = (*Account)(nil)

// Fetch implements bot.Fetcher: ref is the key of the event that told of it, by
// which Persons keep where it is.
func (a *Account) Fetch(ctx context.Context, ref string, most int64) (bot.File, error) {
	if a.References == nil {
		return bot.File{}, bot.ErrNoFile
	}
	all, err := a.References(ctx, ref)
	switch {
	case err != nil:
		return bot.File{}, err
	case len(all) == 0:
		return bot.File{}, bot.ErrNoFile
	}
	body, err := a.download(ctx, all[0].Ref, most)
	return bot.File{Name: all[0].Name, Body: body}, err
}

// download gets something of Zalo's own hosts, and of nobody else's.
func (a *Account) download(ctx context.Context, address string, most int64) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Port() != "" || u.User != nil ||
		!slices.ContainsFunc(hosts, func(h string) bool { return u.Hostname() == h || strings.HasSuffix(u.Hostname(), "."+h) }) {
		return nil, fmt.Errorf("%w: the address is none of Zalo's", bot.ErrNoFile)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: the address can't be used", bot.ErrNoFile)
	}
	resp, err := a.media.Do(r)
	if err != nil {
		return nil, cause(err)
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode >= 500 || resp.StatusCode == http.StatusTooManyRequests:
		return nil, fmt.Errorf("HTTP %d", resp.StatusCode)
	case resp.StatusCode != http.StatusOK: // also a way to another place
		return nil, fmt.Errorf("%w: HTTP %d", bot.ErrNoFile, resp.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, most+1))
	switch {
	case err != nil:
		return nil, cause(err)
	case int64(len(body)) > most:
		return nil, bot.ErrFileSize
	}
	return body, nil
}

// attachment uploads a file and gives what a message has it by. What was only
// uploaded nobody has seen: it may be done again.
func (a *Account) attachment(ctx context.Context, m bot.Media) (map[string]any, *bot.SendError) {
	never := func(reason, why string) (map[string]any, *bot.SendError) {
		return nil, &bot.SendError{Next: bot.Never, Reason: reason, Err: errors.New(why)}
	}
	if a.Files == nil {
		return never(reasonType, "no files are sent here")
	}
	f, err := a.Files(ctx, m.File)
	if err != nil {
		return nil, &bot.SendError{Next: bot.Again, After: shortWait, Reason: "storage", Err: err}
	}
	picture := f != nil && (f.Type == "image/jpeg" || f.Type == "image/png")
	switch {
	case f == nil:
		return never("file-old", "the file is not kept any more")
	case !picture && !slices.Contains(documents, f.Type):
		return never(reasonType, "Zalo takes no "+f.Type)
	case picture && len(f.Body) > mostPicture, len(f.Body) > mostDocument:
		return never(reasonSize, fmt.Sprintf("%d bytes", len(f.Body)))
	}
	path := "/v2.0/oa/upload/file"
	if picture {
		path = "/v2.0/oa/upload/image"
	}
	var up struct {
		ID    string `json:"attachment_id"`
		Token string `json:"token"`
	}
	data, err := a.upload(ctx, path, *f)
	if err == nil {
		err = json.Unmarshal(data, &up)
	}
	if err != nil {
		failed := a.failure(err)
		if failed.Next == bot.Doubtful {
			failed.Next, failed.After = bot.Again, shortWait
		}
		return nil, failed
	}
	if picture {
		return map[string]any{"type": "template", "payload": map[string]any{
			"template_type": "media", "elements": []map[string]any{{"media_type": "image", "attachment_id": up.ID}},
		}}, nil
	}
	return map[string]any{"type": "file", "payload": map[string]any{"token": up.Token}}, nil
}

func (a *Account) upload(ctx context.Context, path string, f bot.File) (json.RawMessage, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	name := strings.NewReplacer(`\`, "-", `"`, "-", "\r", " ", "\n", " ").Replace(f.Name)
	part, err := form.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="` + name + `"`}, "Content-Type": {f.Type}})
	if err == nil {
		_, err = part.Write(f.Body)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("%w: encode: %w", errUnsent, err)
	}
	return a.client.call(ctx, http.MethodPost, path, form.FormDataContentType(), body.Bytes())
}

// sendFile sends what Zalo can show of a file; the words before it went as a
// message of their own.
func (a *Account) sendFile(ctx context.Context, to bot.Contact, p bot.Part) (bot.Receipt, error) {
	if strings.HasPrefix(to.ID, anonymousPrefix) {
		return bot.Receipt{}, &bot.SendError{Next: bot.Never, Reason: reasonType, Err: errors.New("somebody without an account can't be sent files")}
	}
	attached, failed := a.attachment(ctx, *p.File)
	if failed != nil {
		return bot.Receipt{}, failed
	}
	m := map[string]any{"attachment": attached}
	if p.Text != "" {
		m["text"] = p.Text
	}
	return a.send(ctx, "/v3.0/oa/message/cs", map[string]any{"recipient": map[string]any{"user_id": to.ID}, "message": m})
}
