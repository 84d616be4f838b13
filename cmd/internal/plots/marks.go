package plots

import (
	"image/color"

	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// grid returns the pale lines behind a plot.
func grid() *plotter.Grid {
	g := plotter.NewGrid()
	g.Horizontal.Color, g.Vertical.Color = color.Gray{Y: 220}, color.Gray{Y: 220}
	return g
}

// dotted returns the line through points of which each was measured, and its dots.
func dotted(xys plotter.XYs, shade color.Color) (*plotter.Line, *plotter.Scatter, error) {
	line, dots, err := plotter.NewLinePoints(xys)
	if err != nil {
		return nil, nil, err
	}
	line.Width, line.Color = vg.Points(2), shade
	dots.Shape, dots.Color, dots.Radius = draw.CircleGlyph{}, shade, vg.Points(3)
	return line, dots, nil
}
