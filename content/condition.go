package content

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/types"
	"github.com/expr-lang/expr/vm"

	"nghe/dialog"
)

// Functions are what flows may compute, with the values each gives. A value
// is a text unless it says otherwise. Package advice registers support and
// loan, the engine itself known; a test there keeps the two lists alike.
var Functions = map[string][]string{
	"support": {"need", "best", "result", "others", "apply", "facts", "for_class"},
	"loan":    {"need", "result", "schedule", "schedule_chart", "schedule_possible", "apply", "facts", "advised"},
	// courses finds classes, course tells one, wish says what is registered for,
	// wishes tells those that an effect gave.
	"courses": {"need", "found", "result", "cards", "offers"},
	"course":  {"standing", "result", "offers"},
	"wish":    {"standing", "subject", "contact", "note", "offers"},
	"wishes":  {"wishes", "dropped", "offers"},
	"known":   {"known", "anything"},
	// schools names those near where somebody lives.
	"schools": {"result"},
	// contacts names the other channels of the person.
	"contacts": {"others"},
	// trades finds trades for a person, trade tells one, compare two.
	"trades":  {"answered", "outcome", "result", "cards", "offers"},
	"trade":   {"day", "needs", "story", "income", "share", "offers"},
	"compare": {"same", "sides", "offers"},
	// surveys offers the survey of where somebody lives.
	"surveys": {"offers"},
	// news names what somebody is told of, and what they would be.
	"news": {"news_now", "news_subject"},
}

// caseValues are what flows may tell of a case.
var caseValues = []string{"case", "case_number", "case_queue", "case_who", "case_hours", "case_open", "case_manned", "case_next", "case_turn", "case_holder", "case_due", "case_body", "case_body_days"}

// Effects are what flows may have done, with the values each gives back.
var Effects = map[string][]string{
	"keep-profile":     nil,
	"withdraw-consent": nil,
	"export":           {"export"},
	"erase":            nil,
	// Wishes: package people.
	"register-interest": {"registered"},
	"list-interests":    {"wish_list"},
	"withdraw-interest": {"wish_list"},
	"survey-look":       {"survey_now", "survey_title", "survey_where"},
	"survey-answer":     {"registered"},
	// One person on several channels: package people.
	"contacts":  {"contact_list", "remembered"},
	"link-code": {"link_given"},
	"link":      {"linked"},
	"unlink":    {"unlinked"},
	// What is told unasked: package people.
	"news-on":   {"news_done"},
	"news-off":  {"news_had"},
	"news-drop": {"news_had"},
	"news-list": {"news_list", "reminded"},
	// What people answer to reminders: package people.
	"said":     {"said_now"},
	"said-why": nil,
	// The policy bank: packages scheduler/reminder and people.
	"bank-day":    {"bank_day", "bank_hours", "bank_where"},
	"bank-follow": {"bank_done"},
	// A member of staff and their chat: package staff.
	"link-staff": {"staff_linked", "staff_name"},
	// A class that somebody was told of and does not want: package broadcast.
	"decline":       {"declined_trade"},
	"decline-trade": nil,
	// A human takes the talk: package handoff.
	"case-open":     caseValues,
	"case-complain": caseValues,
	"case-danger":   nil,
	"case-rate":     {"rated"},
	"case-remark":   {"rated"},
	// What staff do from their own chat: package officer.
	"announce-begin":    {"officer", "officer_why", "draft_open", "draft_title"},
	"announce-anew":     {"officer", "officer_why"},
	"announce-read":     {"officer", "officer_why", "draft_heard", "draft_next", "draft_lines", "draft_maybe", "same_lines"},
	"announce-unclear":  {"officer", "officer_why", "draft_heard", "draft_next", "draft_lines", "draft_maybe", "same_lines"},
	"announce-same":     {"officer", "officer_why", "draft_heard", "draft_next", "draft_lines", "draft_maybe", "same_lines"},
	"announce-other":    {"officer", "officer_why", "draft_heard", "draft_next", "draft_lines", "draft_maybe", "same_lines"},
	"announce-audience": {"officer", "officer_why", "who", "who_sentence", "who_count", "who_left", "who_some", "who_approval", "who_nobody"},
	"announce-preview":  {"officer", "officer_why", "who", "who_count", "message", "message_when"},
	"announce-send":     {"officer", "officer_why", "sent", "who_count", "message_when"},
	"approve-show":      {"officer", "officer_why", "approve_any", "approve_author", "approve_more", "who_sentence", "who_count", "message"},
	"approve-yes":       {"officer", "officer_why", "approved", "who_count", "message_when"},
	"sent-show":         {"officer", "officer_why", "sent_any", "sent_lines", "sent_can"},
	"sent-pause":        {"officer", "officer_why", "changed", "sent_lines"},
	"sent-resume":       {"officer", "officer_why", "changed", "sent_lines"},
}

