package faketelegram

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

var plainTypes = []string{"Integer", "Float", "Boolean", "String", "InputFile"}

// checkParams holds the parameters of a call against the table. unknown is
// the first name that the real server would silently ignore; the error is
// what even the real server refuses, worded as it does.
func checkParams(m *shape, params map[string]string) (unknown string, err error) {
	for name, text := range params {
		f := m.field(name)
		if old, ok := oldNames[name]; f == nil && ok && (strings.HasPrefix(m.name, "send") || m.name == "editMessageText") {
			f = &old
		}
		if f == nil {
			return name, nil
		}
		if text == "null" { // as the library writes “none”
			continue
		}
		if err := paramFits(f.types, text); err != nil {
			return "", fmt.Errorf("can't parse %s: %w", name, err)
		}
	}
	for _, f := range m.fields {
		if !f.required || params[f.name] != "" && params[f.name] != "null" {
			continue
		}
		if f.name == "text" {
			return "", errors.New("message text is empty")
		}
		if m.name == "setWebhook" { // an empty address takes the webhook away
			continue
		}
		return "", fmt.Errorf("%s is empty", f.name)
	}
	return "", checkLimits(m.name, params)
}

// paramFits says whether the text of a parameter is of one of the types.
func paramFits(alternatives []string, text string) error {
	var first error
	for _, typ := range alternatives {
		var err error
		switch typ {
		case "String", "InputFile":
		case "Integer":
			_, err = strconv.ParseInt(text, 10, 64)
		case "Float":
			_, err = strconv.ParseFloat(text, 64)
		case "Boolean":
			if !slices.Contains([]string{"true", "false", "1", "0"}, strings.ToLower(text)) {
				err = fmt.Errorf("%q is no Boolean", text)
			}
		default:
			var v any
			d := json.NewDecoder(strings.NewReader(text))
			d.UseNumber()
			if err = d.Decode(&v); err == nil {
				err = valueFits([]string{typ}, v)
			}
		}
		if err == nil {
			return nil
		}
		if first == nil {
			first = err
		}
	}
	return first
}

// valueFits says whether a JSON value is of one of the types.
func valueFits(alternatives []string, v any) error {
	var first error
	for _, typ := range alternatives {
		err := valueIs(typ, v)
		if err == nil {
			return nil
		}
		if first == nil {
			first = err
		}
	}
	return first
}

func valueIs(typ string, v any) error {
	if of, ok := strings.CutPrefix(typ, "Array of "); ok {
		list, ok := v.([]any)
		if !ok {
			return fmt.Errorf("expected an Array of %s", of)
		}
		for i, x := range list {
			if err := valueIs(of, x); err != nil {
				return fmt.Errorf("[%d]: %w", i, err)
			}
		}
		return nil
	}
	switch typ {
	case "Integer":
		n, ok := v.(json.Number)
		if _, err := n.Int64(); !ok || err != nil {
			return fmt.Errorf("%v is no Integer", v)
		}
		return nil
	case "Float":
		n, ok := v.(json.Number)
		if f, err := n.Float64(); !ok || err != nil || math.IsInf(f, 0) {
			return fmt.Errorf("%v is no Float", v)
		}
		return nil
	case "Boolean":
		if _, ok := v.(bool); !ok {
			return fmt.Errorf("%v is no Boolean", v)
		}
		return nil
	case "String", "InputFile":
		if _, ok := v.(string); !ok {
			return fmt.Errorf("%v is no String", v)
		}
		return nil
	}
	s := types[typ]
	switch {
	case s == nil:
		return fmt.Errorf("type %s is not in the table", typ)
	case s.members != nil:
		return valueFits(s.members, v)
	}
	object, ok := v.(map[string]any)
	if !ok {
		return fmt.Errorf("%s has to be an Object", typ)
	}
	if s.opaque {
		return nil
	}
	for name, x := range object {
		f := s.field(name)
		if f == nil {
			return fmt.Errorf("%s has no field %s in the table", typ, name)
		}
		if f.constant != "" && x != f.constant {
			return fmt.Errorf("%s.%s is always %s", typ, name, f.constant)
		}
		if err := valueFits(f.types, x); err != nil {
			return fmt.Errorf("%s.%s: %w", typ, name, err)
		}
	}
	for _, f := range s.fields {
		if _, ok := object[f.name]; f.required && !ok {
			return fmt.Errorf("%s needs the field %s", typ, f.name)
		}
	}
	return nil
}

// checkOwn holds what this fake gives out against the table.
func checkOwn(alternatives []string, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	var decoded any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&decoded); err != nil {
		return err
	}
	if err := valueFits(alternatives, decoded); err != nil {
		return fmt.Errorf("%w in %s", err, body)
	}
	if object, ok := decoded.(map[string]any); ok && slices.Equal(alternatives, []string{"Update"}) && len(object) != 2 {
		return fmt.Errorf("an update has its number and one thing more: %s", body)
	}
	return nil
}

