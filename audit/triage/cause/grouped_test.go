package cause_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/cause"
	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/audit/triage/incident"
	"github.com/seaworthy-dev/seaworthy/audit/triage/triagetest"
)

// Of each example the same is told when its signals are grouped as they are for people,
// and not by the head of the file.
func TestExamplesAsIncidents(t *testing.T) {
	t.Parallel()
	for _, file := range examples(t, "*") {
		want := filepath.Base(filepath.Dir(file))
		switch want {
		case "capacity-lost", "volume-held":
			want = "node-down" // which they are symptoms of, as soon as it is of the incident
		}
		if strings.HasPrefix(filepath.Base(file), "counter") {
			continue
		}
		t.Run(strings.TrimPrefix(file, "testdata/"), func(t *testing.T) {
			t.Parallel()
			view := triagetest.View(t, file, 0)
			tracker := incident.NewTracker(detectors())
			tracker.Update(view, view.Time)
			report := tracker.Update(view, view.Time.Add(time.Minute)) // for what no object tells the beginning of
			all := report.Incidents
			if report.Notes != nil {
				all = append(slices.Clone(all), report.Notes)
			}
			var told []string
			for _, one := range all {
				c := &cause.Case{
					Cluster: view, Root: one.Root, Since: one.Since, Blind: report.Blind,
					Changes: change.Reconstruct(view, view.Time.AddDate(0, 0, -1)),
				}
				for i := range one.Signals {
					c.Signals = append(c.Signals, one.Signals[i].Watched)
				}
				for _, other := range all {
					if other != one {
						c.Others = append(c.Others, watched(other)...)
					}
				}
				d := cause.Diagnose(c)
				told = append(told, one.Title+": "+d.Causes[0].Pattern)
				if first := d.Causes[0]; first.Pattern == want {
					if alone := cause.Diagnose(example(t, file)).Causes[0]; alone.Pattern == want && first.Confidence < alone.Confidence-10 {
						t.Errorf("%s is %s with %d points, against %q, and %s by itself", want, first.Band, first.Confidence, first.Against, alone.Band)
					}
					return
				}
			}
			t.Errorf("none of %d incidents has the cause %s\n%s", len(told), want, strings.Join(told, "\n"))
		})
	}
}

func watched(of *incident.Incident) []triage.Watched {
	var all []triage.Watched
	for i := range of.Signals {
		all = append(all, of.Signals[i].Watched)
	}
	return slices.Clip(all)
}
