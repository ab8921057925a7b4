package change_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// The certificate of the API server is of no object: the view itself tells of it.
func TestCertificateOfTheServerIsTold(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.January, 1, 12, 0, 0, 0, time.UTC)
	shown := &kube.Certificate{NotBefore: at.Add(-2 * time.Hour), NotAfter: at.Add(-time.Hour)}
	view := kube.NewBuilder(kube.Info{Certificate: shown}).Build(at)
	for since, want := range map[time.Duration][]string{
		3 * time.Hour:    {"certificate of the API server expired", "certificate of the API server issued"},
		90 * time.Minute: {"certificate of the API server expired"},
		time.Minute:      nil,
	} {
		var got []string
		for _, c := range change.Reconstruct(view, at.Add(-since)) {
			got = append(got, c.Title)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("within %s (-want +got):\n%s", since, diff)
		}
	}
}