// Limits that stand in the prose of the documentation.
const (
	maxText       = 4096 // UTF-16 units
	maxCaption    = 1024
	maxRaw        = 32768
	maxData       = 64 // bytes
	maxAnswer     = 200
	maxInRow      = 8
	maxButtons    = 100
	maxCommands   = 100
	maxDescribing = 512
	maxShort      = 120
	maxPolled     = 100
	maxHeld       = 50 // seconds; longer is taken as this
)

var (
	secretPattern  = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)
	commandPattern = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)
	languages      = regexp.MustCompile(`^([a-z]{2})?$`)
	actions        = []string{"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
		"choose_sticker", "find_location", "record_video_note", "upload_video_note"}
)

func units(s string) int { return len(utf16.Encode([]rune(s))) }

func checkLimits(method string, params map[string]string) error {
	if text, ok := params["text"]; ok && method != "answerCallbackQuery" {
		switch {
		case strings.TrimSpace(text) == "":
			return errors.New("message text is empty")
		case len(text) > maxRaw:
			return errors.New("text is too long")
		case units(text) > maxText:
			return errors.New("message is too long")
		}
		if err := checkEntities(params["entities"], units(text)); err != nil {
			return err
		}
	}
	if params["parse_mode"] != "" {
		return errors.New("can't parse entities: this server knows no parse mode, send plain text or entities")
	}
	if !languages.MatchString(params["language_code"]) {
		return errors.New("invalid language code specified")
	}
	if units(params["caption"]) > maxCaption {
		return errors.New("message caption is too long")
	}
	switch method {
	case "editMessageText", "editMessageReplyMarkup":
		if params["inline_message_id"] == "" && (params["chat_id"] == "" || params["message_id"] == "") {
			return errors.New("message identifier is not specified")
		}
		if _, ok := params["text"]; !ok && method == "editMessageText" {
			return errors.New("message text is empty")
		}
	case "answerCallbackQuery":
		if units(params["text"]) > maxAnswer {
			return errors.New("MESSAGE_TOO_LONG")
		}
	case "sendChatAction":
		if !slices.Contains(actions, params["action"]) {
			return errors.New("wrong parameter action in request")
		}
	case "setMyCommands":
		return checkCommands(params["commands"])
	case "setMyDescription":
		if units(params["description"]) > maxDescribing {
			return errors.New("description is too long")
		}
	case "setMyShortDescription":
		if units(params["short_description"]) > maxShort {
			return errors.New("short description is too long")
		}
	case "getUpdates":
		if n, _ := strconv.Atoi(params["limit"]); params["limit"] != "" && (n < 1 || n > maxPolled) {
			return errors.New("limit must be between 1 and 100") // the real server takes the nearest
		}
	}
	return checkMarkup(params["reply_markup"])
}

func checkEntities(text string, length int) error {
	var list []struct{ Offset, Length int }
	if text == "" || text == "null" {
		return nil
	}
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return errors.New("can't parse entities: " + err.Error())
	}
	for _, e := range list {
		if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > length {
			return errors.New("can't parse entities: an entity is outside the text")
		}
	}
	return nil
}

// checkMarkup checks a keyboard; the table has checked its shape.
func checkMarkup(text string) error {
	var markup struct {
		Rows [][]map[string]any `json:"inline_keyboard"`
		Keys [][]map[string]any `json:"keyboard"`
	}
	if text == "" || text == "null" || json.Unmarshal([]byte(text), &markup) != nil {
		return nil
	}
	for _, row := range markup.Keys {
		if len(row) > maxInRow {
			return errors.New("reply markup is too long")
		}
		for _, key := range row {
			if label, _ := key["text"].(string); strings.TrimSpace(label) == "" {
				return errors.New("can't parse keyboard button: Text must be non-empty")
			}
			if key["request_contact"] == true && key["request_location"] == true {
				return errors.New("can't parse keyboard button: exactly one action is allowed")
			}
		}
	}
	n := 0
	for _, row := range markup.Rows {
		if n += len(row); n > maxButtons || len(row) > maxInRow {
			return errors.New("reply markup is too long")
		}
		for _, button := range row {
			label, _ := button["text"].(string)
			data, pressed := button["callback_data"].(string)
			_, linked := button["url"]
			switch {
			case strings.TrimSpace(label) == "":
				return errors.New("can't parse inline keyboard button: Text must be non-empty")
			case !pressed && !linked:
				return errors.New("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
			case pressed == linked:
				return errors.New("can't parse inline keyboard button: exactly one action is allowed")
			case pressed && (data == "" || len(data) > maxData):
				return errors.New("BUTTON_DATA_INVALID")
			}
		}
	}
	return nil
}

func checkCommands(text string) error {
	var list []struct{ Command, Description string }
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return errors.New("can't parse commands: " + err.Error())
	}
	if len(list) > maxCommands {
		return errors.New("BOT_COMMANDS_TOO_MUCH")
	}
	for _, c := range list {
		if !commandPattern.MatchString(c.Command) {
			return errors.New("BOT_COMMAND_INVALID")
		}
		if n := units(c.Description); n < 1 || n > 256 {
			return errors.New("BOT_COMMAND_DESCRIPTION_INVALID")
		}
	}
	return nil
}
