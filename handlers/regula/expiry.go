package regula

import (
	"math"
	"time"

	"github.com/facekeep/facekeep/face"
)

// maxTTL is the longest life of a person that ends at all: a hundred years.
const maxTTL = 100 * 365 * 24 * 60 * 60 // s

// naiveTime is a time without a zone, which is taken for UTC.
const naiveTime = "2006-01-02T15:04:05.999999999"

// expiry returns when a person is deleted: ttl seconds from now or, without them,
// at a time. The zero time is never.
func expiry(ttl *float64, expireAt *string, now time.Time) (time.Time, error) {
	switch {
	case ttl != nil:
		if *ttl < 1 || *ttl > maxTTL || *ttl != math.Trunc(*ttl) {
			return time.Time{}, face.FieldErrorf("ttl", "ttl must be a whole number of seconds between 1 and %d", maxTTL)
		}
		return now.Add(time.Duration(*ttl) * time.Second), nil
	case expireAt != nil:
		return expiryAt(*expireAt, now)
	}
	return time.Time{}, nil
}

func expiryAt(text string, now time.Time) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t, err = time.Parse(naiveTime, text)
	}
	switch {
	case err != nil:
		return t, face.FieldErrorf("expireAt", "expireAt must be a time, as in 2026-01-05T12:54:01Z")
	case !t.After(now) || t.After(now.Add(maxTTL*time.Second)):
		return t, face.FieldErrorf("expireAt", "expireAt must lie within the next hundred years")
	}
	return t.UTC(), nil
}
