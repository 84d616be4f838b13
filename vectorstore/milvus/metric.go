package milvus

import (
	"github.com/milvus-io/milvus-sdk-go/v2/entity"

	"github.com/facekeep/facekeep/face"
)

// Metric is what Milvus compares vectors by. On vectors of unit length all of
// them order rows alike.
type Metric string

// The metrics that a cosine can be had from.
const (
	IP     Metric = "IP"     // inner product
	Cosine Metric = "COSINE" // normalised by the server once more
	L2     Metric = "L2"     // squared Euclidean distance: smaller is nearer
)

func (m Metric) check() error {
	switch m {
	case IP, Cosine, L2:
		return nil
	}
	return face.Errorf(face.Invalid, "the metric %q is unknown: want %q, %q or %q", m, IP, Cosine, L2)
}

func (m Metric) entity() entity.MetricType { return entity.MetricType(m) }

// cosine converts what Milvus calls a score into the cosine of two vectors of
// unit length: |a−b|² = 2 − 2·cos. Rounding may overshoot, so it is clipped.
func (m Metric) cosine(score float32) float64 {
	c := float64(score)
	if m == L2 {
		c = 1 - c/2
	}
	return min(max(c, -1), 1)
}
