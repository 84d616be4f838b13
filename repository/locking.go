package repository

import (
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// On Postgres several transactions write at once. Rows that a write relies on are
// therefore locked where it reads them, until it commits; SQLite, which has one
// writer, ignores this.

// kept reads rows that are not to be deleted meanwhile. Others may read them so
// as well, and may change what is no key.
func kept(tx *gorm.DB) *gorm.DB { return locked(tx, "KEY SHARE") }

// changing reads rows that are about to be changed, though not in their keys.
func changing(tx *gorm.DB) *gorm.DB { return locked(tx, "NO KEY UPDATE") }

// deleting reads rows that are about to be deleted: it waits for everybody who
// keeps them, and whoever comes later finds them gone.
func deleting(tx *gorm.DB) *gorm.DB { return locked(tx, "UPDATE") }

// alone reads rows that nobody else is to keep, change or delete meanwhile: what
// an index holds of a member follows from its faces and its links together, so
// that a change of its faces waits for those who link it, and they for it.
func alone(tx *gorm.DB) *gorm.DB { return locked(tx, "UPDATE") }

// asIs reads rows that nothing is done about.
func asIs(tx *gorm.DB) *gorm.DB { return tx }

func locked(tx *gorm.DB, strength string) *gorm.DB {
	return tx.Clauses(clause.Locking{Strength: strength}).Session(&gorm.Session{})
}
