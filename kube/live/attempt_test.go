package live_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
	"github.com/seaworthy-dev/seaworthy/kube/live"
)

// What a real server says of changes is told, and none of them is made.
func TestTry(t *testing.T) {
	t.Parallel()
	testbed := kubetest.SharedTestbed(t)
	writer := admin(t, testbed.Kubeconfig)
	mine := create(t, writer, kube.Namespaces, "", `{metadata: {generateName: test-, labels: {
		pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/warn: baseline}}}`)
	create(t, writer, kube.Deployments, mine, `{metadata: {name: web}, spec: {selector: {matchLabels: {app: web}},
		template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: "web:1"}]}}}}`)
	create(t, writer, kube.Secrets, mine, "{metadata: {name: token}, stringData: {password: "+canary+"}}")
	change := func(body string) kube.Attempt {
		return kube.Attempt{Verb: kube.TryPatch, Resource: kube.Deployments, Namespace: mine, Name: "web", Body: []byte(body)}
	}
	const privileged = `[{"name": "web", "image": "web:1", "securityContext": {"privileged": true}}]`
	warning := `would violate PodSecurity "baseline:latest": privileged (container "web" must not set securityContext.privileged=true)`
	tests := map[string]struct {
		user    string
		attempt kube.Attempt
		want    kube.Verdict // of Why the beginning
	}{
		"a change": {"admin", change(`{"spec": {"replicas": 2}}`), kube.Verdict{Outcome: kube.Accepted}},
		"a change by places": {
			"admin", kube.Attempt{
				Verb: kube.TryPatch, Resource: kube.Deployments, Namespace: mine, Name: "web", JSONPatch: true,
				Body: []byte(`[{"op": "replace", "path": "/spec/replicas", "value": 2}]`),
			}, kube.Verdict{Outcome: kube.Accepted},
		},
		"a change that is warned of": {
			"admin", change(`{"spec": {"template": {"spec": {"containers": ` + privileged + `}}}}`),
			kube.Verdict{Outcome: kube.Accepted, Warnings: []string{warning}},
		},
		"a new pod that Pod Security refuses": {
			"admin", kube.Attempt{
				Verb: kube.TryCreate, Resource: kube.Pods, Namespace: mine,
				Body: []byte(`{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"containers": ` + privileged + `}}`),
			}, kube.Verdict{Outcome: kube.Refused, By: "Pod Security", Why: `pods "a" is forbidden: violates PodSecurity "baseline:latest"`},
		},
		"a field that no server changes": {
			"admin", change(`{"spec": {"selector": {"matchLabels": {"app": "other"}}}}`),
			kube.Verdict{Outcome: kube.Refused, By: "validation", Why: `Deployment.apps "web" is invalid: `},
		},
		"a deletion":             {"admin", kube.Attempt{Verb: kube.TryDelete, Resource: kube.Deployments, Namespace: mine, Name: "web"}, kube.Verdict{Outcome: kube.Accepted}},
		"a deletion of a Secret": {"admin", kube.Attempt{Verb: kube.TryDelete, Resource: kube.Secrets, Namespace: mine, Name: "token"}, kube.Verdict{Outcome: kube.Accepted}},
		"a deletion of all": {
			"admin",
			kube.Attempt{Verb: kube.TryDelete, Resource: kube.Deployments, Namespace: mine},
			kube.Verdict{Why: `"" is the name of no object`},
		},
		"something that is gone": {
			"admin",
			kube.Attempt{Verb: kube.TryDelete, Resource: kube.Services, Namespace: mine, Name: "gone"},
			kube.Verdict{Outcome: kube.Refused, By: "the API server", Why: `services "gone" not found`},
		},
		"a new namespace's object": {
			"admin", kube.Attempt{
				Verb: kube.TryCreate, Resource: kube.ServiceAccounts, Namespace: mine + "-new",
				Body: []byte(`{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "a"}}`),
			}, kube.Verdict{Why: `namespaces "` + mine + `-new" not found`},
		},
		"a change by who may not": {
			"reader", change(`{"spec": {"replicas": 2}}`),
			kube.Verdict{Outcome: kube.NotPermitted, Why: "it needs the right to patch deployments.apps in namespace " + mine},
		},
		"a custom resource": {
			"admin",
			kube.Attempt{Verb: kube.TryDelete, Resource: kube.CalicoNetworkPolicies, Namespace: mine, Name: "a"},
			kube.Verdict{Why: kube.CalicoNetworkPolicies.String() + " are not known to heed a dry run"},
		},
	}
	before := versions(t, testbed, mine)
	for name, test := range tests {
		source := connect(t, live.Options{Version: "v0.0.1"}, "--kubeconfig", testbed.Kubeconfig, "--context", test.user)
		got, err := source.Try(t.Context(), test.attempt)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if strings.HasPrefix(got.Why, test.want.Why) && test.want.Why != "" {
			got.Why = test.want.Why
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if diff := cmp.Diff(before, versions(t, testbed, mine)); diff != "" || len(before) != 2 {
		t.Errorf("%d objects (-before +after):\n%s", len(before), diff)
	}
}

// versions are the resource versions of what a test has in its namespace.
func versions(t *testing.T, testbed *kubetest.Testbed, namespace string) map[string]string {
	t.Helper()
	client, all := admin(t, testbed.Kubeconfig), map[string]string{}
	for _, r := range []kube.Resource{kube.Deployments, kube.Secrets, kube.Pods, kube.ServiceAccounts} {
		list, err := in(client, r, namespace).List(t.Context(), metav1.ListOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range list.Items {
			all[r.Plural+"/"+o.GetName()] = o.GetResourceVersion()
		}
	}
	return all
}

// What is no answer to an attempt is an error, and an old server is not asked.
func TestTryWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	attempt := kube.Attempt{Verb: kube.TryDelete, Resource: kube.Pods, Namespace: "a", Name: "b"}
	for version, wantErr := range map[string]bool{`{"gitVersion": "v1.30.0"}`: false, `{"major": "1", "minor": "17"}`: false, `{"major": "1", "minor": "30"}`: true} {
		var asked atomic.Int32
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.URL.Path == "/version":
				_, _ = fmt.Fprint(w, version)
			case r.Method == http.MethodDelete:
				asked.Add(1)
				status(w, http.StatusInternalServerError, metav1.StatusReasonInternalError)
			default:
				status(w, http.StatusNotFound, metav1.StatusReasonNotFound)
			}
		}))
		t.Cleanup(server.Close)
		config := write(t, strings.Replace(twoContexts, "https://127.0.0.1:1", server.URL, 1))
		got, err := connect(t, live.Options{}, "--kubeconfig", config).Try(t.Context(), attempt)
		if (err != nil) != wantErr || got.Outcome != kube.Untried || (asked.Load() > 0) != wantErr {
			t.Errorf("%s: asked %d times, %+v, %v", version, asked.Load(), got, err)
		}
		if !wantErr && !strings.HasPrefix(got.Why, "the server is older than Kubernetes 1.18") {
			t.Errorf("%s: %s", version, got.Why)
		}
	}
}
