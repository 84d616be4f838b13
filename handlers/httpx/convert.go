package httpx

import "time"

// TimeText writes a time as the dialects do: in UTC, with six decimals and Z.
func TimeText(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

// OrDefault returns what a pointer points to, or the default for nil.
func OrDefault[T any](p *T, def T) T {
	if p == nil {
		return def
	}
	return *p
}

// SliceOf converts each element; the result is never nil, so that it is [] on the
// wire.
func SliceOf[A, B any](in []A, convert func(A) B) []B {
	out := make([]B, 0, len(in))
	for _, v := range in {
		out = append(out, convert(v))
	}
	return out
}
