package content

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"nghe/dialog"
)

// checkFlow looks at one flow: that every step can be reached and leads on,
// and that everything it names is there.
func (c *checker) checkFlow(it item[FlowFile]) {
	f := &it.value
	flow := c.l.flows[f.ID]
	compiler := &compiler{w: c.w, l: c.l, item: it}
	c.label(at(c, it), "flow "+f.ID, f.Title)
	lines := map[string]int{}
	for i := range f.Steps {
		line := compiler.stepLine(i)
		lines[f.Steps[i].ID] = line
		add := func(what, try string) { c.add(it.file, line, what, try) }
		if step := flow.Steps[f.Steps[i].ID]; step != nil {
			c.checkStep(add, flow, step)
		}
	}
	add := at(c, it)
	if f.Resume != "" && flow.Steps[f.Resume] == nil {
		add(fmt.Sprintf("resume names the unknown step %q", f.Resume), "use the id of a step of this flow")
	}
	for old, present := range f.Moved {
		if flow.Steps[old] != nil {
			add(fmt.Sprintf("moved names %q, which is a step", old), "leave out the steps that are still there")
		}
		if flow.Steps[present] == nil && f.Moved[present] == "" {
			add(fmt.Sprintf("moved leads to the unknown step %q", present), "use the id of a step of this flow")
		}
	}
	for _, slot := range f.Fresh {
		if c.l.slots[slot] == nil {
			add(fmt.Sprintf("fresh names the unknown slot %q", slot), "declare it in slots.yaml")
		}
	}
	if len(flow.Steps) > 0 {
		c.checkPaths(it, flow, lines)
	}
}

func (c *checker) checkStep(add func(string, string), flow *dialog.Flow, s *dialog.Step) {
	name := fmt.Sprintf("step %q", s.ID)
	for _, to := range successors(s) {
		if to != "" && flow.Steps[to] == nil {
			add(fmt.Sprintf("%s leads to the unknown step %q", name, to), "use the id of a step of this flow, or end")
		}
	}
	c.references(add, name, s.Facts, s.Offers)
	if s.Compute != "" {
		if _, ok := Functions[s.Compute]; !ok {
			add(fmt.Sprintf("%s computes the unknown function %q", name, s.Compute), "one of "+strings.Join(slices.Sorted(maps.Keys(Functions)), ", "))
		}
	}
	given := Functions[s.Compute]
	if s.Show != "" && !slices.Contains(given, s.Show) {
		add(fmt.Sprintf("%s shows %q, which it does not compute", name, s.Show), "name a value that the step's compute gives")
	}
	if slices.Contains(s.Offers, dialog.ComputedOffers) && !slices.Contains(given, "offers") {
		add(name+" offers * and computes no offers", "name a function under compute that gives offers")
	}
	if s.Share != "" && !s.Kind.Asks() {
		add(name+" shares "+strconv.Quote(s.Share)+" and asks nothing", "put “share” into a step that asks")
	}
	switch s.Kind {
	case dialog.Call:
		if c.l.flows[s.Flow] == nil {
			add(fmt.Sprintf("%s calls the unknown flow %q", name, s.Flow), "use the id of a file in flows")
		}
	case dialog.Do:
		if _, ok := Effects[s.Effect]; !ok {
			add(fmt.Sprintf("%s does the unknown effect %q", name, s.Effect), "one of "+strings.Join(slices.Sorted(maps.Keys(Effects)), ", "))
		}
	case dialog.Forget:
		for _, slot := range s.Slots {
			if slot != "*" && c.l.slots[slot] == nil {
				add(fmt.Sprintf("%s forgets the unknown slot %q", name, slot), "declare it in slots.yaml")
			}
		}
	case dialog.Say, dialog.End:
		c.text(add, name, s.Text, s.Facts)
	default:
		if s.Kind.Asks() {
			c.checkQuestion(add, name, s)
		}
	}
}

