package regula

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// criterion is a characteristic and the values that comply.
type criterion struct {
	characteristic
	within *[2]float64 // nil: every value
}

// criteria returns what is asked for. The field is the JSON path of the request.
func (r *qualityRequest) criteria(field string) ([]criterion, error) {
	if len(r.Config) == 0 {
		return usualCriteria(nil, nil), nil
	}
	all := characteristics()
	out := make([]criterion, 0, len(r.Config))
	for i, c := range r.Config {
		at := fmt.Sprintf("%s.config[%d]", field, i)
		name := httpx.OrDefault(c.Name, "")
		n := slices.IndexFunc(all, func(known characteristic) bool { return known.name == name })
		if n < 0 {
			return nil, face.FieldErrorf(at+".name", "%s.name: there is no characteristic %q", at, name)
		}
		within, err := c.within(at + ".range")
		if err != nil {
			return nil, err
		}
		out = append(out, criterion{all[n], cmp.Or(within, all[n].usual)})
	}
	return out, nil
}

// within returns the range that complies, nil for the usual one.
func (c *qualityConfig) within(field string) (*[2]float64, error) {
	switch {
	case len(c.Range) == 0:
		return nil, nil
	case len(c.Range) != 2:
		return nil, face.FieldErrorf(field, "%s must be two numbers, the least and the most, not %d", field, len(c.Range))
	case c.Range[0] > c.Range[1]:
		return nil, face.FieldErrorf(field, "%s: the least, %v, is above the most, %v", field, c.Range[0], c.Range[1])
	}
	return within(c.Range[0], c.Range[1]), nil
}

// usualCriteria returns all characteristics but some, with their usual ranges but for
// those given.
func usualCriteria(except []string, ranges map[string][2]float64) []criterion {
	var out []criterion
	for _, c := range characteristics() {
		if slices.Contains(except, c.name) {
			continue
		}
		if r, ok := ranges[c.name]; ok {
			c.usual = &r
		}
		out = append(out, criterion{c, c.usual})
	}
	return out
}

// need asks for what the criteria look at.
func need(criteria []criterion, o *face.InspectOptions) {
	for _, c := range criteria {
		if c.need != nil {
			c.need(o)
		}
	}
}

// assess holds a face to criteria.
func (s *assessed) assess(criteria []criterion) *quality {
	q := &quality{NonCompliant: []string{}, DetailsGroups: []qualityTotals{}, Details: make([]qualityDetail, 0, len(criteria))}
	var good, known int
	for _, c := range criteria {
		d := s.detail(c)
		q.Details = append(q.Details, d)
		switch d.Status {
		case statusTrue:
			good, known = good+1, known+1
		case statusFalse:
			known++
			q.NonCompliant = append(q.NonCompliant, d.Name)
		case statusUndetermined:
		}
	}
	if known > 0 {
		q.Score = decimals(float64(good) / float64(known))
	}
	for g := imageGroup; g <= backgroundGroup; g++ {
		if t := totals(g, q.Details); t.TotalCount > 0 {
			q.DetailsGroups = append(q.DetailsGroups, t)
		}
	}
	return q
}

// detail holds a face to one criterion.
func (s *assessed) detail(c criterion) qualityDetail {
	d := qualityDetail{GroupID: c.group, Name: c.name, Range: c.within, Status: statusUndetermined}
	if c.value == nil {
		return d
	}
	v := c.value(s)
	if v == nil {
		return d
	}
	value := decimals(*v)
	d.Value, d.Status = &value, statusTrue
	if r := c.within; r != nil && (value < r[0] || value > r[1]) {
		d.Status = statusFalse
	}
	return d
}

// totals counts the details of a group.
func totals(g qualityGroup, details []qualityDetail) qualityTotals {
	t := qualityTotals{GroupID: g, Name: g.name()}
	for _, d := range details {
		if d.GroupID != g {
			continue
		}
		t.TotalCount++
		if d.Status == statusTrue {
			t.CompliantCount++
		}
	}
	return t
}

// decimals rounds to what is worth telling.
func decimals(x float64) float64 { return math.Round(x*1e4) / 1e4 }
