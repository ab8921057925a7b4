package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// ownersPolicy refuses changes of one StatefulSet.
const ownersPolicy = `{
  "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy", "metadata": {"name": "ledger-is-closed"},
  "spec": {
    "matchConstraints": {"resourceRules": [{"apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["UPDATE"], "resources": ["statefulsets"]}]},
    "validations": [{"expression": "object.metadata.name != 'ledger'", "message": "ask the bookkeeper"}]
  }
}`

const ownersBinding = `{
  "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicyBinding", "metadata": {"name": "ledger-is-closed"},
  "spec": {"policyName": "ledger-is-closed", "validationActions": ["Deny"]}
}`

// runFix runs fix in this process, and returns what it says on standard error.
func runFix(t *testing.T, args ...string) string {
	t.Helper()
	var out, said bytes.Buffer
	root := newRoot(&streams{
		in: strings.NewReader(""), out: &out, err: &said, notes: &notes{out: &said}, now: time.Now, env: func(string) string { return "" },
	})
	root.SetArgs(append([]string{"fix"}, args...))
	if err := root.ExecuteContext(t.Context()); err != nil {
		t.Fatalf("fix %q: %v\n%s", args, err, &said)
	}
	return said.String()
}

// TestFixAsksAndWritesNothing has a real server say what it thinks of a plan, in every
// form. Its own log then has no write of the program's but dry runs, and its objects are
// as they were.
func TestFixAsksAndWritesNothing(t *testing.T) {
	t.Parallel()
	testbed := kubetest.StartTestbed(t, kubetest.TestbedOptions{})
	testbed.Apply(t, "harbour", filepath.Join("testdata", "cluster", "harbour.yaml"))
	client := testbed.Client(t)
	closeLedger(t, client)

	before := everything(t, client)
	dir := t.TempDir()
	common := []string{"--kubeconfig", testbed.Kubeconfig, "-n", "harbour", "--profile", "everything", "--with-deletions", "--severity", "low"}
	forms := []string{"patch", "kubectl", "yaml", "json", "kustomize"}
	for _, user := range []string{"admin", "reader"} {
		for _, dryRun := range []string{"none", "server"} {
			args := append(slices.Clone(common), "--context", user, "--dry-run="+dryRun)
			for _, form := range forms {
				args = append(args, "-o", form+"="+filepath.Join(dir, user+"-"+dryRun+"-"+form))
			}
			said := runFix(t, args...)
			if told := strings.Contains(said, "dry run: the server accepts"); told != (dryRun == "server") {
				t.Errorf("%s with --dry-run=%s says\n%s", user, dryRun, said)
			}
		}
	}
	if diff := cmp.Diff(before, everything(t, client)); diff != "" || len(before) < 50 {
		t.Errorf("%d objects (-before +after):\n%s", len(before), diff)
	}
	expectDryRunsAlone(t, testbed)
	expectVerdicts(t, readPlan(t, filepath.Join(dir, "admin-server-json")), readPlan(t, filepath.Join(dir, "reader-server-json")))
	script, err := os.ReadFile(filepath.Join(dir, "admin-server-kubectl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"#   dry run: accepted\n",
		"#   dry run: refused by ValidatingAdmissionPolicy ledger-is-closed: statefulsets.apps \"ledger\" is forbidden: ",
		"#   the server warns: would violate PodSecurity \"restricted:latest\": ",
	} {
		if !strings.Contains(string(script), want) {
			t.Errorf("the script has no %q:\n%s", want, script)
		}
	}
}

// closeLedger has admission refuse some changes and warn of others.
func closeLedger(t *testing.T, client *kubetest.Client) {
	t.Helper()
	const registration = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolic"
	client.Must(t, kubetest.Call{Method: http.MethodPost, Path: registration + "ies", Body: json.RawMessage(ownersPolicy)}, nil)
	client.Must(t, kubetest.Call{Method: http.MethodPost, Path: registration + "ybindings", Body: json.RawMessage(ownersBinding)}, nil)
	merge := map[string][]string{"Content-Type": {"application/merge-patch+json"}}
	client.Must(t, kubetest.Call{
		Method: http.MethodPatch, Path: "/api/v1/namespaces/harbour", Header: merge,
		Body: json.RawMessage(`{"metadata": {"labels": {"pod-security.kubernetes.io/warn": "restricted"}}}`),
	}, nil)
	for status := 0; status != http.StatusUnprocessableEntity; { // policies take effect after a while
		status, _ = client.Do(t.Context(), t, kubetest.Call{
			Method: http.MethodPatch, Path: "/apis/apps/v1/namespaces/harbour/statefulsets/ledger?dryRun=All", Header: merge,
			Body: json.RawMessage(`{"spec": {"replicas": 4}}`),
		})
	}
}

// everything is the version of every object that the program reads.
func everything(t *testing.T, client *kubetest.Client) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, r := range kube.Resources() {
		if r.Custom() || r == kube.PodMetrics || r == kube.NodeMetrics {
			continue
		}
		var list struct {
			Items []struct {
				Metadata struct{ Namespace, Name, UID, ResourceVersion string }
			}
		}
		client.Must(t, kubetest.Call{Method: http.MethodGet, Path: pathOf(r, "", "")}, &list)
		for _, o := range list.Items {
			all[r.String()+" "+o.Metadata.Namespace+"/"+o.Metadata.Name] = o.Metadata.UID + " " + o.Metadata.ResourceVersion
		}
	}
	return all
}

