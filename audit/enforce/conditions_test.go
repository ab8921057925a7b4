package enforce_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/enforce"
	"github.com/seaworthy-dev/seaworthy/audit/policy"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// maker is a Deployment with a privileged container.
func maker(name, container string) map[string]any {
	return map[string]any{
		"apiVersion": "apps/v1", "kind": "Deployment", "metadata": map[string]any{"name": name},
		"spec": map[string]any{
			"selector": map[string]any{"matchLabels": map[string]any{"app": name}},
			"template": map[string]any{
				"metadata": map[string]any{"labels": map[string]any{"app": name}},
				"spec": map[string]any{"containers": []any{
					map[string]any{"name": container, "image": "main", "securityContext": map[string]any{"privileged": true}},
				}},
			},
		},
	}
}

// made is the pod of a maker, owned by whom it says.
func made(kind, owner string) map[string]any {
	template, _ := maker("pod", "main")["spec"].(map[string]any)["template"].(map[string]any)
	return map[string]any{
		"apiVersion": "v1", "kind": "Pod", "spec": template["spec"],
		"metadata": map[string]any{"name": "pod", "ownerReferences": []any{
			map[string]any{"apiVersion": "apps/v1", "kind": kind, "name": owner, "uid": "1", "controller": true},
		}},
	}
}

// TestServerLeavesAlone has a real server tell what is judged from what is not: what
// was there before the policy can still be written to, and what is exempt is.
func TestServerLeavesAlone(t *testing.T) {
	t.Parallel()
	s := &server{kubetest.SharedTestbed(t).Client(t)}
	const namespace = "leave-alone"
	const deployments, pods = "/apis/apps/v1/namespaces/" + namespace + "/deployments", "/api/v1/namespaces/" + namespace + "/pods"
	s.post(t, "/api/v1/namespaces", map[string]any{"metadata": map[string]any{"name": namespace}})
	s.account(t, namespace, map[string]any{}, map[string]bool{})
	for _, name := range []string{"old", "leaving"} {
		object := maker(name, "main")
		object["metadata"].(map[string]any)["finalizers"] = []any{"example.com/held"}
		s.post(t, deployments, object)
	}
	s.Must(t, kubetest.Call{Method: http.MethodDelete, Path: deployments + "/leaving"}, nil)
	e := leavingAlone(t, namespace)
	s.post(t, "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies", e.Policy)
	s.post(t, "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings", e.Binding)
	for range 5000 {
		if status, _ := s.Do(t.Context(), t, kubetest.Call{Method: http.MethodPost, Path: deployments + "?dryRun=All", Body: maker("new", "main")}); status == http.StatusForbidden {
			break
		}
	}
	patch := func(path, body string) kubetest.Call {
		return kubetest.Call{
			Method: http.MethodPatch, Path: path, Body: rawJSON(body),
			Header: map[string][]string{"Content-Type": {"application/merge-patch+json"}},
		}
	}
	create := func(path string, body any) kubetest.Call {
		return kubetest.Call{Method: http.MethodPost, Path: path, Body: body}
	}
	for name, test := range map[string]struct {
		call    kubetest.Call
		refused bool
	}{
		"a new one":                       {create(deployments, maker("new", "main")), true},
		"replicas":                        {patch(deployments+"/old", `{"spec": {"replicas": 3}}`), false},
		"labels":                          {patch(deployments+"/old", `{"metadata": {"labels": {"a": "b"}}}`), false},
		"a template":                      {patch(deployments+"/old", `{"spec": {"template": {"metadata": {"labels": {"v": "2"}}}}}`), true},
		"finalizers of what leaves":       {patch(deployments+"/leaving", `{"metadata": {"finalizers": null}}`), false},
		"exempt by name":                  {create(deployments, maker("agent", "main")), false},
		"a ReplicaSet's pod that is":      {create(pods, made("ReplicaSet", "agent-5d4f8c7b9")), false},
		"a DaemonSet's pod that is":       {create(pods, made("DaemonSet", "agent")), false},
		"a pod of another":                {create(pods, made("ReplicaSet", "agents-5d4f8c7b9")), true},
		"a pod of a Job of that name":     {create(pods, made("Job", "agent-x")), true},
		"an exempt container":             {create(deployments, maker("side", "sidecar")), false},
		"another container":               {create(deployments, maker("side", "main")), true},
		"scaling by the subresource":      {patch(deployments+"/old/scale", `{"spec": {"replicas": 2}}`), false},
		"a new pod of an old one":         {create(pods, made("ReplicaSet", "old-5d4f8c7b9")), true},
		"a Deployment of another's pods":  {create(deployments, maker("agent-2", "main")), true},
		"a StatefulSet's pod by its name": {create(pods, made("StatefulSet", "agent")), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.call.Path += "?dryRun=All"
			status, answer := s.Do(t.Context(), t, test.call)
			if denied := status == http.StatusForbidden && strings.Contains(string(answer), e.Policy.Name); denied != test.refused || !denied && status/100 != 2 {
				t.Errorf("refused: want %v, the server answers %d: %s", test.refused, status, answer)
			}
		})
	}
}

