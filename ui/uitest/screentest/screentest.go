// Package screentest is what tests of screens need beside the robot: a small
// cluster to show, judged by real rules, and a stand-in for the root that shows
// one screen.
//
// The rules are named one by one, so that a new rule changes no picture of a
// screen. The package is for tests only and shows nothing itself: a screen's
// own test says what is to be seen.
package screentest

import (
	_ "embed"
	"slices"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

//go:embed testdata/cluster.yaml
var objects string

//go:embed testdata/incident.yaml
var broken string

// Break adds to a cluster what is broken: a Deployment of which a rollout left no pod
// running, and one whose image cannot be pulled.
func Break(t testing.TB, b *kube.Builder) *kube.Builder {
	t.Helper()
	Add(t, b, broken)
	return b
}

// Noon is the moment of every view.
var Noon = time.Date(2026, time.January, 1, 12, 0, 0, 0, time.UTC)

// Info is what the cluster says of itself.
func Info() kube.Info {
	return kube.Info{Name: "prod-eu-1", Server: "https://prod.example.com", Version: "v1.37.2", User: "jane@example.com"}
}

// Categories are the heart's categories with the rules that the cluster fails.
func Categories() []audit.Category {
	kept := strings.Fields(`
		cluster-admin-bound secrets-access-namespace default-service-account-token-mounted
		service-account-token-automounted service-account-token-mounted-with-permissions
		liveness-probe-missing readiness-probe-missing
		cpu-request-missing memory-limit-missing memory-request-missing
		hpa-target-missing pdb-missing single-replica
		allow-privilege-escalation capabilities-not-dropped-all host-path-sensitive
		privileged-container run-as-non-root-not-enforced`)
	var categories []audit.Category
	for _, c := range rules.All() {
		c.Rules = slices.DeleteFunc(slices.Clone(c.Rules), func(r *audit.Rule) bool { return !slices.Contains(kept, r.ID) })
		if len(c.Rules) > 0 {
			categories = append(categories, c)
		}
	}
	return categories
}

// Empty returns a builder without an object.
func Empty() *kube.Builder { return kube.NewBuilder(Info()) }

// Cluster returns a builder of the cluster in testdata, in which every resource
// was read.
func Cluster(t testing.TB) *kube.Builder {
	t.Helper()
	b := Empty()
	Add(t, b, objects)
	for _, r := range kube.Resources() {
		phase := kube.Synced
		if r.Custom() {
			phase = kube.Absent
		}
		b.SetState(kube.State{Resource: r, Phase: phase})
	}
	return b
}

// Add adds the objects of manifests.
func Add(t testing.TB, b *kube.Builder, manifests string) {
	t.Helper()
	info := Info()
	source := manifest.New([]string{manifest.Stdin}, manifest.Options{Stdin: strings.NewReader(manifests), Info: &info})
	c, err := kube.Load(t.Context(), source, nil)
	if err != nil {
		t.Fatalf("reading the cluster of the test: %v", err)
	}
	for _, r := range kube.Resources() {
		for _, o := range c.Objects(r) {
			if err := b.Set(r, o); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Assess judges what a builder holds.
func Assess(b *kube.Builder) *score.Assessment { return score.Assess(b.Build(Noon), Categories()) }

// ReplicaSet returns a ReplicaSet of its own, without a container.
func ReplicaSet(namespace, name string) *appsv1.ReplicaSet {
	return &appsv1.ReplicaSet{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name},
		Spec:       appsv1.ReplicaSetSpec{Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"app": name}}},
	}
}

// Deployment returns a Deployment of two replicas, without a container.
func Deployment(namespace, name string) *appsv1.Deployment {
	replicas := int32(2)
	labels := map[string]string{"app": name}
	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name},
		Spec: appsv1.DeploymentSpec{
			Replicas: &replicas, Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels}},
		},
	}
}
