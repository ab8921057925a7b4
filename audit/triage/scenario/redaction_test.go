package scenario_test

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/triage/briefing"
	"github.com/seaworthy-dev/seaworthy/audit/triage/scenario"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/recording"
)

// TestTriageSaysTheSameOfWhatIsRedacted holds that a recording whose values were taken out
// tells the same incidents, causes and changes.
func TestTriageSaysTheSameOfWhatIsRedacted(t *testing.T) {
	t.Parallel()
	for _, folder := range folders(t) {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(folder, "recording.seaworthy")
			source := recording.New(file, func() (io.ReadCloser, error) { return os.Open(file) }, recording.Paced(math.MaxInt32))
			var out bytes.Buffer
			var w *recording.Writer
			with, without := scenario.NewRun(), scenario.NewRun()
			err := source.Watch(t.Context(), func(c *kube.Cluster) {
				with.See(c)
				if w == nil {
					var err error
					if w, err = recording.NewWriter(&out, c.Info, recording.Redact); err != nil {
						t.Error(err)
					}
				}
				if err := w.Append(c); err != nil {
					t.Error(err)
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			open := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(out.Bytes())), nil }
			if err := recording.New(file, open, recording.Paced(math.MaxInt32)).Watch(t.Context(), without.See); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(document(t, with), document(t, without)); diff != "" {
				t.Errorf("(-with values +redacted):\n%s", diff)
			}
		})
	}
}

// document returns all that triage says.
func document(t *testing.T, r *scenario.Run) string {
	t.Helper()
	encoded, err := json.MarshalIndent(briefing.NewDocument(r.Report(), nil), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}
