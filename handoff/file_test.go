package handoff

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"nghe/bot"
)

func packedWith(t *testing.T, names ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, n := range names {
		if _, err := z.Create(n); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A file is what is in it, whatever it is called.
func TestFilesAreKnownByWhatIsInThem(t *testing.T) {
	word := packedWith(t, "[Content_Types].xml", "word/document.xml")
	for _, c := range []struct {
		body       []byte
		kind, name string
		want, why  string // its name after that
	}{
		{[]byte("\xff\xd8\xff\xe0 picture"), bot.MediaPhoto, "", "anh.jpg", ""},
		{[]byte("\xff\xd8\xff\xe0 picture"), bot.MediaOther, "giấy.exe", "giấy.jpg", ""},
		{[]byte("OggS\x00"), bot.MediaVoice, "", "ghi-am.ogg", ""},
		{[]byte("#!AMR\n"), bot.MediaVoice, "", "ghi-am.amr", ""},
		{[]byte("\x00\x00\x00\x18ftypisomxx"), bot.MediaOther, "../phim.mov", "..-phim.mp4", ""},
		{[]byte("\x00\x00\x00\x18ftypM4A xx"), bot.MediaOther, "", "tep.m4a", ""},
		{[]byte("%PDF-1.7"), bot.MediaOther, "đơn\r\nSet-Cookie: a", "đơn--Set-Cookie- a.pdf", ""},
		{[]byte("%PDF-1.7"), bot.MediaOther, strings.Repeat("đ", 100), strings.Repeat("đ", 60) + ".pdf", ""},
		{word, bot.MediaOther, "don.docx", "don.docx", ""},
		{packedWith(t, "[Content_Types].xml", "xl/workbook.xml"), bot.MediaOther, "", "tep.xlsx", ""},
		{packedWith(t, "[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), bot.MediaOther, "don.docx", "", noFileType},
		{packedWith(t, "a.exe"), bot.MediaOther, "a.zip", "", noFileType},
		{[]byte("<html><script>"), bot.MediaPhoto, "a.png", "", noFileType},
		{[]byte("<svg xmlns='http://www.w3.org/2000/svg'>"), bot.MediaPhoto, "a.svg", "", noFileType},
		{nil, bot.MediaPhoto, "", "", noFileType},
		{append([]byte("%PDF-1.7"), make([]byte, bot.MaxFile)...), bot.MediaOther, "", "", noFileSize},
	} {
		f, why := fit(bot.File{Body: c.body}, &bot.Media{Kind: c.kind, Name: c.name})
		if f.Name != c.want || why != c.why {
			t.Errorf("%.12q: %q %q, want %q %q", c.body, f.Name, why, c.want, c.why)
		}
		if why == "" && f.Type == "" {
			t.Errorf("%q has no type", f.Name)
		}
	}
}
