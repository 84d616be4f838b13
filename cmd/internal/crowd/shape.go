package crowd

import (
	"math"
	"math/rand/v2"

	"github.com/facekeep/facekeep/face"
)

// shape is a normal distribution of vectors, of which only directions are used.
type shape struct {
	mean []float64
	root [][]float64 // lower triangle L with L·Lᵀ = covariance
}

// slanted favours some dimensions, so far that cosines of different people spread
// as those of real ones do: with a standard deviation of 0.11.
func slanted(dim int) *shape {
	s := &shape{mean: make([]float64, dim), root: square(dim)}
	for i := range s.root {
		s.root[i][i] = math.Exp(-float64(i) / 100)
	}
	return s
}

func square(dim int) [][]float64 {
	out := make([][]float64, dim)
	for i := range out {
		out[i] = make([]float64, dim)
	}
	return out
}

// shapeOf returns the distribution with the mean and the covariance of vectors.
func shapeOf(vectors [][]float32) *shape {
	dim, n := len(vectors[0]), float64(len(vectors))
	s := &shape{mean: make([]float64, dim)}
	for _, v := range vectors {
		for i, x := range v {
			s.mean[i] += float64(x) / n
		}
	}
	cov := square(dim)
	for i := range cov {
		cov[i][i] = 1e-9 // keeps the root real where vectors are fewer than dimensions
	}
	for _, v := range vectors {
		for i := range dim {
			d := (float64(v[i]) - s.mean[i]) / n
			for j := range i + 1 {
				cov[i][j] += d * (float64(v[j]) - s.mean[j])
			}
		}
	}
	s.root = cholesky(cov)
	return s
}

// cholesky returns the lower triangle whose product with its transpose has the
// given lower triangle.
func cholesky(a [][]float64) [][]float64 {
	l := square(len(a))
	for i := range a {
		for j := range i + 1 {
			sum := a[i][j]
			for k := range j {
				sum -= l[i][k] * l[j][k]
			}
			if i == j {
				l[i][i] = math.Sqrt(sum)
			} else {
				l[i][j] = sum / l[j][j]
			}
		}
	}
	return l
}

// draw returns a direction.
func (s *shape) draw(rng *rand.Rand) []float32 {
	z, out := make([]float64, len(s.mean)), make([]float32, len(s.mean))
	for i := range z {
		z[i] = rng.NormFloat64()
	}
	for i, row := range s.root {
		sum := s.mean[i]
		for j := range i + 1 {
			sum += row[j] * z[j]
		}
		out[i] = float32(sum)
	}
	return unit(out)
}

// near returns a direction at a given cosine to v, towards one that is drawn.
func near(rng *rand.Rand, s *shape, v []float32, cosine float64) []float32 {
	away := s.draw(rng)
	along := face.Dot(away, v)
	for i := range away {
		away[i] -= float32(along) * v[i]
	}
	unit(away)
	for i := range away {
		away[i] = float32(cosine)*v[i] + float32(math.Sqrt(1-cosine*cosine))*away[i]
	}
	return unit(away)
}

// unit gives a vector unit length, in place.
func unit(v []float32) []float32 {
	length := math.Sqrt(face.Dot(v, v))
	for i := range v {
		v[i] = float32(float64(v[i]) / length)
	}
	return v
}
