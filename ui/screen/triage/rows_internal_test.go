package triage

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/briefing"
	"github.com/seaworthy-dev/seaworthy/audit/triage/incident"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// told returns a report of some incidents, suspects and notes.
func told(incidents []*incident.Incident, suspects, notes int) *briefing.Report {
	r := &briefing.Report{Report: &incident.Report{Time: noon, Incidents: incidents}}
	for _, i := range incidents {
		r.Briefings = append(r.Briefings, &briefing.Briefing{Incident: i})
	}
	signal := func(k int) triage.Watched {
		s := &triage.Signal{Detector: &triage.Detector{ID: "crash-loop"}, Object: kube.Pods.Ref("shop", fmt.Sprintf("web-%d", k)), Message: "crashes"}
		return triage.Watched{Signal: s, Onset: noon.Add(-90 * time.Second)}
	}
	for k := range suspects {
		r.Suspects = append(r.Suspects, signal(k))
	}
	if notes > 0 {
		r.Notes = &incident.Incident{ID: "notes"}
		for k := range notes {
			r.Notes.Signals = append(r.Notes.Signals, incident.Signal{Watched: signal(k)})
		}
	}
	return r
}

// TestTheOrderOfRows: what is to be seen to, what somebody has seen to, what is over for
// not too long, suspects, and notes.
func TestTheOrderOfRows(t *testing.T) {
	t.Parallel()
	over := func(id string, ended time.Duration) *incident.Incident {
		return &incident.Incident{ID: id, State: incident.Resolved, Since: noon.Add(-2 * time.Hour), Ended: noon.Add(-ended)}
	}
	acknowledged := &incident.Incident{ID: "ack", Severity: triage.S1, Since: noon.Add(-time.Hour)}
	open := &incident.Incident{ID: "open", Severity: triage.S2, Since: noon.Add(-time.Hour)}
	seen := screen.NewAcknowledged()
	seen.Toggle(acknowledged, noon)
	r := told([]*incident.Incident{acknowledged, open, over("late", 10*time.Minute), over("early", 20*time.Minute)}, 2, 3)
	var got []string
	for _, at := range rowsOf(r, seen, noon.Add(-15*time.Minute)) {
		got = append(got, fmt.Sprintf("%s: %s, %s", at.key(), at.state(), at.duration()))
	}
	want := []string{
		"open: open, 60m", "ack: acknowledged, 60m", "late: resolved, 110m",
		"suspect crash-loop Pod shop/web-0 : suspect, 1m", "suspect crash-loop Pod shop/web-1 : suspect, 1m", "notes: note, ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if n := len(rowsOf(told(nil, mostSuspects+5, 0), seen, noon)); n != mostSuspects {
		t.Errorf("%d suspects are listed, want %d", n, mostSuspects)
	}
}

// TestTheCursorFollowsAnIncident that turned out to be part of another.
func TestTheCursorFollowsAnIncident(t *testing.T) {
	t.Parallel()
	r := told([]*incident.Incident{{ID: "a"}, {ID: "b", Aliases: []string{"c"}}}, 0, 0)
	rows := listRows{styled(t, style.Options{}), rowsOf(r, screen.NewAcknowledged(), noon)}
	for key, want := range map[string]int{"a": 0, "b": 1, "c": 1, "d": -1} {
		if got := rows.Index(key); got != want {
			t.Errorf("%s is row %d, want %d", key, got, want)
		}
	}
}

// TestRowsWithoutAnIncident have neither severity nor pods.
func TestRowsWithoutAnIncident(t *testing.T) {
	t.Parallel()
	st := styled(t, style.Options{})
	r := told(nil, 1, 1)
	rows := rowsOf(r, screen.NewAcknowledged(), noon)
	for k, want := range [][]string{
		{"?", "11:58", "1m", "po/web-0: crashes", "shop", "", "suspect"},
		{mark(st, triage.S4), "", "", "housekeeping: 1 note of no consequence", "", "", "note"},
	} {
		var got []string
		for _, c := range (listRows{st, rows}).Cells(k, nil)[:len(want)] {
			got = append(got, c.Text)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("row %d (-want +got):\n%s", k, diff)
		}
	}
}
