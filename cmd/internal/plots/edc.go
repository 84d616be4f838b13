package plots

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"github.com/facekeep/facekeep/face/eval"
)

// mostDiscarded is the part of the comparisons up to which an EDC plot goes.
const mostDiscarded = 0.3

// EDC writes an error-versus-discard characteristic to an SVG file: FNMR of what is
// left when a part of the comparisons is left out, the lowest quality first, beside
// leaving out by chance and the ideal.
func EDC(path, title string, d *eval.Discard) error {
	p := plot.New()
	p.Title.Text, p.Title.Padding = title, vg.Points(8)
	p.X.Label.Text, p.Y.Label.Text = "comparisons left out (%)", "false non-match rate of the others (%)"
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, 100*mostDiscarded, 0, 115*max(d.Random(), 1e-3)
	p.Add(grid())
	p.Legend.Top, p.Legend.Left = true, true // text grows to the right, whatever its font
	p.Legend.XOffs, p.Legend.YOffs, p.Legend.ThumbnailWidth = vg.Points(150), -vg.Points(60), vg.Points(18)
	for _, c := range []struct {
		name  string
		fnmr  func(float64) float64
		color color.Color
	}{
		{"by chance", func(float64) float64 { return d.Random() }, color.Gray{Y: 150}},
		{fmt.Sprintf("lowest quality first, %d pairs", d.Total()), d.FNMR, color.RGBA{R: 0x1f, G: 0x6f, B: 0xb4, A: 0xff}},
		{"ideal", d.Ideal, color.RGBA{R: 0xc0, G: 0x39, B: 0x2b, A: 0xff}},
	} {
		line, err := plotter.NewLine(edcPoints(c.fnmr))
		if err != nil {
			return fmt.Errorf("draw EDC: %w", err)
		}
		line.Width, line.Color = vg.Points(2), c.color
		p.Add(line)
		p.Legend.Add(c.name, line)
	}
	return save(p, path)
}

func edcPoints(fnmr func(float64) float64) plotter.XYs {
	const steps = 120
	xys := make(plotter.XYs, steps+1)
	for i := range xys {
		part := mostDiscarded * float64(i) / steps
		xys[i] = plotter.XY{X: 100 * part, Y: 100 * fnmr(part)}
	}
	return xys
}
