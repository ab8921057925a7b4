package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/rules/platform"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// TestBackupsOfACluster judges Velero's objects as a real server has them: none, those of
// backups that go well, and those of backups that do not. The server's definitions
// are those of Velero if the folder of public manifests is named by SEAWORTHY_CORPORA, and
// take anything if not.
func TestBackupsOfACluster(t *testing.T) {
	t.Parallel()
	testbed := kubetest.StartTestbed(t, kubetest.TestbedOptions{})
	expect := func(state, verdict string) {
		t.Helper()
		want := map[string]string{
			"backup-failed": verdict, "backup-overdue": verdict, "backup-schedule-inactive": verdict,
			"backup-storage-unavailable": verdict, "namespace-volumes-not-backed-up": verdict,
			"backup-never-restored": "", // the server dates its objects itself: they are young
			"gitops-manual-change":  "", // nothing is delivered here
			// Nobody has installed a webhook or an API of his own.
			"admission-webhook-intercepts-system": "", "api-service-unavailable": "",
		}
		expectSaid(t, testbed, state, want, "--context", "reader")
	}
	expect("without Velero", "")

	testbed.Apply(t, "velero", definitionsOfVelero(t))
	expect("before it is set up", "")

	applyBackups(t, testbed, "healthy.yaml")
	bind := kubetest.Call{
		Method: http.MethodPatch, Path: "/api/v1/namespaces/shop/persistentvolumeclaims/orders/status",
		Header: map[string][]string{"Content-Type": {"application/merge-patch+json"}},
		Body:   map[string]any{"status": map[string]any{"phase": "Bound"}},
	}
	testbed.Client(t).Must(t, bind, nil)
	expect("healthy", "passes")

	applyBackups(t, testbed, "broken.yaml")
	expect("broken", "fails")
}

// expectSaid compares what rules say of a cluster in some state with what they should.
func expectSaid(t *testing.T, testbed *kubetest.Testbed, state string, want map[string]string, who ...string) {
	t.Helper()
	got := verdicts(t, testbed, who...)
	for id := range got {
		if _, named := want[id]; !named {
			delete(got, id)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", state, diff)
	}
}

// verdicts returns what the rules of the category say of a cluster to who looks, each
// "fails", "passes", "unknown", or "" where it does not apply.
func verdicts(t *testing.T, testbed *kubetest.Testbed, who ...string) map[string]string {
	t.Helper()
	of := map[string]string{}
	for _, tally := range audit.Run(viewOf(t, testbed, who...), []audit.Category{platform.Category()}).Tallies() {
		said := of[tally.Rule.ID]
		switch {
		case tally.Unknown > 0 || tally.Coverage < 1:
			said = "unknown: " + tally.Why
		case tally.Failing > 0:
			said = "fails"
		case tally.Applicable > 0 && said == "":
			said = "passes"
		}
		of[tally.Rule.ID] = said
	}
	return of
}

// viewOf returns what somebody sees of a cluster.
func viewOf(t *testing.T, testbed *kubetest.Testbed, who ...string) *kube.Cluster {
	t.Helper()
	s := &streams{
		in: strings.NewReader(""), out: io.Discard, err: io.Discard, notes: &notes{out: io.Discard}, now: time.Now,
		env: func(string) string { return "" },
	}
	source, err := options(t, append([]string{"--kubeconfig", testbed.Kubeconfig}, who...)).target.connect(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	view, err := kube.Load(t.Context(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	return view
}

// applyBackups applies an example in which $RECENT, $DUE and $OLD are moments before now.
func applyBackups(t *testing.T, testbed *kubetest.Testbed, name string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "velero", name))
	if err != nil {
		t.Fatal(err)
	}
	ago := map[string]time.Duration{"RECENT": time.Minute, "DUE": time.Hour, "OLD": 72 * time.Hour}
	dated := os.Expand(string(text), func(name string) string { return time.Now().Add(-ago[name]).UTC().Format(time.RFC3339) })
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(dated), 0o600); err != nil {
		t.Fatal(err)
	}
	testbed.Apply(t, "velero", file)
}

// definitionsOfVelero returns a file with the definitions of its kinds.
func definitionsOfVelero(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("SEAWORTHY_CORPORA"); dir != "" {
		return filepath.Join(dir, "velero", "00-crds.yaml")
	}
	var text strings.Builder
	for _, r := range []kube.Resource{kube.Schedules, kube.Backups, kube.BackupStorageLocations, kube.Restores} {
		fmt.Fprintf(&text, `---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: %[1]s.%[2]s}
spec:
  group: %[2]s
  scope: Namespaced
  names: {plural: %[1]s, singular: %[3]s, kind: %[4]s}
  versions:
  - {name: %[5]s, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}
`, r.Plural, r.Group, strings.ToLower(r.Kind), r.Kind, r.Version)
	}
	file := filepath.Join(t.TempDir(), "definitions.yaml")
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
