package telegram

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
	"path"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"nghe/bot"
)

// Files are sent and got whole: they are small.
const (
	uploadTime = bot.SendDeadline // of a file that is sent; the sender's deadline is the same
	fetchTime  = 50 * time.Second
)

var _ bot.Fetcher = (*Channel)(nil)

// Fetch implements bot.Fetcher: ref is a file_id.
func (c *Channel) Fetch(ctx context.Context, ref string, most int64) (bot.File, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	var told struct {
		Size int64  `json:"file_size"`
		Path string `json:"file_path"`
	}
	err := c.client.call(ctx, "getFile", tgbotapi.Params{"file_id": ref}, &told)
	var failed *CallError
	switch {
	case errors.As(err, &failed) && failed.Code == http.StatusBadRequest && strings.Contains(failed.Description, "too big"):
		return bot.File{}, bot.ErrFileSize
	case errors.As(err, &failed) && failed.Code == http.StatusBadRequest && failed.Description != "":
		return bot.File{}, fmt.Errorf("%w: %w", bot.ErrNoFile, err)
	case err != nil:
		return bot.File{}, err
	case told.Size > most:
		return bot.File{}, bot.ErrFileSize
	case told.Path == "":
		return bot.File{}, bot.ErrNoFile
	}
	body, err := c.client.download(ctx, told.Path, most)
	return bot.File{Name: path.Base(told.Path), Body: body}, err
}

// download gets a file by its path. No error of it holds the address, which has
// the token in it.
func (c *Client) download(ctx context.Context, file string, most int64) ([]byte, error) {
	failed := func(code int, cause string) error {
		return &CallError{Method: "download", Code: code, cause: c.secrets.Replace(cause), ended: ctx.Err()}
	}
	base, _, _ := strings.Cut(c.endpoint, "/bot%s")
	address := strings.ReplaceAll(base, "%%", "%") + "/file/bot" + c.token + "/" + file
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, failed(0, err.Error())
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return nil, failed(0, err.Error())
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusNotFound:
		return nil, bot.ErrNoFile
	case resp.StatusCode != http.StatusOK:
		return nil, failed(resp.StatusCode, "no file")
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, most+1))
	switch {
	case err != nil:
		return nil, failed(0, err.Error())
	case int64(len(body)) > most:
		return nil, bot.ErrFileSize
	}
	return body, nil
}

// sendFile sends a file by the method that shows it best. What is gone from the
// records by now will not go.
func (c *Channel) sendFile(ctx context.Context, params tgbotapi.Params, m bot.Media, into any) error {
	if c.Files == nil {
		return &bot.SendError{Next: bot.Never, Reason: "file-type", Err: errors.New("no files are sent here")}
	}
	f, err := c.Files(ctx, m.File)
	switch {
	case err != nil:
		return &bot.SendError{Next: bot.Again, After: afterOutage, Reason: "storage", Err: err}
	case f == nil:
		return &bot.SendError{Next: bot.Never, Reason: "file-old", Err: errors.New("the file is not kept any more")}
	}
	method, field := methodOf(f.Type)
	ctx, cancel := context.WithTimeout(ctx, uploadTime)
	defer cancel()
	return c.client.upload(ctx, method, params, field, *f, into)
}

// methodOf gives how a file is sent: what is no picture and no voice is a
// document.
func methodOf(kind string) (method, field string) {
	switch kind {
	case "image/jpeg", "image/png":
		return "sendPhoto", "photo"
	case "audio/ogg", "audio/mpeg", "audio/mp4":
		return "sendVoice", "voice"
	}
	return "sendDocument", "document"
}

// upload carries out a method with a file. The library's own way hides what the
// server says early, and knows no deadline. The error is a *CallError.
func (c *Client) upload(ctx context.Context, method string, params tgbotapi.Params, field string, f bot.File, into any) error {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range params {
		if err := form.WriteField(name, value); err != nil {
			return &CallError{Method: method, cause: err.Error()}
		}
	}
	part, err := form.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {fmt.Sprintf(`form-data; name=%q; filename="%s"`, field, strings.NewReplacer(`\`, "-", `"`, "-", "\r", " ", "\n", " ").Replace(f.Name))}, "Content-Type": {f.Type},
	})
	if err == nil {
		_, err = part.Write(f.Body)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		return &CallError{Method: method, cause: err.Error()}
	}
	return c.carryOut(ctx, method, into, func(api *tgbotapi.BotAPI) (*tgbotapi.APIResponse, error) {
		r, err := http.NewRequest(http.MethodPost, fmt.Sprintf(c.endpoint, c.token, method), &body)
		if err != nil {
			return nil, err
		}
		r.Header.Set("Content-Type", form.FormDataContentType())
		resp, err := api.Client.Do(r)
		if err != nil {
			return nil, err
		}
		defer resp.Body.Close()
		var told tgbotapi.APIResponse
		if err := json.NewDecoder(resp.Body).Decode(&told); err != nil {
			return nil, err
		}
		if told.Ok {
			return &told, nil
		}
		refused := &tgbotapi.Error{Code: told.ErrorCode, Message: told.Description}
		if told.Parameters != nil {
			refused.ResponseParameters = *told.Parameters
		}
		return nil, refused
	})
}
