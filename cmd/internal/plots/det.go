// Package plots draws the pictures of the evaluation commands as SVG.
package plots

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"os"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"github.com/facekeep/facekeep/face/eval"
)

// detTicks are the rates that a DET plot names.
var detTicks = plot.ConstantTicks{
	{Value: 1e-5, Label: "0.001 %"}, {Value: 1e-4, Label: "0.01 %"}, {Value: 1e-3, Label: "0.1 %"}, {Value: 5e-3, Label: "0.5 %"},
	{Value: 1e-2, Label: "1 %"}, {Value: 5e-2, Label: "5 %"}, {Value: 0.2, Label: "20 %"}, {Value: 0.4, Label: "40 %"},
}

// probitScale is the axis of a DET plot: equal steps of the normal quantile.
type probitScale struct{}

// Normalize maps x to 0…1 of the axis from lo to hi.
func (probitScale) Normalize(lo, hi, x float64) float64 {
	return (probit(x) - probit(lo)) / (probit(hi) - probit(lo))
}

func probit(p float64) float64 {
	return -math.Sqrt2 * math.Erfcinv(2*min(max(p, 1e-9), 1-1e-9))
}

// DET writes the detection error trade-off of a set of trials to an SVG file:
// FNMR over FMR on normal-deviate axes, with the equal error rate marked.
// Rates below what the number of trials can tell are not drawn.
func DET(path, title string, c *eval.Curve) error {
	mated, nonMated := c.Counts()
	p := newDET(title, "false match rate (FMR)", "false non-match rate (FNMR)", nonMated, mated)
	line, err := plotter.NewLine(detPoints(c, p))
	if err != nil {
		return fmt.Errorf("draw DET curve: %w", err)
	}
	line.Width, line.Color = vg.Points(2), color.RGBA{R: 0x1f, G: 0x6f, B: 0xb4, A: 0xff}
	eer, _ := c.EER()
	mark, err := plotter.NewScatter(plotter.XYs{{X: within(eer, p.X), Y: within(eer, p.Y)}})
	if err != nil {
		return fmt.Errorf("draw EER: %w", err)
	}
	mark.Shape = draw.CircleGlyph{}
	mark.Color, mark.Radius = color.RGBA{R: 0xc0, G: 0x39, B: 0x2b, A: 0xff}, vg.Points(4)
	p.Add(line, mark)
	p.Legend.Add(fmt.Sprintf("%d mated, %d non-mated", mated, nonMated), line)
	p.Legend.Add(fmt.Sprintf("EER %.2f %%", eer*100), mark)
	return save(p, path)
}

// newDET returns empty normal-deviate axes for two error rates, each counted on so
// many trials.
func newDET(title, x, y string, ofX, ofY int) *plot.Plot {
	p := plot.New()
	p.Title.Text, p.Title.Padding = title, vg.Points(8)
	p.X.Label.Text, p.Y.Label.Text = x, y
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Scale, axis.Tick.Marker = probitScale{}, detTicks
	}
	p.X.Min, p.X.Max = max(1/float64(ofX), 1e-5), 0.4
	p.Y.Min, p.Y.Max = max(1/float64(ofY), 1e-3), 0.4
	p.Add(grid())
	p.Legend.Top, p.Legend.Left = true, true // text grows to the right, whatever its font
	p.Legend.XOffs, p.Legend.YOffs, p.Legend.ThumbnailWidth = vg.Points(120), -vg.Points(10), vg.Points(18)
	return p
}

const width, margin = 16 * vg.Centimeter, 14

// save draws a plot with a margin, so that no label is cut off whatever font a
// viewer has.
func save(p *plot.Plot, path string) error {
	const height = 14 * vg.Centimeter
	canvas := vgsvg.New(width, height)
	p.Draw(draw.Crop(draw.New(canvas), margin, -2*margin, margin, -margin))
	return write(canvas, path)
}

// saveColumn draws plots below each other, with their axes of x aligned.
func saveColumn(plots []*plot.Plot, path string) error {
	height := vg.Length(len(plots)) * 5 * vg.Centimeter
	canvas := vgsvg.New(width, height)
	rows := make([][]*plot.Plot, len(plots))
	for i, p := range plots {
		rows[i] = []*plot.Plot{p}
	}
	tiles := draw.Tiles{Rows: len(plots), Cols: 1, PadY: margin}
	for i, cell := range plot.Align(rows, tiles, draw.Crop(draw.New(canvas), margin, -2*margin, margin, -margin)) {
		plots[i].Draw(cell[0])
	}
	return write(canvas, path)
}

func write(canvas *vgsvg.Canvas, path string) error {
	var svg bytes.Buffer
	if _, err := canvas.WriteTo(&svg); err != nil {
		return fmt.Errorf("draw %s: %w", path, err)
	}
	if err := os.WriteFile(path, svg.Bytes(), 0o600); err != nil {
		return fmt.Errorf("write plot: %w", err)
	}
	return nil
}

// detPoints returns the part of the curve that lies inside the axes.
func detPoints(c *eval.Curve, p *plot.Plot) plotter.XYs {
	var xys plotter.XYs
	for _, point := range c.DET() {
		if point.FMR < p.X.Min || point.FMR > p.X.Max {
			continue
		}
		xys = append(xys, plotter.XY{X: point.FMR, Y: within(point.FNMR, p.Y)})
	}
	return xys
}

func within(v float64, a plot.Axis) float64 { return min(max(v, a.Min), a.Max) }
