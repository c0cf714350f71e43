package story_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"nghe/content"
	"nghe/story"
)

var library = sync.OnceValue(content.MustBuiltin)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

func full() story.Story {
	return story.Story{ID: "a", Who: "một chị ở Ba Chẽ", Name: "Triệu Thị Mai", Place: "ba-che", Trade: "nau-an", Kind: "training", Text: "Chị học rồi mở quán.", Source: "Hội Phụ nữ xã", State: story.Published,
		Picture: "p1", Alt: "Chị bên bếp", Consent: story.Consent{Words: story.Words, On: "2026-11-20", How: "paper", By: "Cô Lan", Name: true, Picture: true}, By: "an", CreatedAt: noon, UpdatedAt: noon}
}

// What the person did not agree to is told to nobody.
func TestConsentDecidesWhatIsTold(t *testing.T) {
	for _, c := range []struct {
		why          string
		change       func(*story.Story)
		who, picture string // "": nothing is told
	}{
		{"all agreed", func(*story.Story) {}, "Triệu Thị Mai, một chị ở Ba Chẽ", "p1"},
		{"not the name", func(s *story.Story) { s.Consent.Name = false }, "một chị ở Ba Chẽ", "p1"},
		{"not the picture", func(s *story.Story) { s.Consent.Picture = false }, "Triệu Thị Mai, một chị ở Ba Chẽ", ""},
		{"a draft", func(s *story.Story) { s.State = story.Draft }, "", ""},
		{"no words", func(s *story.Story) { s.Consent.Words = "" }, "", ""},
		{"no day", func(s *story.Story) { s.Consent.On = "" }, "", ""},
		{"nobody asked", func(s *story.Story) { s.Consent.By = "" }, "", ""},
		{"nobody knows how", func(s *story.Story) { s.Consent.How = "" }, "", ""},
		{"withdrawn", func(s *story.Story) { *s = s.Withdraw(noon) }, "", ""},
	} {
		s := full()
		c.change(&s)
		told := s.Told()
		if (told == nil) != (c.who == "") {
			t.Errorf("%s: %+v", c.why, told)
		} else if told != nil && (told.Who != c.who || told.Picture != c.picture || !told.Agreed) {
			t.Errorf("%s: %+v", c.why, told)
		}
		if (s.Unready() == "") != (told != nil || s.State == story.Draft) {
			t.Errorf("%s: %q", c.why, s.Unready())
		}
	}
}

func TestWithdrawnLeavesNothingOfThePerson(t *testing.T) {
	s := full()
	s.Consent.Words = "Tôi là Triệu Thị Mai, tôi đồng ý."
	w := s.Withdraw(noon.Add(time.Hour))
	if w.Who+w.Name+w.Text+w.Source+w.Picture+w.Alt != "" || strings.Contains(w.Consent.Words, "Mai") || w.Consent.On != "2026-11-20" || w.WithdrawnAt.IsZero() {
		t.Errorf("%+v", w)
	}
}

func TestWhatIsWrong(t *testing.T) {
	for want, change := range map[string]func(*story.Story){
		"":              func(*story.Story) {},
		"who":           func(s *story.Story) { s.Who = "" },
		"text":          func(s *story.Story) { s.Text = strings.Repeat("dài ", 300) },
		"source":        func(s *story.Story) { s.Source = "{bạn}" },
		"place":         func(s *story.Story) { s.Place = "atlantis" },
		"trade":         func(s *story.Story) { s.Trade = "" },
		"kind":          func(s *story.Story) { s.Kind = "luck" },
		"consent-on":    func(s *story.Story) { s.Consent.On = "2026-12-01" }, // tomorrow
		"consent-how":   func(s *story.Story) { s.Consent.How = "dream" },
		"consent-words": func(s *story.Story) { s.Consent.Words = strings.Repeat("x", 1001) },
		"name":          func(s *story.Story) { s.Name = "" },
	} {
		s := full()
		change(&s)
		wrong := s.Wrong(library(), "2026-11-30")
		if want == "" && len(wrong) > 0 || want != "" && (len(wrong) != 1 || wrong[want] == "") {
			t.Errorf("%s: %v", want, wrong)
		}
	}
	s := full()
	s.Consent.Name, s.Text = false, "Chị triệu thị mai học rồi mở quán."
	if wrong := s.Wrong(library(), "2026-11-30"); wrong["text"] == "" {
		t.Error("named without consent")
	}
}

