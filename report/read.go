package report

import (
	"context"
	"time"

	"nghe/daily"
)

// Records are what a report is read from. Package store has them.
type Records interface {
	Figures(ctx context.Context, a Asked) (Figures, error)
	// Difficulties gives those of a scope within a span; of "" those of all.
	Difficulties(ctx context.Context, scope string, s Span) ([]Difficulty, error)
}

// ReadYearly reads what the report of a scope and a span is made of; words are
// left to the caller. The difficulties are those of the scope that is named.
func ReadYearly(ctx context.Context, r Records, s Span, scope Scope, named string, zone *time.Location, today daily.Day) (y Yearly, err error) {
	y = Yearly{Span: s, Today: today}
	if y.This, err = r.Figures(ctx, Asked{Span: s, Zone: zone, Scope: scope}); err != nil {
		return y, err
	}
	if y.Last, err = r.Figures(ctx, Asked{Span: Past(s, today), Zone: zone, Scope: scope}); err != nil {
		return y, err
	}
	y.Difficulties, err = r.Difficulties(ctx, named, s)
	return y, err
}
