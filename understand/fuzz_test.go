package understand_test

import (
	"slices"
	"strings"
	"testing"

	"nghe/content"
	"nghe/dialog"
	"nghe/viet"
)

func FuzzMeaning(f *testing.F) {
	f.Add("học nghề gì được hỗ trợ")
	f.Add("\xff\x00 không, em ở Tiên Yên 1,5 triệu")
	f.Fuzz(func(t *testing.T, text string) {
		m := reader().Meaning(text)
		if m.Outcome == dialog.Answer && m.Target == "" {
			t.Errorf("%q is answered with nothing", text)
		}
		if m.Outcome == dialog.Offer && len(m.Candidates) == 0 {
			t.Errorf("%q is offered nothing", text)
		}
		reader().Command(text)
		reader().Correction(text)
	})
}

// Any text is read as known places or none; and around every listed name of a
// place, whatever stands before it, the place is found.
func FuzzPlace(f *testing.F) {
	lib := content.MustBuiltin()
	for i, s := range []string{"em ở", "nhà em gần", "Hải Hà", "hai ha", "xã", "\xff\x00", "không biết", "từ Cẩm Phả về", "tp hạ long cũ"} {
		f.Add(s, uint16(i*7))
	}
	f.Fuzz(func(t *testing.T, text string, which uint16) {
		ids, _, fit := reader().Place(text)
		if (len(ids) == 0) != (fit == dialog.None) {
			t.Errorf("%q: %v with fit %d", text, ids, fit)
		}
		for _, id := range ids {
			if lib.Place(id) == nil {
				t.Errorf("%q: no place %q", text, id)
			}
		}
		p := lib.Places[int(which)%len(lib.Places)]
		for _, name := range []string{p.Name, viet.Fold(p.Name), strings.ToUpper(p.Name)} {
			if ids, _, _ := reader().Place(name); !slices.Equal(ids, []string{p.ID}) {
				t.Errorf("%q: %v, want %s", name, ids, p.ID)
			}
		}
		reader().Trade(text)
		reader().Told(text, noon)
	})
}

// Any text picks options that there are, one where one is asked for; and every
// label of the content picks its option, typed without marks, whatever case.
func FuzzOption(f *testing.F) {
	lib := content.MustBuiltin()
	var steps [][]dialog.Option
	for _, flow := range lib.Flows {
		for _, s := range flow.Steps {
			var options []dialog.Option
			for _, o := range s.Options {
				options = append(options, dialog.Option{Label: o.Label, Value: o.Value, Also: o.Also, Only: o.Only, Hidden: o.Hidden})
			}
			if len(options) > 1 {
				steps = append(steps, options)
			}
		}
	}
	for i, s := range []string{"1", "1,3", "số 2", "vâng ạ", "không phải hộ nghèo", "3 năm", "\xff\x00", "👍", "ca hai"} {
		f.Add(s, uint16(i*11), uint8(i))
	}
	f.Fuzz(func(t *testing.T, text string, step uint16, option uint8) {
		options := steps[int(step)%len(steps)]
		for _, several := range []bool{false, true} {
			picks, fit := reader().Options(text, options, several)
			if (len(picks) == 0) != (fit == dialog.None) {
				t.Errorf("%q: %v with fit %d", text, picks, fit)
			}
			for _, p := range picks {
				if p < 0 || p >= len(options) {
					t.Errorf("%q picks %d of %d", text, p, len(options))
				}
			}
		}
		want := int(option) % len(options)
		label := options[want].Label
		for _, typed := range []string{label, viet.Fold(label), strings.ToUpper(viet.Fold(label))} {
			if picks, _ := reader().Options(typed, options, false); !slices.Equal(picks, []int{want}) {
				t.Errorf("%q picks %v of %v, want %d", typed, picks, options, want)
			}
		}
	})
}
