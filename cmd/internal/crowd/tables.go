package crowd

import (
	"encoding/binary"
	"math"
	"time"

	"github.com/google/uuid"
)

// table is what goes into a table of the database.
type table struct {
	name    string
	columns []string
	rows    int
	row     func(i int) []any
}

// tables returns everything that the database holds of a gallery, in an order that
// keeps references whole: members with one picture of so many bytes each. The
// outbox stays empty, as if an index had followed.
func (g *Gallery) tables(picture int) []table {
	now, none := time.Now().UnixMicro(), map[string]any{}
	image := func(i int) uuid.UUID { return numbered('i', i) }
	return []table{
		{"watchlists", []string{"uid", "id", "display_name", "full_name", "threshold", "preview_color", "created_at"}, len(g.Watchlists), func(i int) []any {
			return []any{g.Watchlists[i], listID(i), "a list", "a list", 40, "#123456", now}
		}},
		{"members", []string{"uid", "id", "display_name", "full_name", "created_at"}, len(g.Rows), func(i int) []any {
			return []any{g.Rows[i].Member, g.Rows[i].Member.String(), "Somebody", "Somebody Else", now}
		}},
		{"memberships", []string{"watchlist_uid", "member_uid", "created_at"}, len(g.Rows), func(i int) []any {
			return []any{g.Rows[i].Watchlist, g.Rows[i].Member, now}
		}},
		{"images", []string{"id", "media_type", "width", "height", "data", "created_at"}, len(g.Rows), func(i int) []any {
			return []any{image(i), "image/jpeg", 112, 112, make([]byte, picture), now}
		}},
		{"faces", []string{"id", "member_uid", "tracklet_id", "frame_id", "image_id", "face_order", "faces_on_frame", "geometry", "confidence", "size", "area", "quality", "template_quality", "attributes", "created_at"}, len(g.Rows), func(i int) []any {
			return []any{g.Rows[i].Face, g.Rows[i].Member, numbered('t', i), numbered('r', i), image(i), 1, 1, none, 0.9, 60.0, 3600.0, 80, 80, none, now}
		}},
		{"templates", []string{"face_id", "label", "vector", "quality"}, len(g.Rows), func(i int) []any {
			return []any{g.Rows[i].Face, string(g.Label), bytesOf(g.Rows[i].Vector), 80}
		}},
	}
}

// bytesOf writes a vector as the database keeps it.
func bytesOf(v []float32) []byte {
	out := make([]byte, 0, 4*len(v))
	for _, x := range v {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(x))
	}
	return out
}
