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
	"github.com/seaworthy-dev/seaworthy/audit/rules"
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
		}
		expectRules(t, testbed, state, want)
	}
	expect("without Velero", "")

	testbed.Apply(t, "velero", definitionsOfVelero(t))
	expect("before it is set up", "")

	applyDated(t, testbed, filepath.Join("testdata", "velero", "healthy.yaml"))
	bind := kubetest.Call{
		Method: http.MethodPatch, Path: "/api/v1/namespaces/shop/persistentvolumeclaims/orders/status",
		Header: map[string][]string{"Content-Type": {"application/merge-patch+json"}},
		Body:   map[string]any{"status": map[string]any{"phase": "Bound"}},
	}
	testbed.Client(t).Must(t, bind, nil)
	expect("healthy", "passes")

	applyDated(t, testbed, filepath.Join("testdata", "velero", "broken.yaml"))
	expect("broken", "fails")
}

// expectRules compares what rules say of a cluster in some state with what they should, to
// who may read everything if nobody is named.
func expectRules(t *testing.T, testbed *kubetest.Testbed, state string, want map[string]string, who ...string) {
	t.Helper()
	if len(who) == 0 {
		who = reader()
	}
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

// reader is who may read everything.
func reader() []string { return []string{"--context", "reader"} }

// verdicts returns what rules say of a cluster to who looks, each
// "fails", "passes", "unknown", or "" where it does not apply.
func verdicts(t *testing.T, testbed *kubetest.Testbed, who ...string) map[string]string {
	t.Helper()
	of := map[string]string{}
	for _, tally := range audit.Run(viewOf(t, testbed, who...), rules.All()).Tallies() {
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

// applyDated applies an example in which $RECENT, $DUE and $OLD are moments before now.
func applyDated(t *testing.T, testbed *kubetest.Testbed, example string) {
	t.Helper()
	testbed.Apply(t, "velero", dated(t, example))
}

// dated returns a copy of an example in which $RECENT, $DUE and $OLD are moments before now.
func dated(t *testing.T, example string) string {
	t.Helper()
	text, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	ago := map[string]time.Duration{"RECENT": time.Minute, "DUE": time.Hour, "OLD": 72 * time.Hour}
	written := os.Expand(string(text), func(name string) string { return time.Now().Add(-ago[name]).UTC().Format(time.RFC3339) })
	file := filepath.Join(t.TempDir(), filepath.Base(example))
	if err := os.WriteFile(file, []byte(written), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// definitionsOfVelero returns a file with the definitions of its kinds.
func definitionsOfVelero(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("SEAWORTHY_CORPORA"); dir != "" {
		return filepath.Join(dir, "velero", "00-crds.yaml")
	}
	return definitionsOf(t, kube.Schedules, kube.Backups, kube.BackupStorageLocations, kube.Restores)
}

// definitionsOf returns a file with definitions of some kinds that take anything.
func definitionsOf(t *testing.T, resources ...kube.Resource) string {
	t.Helper()
	var text strings.Builder
	for _, r := range resources {
		scope := "Cluster"
		if r.Namespaced {
			scope = "Namespaced"
		}
		fmt.Fprintf(&text, `---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: %[1]s.%[2]s
  annotations: {api-approved.kubernetes.io: "unapproved, for tests"}
spec:
  group: %[2]s
  scope: %[6]s
  names: {plural: %[1]s, singular: %[3]s, kind: %[4]s}
  versions:
  - {name: %[5]s, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}
`, r.Plural, r.Group, strings.ToLower(r.Kind), r.Kind, r.Version, scope)
	}
	file := filepath.Join(t.TempDir(), "definitions.yaml")
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
