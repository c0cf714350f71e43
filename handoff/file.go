package handoff

import (
	"archive/zip"
	"bytes"
	"path"
	"slices"
	"strings"

	"nghe/bot"
)

// kinds are what is passed on: by what is in it, whatever it is called. Nothing
// of it runs when it is opened.
var kinds = []struct {
	kind   string // as HTTP names it
	ending string
	is     func([]byte) bool
}{
	{"image/jpeg", ".jpg", startsWith("\xff\xd8\xff")},
	{"image/png", ".png", startsWith("\x89PNG\r\n\x1a\n")},
	{"image/webp", ".webp", func(b []byte) bool { return len(b) >= 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP" }},
	{"application/pdf", ".pdf", startsWith("%PDF-")},
	{"audio/ogg", ".ogg", startsWith("OggS")},
	{"audio/amr", ".amr", startsWith("#!AMR")},
	{"audio/mpeg", ".mp3", startsWith("ID3", "\xff\xfb", "\xff\xf3", "\xff\xf2")},
	{"audio/mp4", ".m4a", brand("M4A ", "M4B ")},
	{"video/mp4", ".mp4", brand("isom", "iso2", "iso5", "iso6", "mp41", "mp42", "avc1", "MSNV", "3gp4", "3gp5")},
	{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx", packed("word/document.xml")},
	{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx", packed("xl/workbook.xml")},
}

func startsWith(with ...string) func([]byte) bool {
	return func(b []byte) bool {
		return slices.ContainsFunc(with, func(w string) bool { return bytes.HasPrefix(b, []byte(w)) })
	}
}

// brand knows the family of MP4 by its first box.
func brand(names ...string) func([]byte) bool {
	return func(b []byte) bool {
		return len(b) >= 12 && string(b[4:8]) == "ftyp" && slices.Contains(names, string(b[8:12]))
	}
}

// packed knows an Office document by what is packed in it; one with a program in
// it is none.
func packed(part string) func([]byte) bool {
	return func(b []byte) bool {
		z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return false
		}
		has := func(name string) bool {
			return slices.ContainsFunc(z.File, func(f *zip.File) bool { return strings.Contains(strings.ToLower(f.Name), name) })
		}
		return has(part) && has("[content_types].xml") && !has("vbaproject") && !has("activex")
	}
}

// fit looks at what was got, and says why it is not passed on, "" when it is. It
// has the name that it was sent under, with the ending of what it is.
func fit(f bot.File, m *bot.Media) (bot.File, string) {
	if len(f.Body) > bot.MaxFile {
		return bot.File{}, noFileSize
	}
	for _, k := range kinds {
		if !k.is(f.Body) {
			continue
		}
		f.Type, f.Name = k.kind, fileName(m, k.ending)
		return f, ""
	}
	return bot.File{}, noFileType
}

// longName is how many characters a name may have.
const longName = 60

func fileName(m *bot.Media, ending string) string {
	base := map[string]string{bot.MediaVoice: "ghi-am", bot.MediaPhoto: "anh"}[m.Kind]
	if base == "" {
		base = "tep"
	}
	named := strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|;`, r) {
			return '-'
		}
		return r
	}, strings.TrimSpace(m.Name))
	if named = strings.TrimSpace(strings.TrimSuffix(named, path.Ext(named))); named != "" {
		base = named
	}
	if r := []rune(base); len(r) > longName {
		base = string(r[:longName])
	}
	return base + ending
}
