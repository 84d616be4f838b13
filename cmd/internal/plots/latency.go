package plots

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// LatencyCurve is how long a search takes, by the size of what is searched.
type LatencyCurve struct {
	Name   string
	Points []LatencyPoint
}

// LatencyPoint is one size.
type LatencyPoint struct {
	Templates int
	Millis    float64 // median of a search
}

// Latency writes the time of a search over the number of templates to an SVG file,
// both logarithmic, so that what is proportional is a straight line.
func Latency(path, title string, curves []LatencyCurve) error {
	p := plot.New()
	p.Title.Text, p.Title.Padding = title, vg.Points(8)
	p.X.Label.Text, p.Y.Label.Text = "templates", "median time of a search, ms"
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Tick.Marker = plot.ConstantTicks{
		{Value: 1e4, Label: "10,000"}, {Value: 1e5, Label: "100,000"}, {Value: 1e6, Label: "1,000,000"},
	}
	p.Y.Tick.Marker = plot.ConstantTicks{
		{Value: 0.01, Label: "0.01"}, {Value: 0.1, Label: "0.1"}, {Value: 1, Label: "1"}, {Value: 10, Label: "10"}, {Value: 100, Label: "100"},
	}
	p.Add(grid())
	for i, c := range curves {
		if err := addLatency(p, c, recallColors[i%len(recallColors)]); err != nil {
			return fmt.Errorf("draw latency: %w", err)
		}
	}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 1e4, 1e6, 0.01, 200
	p.Legend.Top, p.Legend.Left = true, true
	return save(p, path)
}

func addLatency(p *plot.Plot, c LatencyCurve, shade color.Color) error {
	xys := make(plotter.XYs, len(c.Points))
	for i, point := range c.Points {
		xys[i] = plotter.XY{X: float64(point.Templates), Y: point.Millis}
	}
	line, dots, err := dotted(xys, shade)
	if err != nil {
		return err
	}
	p.Add(line, dots)
	p.Legend.Add(c.Name, line)
	return nil
}