// environment is the vocabulary of conditions: every slot (nil as long as it
// is not known), what functions give, and about ("self" or "other").
func (w *raw) environment() types.Map {
	env := types.Map{"about": types.String}
	for _, s := range w.slots {
		env[s.value.ID] = types.Any
	}
	for _, given := range []map[string][]string{Functions, Effects} {
		for _, names := range given {
			for _, name := range names {
				env[name] = types.String
			}
		}
	}
	return env
}

// condition compiles a condition; nil for none.
func (c *compiler) condition(source string, line int) dialog.Condition {
	if source == "" {
		return nil
	}
	program, err := expr.Compile(source, expr.Env(c.env), expr.AsBool())
	if err != nil {
		c.report(line, fmt.Sprintf("condition %q: %s", source, firstLine(err.Error())), "use declared slots and values, ==, !=, <, >, in, &&, || and nil")
		return nil
	}
	if what := beyond(program.Node()); what != "" {
		c.report(line, fmt.Sprintf("condition %q: %s", source, what), "compare slots and values with ==, !=, <, >, in, and join the comparisons with &&, || and !")
		return nil
	}
	names := identifiers(program)
	envs := sync.Pool{New: func() any { return make(map[string]any, len(names)) }}
	return func(s dialog.Scope) bool {
		env := envs.Get().(map[string]any) // each name is set anew below
		defer func() { clear(env); envs.Put(env) }()
		for _, name := range names {
			if name == "about" {
				env[name] = s.About()
				continue
			}
			env[name] = s.Value(name).Any()
		}
		// A value of another kind than the condition expects ("age < 16"
		// with no age) makes it not hold.
		out, err := expr.Run(program, env)
		ok, _ := out.(bool)
		return err == nil && ok
	}
}

// beyond says what in a condition goes beyond comparing and joining: flows
// must not grow into a programming language, so there is no arithmetic, no
// function and no truth but that of a comparison. "" when it stays within.
func beyond(node ast.Node) string {
	switch n := node.(type) {
	case *ast.BinaryNode:
		switch n.Operator {
		case "&&", "||", "and", "or":
			return cmp.Or(beyond(n.Left), beyond(n.Right))
		case "==", "!=", "<", ">", "<=", ">=", "in":
			return cmp.Or(beyondValue(n.Left), beyondValue(n.Right))
		}
		return fmt.Sprintf("%q is not for conditions", n.Operator)
	case *ast.UnaryNode:
		if n.Operator == "!" || n.Operator == "not" {
			return beyond(n.Node)
		}
		return fmt.Sprintf("%q is not for conditions", n.Operator)
	case *ast.BoolNode:
		return ""
	}
	return fmt.Sprintf("%q is neither true nor false by itself", node.String())
}

// beyondValue is beyond for what is compared.
func beyondValue(node ast.Node) string {
	switch n := node.(type) {
	case *ast.IdentifierNode, *ast.StringNode, *ast.IntegerNode, *ast.NilNode, *ast.ConstantNode:
		return ""
	case *ast.ArrayNode:
		for _, item := range n.Nodes {
			if what := beyondValue(item); what != "" {
				return what
			}
		}
		return ""
	}
	return fmt.Sprintf("%q is no slot, text or number", node.String())
}

func firstLine(s string) string {
	for i, r := range s {
		if r == '\n' {
			return s[:i]
		}
	}
	return s
}

// identifiers gives the names that a condition uses.
func identifiers(p *vm.Program) []string {
	v := names{}
	node := p.Node()
	ast.Walk(&node, v)
	return slices.Sorted(maps.Keys(v))
}

type names map[string]bool

func (v names) Visit(node *ast.Node) {
	if id, ok := (*node).(*ast.IdentifierNode); ok {
		v[id.Value] = true
	}
}
