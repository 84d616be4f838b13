package engine

import (
	"context"
	"slices"

	"github.com/facekeep/facekeep/engine/pixel"
	"github.com/facekeep/facekeep/face"
)

// A large input is looked at in tiles, because the memory that a detector takes
// grows with its input and is kept for the next one.
const (
	tileSide    = 1024 // px, at most
	tileOverlap = 128  // px; a face that is larger is seen whole in a smaller input
	tileBorder  = 4    // px from the inner edge of a tile within which a face is cut
)

// span is a part of a line, in px.
type span struct{ start, length int }

// spans covers a length with as few tiles as it takes, all of one length.
func spans(length int) []span {
	if length <= tileSide {
		return []span{{0, length}}
	}
	n := (length - tileOverlap + tileSide - tileOverlap - 1) / (tileSide - tileOverlap)
	each := roundUp((length+(n-1)*tileOverlap+n-1)/n, detectorGrid)
	all := make([]span, n)
	for i := range all {
		all[i] = span{start: i * (length - each) / (n - 1), length: each}
	}
	return all
}

// findTiled is find for an image of any size.
func (d *detector) findTiled(ctx context.Context, m *pixel.Image, minScore float64) ([]detection, error) {
	columns, rows := spans(m.Width), spans(m.Height)
	var all []detection
	for _, row := range rows {
		for _, column := range columns {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			found, err := d.findTile(m, column, row, minScore)
			if err != nil {
				return nil, err
			}
			all = append(all, found...)
		}
	}
	if len(columns)*len(rows) > 1 {
		all = suppress(all)
	}
	return all, nil
}

// findTile finds the faces of one tile, in px of the whole image. A face that an
// inner edge cuts is left to the tile next to it.
func (d *detector) findTile(m *pixel.Image, column, row span, minScore float64) ([]detection, error) {
	if column.length == m.Width && row.length == m.Height {
		return d.find(m, minScore)
	}
	tile := d.bufs.Cut(m, column.start, row.start, column.length, row.length)
	defer tile.Release()
	found, err := d.find(tile, minScore)
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(f detection) bool {
		return column.cuts(f.box.X, f.box.W, m.Width) || row.cuts(f.box.Y, f.box.H, m.Height)
	})
	for i, f := range found {
		found[i] = f.mapped(func(p face.Point) face.Point {
			return face.Point{X: p.X + float64(column.start), Y: p.Y + float64(row.start)}
		})
	}
	return found, nil
}

// cuts reports whether something from at, in px of the span, is cut by an end of
// the span that is not an end of the whole length.
func (s span) cuts(at, size float64, whole int) bool {
	return s.start > 0 && at < tileBorder ||
		s.start+s.length < whole && at+size > float64(s.length)-tileBorder
}
