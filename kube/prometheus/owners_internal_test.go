package prometheus

import (
	"fmt"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/rand"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// A pod that is gone is found again by its name, as its controller would have named
// it, and nothing is said of one that may be of two.
func TestOwnerOf(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{})
	add := func(r kube.Resource, o metav1.Object, name string) {
		o.SetNamespace("shop")
		o.SetName(name)
		held, _ := o.(kube.Object)
		if err := b.Set(r, held); err != nil {
			t.Fatal(err)
		}
	}
	add(kube.Deployments, &appsv1.Deployment{}, "web")
	add(kube.Deployments, &appsv1.Deployment{}, "web-api")
	add(kube.DaemonSets, &appsv1.DaemonSet{}, "agent")
	add(kube.DaemonSets, &appsv1.DaemonSet{}, "web-55555")
	add(kube.StatefulSets, &appsv1.StatefulSet{}, "db")
	add(kube.CronJobs, &batchv1.CronJob{}, "nightly")
	add(kube.Jobs, &batchv1.Job{}, "once")
	moved := &corev1.Pod{}
	moved.OwnerReferences = []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "StatefulSet", Name: "db", Controller: new(true)}}
	add(kube.Pods, moved, "agent-bcdfg") // whatever its name says
	add(kube.Pods, &corev1.Pod{}, "alone")
	c := b.Build(time.Unix(0, 0))
	hash := rand.SafeEncodeString(fmt.Sprint(uint32(4123456789)))
	for pod, want := range map[string]string{
		"web-" + hash + "-" + rand.String(5):     "Deployment shop/web",
		"web-api-" + hash + "-" + rand.String(5): "Deployment shop/web-api",
		"agent-" + rand.String(5):                "DaemonSet shop/agent",
		"agent-bcdfg":                            "StatefulSet shop/db",
		"db-0":                                   "StatefulSet shop/db",
		"db-117":                                 "StatefulSet shop/db",
		"nightly-29456780-" + rand.String(5):     "CronJob shop/nightly",
		"once-" + rand.String(5):                 "Job shop/once",
		"once-3-" + rand.String(5):               "Job shop/once",
		"alone":                                  "Pod shop/alone",
		"web-55555-bcdfg":                        "", // of the Deployment or the DaemonSet
		"web-aeiou-bcdfg":                        "", // no name that is generated
		"web":                                    "",
		"web-":                                   "",
		"-bcdfg":                                 "",
		"":                                       "",
		"stranger-bcdfg":                         "",
	} {
		got := ""
		if ref, ok := ownerOf(c, "shop", pod); ok {
			got = ref.String()
		}
		if got != want {
			t.Errorf("%q is of %q, want %q", pod, got, want)
		}
		if ref, ok := ownerOf(c, "other", pod); ok {
			t.Errorf("%q in another namespace is of %s", pod, ref)
		}
	}
}

// No query is about more pods than a server can bear, unless one namespace has them,
// and every namespace is asked about once.
func TestParts(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{})
	pods := func(namespace string, n int) {
		for i := range n {
			p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: fmt.Sprint("p", i)}}
			if err := b.Set(kube.Pods, p); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i := range 450 {
		pods(fmt.Sprintf("small-%03d", i), 1)
	}
	pods("large", mostPods+1)
	pods("medium", mostPods-10)
	if err := b.Set(kube.Namespaces, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "empty"}}); err != nil {
		t.Fatal(err)
	}
	c := b.Build(time.Unix(0, 0))
	seen := map[string]int{}
	all := parts(c)
	for _, namespaces := range all {
		n := 0
		for _, namespace := range namespaces {
			seen[namespace]++
			n += len(c.Pods.In(namespace))
		}
		if len(namespaces) > mostNamespaces || n > mostPods && len(namespaces) > 1 {
			t.Errorf("%d namespaces with %d pods are asked about at once", len(namespaces), n)
		}
	}
	if len(seen) != 452 || seen["empty"] != 0 || seen["large"] != 1 || seen["small-449"] != 1 || len(all) != 5 {
		t.Errorf("%d namespaces in %d parts, want 452 in 5", len(seen), len(all))
	}
}