func (c *checker) checkQuestion(add func(string, string), name string, s *dialog.Step) {
	c.text(add, name, s.Text, s.Facts)
	for _, h := range s.Help {
		c.text(add, name+" help", h, s.Facts)
	}
	if s.Why != "" {
		c.text(add, name+" why", s.Why, s.Facts)
	}
	if c.l.slots[s.Slot] == nil {
		add(fmt.Sprintf("%s fills the unknown slot %q", name, s.Slot), "declare it in slots.yaml")
	}
	if may := dialog.Shareable(s.Kind); s.Share != "" && !slices.Contains(may, s.Share) {
		try := "leave “share” out: no app has a form for it"
		if len(may) > 0 {
			try = "use " + strings.Join(may, " or ")
		}
		add(fmt.Sprintf("%s shares %q, which does not answer it", name, s.Share), try)
	}
	if len(s.Help) == 0 && !s.Skippable {
		add(name+" has no fallback", "write help for an answer that is not understood, or let it be skipped (skip: true)")
	}
	shown := 0
	values := map[string]bool{}
	for _, o := range s.Options {
		c.label(add, name, o.Label)
		if !o.Hidden {
			shown++
		}
		if o.Value == "" || values[o.Value] {
			add(fmt.Sprintf("%s: the value %q of an option is empty or stands twice", name, o.Value), "give each option a value of its own")
		}
		values[o.Value] = true
		if n := len("/=") + len(s.ID) + len(o.Value); n > 40 {
			add(fmt.Sprintf("%s: the value %q is too long for a button of Telegram", name, o.Value), "shorten it: flow, step and value have 64 bytes")
		}
	}
	switch asks := s.Kind == dialog.Choice || s.Kind == dialog.Several; {
	case asks && shown < 2:
		add(name+" has fewer than two options", "write options, or ask in another way")
	case shown > maxButtons:
		add(fmt.Sprintf("%s shows %d options", name, shown), "Zalo has 5 buttons: split the question, or hide some")
	}
	if s.Max != 0 && s.Max < s.Min {
		add(name+": max is less than min", "put them right")
	}
}

// successors gives the steps that may come after one; "" is the end.
func successors(s *dialog.Step) []string {
	list := []string{s.Next}
	for _, to := range s.Branches {
		list = append(list, to.Step)
	}
	return list
}

// checkPaths finds steps that nothing leads to, and steps from which there is
// no way to the end or that can go in a circle without asking anything.
func (c *checker) checkPaths(it item[FlowFile], flow *dialog.Flow, lines map[string]int) {
	reached := map[string]bool{}
	var reach func(string)
	reach = func(id string) {
		s := flow.Steps[id]
		if s == nil || reached[id] {
			return
		}
		reached[id] = true
		for _, to := range successors(s) {
			reach(to)
		}
	}
	reach(flow.Start)
	ends := map[string]bool{}
	for changed := true; changed; {
		changed = false
		for id, s := range flow.Steps {
			if !ends[id] && slices.ContainsFunc(successors(s), func(to string) bool { return to == "" || ends[to] }) {
				ends[id], changed = true, true
			}
		}
	}
	for i := range it.value.Steps {
		id := it.value.Steps[i].ID
		s := flow.Steps[id]
		switch {
		case s == nil:
		case !reached[id]:
			c.add(it.file, lines[id], fmt.Sprintf("step %q is unreachable", id), "lead to it with next, else or a branch, or delete it")
		case !ends[id]:
			c.add(it.file, lines[id], fmt.Sprintf("step %q is a dead end: no way leads from it to the end of the flow", id), "give it a next that goes on")
		case circles(flow, id):
			c.add(it.file, lines[id], fmt.Sprintf("step %q leads back to itself without asking anything", id), "put a question into the circle, or cut it")
		}
	}
}

// circles says whether a step can come back to itself with nothing asked.
func circles(flow *dialog.Flow, start string) bool {
	seen := map[string]bool{}
	var walk func(string) bool
	walk = func(id string) bool {
		s := flow.Steps[id]
		if s == nil || s.Kind.Asks() {
			return false
		}
		for _, to := range successors(s) {
			if to == start {
				return true
			}
			if !seen[to] {
				seen[to] = true
				if walk(to) {
					return true
				}
			}
		}
		return false
	}
	return walk(start)
}
