package deploy_test

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/seaworthy/cmd/internal/deploy"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
	"github.com/seaworthy-dev/seaworthy/kube/live"
)

// looker is an access with names.
func looker(a deploy.Access) deploy.Access {
	a.Name, a.Namespace, a.Account = "looker", "watch", "eye"
	return a
}

func written(t *testing.T, a deploy.Access) string {
	t.Helper()
	var text bytes.Buffer
	if err := a.WriteRoles(&text); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// TestRolesSayWhatIsAskedFor reads the roles back: they grant what the program asks for,
// each right once, and say of every resource what it is for.
func TestRolesSayWhatIsAskedFor(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		access deploy.Access
		want   []kube.Right
	}{
		"everywhere":      {deploy.Access{}, live.Rights(nil)},
		"some namespaces": {deploy.Access{Namespaces: []string{"b", "a", "b"}}, live.Rights([]string{"a", "b"})},
		"with logs":       {deploy.Access{Logs: true}, append(live.Rights(nil), live.RightsToLogs(nil)...)},
		"with objects":    {deploy.Access{Objects: true}, append(live.Rights(nil), live.RightsToOpen(nil)...)},
		"roles only": {deploy.Access{Namespaces: []string{"a"}, RolesOnly: true, Without: []kube.Resource{kube.Secrets}}, slices.DeleteFunc(
			live.Rights([]string{"a"}), func(r kube.Right) bool { return r.Namespace == "" || r.Resource == "secrets" })},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := written(t, looker(tt.access))
			got, want := map[kube.Right]int{}, map[kube.Right]int{}
			for _, r := range tt.want {
				want[r] = 1
			}
			for document := range strings.SplitSeq(text, "\n---\n") {
				var role rbacv1.ClusterRole // a Role has the same fields
				if err := yaml.Unmarshal([]byte(document), &role); err != nil || !strings.HasSuffix(role.Kind, "Role") {
					continue
				}
				for _, rule := range role.Rules {
					for _, right := range granted(rule, role.Namespace) {
						got[right]++
					}
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("it asks for (-), it is granted (+):\n%s", diff)
			}
			for line := range strings.Lines(text) {
				if item, reason, _ := strings.Cut(strings.TrimSpace(line), " # "); strings.HasPrefix(line, "      - ") && len(reason) < 10 {
					t.Errorf("%s: nothing says what it is for", item)
				}
			}
		})
	}
}

// granted are the rights of a rule.
func granted(rule rbacv1.PolicyRule, namespace string) []kube.Right {
	var all []kube.Right
	for _, verb := range rule.Verbs {
		for _, path := range rule.NonResourceURLs {
			all = append(all, kube.Right{Verb: verb, Path: path})
		}
		for _, resource := range rule.Resources {
			plural, subresource, _ := strings.Cut(resource, "/")
			all = append(all, kube.Right{
				Verb: verb, Group: rule.APIGroups[0], Resource: plural, Subresource: subresource, Namespace: namespace,
				Name: strings.Join(rule.ResourceNames, " "),
			})
		}
	}
	return all
}

// TestAServerTakesTheManifests applies them to a real API server, which checks their
// fields, and has it admit a pod of each: it enforces what the namespace says of pods.
func TestAServerTakesTheManifests(t *testing.T) {
	t.Parallel()
	testbed := kubetest.SharedTestbed(t)
	client := testbed.Client(t)
	for name, schedule := range map[string]string{"server": "", "reports": "0 3 * * *"} {
		p := deploy.Plan{
			Access:   deploy.Access{Name: name, Namespace: "deployed-" + name, Account: name},
			Schedule: schedule, Image: "registry.example/seaworthy:1.0.0", ScrapeFrom: "monitoring",
		}
		files, err := p.Files()
		if err != nil {
			t.Fatal(err)
		}
		folder := t.TempDir()
		for _, f := range files {
			if bytes.Contains(f.Text, []byte("${")) {
				t.Errorf("%s: nobody fills in %s", f.Name, f.Text)
			}
			if err := os.WriteFile(filepath.Join(folder, f.Name), f.Text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		testbed.Apply(t, p.Namespace, folder)
		for _, template := range podsOf(t, files) {
			template.GenerateName = "tried-"
			status, answer := client.Do(t.Context(), t, kubetest.Call{
				Method: http.MethodPost, Path: "/api/v1/namespaces/" + p.Namespace + "/pods?dryRun=All", Body: template,
			})
			if status != http.StatusCreated {
				t.Errorf("%s: its pod is refused: %d %s", name, status, answer)
			}
		}
	}
}

// podsOf returns the pods that the workloads of some manifests would have, one each.
func podsOf(t *testing.T, files []deploy.File) []corev1.Pod {
	t.Helper()
	var pods []corev1.Pod
	for _, f := range files {
		var workload struct {
			Spec struct {
				Template    *corev1.PodTemplateSpec
				JobTemplate struct {
					Spec struct{ Template *corev1.PodTemplateSpec }
				}
			}
		}
		if err := yaml.Unmarshal(f.Text, &workload); err != nil {
			continue // several objects, none of which is a workload
		}
		for _, template := range []*corev1.PodTemplateSpec{workload.Spec.Template, workload.Spec.JobTemplate.Spec.Template} {
			if template != nil {
				pods = append(pods, corev1.Pod{ObjectMeta: template.ObjectMeta, Spec: template.Spec})
			}
		}
	}
	if len(pods) != 1 {
		t.Errorf("the manifests have %d workloads", len(pods))
	}
	return pods
}
