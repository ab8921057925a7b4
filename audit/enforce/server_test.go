package enforce_test

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/enforce"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// trial is a rule before a real server: its policy, bound in a namespace of its own,
// and objects of its examples that the server takes without the policy.
type trial struct {
	rule      *audit.Rule
	export    *enforce.Export
	namespace string
	objects   []attempt
}

// attempt is an object that somebody tries to create.
type attempt struct {
	resource kube.Resource
	object   map[string]any
	refused  bool // the rule finds something in it
}

// TestServer has a real API server judge the examples of every rule by its policy.
func TestServer(t *testing.T) {
	t.Parallel()
	testbed := kubetest.StartTestbed(t, kubetest.TestbedOptions{Controllers: true})
	s := &server{testbed.Client(t)}
	var trials []*trial
	for i, r := range slices.SortedFunc(maps.Keys(enforceable()), byID) {
		trials = append(trials, s.prepare(t, r, fmt.Sprintf("enforce-%d", i)))
	}
	for _, one := range trials {
		s.post(t, "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies", one.export.Policy)
		s.post(t, "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings", one.export.Binding)
	}
	s.typed(t)
	var refused, accepted atomic.Int64
	t.Cleanup(func() {
		t.Logf("%d policies: the server refused %d objects and took %d", len(trials), refused.Load(), accepted.Load())
	})
	for _, one := range trials {
		t.Run(one.rule.ID, func(t *testing.T) {
			t.Parallel()
			r, a := s.try(t, one)
			refused.Add(r)
			accepted.Add(a)
		})
	}
}

type server struct{ *kubetest.Client }

func (s *server) post(t *testing.T, path string, body any) {
	t.Helper()
	s.Must(t, kubetest.Call{Method: http.MethodPost, Path: path, Body: body}, nil)
}

