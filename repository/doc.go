// Package repository keeps the gallery in a database: watchlists, members,
// faces, templates and pictures, and the outbox of changes that an index of
// templates has still to follow. The database is the truth; every index can be
// rebuilt from it.
//
// Each write is one transaction: its rows, and its outbox rows, or nothing.
// Methods take and return the types of package face, and every error is, or
// wraps, a *face.Error.
package repository