// TestServerFillsIn has a real server judge a pod after it has given it what the
// LimitRange of its namespace says, as the rule does.
func TestServerFillsIn(t *testing.T) {
	t.Parallel()
	s := &server{kubetest.SharedTestbed(t).Client(t)}
	e := exported(t, ruleNamed(t, "memory-limit-missing"))
	e.Policy.Name, e.Binding.Name, e.Binding.Spec.PolicyName = "filled-in", "filled-in", "filled-in"
	e.Binding.Spec.MatchResources = &admissionregistrationv1.MatchResources{
		NamespaceSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"filled": "in"}},
	}
	for _, namespace := range []string{"with-defaults", "without-defaults"} {
		s.post(t, "/api/v1/namespaces", map[string]any{"metadata": map[string]any{"name": namespace, "labels": map[string]any{"filled": "in"}}})
		s.account(t, namespace, map[string]any{}, map[string]bool{})
	}
	s.post(t, "/api/v1/namespaces/with-defaults/limitranges", map[string]any{
		"metadata": map[string]any{"name": "defaults"},
		"spec":     map[string]any{"limits": []any{map[string]any{"type": "Container", "default": map[string]any{"memory": "1Gi"}}}},
	})
	s.post(t, "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies", e.Policy)
	s.post(t, "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings", e.Binding)
	pod := made("Job", "any")
	for _, test := range []struct { // the first shows that the policy is in force
		namespace string
		want      int
	}{{"without-defaults", http.StatusForbidden}, {"with-defaults", http.StatusCreated}} {
		namespace, want, status, answer := test.namespace, test.want, 0, ""
		for range 5000 { // until the server has seen policy and LimitRange
			if status, answer = s.create(t, kube.Pods, namespace, pod); status == want {
				break
			}
		}
		if status != want {
			t.Errorf("%s: the server answers %d, want %d: %s", namespace, status, want, answer)
		}
	}
}

func ruleNamed(t *testing.T, id string) *audit.Rule {
	t.Helper()
	for r := range enforceable() {
		if r.ID == id {
			return r
		}
	}
	t.Fatalf("there is no rule %s", id)
	return nil
}

// leavingAlone is the policy of privileged-container with exemptions.
func leavingAlone(t *testing.T, namespace string) *enforce.Export {
	t.Helper()
	e, err := enforce.Of(ruleNamed(t, "privileged-container"), enforce.Options{
		Action: admissionregistrationv1.Deny, Namespaces: []string{namespace},
		Exempted: []policy.Exempted{
			{Scope: policy.Scope{Namespace: "leave-*", Name: "agent"}, Acceptance: audit.Acceptance{Origin: "house.yaml:3"}},
			{Scope: policy.Scope{Container: "side*"}, Acceptance: audit.Acceptance{Origin: "house.yaml:4"}},
			{Scope: policy.Scope{Labels: map[string]string{"a": "b"}}, Acceptance: audit.Acceptance{Origin: "house.yaml:5"}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(e.Notes) != 1 || !strings.Contains(e.Notes[0], "house.yaml:5 has no form in a policy") {
		t.Errorf("notes: %q", e.Notes)
	}
	return e
}

// TestAcceptedAlike holds what policies leave alone against what is accepted of the
// findings of their rule.
func TestAcceptedAlike(t *testing.T) {
	t.Parallel()
	m := newMutator(t, 8)
	text := m.manifests(t, "any", 60, m.objects)
	for _, id := range []string{"privileged-container", "host-path-sensitive", "service-node-port"} {
		text += m.manifests(t, id, 30, m.examples[id])
	}
	text += "---\n{apiVersion: v1, kind: Pod, metadata: {name: bears, namespace: random, annotations: {seaworthy.dev/exempt: 'privileged-*: tested (nobody)'}}, " +
		"spec: {containers: [{name: main, image: main, securityContext: {privileged: true}}]}}\n"
	c := view(t, nil, text)
	for name, scope := range map[string]string{
		"everything": `"*"}`, "a namespace": `"*", namespace: "r?nd*"}`, "another namespace": `"*", namespace: shop}`,
		"a kind": `"*", kind: DaemonSet}`, "names": `"*", name: "*-1*", kind: "*s*"}`, "a name": `"*", name: privileged-container-2}`,
		"containers": `"*", container: "*a*"}`, "a container of a kind": `"*", kind: Deployment, container: main}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			house, err := policy.Parse("house.yaml", []byte("profile: everything\nexemptions: [{scope: {rule: "+scope+", reason: r, owner: o}]\n"), rules.All(), "")
			if err != nil {
				t.Fatal(err)
			}
			refused := 0
			for r := range enforceable() {
				if slices.Contains([]string{"privileged-container", "host-path-sensitive", "service-node-port"}, r.ID) {
					refused += acceptedAlike(t, c, house, r)
				}
			}
			if all := name == "everything" || name == "a namespace"; all != (refused == 0) {
				t.Errorf("%d would be refused", refused)
			}
		})
	}
}

// acceptedAlike returns how many objects would be refused.
func acceptedAlike(t *testing.T, c *kube.Cluster, house *policy.Policy, r *audit.Rule) int {
	t.Helper()
	e, err := enforce.Of(r, enforce.Options{Action: admissionregistrationv1.Deny, Exempted: house.Exempted(c, r.ID)})
	if err != nil {
		t.Fatal(err)
	}
	out, err := e.Judge(c)
	if err != nil {
		t.Fatal(err)
	}
	if len(e.Notes) > 0 { // an exemption of containers that this rule does not know
		return 0
	}
	refused, open := map[kube.Ref]bool{}, map[kube.Ref]bool{}
	for i := range out.Refused {
		refused[out.Refused[i].Subject] = true
	}
	categories := []audit.Category{{ID: "enforced", Rules: []*audit.Rule{r}}}
	for _, f := range house.NewReviewer(categories).Review(audit.Run(c, categories)).Findings() {
		if f.Rule.ID == r.ID && f.Accepted == nil {
			open[f.Subject] = true
		}
	}
	if diff := cmp.Diff(open, refused); diff != "" {
		t.Errorf("%s (-not accepted +refused):\n%s", r.ID, diff)
	}
	return len(refused)
}

// rawJSON is a body that is JSON already.
type rawJSON string

// MarshalJSON returns it.
func (r rawJSON) MarshalJSON() ([]byte, error) { return []byte(r), nil }
