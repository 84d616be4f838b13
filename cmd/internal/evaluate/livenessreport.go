package evaluate

import (
	"fmt"
	"io"
	"math"
	"slices"
	"text/tabwriter"
)

// reportedThresholds are those that a report of liveness names besides its own.
var reportedThresholds = []float64{10, 30, 50, 70, 80, 90, 95, 98, 99, 99.9}

// Report writes the error rates at a threshold, and a table over others, as a person
// reads them. Rates are of the pictures with a face; the others are told apart.
func (l *Liveness) Report(w io.Writer, threshold float64) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) { _, _ = fmt.Fprintf(t, name+"\t"+format+"\n", args...) }
	live, silent := l.Rates.BonaFide()
	row("live", "%s", counted(live, silent))
	row("", "BPCER %s at %v: so many are refused", percent(l.Rates.BPCER(threshold)), threshold)
	for _, kind := range l.Rates.Attacks() {
		row("attacks: "+kind, "%s", counted(l.Rates.Attack(kind)))
		row("", "APCER %s at %v: so many are accepted", percent(l.Rates.APCER(kind, threshold)), threshold)
	}
	worst, rate := l.Rates.WorstAPCER(threshold)
	row("worst attack", "%s, APCER %s", worst, percent(rate))
	eer, at := l.Rates.EER()
	row("EER", "%s (at %.2f, of the worst attack)", percent(eer), at)
	if len(l.NoFace) > 0 {
		row("no face in", "%s", someOf(l.NoFace, 5))
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return l.table(w, threshold)
}

// table writes the rates over thresholds.
func (l *Liveness) table(w io.Writer, threshold float64) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprint(t, "\nthreshold\tBPCER\t")
	kinds := l.Rates.Attacks()
	for _, kind := range kinds {
		_, _ = fmt.Fprintf(t, "APCER %s\t", kind)
	}
	_, _ = fmt.Fprintln(t)
	all := append([]float64{threshold}, reportedThresholds...)
	slices.Sort(all)
	for _, at := range slices.Compact(all) {
		_, _ = fmt.Fprintf(t, "%v\t%s\t", at, percent(l.Rates.BPCER(at)))
		for _, kind := range kinds {
			_, _ = fmt.Fprintf(t, "%s\t", percent(l.Rates.APCER(kind, at)))
		}
		_, _ = fmt.Fprintln(t)
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

func counted(classified, silent int) string {
	if silent == 0 {
		return fmt.Sprintf("%d pictures", classified)
	}
	return fmt.Sprintf("%d pictures, and %d without a face", classified, silent)
}

func percent(rate float64) string {
	if math.IsNaN(rate) {
		return "unknown"
	}
	return fmt.Sprintf("%.2f %%", rate*100)
}
