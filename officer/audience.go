package officer

import (
	"regexp"
	"slices"
	"strings"

	"nghe/broadcast"
	"nghe/content"
	"nghe/dialog"
	"nghe/staff"
	"nghe/viet"
)

// defaultAudience: who lives where the class is or next to it and cares for its
// trade. Where nobody knows where it is, the officer's own people.
func (o Office) defaultAudience(j *job) broadcast.Audience {
	c := j.desk.Draft.Course
	a := broadcast.Audience{Trades: []string{c.Trade}}
	switch {
	case c.Place != "":
		a.Places, a.Near = []string{c.Place}, true
		if w := o.where(a); !j.by.Scope.Holds(w) {
			// Of the neighbours those whom they work for: others need a second
			// person's yes, and are asked for.
			a.Near = false
			for _, id := range w.Places {
				if j.by.Scope.Holds(staff.Where{Places: []string{id}}) && !slices.Contains(a.Places, id) {
					a.Places = append(a.Places, id)
				}
			}
		}
	case !j.by.Scope.Province:
		a.Places = slices.Clone(j.by.Scope.Places)
	}
	return a
}

// What officers say of an audience, in folded text.
var (
	everywhere = regexp.MustCompile(`\b(ca tinh|toan tinh|moi xa|tat ca cac xa|moi noi)\b`)
	noNear     = regexp.MustCompile(`\b(chi trong xa|chi xa (nay|minh|do)|(bo|khong lay|khong gui|tru|khong)( cac)?( xa)?( phuong)? (ben canh|lan can|giap ranh|xung quanh|hang xom|ben))\b`)
	near       = regexp.MustCompile(`\b(ben canh|lan can|giap ranh|xung quanh|hang xom|xa ben)\b`)
	anyTrade   = regexp.MustCompile(`\b(moi nghe|tat ca( cac)? nghe|nghe nao cung duoc|khong ke nghe|bo( phan)? nghe)\b`)
	anyGroup   = regexp.MustCompile(`\b(moi nguoi|moi dien|khong ke dien|ca nam( va)? nu)\b`)
	namesTrade = regexp.MustCompile(`\bnghe\b`)
	away       = regexp.MustCompile(`\b(bo|tru|khong lay|khong gui|khong)\b`)
	more       = regexp.MustCompile(`\b(them|ca|va ca|cong)\b`)
	parts      = regexp.MustCompile(`(?i)[,;.]|\s(và|va|với|voi|hoặc|hoac)\s`)
	opening    = regexp.MustCompile(`(?i)^\s*(chỉ|chi|thêm|them|cả|ca|bỏ|bo|trừ|tru|gửi|gui|cho|không lấy|khong lay|không gửi|khong gui|những|nhung|người|nguoi|các|cac|bà con|ba con)\s+`)
	spoken     = []struct {
		group string
		words *regexp.Regexp
	}{
		{"women", regexp.MustCompile(`\b(phu nu|chi em)\b`)}, {"ethnic", regexp.MustCompile(`\bdan toc\b`)}, {"disability", regexp.MustCompile(`\bkhuyet tat\b`)},
		{"near-poor", regexp.MustCompile(`\bcan ngheo\b`)}, {"poor", regexp.MustCompile(`\bho ngheo\b`)}, {"soldier", regexp.MustCompile(`\b(xuat ngu|bo doi)\b`)},
	}
)

// changed reads what an officer says about an audience.
func (o Office) changed(j *job, a broadcast.Audience) (broadcast.Audience, bool) {
	reader, text := o.Reader(), viet.Clean(j.text, 300)
	folded := viet.Fold(viet.Canon(text))
	ok := false
	a.Places, a.Trades, a.Groups = slices.Clone(a.Places), slices.Clone(a.Trades), slices.Clone(a.Groups)
	did := func(when bool, do func()) {
		if when {
			do()
			ok = true
		}
	}
	all := everywhere.MatchString(folded)
	did(all, func() { a.Places, a.Near = nil, false })
	switch {
	case noNear.MatchString(folded):
		did(true, func() {
			a.Near = false
			if c := j.desk.Draft.Course; c.Place != "" { // those around may be there by name
				a.Places = []string{c.Place}
			}
		})
	case near.MatchString(folded):
		did(len(a.Places) > 0, func() { a.Near = true })
	}
	did(anyTrade.MatchString(folded), func() { a.Trades = nil })
	did(anyGroup.MatchString(folded), func() { a.Groups = nil })
	without, add := away.MatchString(folded) && !noNear.MatchString(folded), more.MatchString(folded)
	for _, g := range spoken {
		if slices.Contains(content.Groups, g.group) && g.words.MatchString(folded) {
			did(true, func() { a.Groups = combine(a.Groups, g.group, without, true) })
		}
	}
	firstPlace, firstTrade := !add && !without, !add && !without
	for _, part := range parts.Split(text, 12) {
		for opening.MatchString(part) {
			part = opening.ReplaceAllString(part, "")
		}
		if strings.TrimSpace(part) == "" {
			continue
		}
		if ids, _, fit := reader.Place(part); !all && fit == dialog.Exact && len(ids) == 1 {
			did(true, func() {
				if firstPlace {
					// "Chỉ Ba Chẽ" is not those around it.
					a.Places, a.Near, firstPlace = nil, a.Near && near.MatchString(folded), false
				}
				a.Places = combine(a.Places, ids[0], without, true)
			})
		} else if ids, fit := reader.Trade(part); fit == dialog.Exact && len(ids) == 1 && namesTrade.MatchString(viet.Fold(part)) {
			did(true, func() {
				if firstTrade {
					a.Trades, firstTrade = nil, false
				}
				a.Trades = combine(a.Trades, ids[0], without, true)
			})
		}
	}
	if len(a.Places) == 0 {
		a.Near = false
	}
	return a, ok
}

// combine adds something to a list, or takes it away; never the last.
func combine(list []string, x string, without, keep bool) []string {
	list = slices.DeleteFunc(list, func(y string) bool { return y == x && (len(list) > 1 || !keep || !without) })
	if !without {
		list = append(list, x)
	}
	return list
}
