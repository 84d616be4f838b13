package gallery

import "math"

// forbidden as the gain of a pair says that the two must not be paired.
const forbidden = -1

// gains holds what it is worth to pair each row with each column. A gain below
// zero is forbidden; a row that is paired with nothing is worth zero.
type gains struct {
	rows, columns int
	values        []float64 // row by row, finite
}

// newGains returns gains of which every one is forbidden.
func newGains(rows, columns int) gains {
	g := gains{rows: rows, columns: columns, values: make([]float64, rows*columns)}
	for i := range g.values {
		g.values[i] = forbidden
	}
	return g
}

func (g gains) row(i int) []float64 { return g.values[i*g.columns : (i+1)*g.columns] }

func (g gains) set(row, column int, gain float64) { g.row(row)[column] = gain }

// unpaired stands for the partner of a row or a column that has none.
const unpaired = -1

// assign pairs rows with columns, each at most once, so that the sum of gains is
// the largest that there is, and returns the column of each row or unpaired. Of
// several such pairings it always returns the same one.
//
// Row after row is added by the shortest augmenting path (Kuhn and Munkres, with
// the potentials of Jonker and Volgenant): rows²·columns steps.
func assign(g gains) []int {
	a := assignment{
		gains: g, columnOf: filled(g.rows, unpaired), rowOf: filled(g.columns, unpaired),
		rowPrice: make([]float64, g.rows), columnPrice: make([]float64, g.columns),
		distance: make([]float64, g.columns), from: make([]int, g.columns), scanned: make([]bool, g.columns),
	}
	for row := range g.rows {
		a.add(row)
	}
	return a.columnOf
}

func filled(n, value int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = value
	}
	return out
}

// assignment is an optimal pairing of the rows added so far. Its prices prove that:
// rowPrice + columnPrice is at most the cost (the negative gain) of every pair, and
// equal to it for the pairs that are made; rowPrice is at most 0, the cost of
// staying unpaired; and a column that is free has the price 0.
type assignment struct {
	gains

	columnOf, rowOf       []int
	rowPrice, columnPrice []float64

	// Of the path that is being looked for, by column.
	distance []float64
	from     []int // the row that the distance comes through
	scanned  []bool
}

// add pairs one more row: it takes a free column at the end of the shortest path, or
// the path ends at a row that gives its column up and stays unpaired from then on.
func (a *assignment) add(row int) {
	for j := range a.distance {
		a.distance[j], a.scanned[j] = math.Inf(1), false
	}
	var length float64 // of the path to the row that is looked at
	end, giver := math.Inf(1), unpaired
	free := unpaired
	for at := row; ; {
		if d := length - a.rowPrice[at]; d < end { // the way out without a column
			end, giver = d, at
		}
		a.relax(at, length)
		j := a.nearest()
		// A column is preferred to none where both are as good.
		if j == unpaired || a.distance[j] > end {
			break
		}
		if a.scanned[j] = true; a.rowOf[j] == unpaired {
			end, free = a.distance[j], j
			break
		}
		at, length = a.rowOf[j], a.distance[j]
	}
	a.reprice(row, end)
	if free == unpaired {
		free, a.columnOf[giver] = a.columnOf[giver], unpaired
	}
	a.shift(row, free)
}

// relax shortens the paths to the columns that a row may have.
func (a *assignment) relax(row int, length float64) {
	for j, gain := range a.row(row) {
		if gain < 0 || a.scanned[j] {
			continue
		}
		if d := length - gain - a.rowPrice[row] - a.columnPrice[j]; d < a.distance[j] {
			a.distance[j], a.from[j] = d, row
		}
	}
}

// nearest returns the column at the least distance that is not scanned yet, the
// first of several; unpaired if none can be reached.
func (a *assignment) nearest() int {
	best, least := unpaired, math.Inf(1)
	for j, d := range a.distance {
		if !a.scanned[j] && d < least {
			best, least = j, d
		}
	}
	return best
}

// reprice brings the prices up to the path of a length from a row: what was passed
// on the way becomes as dear as the way to it was short.
func (a *assignment) reprice(row int, length float64) {
	for j, d := range a.distance {
		if a.scanned[j] && d < length {
			a.columnPrice[j] -= length - d
			a.rowPrice[a.rowOf[j]] += length - d
		}
	}
	a.rowPrice[row] += length
}

// shift hands columns over along the path that leads from a row to a column.
// Unpaired as the column says that the path has no step: the row stays as it is.
func (a *assignment) shift(row, column int) {
	for column != unpaired {
		at := a.from[column]
		a.rowOf[column] = at
		column, a.columnOf[at] = a.columnOf[at], column
		if at == row {
			return
		}
	}
}