// prepare makes the namespace of a trial, and finds out which of its objects the
// server takes without a policy.
func (s *server) prepare(t *testing.T, r *audit.Rule, namespace string) *trial {
	t.Helper()
	s.post(t, "/api/v1/namespaces", map[string]any{"metadata": map[string]any{"name": namespace}})
	dir := enforceable()[r]
	text, err := os.ReadFile(filepath.Join(dir, "fail.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	one := &trial{rule: given(t, r, string(text)), namespace: namespace}
	if one.export, err = enforce.Of(one.rule, enforce.Options{Action: admissionregistrationv1.Deny}); err != nil {
		t.Fatal(err)
	}
	// What is in no namespace is told apart by a label.
	one.export.Binding.Spec.MatchResources = &admissionregistrationv1.MatchResources{
		NamespaceSelector: &metav1.LabelSelector{MatchLabels: map[string]string{corev1.LabelMetadataName: namespace}},
		ObjectSelector:    &metav1.LabelSelector{MatchLabels: map[string]string{"trial": namespace}},
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	accounts := map[string]bool{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if settings(string(content)) != settings(string(text)) {
			continue
		}
		for _, object := range documents(content) {
			s.consider(t, one, object, accounts)
		}
	}
	return one
}

// settings is the line by which an example sets parameters.
func settings(text string) string {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "# with:") {
			return line
		}
	}
	return ""
}

func documents(content []byte) []map[string]any {
	var all []map[string]any
	for document := range strings.SplitSeq(string(content), "\n---") {
		var object map[string]any
		if yaml.Unmarshal([]byte(document), &object) == nil && object != nil {
			all = append(all, object)
		}
	}
	return all
}

// consider adds an object to a trial, and the pod that it would make.
func (s *server) consider(t *testing.T, one *trial, object map[string]any, accounts map[string]bool) {
	t.Helper()
	for _, tried := range []map[string]any{object, podOf(object)} {
		if tried == nil {
			continue
		}
		version, _ := tried["apiVersion"].(string)
		kind, _ := tried["kind"].(string)
		group, _, grouped := strings.Cut(version, "/")
		if !grouped {
			group = ""
		}
		resource, known := kube.ResourceOf(group, kind)
		if !known || !one.judges(resource) {
			continue
		}
		tried = maps.Clone(tried)
		metadata, _ := tried["metadata"].(map[string]any)
		metadata = maps.Clone(metadata)
		metadata["namespace"] = one.namespace
		for _, made := range []string{"ownerReferences", "uid", "creationTimestamp", "deletionTimestamp", "resourceVersion"} {
			delete(metadata, made)
		}
		labels, _ := metadata["labels"].(map[string]any)
		labels = maps.Clone(labels)
		if labels == nil {
			labels = map[string]any{}
		}
		labels["trial"] = one.namespace
		metadata["labels"] = labels
		tried["metadata"] = metadata
		delete(tried, "status")
		complete(tried)
		s.account(t, one.namespace, tried, accounts)
		status, answer := s.create(t, resource, one.namespace, tried)
		if status/100 != 2 { // examples need not be all that a server asks for
			t.Logf("%s: %s is refused without a policy: %d %s", one.rule.ID, kind, status, answer)
			continue
		}
		one.objects = append(one.objects, attempt{resource, tried, finds(t, one.rule, tried)})
	}
}

// complete adds what a server asks for and rules do not look at: names of several
// ports, and the size of claims.
func complete(object map[string]any) {
	spec, _ := object["spec"].(map[string]any)
	ports, _ := spec["ports"].([]any)
	for i, port := range ports {
		if port, ok := port.(map[string]any); ok && port["name"] == nil && len(ports) > 1 {
			port["name"] = fmt.Sprintf("port-%d", i)
		}
	}
	claims, _ := spec["volumeClaimTemplates"].([]any)
	for _, claim := range claims {
		if claim, ok := claim.(map[string]any); ok {
			claim["spec"] = map[string]any{
				"accessModes": []any{"ReadWriteOnce"}, "resources": map[string]any{"requests": map[string]any{"storage": "1Gi"}},
			}
		}
	}
}

func (one *trial) judges(r kube.Resource) bool {
	for _, rule := range one.export.Policy.Spec.MatchConstraints.ResourceRules {
		if rule.APIGroups[0] == r.Group && slices.Contains(rule.Resources, r.Plural) {
			return true
		}
	}
	return false
}

// account creates the ServiceAccount that a pod names: none is admitted without.
func (s *server) account(t *testing.T, namespace string, pod map[string]any, there map[string]bool) {
	t.Helper()
	name := "default"
	if spec, ok := pod["spec"].(map[string]any); ok && pod["kind"] == kube.Pods.Kind {
		if given, ok := spec["serviceAccountName"].(string); ok && given != "" {
			name = given
		}
	}
	if there[name] {
		return
	}
	there[name] = true
	s.Do(t.Context(), t, kubetest.Call{
		Method: http.MethodPost, Path: "/api/v1/namespaces/" + namespace + "/serviceaccounts",
		Body: map[string]any{"metadata": map[string]any{"name": name}},
	}) // the controller may have made it
}

// create tries to create an object without creating it.
func (s *server) create(t *testing.T, r kube.Resource, namespace string, object map[string]any) (int, string) {
	t.Helper()
	path := "/api/" + r.Version
	if r.Group != "" {
		path = "/apis/" + r.Group + "/" + r.Version
	}
	if r.Namespaced {
		path += "/namespaces/" + namespace
	}
	status, answer := s.Do(t.Context(), t, kubetest.Call{Method: http.MethodPost, Path: path + "/" + r.Plural + "?dryRun=All", Body: object})
	return status, string(answer)
}

// podOf is the pod that an object would make; nil if it makes none.
func podOf(object map[string]any) map[string]any {
	at, _ := object["spec"].(map[string]any)
	if job, ok := at["jobTemplate"].(map[string]any); ok {
		at, _ = job["spec"].(map[string]any)
	}
	template, ok := at["template"].(map[string]any)
	if !ok {
		return nil
	}
	metadata := map[string]any{"name": "pod"}
	if given, ok := template["metadata"].(map[string]any); ok {
		metadata = maps.Clone(given)
		metadata["name"] = "pod"
	}
	return map[string]any{"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}
}

// finds reports whether a rule finds something in an object.
func finds(t *testing.T, r *audit.Rule, object map[string]any) bool {
	t.Helper()
	text, err := yaml.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	category := audit.Category{ID: "enforced", Rules: []*audit.Rule{r}}
	return len(audit.Run(view(t, nil, string(text)), []audit.Category{category}).Findings()) > 0
}

// try tries to create every object, those first that are to be refused.
func (s *server) try(t *testing.T, one *trial) (refused, accepted int64) {
	t.Helper()
	byVerdict := map[bool][]attempt{}
	for _, a := range one.objects {
		byVerdict[a.refused] = append(byVerdict[a.refused], a)
	}
	for _, a := range byVerdict[true] {
		status, answer := s.denied(t, one, a, refused == 0)
		if status != http.StatusForbidden || !strings.Contains(answer, "'"+one.export.Policy.Name+"'") ||
			!strings.Contains(answer, "rule "+one.rule.ID+" of seaworthy") {
			t.Errorf("%s %v: the server answers %d: %s", a.object["kind"], a.object["metadata"], status, answer)
		}
		refused++
	}
	for _, a := range byVerdict[false] {
		if status, answer := s.create(t, a.resource, one.namespace, a.object); status/100 != 2 {
			t.Errorf("%s %v: the rule finds nothing, and the server answers %d: %s", a.object["kind"], a.object["metadata"], status, answer)
		}
		accepted++
	}
	if refused == 0 || accepted == 0 {
		t.Errorf("%d objects were refused and %d taken: too few to prove anything", refused, accepted)
	}
	return refused, accepted
}

// denied tries to create an object that is to be refused. A policy is in force a
// moment after it was created: the first one is tried until it is.
func (s *server) denied(t *testing.T, one *trial, a attempt, first bool) (status int, answer string) {
	t.Helper()
	for range 5000 {
		status, answer = s.create(t, a.resource, one.namespace, a.object)
		if !first || status/100 != 2 {
			break
		}
	}
	return status, answer
}

// typed waits until the server has checked the types of every expression, and tells
// what it warns of.
func (s *server) typed(t *testing.T) {
	t.Helper()
	const path = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies"
	unchecked := 0
	for range 60 {
		list := &admissionregistrationv1.ValidatingAdmissionPolicyList{}
		s.Must(t, kubetest.Call{Method: http.MethodGet, Path: path}, list)
		unchecked = 0
		for i := range list.Items {
			if list.Items[i].Status.TypeChecking == nil {
				unchecked++
				continue
			}
			for _, warning := range list.Items[i].Status.TypeChecking.ExpressionWarnings {
				t.Errorf("%s: the server warns of %s: %s", list.Items[i].Name, warning.FieldRef, warning.Warning)
			}
		}
		if unchecked == 0 || t.Failed() {
			return
		}
		// The answer to a watch takes as long as it is asked to.
		s.Do(t.Context(), t, kubetest.Call{Method: http.MethodGet, Path: path + "?watch=true&timeoutSeconds=1&resourceVersion=" + list.ResourceVersion})
	}
	t.Errorf("the server has not checked the types of %d policies", unchecked)
}