// halves is a picture that is red on its left and blue on its right.
func halves(w, h int) image.Image {
	p := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			p.Set(x, y, color.RGBA{R: 255, A: 255})
			if x >= w/2 {
				p.Set(x, y, color.RGBA{B: 255, A: 255})
			}
		}
	}
	return p
}

func asJPEG(t *testing.T, p image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, p, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withEXIF puts in how the camera was held, and where.
func withEXIF(file []byte, how uint16, order binary.AppendByteOrder, mark string) []byte {
	tiff := append([]byte(mark), order.AppendUint16(nil, 42)...)
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 1)
	tiff = order.AppendUint16(order.AppendUint16(tiff, 0x0112), 3)
	tiff = order.AppendUint16(order.AppendUint32(tiff, 1), how)
	tiff = append(tiff, "\x00\x00\x00\x00\x00\x00GPS 21.27N 107.28E"...)
	part := append([]byte("Exif\x00\x00"), tiff...)
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(part)+2))
	return slices.Concat(file[:2], head, part, file[2:])
}

// A picture is made anew: upright, small, and nothing hidden is left in it.
func TestPicturesAreMadeAnew(t *testing.T) {
	file := asJPEG(t, halves(1100, 550))
	for how, want := range map[uint16][3]int{ // width, height, and whether red is 0 left, 1 top, 2 right, 3 below
		1: {1000, 500, 0}, 2: {1000, 500, 2}, 3: {1000, 500, 2}, 4: {1000, 500, 0}, 5: {500, 1000, 1}, 6: {500, 1000, 1}, 7: {500, 1000, 3}, 8: {500, 1000, 3}, 9: {1000, 500, 0},
	} {
		for _, exif := range [][]byte{withEXIF(file, how, binary.BigEndian, "MM"), withEXIF(file, how, binary.LittleEndian, "II")} {
			made, err := story.Remake(exif)
			if err != nil {
				t.Fatal(err)
			}
			for _, hidden := range []string{"Exif", "GPS", "107.28E"} {
				if bytes.Contains(made, []byte(hidden)) {
					t.Errorf("%d: %s is still in it", how, hidden)
				}
			}
			p, err := jpeg.Decode(bytes.NewReader(made))
			if err != nil {
				t.Fatal(err)
			}
			w, h := p.Bounds().Dx(), p.Bounds().Dy()
			at := [][2]int{{w / 8, h / 2}, {w / 2, h / 8}, {w - w/8, h / 2}, {w / 2, h - h/8}}[want[2]]
			if r, _, b, _ := p.At(at[0], at[1]).RGBA(); w != want[0] || h != want[1] || r < 0xc000 || b > 0x4000 {
				t.Errorf("%d: %d × %d, %04x %04x", how, w, h, r, b)
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, halves(20, 10)); err != nil {
		t.Fatal(err)
	}
	if made, err := story.Remake(b.Bytes()); err != nil || !bytes.HasPrefix(made, []byte("\xff\xd8\xff")) {
		t.Errorf("%v", err)
	}
}

func TestWhatIsNoPicture(t *testing.T) {
	file := asJPEG(t, halves(40, 20))
	for why, bad := range map[string][]byte{
		"nothing": nil, "a page": []byte("<svg onload=alert(1)>"), "half of it": file[:len(file)/3], "only its head": []byte("\xff\xd8\xff\xe0"), "a gif": []byte("GIF89a\x01\x00\x01\x00"),
	} {
		if _, err := story.Remake(bad); !errors.Is(err, story.ErrNoPicture) {
			t.Errorf("%s: %v", why, err)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	huge := b.Bytes()
	binary.BigEndian.PutUint32(huge[16:], 100_000) // a small file that says that it is huge
	binary.BigEndian.PutUint32(huge[20:], 100_000)
	if _, err := story.Remake(huge); err == nil {
		t.Error("taken though it is huge")
	}
	if _, err := story.Remake(make([]byte, story.MaxUpload+1)); !errors.Is(err, story.ErrLarge) {
		t.Errorf("%v", err)
	}
}

func FuzzRemake(f *testing.F) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, halves(16, 8), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(withEXIF(b.Bytes(), 6, binary.LittleEndian, "II"))
	f.Add([]byte("RIFF\x00\x00\x00\x00WEBPVP8 "))
	f.Fuzz(func(t *testing.T, file []byte) {
		if made, err := story.Remake(file); err == nil {
			if _, err := jpeg.Decode(bytes.NewReader(made)); err != nil {
				t.Error(err)
			}
		}
	})
}
