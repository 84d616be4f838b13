package plots

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// LoadPoint is how a server bore its load up to some time.
type LoadPoint struct {
	Seconds    float64
	P50, P99   float64 // ms
	Throughput float64 // served in a second
	RSS        float64 // MiB; 0 in all points: not known
	Goroutines float64 // likewise
}

// Load writes latencies, throughput and, as far as they are known, memory and
// goroutines over time to an SVG file, one below the other.
func Load(path, title string, points []LoadPoint) error {
	panels := []loadPanel{
		{"ms", []loadCurve{{"p99", func(p LoadPoint) float64 { return p.P99 }}, {"p50", func(p LoadPoint) float64 { return p.P50 }}}},
		{"served/s", []loadCurve{{"", func(p LoadPoint) float64 { return p.Throughput }}}},
		{"RSS, MiB", []loadCurve{{"", func(p LoadPoint) float64 { return p.RSS }}}},
		{"goroutines", []loadCurve{{"", func(p LoadPoint) float64 { return p.Goroutines }}}},
	}
	var drawn []*plot.Plot
	for i, panel := range panels {
		if i > 1 && !panel.known(points) {
			continue
		}
		p, err := panel.draw(points)
		if err != nil {
			return fmt.Errorf("draw load: %w", err)
		}
		drawn = append(drawn, p)
	}
	drawn[0].Title.Text, drawn[0].Title.Padding = title, vg.Points(8)
	drawn[len(drawn)-1].X.Label.Text = "seconds"
	return saveColumn(drawn, path)
}

type loadPanel struct {
	unit   string
	curves []loadCurve
}

type loadCurve struct {
	name  string
	value func(LoadPoint) float64
}

func (l loadPanel) known(points []LoadPoint) bool {
	for _, p := range points {
		if l.curves[0].value(p) > 0 {
			return true
		}
	}
	return false
}

// draw draws all curves from zero on: what grows has to be seen as it is.
func (l loadPanel) draw(points []LoadPoint) (*plot.Plot, error) {
	p := plot.New()
	p.Y.Label.Text = l.unit
	p.Add(grid())
	for i, c := range l.curves {
		xys := make(plotter.XYs, len(points))
		for j, point := range points {
			xys[j] = plotter.XY{X: point.Seconds, Y: c.value(point)}
		}
		line, err := plotter.NewLine(xys)
		if err != nil {
			return nil, err
		}
		line.Width, line.Color = vg.Points(1.5), recallColors[(i+1)%len(recallColors)]
		p.Add(line)
		if c.name != "" {
			p.Legend.Add(c.name, line)
		}
	}
	p.X.Min, p.Y.Min = 0, 0
	p.Y.Max *= 1.1
	p.Legend.Top, p.Legend.XOffs = true, -vg.Points(30)
	return p, nil
}
