package securitycontext_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/seaworthy/audit"
	securitycontext "github.com/seaworthy-dev/seaworthy/audit/rules/security-context"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// TestFixturesOfPodSecurityAdmission judges the pods with which Kubernetes tests
// the admission plugin, at each level and minor version: our rules that answer
// for a level find something, and a namespace that enforces it is found to be
// broken, exactly where the library refuses the pod. None is
// stricter or laxer on purpose, but for what no fixture shows: since 1.25 the
// restricted level passes over capabilities and seccomp profiles of Windows pods
// that baseline refuses, and our rules say what the stricter of the two says.
func TestFixturesOfPodSecurityAdmission(t *testing.T) {
	t.Parallel()
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	folders, err := filepath.Glob(filepath.Join(podSecurityModule(t), "test", "testdata", "*", "v*"))
	if err != nil {
		t.Fatal(err)
	}
	if len(folders) < 2*38 {
		t.Fatalf("got %d folders of fixtures, want those of two levels at 38 versions at least: %v", len(folders), folders)
	}
	for _, folder := range folders {
		level, version := api.Level(filepath.Base(filepath.Dir(folder))), filepath.Base(folder)
		t.Run(string(level)+" "+version, func(t *testing.T) {
			t.Parallel()
			parsed, err := api.ParseVersion(version)
			if err != nil {
				t.Fatal(err)
			}
			compareWithLibrary(t, evaluator, api.LevelVersion{Level: level, Version: parsed}, fixtures(t, folder))
		})
	}
}

// compareWithLibrary judges the pods of one level and version.
func compareWithLibrary(t *testing.T, library policy.Evaluator, at api.LevelVersion, pods []*corev1.Pod) {
	t.Helper()
	fired := map[string][]string{}
	for _, f := range judgedAt(t, at.Version.String()+".0", at, pods) {
		if answersFor(f, at.Level) && !slices.Contains(fired[f.Namespace], f.Rule.ID) {
			fired[f.Namespace] = append(fired[f.Namespace], f.Rule.ID)
		}
	}
	// A newer server holds a namespace to the version that its label names.
	broken := map[string]bool{}
	for _, f := range judgedAt(t, "v1.99.0", at, pods) {
		broken[f.Namespace] = broken[f.Namespace] || f.Rule.ID == "psa-enforce-violated-by-running-pods"
	}
	refused := 0
	for _, pod := range pods {
		verdict := policy.AggregateCheckResults(library.EvaluatePod(at, &pod.ObjectMeta, &pod.Spec))
		if !verdict.Allowed {
			refused++
		}
		if verdict.Allowed != (len(fired[pod.Namespace]) == 0) {
			t.Errorf("pod %s: the library allows it: %t (%s), our rules find: %v",
				pod.Name, verdict.Allowed, verdict.ForbiddenDetail(), fired[pod.Namespace])
		}
		if verdict.Allowed == broken[pod.Namespace] {
			t.Errorf("pod %s: the library allows it: %t (%s), the namespace's level is broken: %t",
				pod.Name, verdict.Allowed, verdict.ForbiddenDetail(), broken[pod.Namespace])
		}
	}
	if refused == 0 || refused == len(pods) {
		t.Errorf("the library refuses %d of %d pods: the test proves nothing", refused, len(pods))
	}
}

// podSecurityModule returns where Go keeps the library's source.
func podSecurityModule(t *testing.T) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "k8s.io/pod-security-admission").Output()
	if err != nil {
		t.Fatalf("finding the source of Pod Security admission: %v", err)
	}
	return strings.TrimSpace(string(out))
}

// fixtures reads the pods of one level and version, each into a namespace of its
// own, named after its file.
func fixtures(t *testing.T, folder string) []*corev1.Pod {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s has no fixtures: %v", folder, err)
	}
	var pods []*corev1.Pod
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		pod := &corev1.Pod{}
		if err := yaml.UnmarshalStrict(text, pod); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		pod.Name = filepath.Base(filepath.Dir(file)) + "-" + strings.TrimSuffix(filepath.Base(file), ".yaml")
		pod.Namespace = strings.ReplaceAll(pod.Name, "_", "-")
		pods = append(pods, pod)
	}
	return pods
}

// judgedAt returns what all rules find in pods of namespaces that enforce a level
// in a version, in a cluster with a server of another.
func judgedAt(t *testing.T, server string, at api.LevelVersion, pods []*corev1.Pod) []*audit.Placed {
	t.Helper()
	b := kube.NewBuilder(kube.Info{Version: server})
	for _, pod := range pods {
		namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: pod.Namespace, Labels: map[string]string{
			api.EnforceLevelLabel: string(at.Level), api.EnforceVersionLabel: at.Version.String(),
		}}}
		if err := b.Set(kube.Namespaces, namespace); err != nil {
			t.Fatal(err)
		}
		if err := b.Set(kube.Pods, pod.DeepCopy()); err != nil {
			t.Fatal(err)
		}
	}
	return audit.Run(b.Build(time.Time{}), []audit.Category{securitycontext.Category()}).Findings()
}

// answersFor reports whether a finding says that a level refuses the pod.
func answersFor(f *audit.Placed, level api.Level) bool {
	return slices.Contains(f.Rule.Controls, "PSS-baseline") ||
		level == api.LevelRestricted && slices.Contains(f.Rule.Controls, "PSS-restricted")
}