// expectDryRunsAlone reads in the API server's audit log what the program asked for.
func expectDryRunsAlone(t *testing.T, testbed *kubetest.Testbed) {
	t.Helper()
	text, err := os.ReadFile(testbed.AuditLog)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for line := range strings.Lines(string(text)) {
		var e struct {
			Verb, RequestURI, UserAgent string
			User                        struct{ Username string }
			ObjectRef                   struct{ Resource, Subresource string }
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		request, err := url.Parse(e.RequestURI)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case !strings.HasPrefix(e.UserAgent, "seaworthy/"), strings.HasPrefix(e.ObjectRef.Resource, "selfsubject"):
		case slices.Contains([]string{"get", "list", "watch"}, e.Verb):
			counts["read"]++
		case !slices.Equal(request.Query()["dryRun"], []string{"All"}), e.ObjectRef.Subresource != "":
			t.Errorf("%s did %s %s", e.User.Username, e.Verb, e.RequestURI)
		default:
			counts[e.User.Username+" "+e.Verb]++
		}
	}
	for _, want := range []string{"read", "admin create", "admin patch", "reader create", "reader patch"} {
		if counts[want] == 0 {
			t.Errorf("the audit log has no %s, only %v: it proves nothing", want, slices.Sorted(maps.Keys(counts)))
		}
	}
	t.Logf("the audit log has of the program %v, and no write", counts)
}

// expectVerdicts checks what the server says to who may write and to who may not.
func expectVerdicts(t *testing.T, admin, reader *fixAnswer) {
	t.Helper()
	warned := 0
	for i, o := range admin.Objects {
		name, v := o.Action+" "+o.Kind+" "+o.Name, o.DryRun
		switch {
		case v == nil || reader.Objects[i].DryRun == nil:
			t.Fatalf("%s was not tried", name)
		case o.Kind == "StatefulSet" && o.Name == "ledger":
			if v.Outcome != "refused" || v.By != "ValidatingAdmissionPolicy ledger-is-closed" || !strings.Contains(v.Why, "ask the bookkeeper") {
				t.Errorf("%s: %+v", name, v)
			}
		case v.Outcome != "accepted":
			t.Errorf("%s: %+v", name, v)
		}
		warned += len(v.Warnings)
		want := "it needs the right to patch "
		if o.Action != "change" {
			want = "it needs the right to " + o.Action + " "
		}
		if v := reader.Objects[i].DryRun; v.Outcome != "not permitted" || !strings.HasPrefix(v.Why, want) {
			t.Errorf("%s by reader: %+v", name, v)
		}
	}
	if warned == 0 {
		t.Error("the server warns of nothing")
	}
}
