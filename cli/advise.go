package cli

import (
	"context"
	"encoding/json"

	"nghe/advice"
	"nghe/content"
)

var supportCommand = command{
	name: "support", synopsis: "--json JSON", about: "the training support a person is entitled to",
	help: `
JSON is one object; every field is optional:
  {"groups":["disability"],"place":"ba-che","days":30,"distance_km":16,
   "course_cost":2500000,"level":"so-cap","supported_before":false,"on":"2026-11-22"}
The answer is one JSON object. The day is today when "on" is not given.`,
	run: func(_ context.Context, p *Process, args []string) error {
		return advise(p, "support", args, func(lib *content.Library, b []byte) (any, error) {
			c, err := advice.ParseCase(lib, b)
			if err != nil {
				return nil, err
			}
			return advice.Support(lib, c, here(p.Now())), nil
		})
	},
}

var loanCommand = command{
	name: "loan", synopsis: "--json JSON", about: "the loan programmes that fit a person",
	help: `
JSON is one object; every field is optional:
  {"purpose":"study|job|startup|abroad|household","groups":["poor"],"place":"ba-che",
   "age":34,"amount":50000000,"months":36,"on":"2026-11-22"}
The answer is one JSON object. The day is today when "on" is not given.`,
	run: func(_ context.Context, p *Process, args []string) error {
		return advise(p, "loan", args, func(lib *content.Library, b []byte) (any, error) {
			c, err := advice.ParseLoanCase(lib, b)
			if err != nil {
				return nil, err
			}
			return advice.Loan(lib, c, here(p.Now())), nil
		})
	},
}

// advise reads a case from the flag --json and prints the advice.
func advise(p *Process, name string, args []string, compute func(*content.Library, []byte) (any, error)) error {
	f := flags(name)
	input := f.String("json", "", "")
	if _, err := parse(f, args, 0); err != nil {
		return err
	}
	if *input == "" {
		return wrongUse("%s: --json with an object is missing", name)
	}
	e, err := readEnvironment(p.Environ)
	if err != nil {
		return err
	}
	holder, err := openContent(e.Content)
	if err != nil {
		return err
	}
	out, err := compute(holder.Current(), []byte(*input))
	if err != nil {
		return wrongUse("%s: %v", name, err)
	}
	return printJSON(p, out)
}

// printJSON prints one line.
func printJSON(p *Process, v any) error {
	enc := json.NewEncoder(p.Stdout)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
