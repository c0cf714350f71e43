package content_test

import (
	"slices"
	"testing"

	"nghe/content"
)

func TestNearest(t *testing.T) {
	lib := content.MustBuiltin()
	for _, p := range lib.Places {
		near := lib.Nearest(p.ID)
		if len(near) != len(lib.Places) || near[0] != p.ID {
			t.Fatalf("nearest to %s: %v", p.ID, near)
		}
		// Neighbours come before everything else.
		if n := len(p.Neighbours); !same(near[1:n+1], p.Neighbours) {
			t.Errorf("next to %s are %v, want its neighbours %v", p.ID, near[1:n+1], p.Neighbours)
		}
		for _, q := range lib.Places {
			there, ok1 := lib.KM(p.ID, q.ID)
			back, ok2 := lib.KM(q.ID, p.ID)
			if !ok1 || !ok2 || there != back || there > 250 {
				t.Errorf("%s is %d km (%v) from %s, and %d back", q.ID, there, ok1, p.ID, back)
			}
		}
	}
	before := func(from, nearer, farther string) {
		t.Helper()
		near := lib.Nearest(from)
		if slices.Index(near, nearer) > slices.Index(near, farther) {
			t.Errorf("from %s, %s comes before %s", from, farther, nearer)
		}
	}
	before("co-to", "van-don", "cai-chien")    // the ship goes to Vân Đồn
	before("co-to", "cua-ong", "vinh-thuc")    // and from there it is a bridge
	before("vinh-thuc", "mong-cai-1", "co-to") // though both are at sea
	before("cai-chien", "quang-ha", "dam-ha")
	before("quang-ha", "cai-chien", "uong-bi")
	before("ba-che", "ky-thuong", "mong-cai-1")
	if straight, _ := lib.KM("co-to", "cai-chien"); straight < 80 {
		t.Errorf("from Cô Tô to Cái Chiên it is %d km, but no ship goes there straight", straight)
	}
	if both := lib.Nearest("ba-che", "co-to"); !same(both[:2], []string{"ba-che", "co-to"}) || len(both) != len(lib.Places) {
		t.Errorf("two places are not both the nearest, or a place is missing or twice: %v", both)
	}
	if lib.Nearest("paris") != nil {
		t.Error("Paris is in the province")
	}
	if _, ok := lib.KM("ba-che", "paris"); ok {
		t.Error("Paris can be reached")
	}
}

func same(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, b)
}
