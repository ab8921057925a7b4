package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// TestServerTakesFixes sends every patch and new object of a plan for a cluster to its
// server, as dry runs: what the plan says can be done, can be.
func TestServerTakesFixes(t *testing.T) {
	t.Parallel()
	testbed := kubetest.SharedTestbed(t)
	testbed.Apply(t, "harbour", filepath.Join("testdata", "cluster", "harbour.yaml"))
	plan := filepath.Join(t.TempDir(), "plan.json")
	out := &bytes.Buffer{}
	root := newRoot(&streams{
		in: strings.NewReader(""), out: out, err: out, notes: &notes{out: out}, now: time.Now, env: func(string) string { return "" },
	})
	root.SetArgs([]string{
		"fix", "--kubeconfig", testbed.Kubeconfig, "-n", "harbour", "--profile", "everything", "--category", "network",
		"--category", "security-context", "--category", "probes", "--category", "resources", "--category", "disruption",
		"--category", "rbac", "--category", "images", "--category", "hygiene", "--category", "deprecation", "-o", "json=" + plan,
	})
	if err := root.ExecuteContext(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	answer := readPlan(t, plan)
	client := testbed.Client(t)
	kinds := map[string]int{}
	for _, o := range answer.Objects {
		resource, ok := kube.ResourceOf(o.Group, o.Kind)
		if !ok {
			t.Fatalf("there is no kind %s", o.Kind)
		}
		kinds[o.Action+" "+o.Kind]++
		switch {
		case o.Action == "create":
			dryRun(t, client, http.MethodPost, pathOf(resource, o.Namespace, ""), "application/json", o.New)
		case o.Strategic == nil:
			t.Errorf("%s %s has no strategic patch", o.Kind, o.Name)
		default:
			dryRun(t, client, http.MethodPatch, pathOf(resource, o.Namespace, o.Name), "application/strategic-merge-patch+json", o.Strategic)
			dryRun(t, client, http.MethodPatch, pathOf(resource, o.Namespace, o.Name), "application/json-patch+json", o.JSONPatch)
		}
	}
	for _, want := range []string{
		"change Deployment", "change StatefulSet", "change CronJob", "change Service", "change RoleBinding",
		"create PodDisruptionBudget", "create NetworkPolicy",
	} {
		if kinds[want] == 0 {
			t.Errorf("the plan has no %s, only %v", want, kinds)
		}
	}
	for _, l := range answer.Skipped {
		t.Errorf("%s is not fixed: %s", l.ID, l.Why)
	}
}

// TestServerTakesSuggestions does so with the objects of examples whose fixes rest on
// what is found around a workload, as they are afterwards.
func TestServerTakesSuggestions(t *testing.T) {
	t.Parallel()
	const namespace = "suggestions"
	testbed := kubetest.SharedTestbed(t)
	client := testbed.Client(t)
	body := map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": namespace}}
	status, answer := client.Do(t.Context(), t, kubetest.Call{
		Method: http.MethodPost, Path: "/api/v1/namespaces", Body: body, Header: map[string][]string{"Content-Type": {"application/json"}},
	})
	if status >= http.StatusBadRequest {
		t.Fatalf("making namespace %s: %d\n%s", namespace, status, answer)
	}
	kinds := map[string]int{}
	for _, example := range []string{
		"autoscaling/testdata/hpa-missing/fail-measured.yaml", "disruption/testdata/pdb-missing/fail-many.yaml",
		"probes/testdata/readiness-probe-missing/fail-documented.yaml", "probes/testdata/liveness-probe-missing/fail-documented.yaml",
		"network/testdata/pod-not-isolated/fail-callers.yaml", "network/testdata/namespace-without-network-policy/fail-callers.yaml",
	} {
		p := planEverything(t, filepath.Join("..", "..", "audit", "rules", example))
		for _, o := range p.Objects {
			if o.Ref.Namespace == "" || o.Action == plan.Delete {
				continue
			}
			object, err := manifestValues(p.After.Cluster, o.Ref)
			if err != nil {
				t.Fatal(err)
			}
			object["metadata"].(map[string]any)["namespace"] = namespace
			resource, _ := kube.ResourceOf(o.Ref.Group, o.Ref.Kind)
			dryRun(t, client, http.MethodPost, pathOf(resource, namespace, ""), "application/json", object)
			kinds[o.Ref.Kind]++
		}
	}
	for _, want := range []string{"Deployment", "StatefulSet", "HorizontalPodAutoscaler", "PodDisruptionBudget", "NetworkPolicy"} {
		if kinds[want] == 0 {
			t.Errorf("the plans have no %s, only %v", want, kinds)
		}
	}
}

// readPlan reads a plan as programs do.
func readPlan(t *testing.T, file string) *fixAnswer {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	answer := &fixAnswer{}
	if err := json.Unmarshal(text, answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// pathOf is the path of an object, or of all of a namespace.
func pathOf(r kube.Resource, namespace, name string) string {
	path := "/apis/" + r.Group + "/" + r.Version
	if r.Group == "" {
		path = "/api/" + r.Version
	}
	if namespace != "" {
		path += "/namespaces/" + namespace
	}
	path += "/" + r.Plural
	if name != "" {
		path += "/" + url.PathEscape(name)
	}
	return path
}

// dryRun has the server say what it thinks of a request, which changes nothing.
func dryRun(t *testing.T, client *kubetest.Client, method, path, contentType string, body any) {
	t.Helper()
	status, answer := client.Do(t.Context(), t, kubetest.Call{
		Method: method, Path: path + "?dryRun=All", Body: body, Header: map[string][]string{"Content-Type": {contentType}},
	})
	if status >= http.StatusBadRequest {
		t.Errorf("%s %s: %d\n%s\n%v", method, path, status, answer, body)
	}
}
