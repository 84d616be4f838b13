package plots

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"github.com/facekeep/facekeep/face/eval"
)

// attackColors are those of the first kinds of attacks; there are no lines for more.
var attackColors = []color.RGBA{
	{R: 0x1f, G: 0x6f, B: 0xb4, A: 0xff}, {R: 0xc0, G: 0x39, B: 0x2b, A: 0xff}, {R: 0x2e, G: 0x8b, B: 0x57, A: 0xff},
	{R: 0x8e, G: 0x44, B: 0xad, A: 0xff}, {R: 0xd3, G: 0x84, B: 0x00, A: 0xff}, {R: 0x60, G: 0x60, B: 0x60, A: 0xff},
}

// Liveness writes the errors of a liveness check to an SVG file: BPCER over APCER on
// normal-deviate axes, a line for each kind of attack. Rates beyond the axes are drawn
// on their edge.
func Liveness(path, title string, p *eval.Presentations) error {
	live, _ := p.BonaFide()
	attacks := 1
	for _, kind := range p.Attacks() {
		n, _ := p.Attack(kind)
		attacks = max(attacks, n)
	}
	out := newDET(title, "attacks accepted (APCER)", "living people refused (BPCER)", max(attacks, 10), max(live, 10))
	out.X.Max, out.Y.Max = 0.6, 0.6
	for i, kind := range p.Attacks() {
		if i == len(attackColors) {
			break
		}
		line, err := plotter.NewLine(livenessPoints(p, kind, out))
		if err != nil {
			return fmt.Errorf("draw attacks %s: %w", kind, err)
		}
		line.Width, line.Color = vg.Points(2), attackColors[i]
		line.StepStyle = plotter.PostStep
		n, _ := p.Attack(kind)
		out.Add(line)
		out.Legend.Add(fmt.Sprintf("%s: %d attacks, %d live", kind, n, live), line)
	}
	return save(out, path)
}

// livenessPoints returns the rates at every threshold, the most lenient first.
func livenessPoints(p *eval.Presentations, kind string, axes *plot.Plot) plotter.XYs {
	var xys plotter.XYs
	for _, t := range p.Thresholds() {
		apcer, bpcer := p.APCER(kind, t), p.BPCER(t)
		if math.IsNaN(apcer) || math.IsNaN(bpcer) {
			continue
		}
		xys = append(xys, plotter.XY{X: within(apcer, axes.X), Y: within(bpcer, axes.Y)})
	}
	return xys
}
