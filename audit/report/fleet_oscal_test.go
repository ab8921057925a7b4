package report_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFleetOSCAL holds that each cluster has a result, and that one which could not be looked
// at has one in which nothing was reviewed.
func TestFleetOSCAL(t *testing.T) {
	t.Parallel()
	schema := oscalSchema(t)
	anything(t, func(text string) bool {
		members := fleetMembers(t, text)
		o := assessed(t, schema, fleetReport(t, "oscal", members))
		for i, r := range o.Results.Results {
			want := 1
			if members[i].Document != nil {
				want += len(members[i].Document.Findings)
			}
			if len(r.Observations) != want {
				t.Errorf("%s has %d observations, want %d", r.Title, len(r.Observations), want)
			}
		}
		gone := o.Results.Results[2]
		if s := gone.Reviewed.Selections; len(s) != 1 || len(s[0].Include) > 0 || len(gone.Findings) > 0 || !strings.HasPrefix(s[0].Remarks, "connecting to gone: ") {
			t.Errorf("of what could not be looked at it says %+v", gone)
		}
		return len(o.Results.Results) == len(members) && !t.Failed()
	})
}

// TestFleetOSCALStaysTheSame holds that the UUIDs of a result follow from its own cluster,
// and what it says of its controls is what a scan of that cluster alone says.
func TestFleetOSCALStaysTheSame(t *testing.T) {
	t.Parallel()
	schema := oscalSchema(t)
	members := fleetMembers(t, "x")
	all, some := assessed(t, schema, fleetReport(t, "oscal", members)), assessed(t, schema, fleetReport(t, "oscal", members[1:]))
	if diff := cmp.Diff(all.Results.Results[1:], some.Results.Results); diff != "" {
		t.Errorf("without the first cluster (-before +after):\n%s", diff)
	}
	if all.Results.UUID == some.Results.UUID {
		t.Errorf("two fleets are both %s", all.Results.UUID)
	}
	alone, together := assessed(t, schema, written(t, "oscal", assessment(t), asked())).Results.Results[0], all.Results.Results[0]
	if diff := cmp.Diff(alone.Reviewed, together.Reviewed); diff != "" || len(alone.Findings) != len(together.Findings) {
		t.Errorf("%d and %d findings (-alone +in the fleet):\n%s", len(alone.Findings), len(together.Findings), diff)
	}
}
