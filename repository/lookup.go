package repository

import "gorm.io/gorm"

// maxBound bounds the values of one IN list; SQLite takes 32,766 in a query.
const maxBound = 1024

// findAll returns the rows whose column has one of the values, in no order. The
// column is a name of ours, never a client's.
func findAll[R any, V any](tx *gorm.DB, column string, values []V) ([]R, error) {
	var all []R
	for len(values) > 0 {
		n := min(len(values), maxBound)
		var rows []R
		if err := tx.Where(column+" IN ?", padded(values[:n])).Find(&rows).Error; err != nil {
			return nil, err
		}
		all = append(all, rows...)
		values = values[n:]
	}
	return all, nil
}

// padded repeats the last of the values up to a power of two, so that queries
// come in few lengths and the statements that the driver keeps are found again.
func padded[V any](values []V) []V {
	n := 1
	for n < len(values) {
		n *= 2
	}
	out := make([]V, n)
	for i := copy(out, values); i < n; i++ {
		out[i] = values[len(values)-1]
	}
	return out
}

// findByID returns the row of each id, in the order of the ids; repeated ids
// count once. Unknown ones are NotFound, and named as what they should be.
func findByID[R any](tx *gorm.DB, what string, ids []string, id func(R) string) ([]R, error) {
	rows, err := findAll[R](tx, "id", ids)
	if err != nil {
		return nil, err
	}
	found := make(map[string]R, len(rows))
	for _, row := range rows {
		found[id(row)] = row
	}
	var missing []string
	ordered := make([]R, 0, len(found))
	seen := make(map[string]bool, len(ids))
	for _, want := range ids {
		row, ok := found[want]
		switch {
		case seen[want]:
		case ok:
			ordered = append(ordered, row)
		default:
			missing = append(missing, want)
		}
		seen[want] = true
	}
	if missing != nil {
		return nil, noneOf(what, missing)
	}
	return ordered, nil
}
