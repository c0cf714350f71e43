package viet_test

import (
	"testing"

	"pgregory.net/rapid"

	"nghe/viet"
)

func TestSpell(t *testing.T) {
	for n, want := range map[int64]string{
		0: "không", 5: "năm", 10: "mười", 11: "mười một", 15: "mười lăm", 20: "hai mươi", 21: "hai mươi mốt", 24: "hai mươi bốn", 25: "hai mươi lăm",
		100: "một trăm", 101: "một trăm linh một", 105: "một trăm linh năm", 115: "một trăm mười lăm", 310: "ba trăm mười",
		1000: "một nghìn", 2026: "hai nghìn không trăm hai mươi sáu", 30_000: "ba mươi nghìn", 1_000_005: "một triệu không trăm linh năm",
		2_500_000: "hai triệu năm trăm nghìn", 1_250_000: "một triệu hai trăm năm mươi nghìn", 3_050_000: "ba triệu không trăm năm mươi nghìn",
		1_000_000_000: "một tỷ", -7: "âm bảy",
	} {
		if got := viet.Spell(n); got != want {
			t.Errorf("%d is read %q, want %q", n, got, want)
		}
	}
}

// What is read out is understood as the same number.
func TestSpelledNumbersAreHeard(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.Int64Range(1, 999_999).Draw(r, "n")
		if back, ok := viet.Number(viet.Spell(n)); !ok || back != n {
			r.Errorf("%d is read %q and heard %d %v", n, viet.Spell(n), back, ok)
		}
	})
}

func TestSpellDigits(t *testing.T) {
	for digits, want := range map[string]string{
		"0912 345.678": "không chín một, hai ba bốn, năm sáu bảy tám", "113": "một một ba", "02033825678": "không hai không, ba ba tám, hai năm sáu, bảy tám", "không": "",
	} {
		if got := viet.SpellDigits(digits); got != want {
			t.Errorf("%s is read %q, want %q", digits, got, want)
		}
	}
}
