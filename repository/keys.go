package repository

import (
	"context"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/facekeep/facekeep/face"
)

// apiKeyRow is a row of api_keys.
type apiKeyRow struct {
	ID         key `gorm:"column:id;primaryKey"`
	Name       string
	Role       string
	Watchlists []string `gorm:"serializer:json"`
	Salt       []byte
	Hash       []byte
	Created    moment `gorm:"column:created_at"`
	Expires    moment `gorm:"column:expires_at"`
	Revoked    moment `gorm:"column:revoked_at"`
}

// TableName implements GORM's Tabler.
func (apiKeyRow) TableName() string { return "api_keys" }

func newAPIKeyRow(k face.APIKey, h face.KeyHash) apiKeyRow {
	return apiKeyRow{
		ID: key(k.ID), Name: k.Name, Role: k.Role.String(), Watchlists: append([]string{}, k.Watchlists...),
		Salt: h.Salt[:], Hash: h.Sum[:], Created: at(k.CreatedAt), Expires: at(k.ExpiresAt), Revoked: at(k.RevokedAt),
	}
}

// apiKey returns a key with the role 0, which allows nothing, if the database
// holds one that this program does not know.
func (r apiKeyRow) apiKey() face.APIKey {
	role, _ := face.ParseRole(r.Role)
	return face.APIKey{
		ID: uuid.UUID(r.ID), Name: r.Name, Role: role, Watchlists: r.Watchlists,
		CreatedAt: r.Created.Time, ExpiresAt: r.Expires.Time, RevokedAt: r.Revoked.Time,
	}
}

// hash returns the zero hash, which no secret has, if what is stored is none.
func (r apiKeyRow) hash() (h face.KeyHash) {
	if len(r.Salt) == len(h.Salt) && len(r.Hash) == len(h.Sum) {
		copy(h.Salt[:], r.Salt)
		copy(h.Sum[:], r.Hash)
	}
	return h
}

// KeyTable is the table of API keys. Its methods may be called concurrently.
type KeyTable struct {
	db *Repository
}

// KeyTable returns the table of API keys of the database.
func (r *Repository) KeyTable() *KeyTable { return &KeyTable{db: r} }

// Close closes the database of a table that OpenKeyTable opened.
func (t *KeyTable) Close() error { return t.db.Close() }

// CreateKey stores a new key. A name that a key has which is not revoked is a
// Conflict.
func (t *KeyTable) CreateKey(ctx context.Context, k face.APIKey, h face.KeyHash) error {
	return t.db.update(ctx, func(tx *gorm.DB) error {
		_, err := keyNamed(tx, k.Name)
		if err == nil {
			return face.Errorf(face.Conflict, "There is a key with the name '%s' already.", k.Name)
		}
		if face.KindOf(err) != face.NotFound {
			return err
		}
		row := newAPIKeyRow(k, h)
		return tx.Create(&row).Error
	})
}

// Key returns the key of an id and the hash of its secret, or a NotFound error.
// It is one read by the primary key.
func (t *KeyTable) Key(ctx context.Context, id uuid.UUID) (face.APIKey, face.KeyHash, error) {
	row, err := keyOf(t.db.read.WithContext(ctx), id)
	if err != nil {
		return face.APIKey{}, face.KeyHash{}, t.db.fault(ctx, err)
	}
	return row.apiKey(), row.hash(), nil
}

// Keys returns all keys, those that are not valid any more included, the oldest
// first.
func (t *KeyTable) Keys(ctx context.Context) ([]face.APIKey, error) {
	var rows []apiKeyRow
	if err := t.db.read.WithContext(ctx).Order("created_at, id").Find(&rows).Error; err != nil {
		return nil, t.db.fault(ctx, err)
	}
	out := make([]face.APIKey, len(rows))
	for i, r := range rows {
		out[i] = r.apiKey()
	}
	return out, nil
}

// RevokeKey ends the key of an id and returns it; one that is revoked stays as it
// is. An unknown id is NotFound.
func (t *KeyTable) RevokeKey(ctx context.Context, id uuid.UUID, now time.Time) (face.APIKey, error) {
	return t.revoke(ctx, now, func(tx *gorm.DB) (apiKeyRow, error) { return keyOf(tx, id) })
}

// RevokeKeyNamed ends the one key of a name that is not revoked, and returns it.
// If there is none, that is NotFound.
func (t *KeyTable) RevokeKeyNamed(ctx context.Context, name string, now time.Time) (face.APIKey, error) {
	return t.revoke(ctx, now, func(tx *gorm.DB) (apiKeyRow, error) { return keyNamed(tx, name) })
}

func (t *KeyTable) revoke(ctx context.Context, now time.Time, find func(tx *gorm.DB) (apiKeyRow, error)) (k face.APIKey, err error) {
	err = t.db.update(ctx, func(tx *gorm.DB) error {
		row, err := find(changing(tx))
		if err != nil {
			return err
		}
		if row.Revoked.IsZero() {
			row.Revoked = at(now)
			err = tx.Save(&row).Error
		}
		k = row.apiKey()
		return err
	})
	return k, err
}

func keyOf(tx *gorm.DB, id uuid.UUID) (apiKeyRow, error) {
	var row apiKeyRow
	err := tx.Where("id = ?", key(id)).Take(&row).Error
	return row, orNotFound(err, face.Errorf(face.NotFound, "There is no key with the id '%s'.", id))
}

func keyNamed(tx *gorm.DB, name string) (apiKeyRow, error) {
	var row apiKeyRow
	err := tx.Where("name = ? AND revoked_at IS NULL", name).Take(&row).Error
	return row, orNotFound(err, face.Errorf(face.NotFound, "There is no key with the name '%s', or it is revoked.", name))
}
