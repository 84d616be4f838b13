package regula

import "time"

// timeText writes a time in UTC, with six decimals.
func timeText(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

// orDefault returns what a pointer points to, or the default for nil.
func orDefault[T any](p *T, def T) T {
	if p == nil {
		return def
	}
	return *p
}

// sliceOf converts each element; the result is never nil, so that it is [] on
// the wire.
func sliceOf[A, B any](in []A, convert func(A) B) []B {
	out := make([]B, 0, len(in))
	for _, v := range in {
		out = append(out, convert(v))
	}
	return out
}
