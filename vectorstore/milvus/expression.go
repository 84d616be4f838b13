package milvus

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// Expressions are made of numbers and UUIDs alone, so that nothing has to be
// quoted.

// isOneOf matches rows whose field is one of some UUIDs; "" matches all, if none
// is given.
func isOneOf(field string, ids []uuid.UUID) string {
	if len(ids) == 0 {
		return ""
	}
	ids = slices.Clone(ids)
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	var b strings.Builder
	fmt.Fprintf(&b, "%s in [", field)
	for i, id := range slices.Compact(ids) {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`"` + id.String() + `"`)
	}
	return b.String() + "]"
}

func hasID(ids []int64) string {
	text := make([]string, len(ids))
	for i, id := range ids {
		text[i] = strconv.FormatInt(id, 10)
	}
	return fieldID + " in [" + strings.Join(text, ",") + "]"
}

// isKey matches the rows of some keys and no others.
func isKey(keys []face.IndexKey) string {
	faces := map[uuid.UUID][]uuid.UUID{}
	var lists []uuid.UUID
	for _, k := range keys {
		if faces[k.Watchlist] == nil {
			lists = append(lists, k.Watchlist)
		}
		faces[k.Watchlist] = append(faces[k.Watchlist], k.Face)
	}
	parts := make([]string, len(lists))
	for i, w := range lists {
		parts[i] = "(" + and(isOneOf(fieldWatchlist, []uuid.UUID{w}), isOneOf(fieldFace, faces[w])) + ")"
	}
	return strings.Join(parts, " or ")
}

// between matches rows whose field is a UUID above one and at most another, each
// of which sets no bound if it is zero. The text of UUIDs has the order of their
// bytes.
func between(field string, after, upTo uuid.UUID) string {
	var parts []string
	if after != uuid.Nil {
		parts = append(parts, fmt.Sprintf("%s > %q", field, after))
	}
	if upTo != uuid.Nil {
		parts = append(parts, fmt.Sprintf("%s <= %q", field, upTo))
	}
	return and(parts...)
}

func above(field string, n int64) string { return fmt.Sprintf("%s > %d", field, n) }

// and joins expressions; an empty one matches all.
func and(parts ...string) string {
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	return strings.Join(parts, " and ")
}
