package screen_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/incident"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// TestWhatIsAcknowledged holds for an incident under all its names and as long as it gets
// no worse: what begins later under the same name is another one.
func TestWhatIsAcknowledged(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, time.January, 1, 11, 0, 0, 0, time.UTC)
	now := began.Add(time.Hour)
	seen := screen.NewAcknowledged()
	i := &incident.Incident{ID: "a", Severity: triage.S2, Since: began}
	if seen.Has(i) || !seen.Toggle(i, now) || !seen.Has(i) {
		t.Error("an incident is not acknowledged by it")
	}
	for name, tt := range map[string]struct {
		incident incident.Incident
		want     bool
	}{
		"milder":               {incident.Incident{ID: "a", Severity: triage.S3, Since: began}, true},
		"worse":                {incident.Incident{ID: "a", Severity: triage.S1, Since: began}, false},
		"a part of another":    {incident.Incident{ID: "b", Aliases: []string{"a"}, Severity: triage.S2, Since: began}, true},
		"a part of a worse":    {incident.Incident{ID: "b", Aliases: []string{"a"}, Severity: triage.S1, Since: began}, false},
		"another":              {incident.Incident{ID: "c", Severity: triage.S3, Since: began}, false},
		"began after that":     {incident.Incident{ID: "a", Severity: triage.S2, Since: now.Add(time.Second)}, false},
		"began earlier by now": {incident.Incident{ID: "a", Severity: triage.S2, Since: began.Add(-time.Hour)}, true},
	} {
		if got := seen.Has(&tt.incident); got != tt.want {
			t.Errorf("%s: it is acknowledged: %t, want %t", name, got, tt.want)
		}
	}
	other := screen.NewAcknowledged()
	other.Take(seen.List())
	if diff := cmp.Diff(seen.List(), other.List()); diff != "" || !other.Has(i) {
		t.Errorf("what was kept differs (-want +got):\n%s", diff)
	}
	if other.Toggle(i, now) || other.Has(i) || len(other.List()) != 0 {
		t.Error("an acknowledgement is not taken back")
	}
	other.Take(seen.List())
	if other.Toggle(&incident.Incident{ID: "d", Since: now}, now.Add(30*24*time.Hour)); len(other.List()) != 1 {
		t.Errorf("after a month there is still %v", other.List())
	}
}
