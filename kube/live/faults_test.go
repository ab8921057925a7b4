package live_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
	"github.com/seaworthy-dev/seaworthy/kube/live"
)

var update = flag.Bool("update", false, "write FAULTS.md anew")

// injected is a fault between a source and its server.
type injected struct {
	name  string
	kind  kube.Resource // that it is about; where it is about all, one of them
	first bool          // it is there before the first list
	args  []string      // further flags
	// answer is what becomes of requests while it lasts; nil if it is of the connection.
	answer     fault
	begin, end func(t *testing.T, f *front) // of the connection
	// prepare returns who looks, as flags; nil for the reader, whose token it is given.
	prepare func(t *testing.T, f *front, token string) []string
	phase   kube.Phase               // of the kind, while it lasts
	says    string                   // part of the reason
	lost    bool                     // what was read may not be looked at any more
	holds   func(*kube.Cluster) bool // what else is to be seen, nil for nothing
}

// outcome is a row of the table.
type outcome struct{ name, when, shows, keeps, again string }

// Whatever happens between a source and its server, the source goes on, its view says what
// is stale or unread, and once it is over the view is the one of a fresh start. What is
// judged of a cluster depends on the view alone.
func TestFaults(t *testing.T) {
	t.Parallel()
	testbed := kubetest.SharedTestbed(t)
	var mu sync.Mutex
	rows := map[string]outcome{}
	all := slices.Concat(connectionFaults(), refusals(), brokenAnswers(), partialFaults())
	t.Run("all", func(t *testing.T) {
		for _, fault := range all {
			t.Run(fault.name, func(t *testing.T) {
				t.Parallel()
				row := endure(t, testbed, fault)
				mu.Lock()
				defer mu.Unlock()
				rows[fault.name] = row
			})
		}
	})
	if len(rows) < len(all) {
		return // some were left out by -run, or failed
	}
	checkTable(t, all, rows)
}

// watched are the resources that the sources of these tests read.
func watched() []kube.Resource {
	return []kube.Resource{
		kube.Namespaces, kube.Services, kube.Deployments, kube.Secrets, kube.ClusterRoles,
		kube.CustomResourceDefinitions, kube.PodMetrics, kube.CalicoNetworkPolicies,
	}
}

// endure lets one fault come and go.
func endure(t *testing.T, testbed *kubetest.Testbed, fault injected) outcome {
	t.Helper()
	writer := admin(t, testbed.Kubeconfig)
	mine := newNamespace(t, writer)
	create(t, writer, kube.Services, mine, "{metadata: {name: before}, spec: {ports: [{port: 80}]}}")
	create(t, writer, kube.Secrets, mine, "{metadata: {name: before}}")
	f := newFront(t, testbed)
	o := live.Hastened(live.Options{Only: watched()})
	reader := []string{"--kubeconfig", testbed.Kubeconfig, "--context", "reader"}
	args := reader
	if fault.prepare != nil {
		args = fault.prepare(t, f, testbed.Tokens["reader"])
	}
	source := connect(t, o, slices.Concat(args, []string{"--server", "https://" + f.addr, "--certificate-authority", f.authority}, fault.args)...)
	var v *viewer
	if !fault.first {
		v = watch(t, source)
		v.await("everything", (*kube.Cluster).Settled)
	}
	f.turnTo(fault.answer)
	if fault.begin != nil {
		fault.begin(t, f)
	}
	if fault.first {
		v = watch(t, source)
	}
	v.patience = 20 * time.Second
	shown := v.await("the fault", func(c *kube.Cluster) bool {
		s := state(c, fault.kind, "")
		return s.Phase == fault.phase && strings.Contains(s.Reason, fault.says) && (fault.holds == nil || fault.holds(c))
	})
	row := checkMeanwhile(t, shown, fault, mine)
	create(t, writer, kube.Services, mine, "{metadata: {name: meanwhile}, spec: {ports: [{port: 80}]}}")
	if err := in(writer, kube.Secrets, mine).Delete(t.Context(), "before", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	f.turnTo(nil)
	if fault.end != nil {
		fault.end(t, f)
	}
	began := time.Now()
	fresh := watch(t, connect(t, o, reader...)).await("a fresh start", (*kube.Cluster).Settled)
	v.await("the view of a fresh start", func(c *kube.Cluster) bool { return difference(fresh, c, mine) == "" })
	t.Logf("recovered within %s", time.Since(began).Round(time.Millisecond))
	return row
}

// checkMeanwhile expects that a view tells the fault, and has what was read.
func checkMeanwhile(t *testing.T, c *kube.Cluster, fault injected, mine string) outcome {
	t.Helper()
	s := state(c, fault.kind, "")
	row := outcome{name: fault.name, when: "later", shows: s.Phase.String(), keeps: "kept", again: live.Again(s)}
	if s.Reason != "" {
		row.shows += ": " + anonymous(s.Reason)
	}
	if fault.first {
		row.when, row.keeps = "first list", "none yet"
	}
	if fault.phase == kube.Synced && !fault.first || fault.phase == kube.Stale {
		if !c.Has(kube.Services.Ref(mine, "before")) || !c.Has(kube.Secrets.Ref(mine, "before")) {
			t.Errorf("what was read is lost while %s", row.shows)
		}
	}
	if fault.lost {
		row.keeps = "forgotten"
		if len(c.Objects(fault.kind)) > 0 {
			t.Errorf("%d %s are left", len(c.Objects(fault.kind)), fault.kind)
		}
	}
	return row
}

// difference tells two views of a cluster apart: by their states, and by the objects of a
// namespace, since in others other tests work.
func difference(a, b *kube.Cluster, namespace string) string {
	type view struct {
		States  []string
		Objects map[string]kube.Object
	}
	of := func(c *kube.Cluster) view {
		v := view{Objects: map[string]kube.Object{}}
		for _, s := range c.States() {
			v.States = append(v.States, fmt.Sprint(s.Resource, s.Namespace, s.Phase, s.Verb, s.Reason))
		}
		for _, r := range watched() {
			for _, o := range c.Objects(r) {
				if o.GetNamespace() == namespace || r == kube.Namespaces && o.GetName() == namespace {
					v.Objects[r.Plural+"/"+o.GetName()] = o
				}
			}
		}
		return v
	}
	return cmp.Diff(of(a), of(b))
}

// anonymous takes out of a reason what is another at each run.
func anonymous(reason string) string {
	for _, r := range []struct{ pattern, by string }{
		{`\d\d:\d\d:\d\d UTC`, "TIME"},
		{`127\.0\.0\.1:\d+`, "HOST"},
		{`stream ID \d+`, "stream ID N"},
		{`read in \d+ of \d+`, "read in N of N"},
	} {
		reason = regexp.MustCompile(r.pattern).ReplaceAllString(reason, r.by)
	}
	return reason
}

// checkTable compares FAULTS.md with what was seen.
func checkTable(t *testing.T, all []injected, rows map[string]outcome) {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("# Faults\n\nWhat the live source makes of a fault between it and a real API server, " +
		"as `go test ./kube/live -run TestFaults -update` saw it. Once it is over its view is the one of a fresh start.\n\n" +
		"| fault | comes with | the state of what it hits | what was read | asked again |\n|---|---|---|---|---|\n")
	for _, fault := range all {
		r := rows[fault.name]
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", r.name, r.when, strings.ReplaceAll(r.shows, "|", `\|`), r.keeps, r.again)
	}
	const file = "FAULTS.md"
	if *update {
		if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s is out of date, write it anew with -update (-want +got):\n%s", file, diff)
	}
}
