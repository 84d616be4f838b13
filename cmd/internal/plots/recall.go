package plots

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// RecallCurve is what one kind of index finds, over a parameter of its searches.
type RecallCurve struct {
	Name   string
	Points []RecallPoint
}

// RecallPoint is one value of the parameter.
type RecallPoint struct {
	Label  string  // the value
	Recall float64 // 0…1
	Millis float64 // that a search takes
}

var recallColors = []color.Color{
	color.RGBA{R: 0x1f, G: 0x6f, B: 0xb4, A: 0xff}, color.RGBA{R: 0xc0, G: 0x39, B: 0x2b, A: 0xff}, color.RGBA{R: 0x2e, G: 0x8b, B: 0x57, A: 0xff},
}

// leastMiss is where the axis of recall ends: what is drawn there is 0.9999 or
// better.
const leastMiss = 1e-4

// Recall writes recall over the time of a search to an SVG file. The axis of
// recall is logarithmic in what is missed, so that 0.99 and 0.999 lie apart.
func Recall(path, title string, curves []RecallCurve) error {
	p := plot.New()
	p.Title.Text, p.Title.Padding = title, vg.Points(8)
	p.X.Label.Text, p.Y.Label.Text = "median time of a search, ms", "recall@1"
	p.Y.Scale = plot.InvertedScale{Normalizer: plot.LogScale{}}
	p.Y.Min, p.Y.Max = leastMiss, 1
	p.Y.Tick.Marker = plot.ConstantTicks{
		{Value: 1, Label: "0"}, {Value: 0.5, Label: "0.5"}, {Value: 0.1, Label: "0.9"}, {Value: 0.05, Label: "0.95"},
		{Value: 1e-2, Label: "0.99"}, {Value: 5e-3, Label: "0.995"}, {Value: 1e-3, Label: "0.999"}, {Value: leastMiss, Label: "0.9999+"},
	}
	p.Add(grid())
	for i, c := range curves {
		if err := addRecall(p, c, recallColors[i%len(recallColors)]); err != nil {
			return fmt.Errorf("draw recall: %w", err)
		}
	}
	p.X.Min = 0
	p.Legend.Top, p.Legend.XOffs, p.Legend.YOffs = false, -vg.Points(70), vg.Points(10)
	return save(p, path)
}

// leastNamed is the recall from which on points are labelled: below, nobody would
// choose them, and they lie too close for it.
const leastNamed = 0.9

func addRecall(p *plot.Plot, c RecallCurve, shade color.Color) error {
	xys, names := make(plotter.XYs, len(c.Points)), make([]string, len(c.Points))
	for i, point := range c.Points {
		xys[i] = plotter.XY{X: point.Millis, Y: math.Max(1-point.Recall, leastMiss)}
		if point.Recall >= leastNamed {
			names[i] = point.Label
		}
	}
	line, dots, err := dotted(xys, shade)
	if err != nil {
		return err
	}
	labels, err := plotter.NewLabels(plotter.XYLabels{XYs: xys, Labels: names})
	if err != nil {
		return err
	}
	labels.Offset = vg.Point{X: vg.Points(4), Y: vg.Points(4)}
	p.Add(line, dots, labels)
	p.Legend.Add(c.Name, line)
	return nil
}
