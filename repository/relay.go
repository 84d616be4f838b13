package repository

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

const (
	// applyLimit is how long a batch of changes may take to be applied. Nobody else
	// applies changes of its watchlists meanwhile.
	applyLimit = 25 * time.Second
	// markLimit is how long it may take afterwards to note that they are.
	markLimit = 10 * time.Second
	// tailLife is how long after one call of Tail the next can go on from it.
	tailLife = 30 * time.Second
	// forgetSlack is how much longer than the staleness bound an applied change is
	// kept. It is more than a tail's life and the time to commit a mark, so that
	// every tail hears of the application before the change is gone.
	forgetSlack = tailLife + markLimit + 50*time.Second
)

type (
	applyFunc func(ctx context.Context, changes []face.IndexChange) (applied []int64, err error)
	takeFunc  func(c face.IndexChange, age time.Duration)
)

// ApplyChanges gives changes that are not applied yet to apply, at most limit of
// them, ≥ 1, in the order of their numbers, and notes as applied those whose
// numbers it returns, also when it returns an error beside. Every server may call
// it: while apply runs, no other call gets a change of the same watchlists, so
// that those of one watchlist are applied one after the other. What is not
// applied is given out again, to whoever calls next.
//
// A failed change holds up the later ones of its watchlist: their numbers do not
// count then. Changes of the watchlists in except are left out, for a caller that
// could not apply them a moment ago.
//
// It returns how many are noted; nothing to do, or everything being in other
// hands, is 0 and not an error. The context of apply ends in time for the note;
// nothing may be applied after that, because by then another server may be at it.
// A change whose note fails is applied again later.
func (r *Repository) ApplyChanges(ctx context.Context, limit int, except []uuid.UUID,
	apply func(ctx context.Context, changes []face.IndexChange) (applied []int64, err error),
) (int, error) {
	n, err := r.backend.apply(ctx, limit, except, apply)
	return n, r.fault(ctx, err)
}

// Tail gives what an index that is shared may not show yet to take: changes that
// are committed but not applied, and those applied within a staleness bound. It
// sees everything that was committed before the call. The age is how long ago the
// change was applied, or negative if it is not; a put brings its vector, or none
// if the template is gone since. Changes come in the order of their numbers.
//
// The returned text is where the next call goes on: after it, that call gives
// only changes that were committed or applied in between. An empty one, or one
// that is too old, begins anew: then whole is true, and what is not given is of no
// concern any more. On an error nothing is given.
func (r *Repository) Tail(ctx context.Context, after string, bound time.Duration,
	take func(c face.IndexChange, age time.Duration),
) (next string, whole bool, err error) {
	next, whole, err = r.backend.tail(ctx, after, bound, take)
	return next, whole, r.fault(ctx, err)
}

// ForgetApplied deletes changes that were applied longer ago than the staleness
// bound of every Tail, and some time more.
func (r *Repository) ForgetApplied(ctx context.Context, bound time.Duration) error {
	return r.fault(ctx, r.backend.forgetApplied(ctx, bound+forgetSlack))
}

// Backlog returns how many changes are not applied yet, and when the oldest of
// them was made, by the clock of the server that made it; zero if there is none.
func (r *Repository) Backlog(ctx context.Context) (count int, oldest time.Time, err error) {
	var since moment
	err = r.read.WithContext(ctx).Raw("SELECT count(*), min(created_at) FROM outbox WHERE applied_at IS NULL").Row().Scan(&count, &since)
	return count, since.Time, r.fault(ctx, err)
}

// unapplied is the condition for changes that are to be applied, and its
// arguments.
func unapplied(except []uuid.UUID) (where string, args []any) {
	if len(except) == 0 {
		return "o.applied_at IS NULL", nil
	}
	return "o.applied_at IS NULL AND o.watchlist_uid NOT IN ?", []any{keys(except)}
}

// inOrder returns those of the numbers that are of the changes, and before which
// none of the same watchlist is missing.
func inOrder(changes []face.IndexChange, numbers []int64) []int64 {
	done := make(map[int64]bool, len(numbers))
	for _, n := range numbers {
		done[n] = true
	}
	held := map[uuid.UUID]bool{}
	out := make([]int64, 0, len(numbers))
	for _, c := range changes {
		if held[c.Watchlist] || !done[c.Seq] {
			held[c.Watchlist] = true
			continue
		}
		out = append(out, c.Seq)
	}
	return out
}

// mark notes changes as applied, by a statement that ends in "seq IN ?".
func mark(tx *gorm.DB, update string, numbers []int64, args ...any) (int, error) {
	count := 0
	for len(numbers) > 0 {
		n := min(len(numbers), maxBound)
		done := tx.Exec(update, append(slices.Clip(args), padded(numbers[:n]))...)
		if done.Error != nil {
			return count, done.Error
		}
		count += int(done.RowsAffected)
		numbers = numbers[n:]
	}
	return count, nil
}
