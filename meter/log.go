package meter

import (
	"context"
	"log/slog"
	"sync/atomic"
)

// Log is a handler of a log that counts warnings and errors on their way to
// another. Make it with NewLog.
type Log struct {
	slog.Handler
	counts *logCounts
}

type logCounts struct{ warnings, errors atomic.Int64 }

// NewLog counts what goes to a handler.
func NewLog(to slog.Handler) *Log { return &Log{to, &logCounts{}} }

// Handle counts a record and passes it on.
func (l *Log) Handle(ctx context.Context, r slog.Record) error {
	switch {
	case r.Level >= slog.LevelError:
		l.counts.errors.Add(1)
	case r.Level >= slog.LevelWarn:
		l.counts.warnings.Add(1)
	}
	return l.Handler.Handle(ctx, r)
}

// WithAttrs is as slog.Handler says; the counts stay the same ones.
func (l *Log) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &Log{l.Handler.WithAttrs(attrs), l.counts}
}

// WithGroup is as slog.Handler says; the counts stay the same ones.
func (l *Log) WithGroup(name string) slog.Handler { return &Log{l.Handler.WithGroup(name), l.counts} }

// Log tells what a log has counted.
func (m *Meter) Log(l *Log) {
	m.set.NewGauge(`nghe_log_total{level="warning"}`, func() float64 { return float64(l.counts.warnings.Load()) })
	m.set.NewGauge(`nghe_log_total{level="error"}`, func() float64 { return float64(l.counts.errors.Load()) })
}
