package viet

import "strings"

// onsets and rimes of Vietnamese syllables, folded. Together they say what
// can be a word at all, so that repair makes words and not noise.
var (
	onsets = set("b c ch d g gh gi h k kh l m n ng ngh nh p ph q qu r s t th tr v x")
	rimes  = set(`a ac ach ai am an ang anh ao ap at au ay e ec em en eng enh eo ep et eu ech
		i ia iec iem ien ieng iep iet ieu im in inh ip it iu ich o oa oac oach oai oam oan oang oanh oao oap oat oay
		oc oe oen oeo oet oi om on ong oong op ot u ua uan uang uanh uat uay uc ue uech uenh ui um un ung
		uo uoc uoi uom uon uong uop uot uou up ut uu uy uya uych uyen uyet uynh uyt uyu uynh uan
		y yem yen yeng yet yeu ac oi`)
)

func set(s string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(s) {
		m[w] = true
	}
	return m
}

// Syllable says whether a folded word can be a Vietnamese syllable.
func Syllable(w string) bool {
	if rimes[w] {
		return true
	}
	for n := min(3, len(w)-1); n > 0; n-- {
		if onsets[w[:n]] && rimes[w[n:]] {
			return true
		}
	}
	return w == "gi"
}
