package repository

import (
	"database/sql/driver"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
)

// key is a UUID as the database holds it: its 16 bytes, which take half the
// room of the text, in every index again, and sort by time where the UUID is of
// version 7. The zero key is null.
type key uuid.UUID

// Value implements driver.Valuer.
func (k key) Value() (driver.Value, error) {
	if k == (key{}) {
		return nil, nil
	}
	return k[:], nil
}

// Scan implements sql.Scanner.
func (k *key) Scan(src any) error {
	*k = key{}
	return (*uuid.UUID)(k).Scan(src)
}

// ScanUUID implements pgtype.UUIDScanner, for the driver's own calls.
func (k *key) ScanUUID(v pgtype.UUID) error {
	*k = v.Bytes // zeros if it is null
	return nil
}

// keys converts ids to what a query takes.
func keys(ids []uuid.UUID) []key {
	out := make([]key, len(ids))
	for i, id := range ids {
		out[i] = key(id)
	}
	return out
}

// moment is a time as the database holds it: microseconds since 1970 in UTC.
// The zero time is null.
type moment struct{ time.Time }

// at cuts a time to what the database holds of it.
func at(t time.Time) moment { return moment{t} }

// Value implements driver.Valuer.
func (m moment) Value() (driver.Value, error) {
	if m.IsZero() {
		return nil, nil
	}
	return m.UnixMicro(), nil
}

// Scan implements sql.Scanner.
func (m *moment) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		m.Time = time.Time{}
	case int64:
		m.Time = time.UnixMicro(v).UTC()
	default:
		return fmt.Errorf("a time is stored as %T, want an integer", src)
	}
	return nil
}

// ScanInt64 implements pgtype.Int64Scanner, for the driver's own calls.
func (m *moment) ScanInt64(v pgtype.Int8) error {
	if !v.Valid {
		return m.Scan(nil)
	}
	return m.Scan(v.Int64)
}

// vector is a template's vector as the database holds it: float32 values, the
// least significant byte first.
type vector []float32

// Value implements driver.Valuer.
func (v vector) Value() (driver.Value, error) {
	out := make([]byte, 0, 4*len(v))
	for _, x := range v {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(x))
	}
	return out, nil
}

// Scan implements sql.Scanner. Null is a nil vector.
func (v *vector) Scan(src any) error {
	*v = nil
	if src == nil {
		return nil
	}
	b, ok := src.([]byte)
	if !ok {
		return fmt.Errorf("a vector is stored as %T, want bytes", src)
	}
	out, err := appendVector(make([]float32, 0, len(b)/4), b)
	if err != nil {
		return err
	}
	*v = out
	return nil
}

// appendVector appends the values of a vector as the database holds it.
func appendVector(to []float32, stored []byte) ([]float32, error) {
	if len(stored)%4 != 0 {
		return to, fmt.Errorf("a vector is stored in %d bytes, want a multiple of 4", len(stored))
	}
	for ; len(stored) > 0; stored = stored[4:] {
		to = append(to, math.Float32frombits(binary.LittleEndian.Uint32(stored)))
	}
	return to, nil
}

// document is a JSON object as the database holds it: text, as it came. Null is a
// nil document.
type document json.RawMessage

// Value implements driver.Valuer.
func (d document) Value() (driver.Value, error) {
	if d == nil {
		return nil, nil
	}
	return string(d), nil
}

// ScanText implements pgtype.TextScanner, for the driver's own calls.
func (d *document) ScanText(v pgtype.Text) error {
	if !v.Valid {
		return d.Scan(nil)
	}
	return d.Scan(v.String)
}

// Scan implements sql.Scanner.
func (d *document) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = nil
	case string:
		*d = document(v)
	case []byte:
		*d = append(document{}, v...)
	default:
		return fmt.Errorf("a JSON object is stored as %T, want text", src)
	}
	return nil
}
