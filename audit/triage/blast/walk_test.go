package blast_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage/blast"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var noon = time.Date(2026, time.January, 1, 12, 0, 0, 0, time.UTC)

// built returns a view of objects, all of them read.
func built(t testing.TB, objects map[kube.Resource][]kube.Object) *kube.Cluster {
	t.Helper()
	return builderOf(t, objects).Build(noon)
}

func builderOf(t testing.TB, objects map[kube.Resource][]kube.Object) *kube.Builder {
	t.Helper()
	b := kube.NewBuilder(kube.Info{Name: "example"})
	for _, r := range kube.Resources() {
		for _, o := range objects[r] {
			if err := b.Set(r, o); err != nil {
				t.Fatal(err)
			}
		}
		b.SetState(kube.State{Resource: r, Phase: kube.Synced})
	}
	return b
}

// told is a view of one pod with an argument.
func told(t testing.TB, text string) *kube.Cluster {
	t.Helper()
	return built(t, map[kube.Resource][]kube.Object{kube.Pods: {&corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "caller"},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Args: []string{text}}}},
	}}})
}

// tangle is a cluster in which everything refers to everything: workloads call each
// other in circles, share claims and ConfigMaps, on few nodes.
func tangle(t testing.TB, random *rand.Rand) *kube.Cluster {
	t.Helper()
	objects := map[kube.Resource][]kube.Object{}
	pick := func(of string, n int) string { return fmt.Sprintf("%s-%d", of, random.IntN(n)) }
	for i := range 3 {
		objects[kube.Nodes] = append(objects[kube.Nodes], &corev1.Node{ObjectMeta: metav1.ObjectMeta{
			Name: fmt.Sprintf("node-%d", i), Labels: map[string]string{corev1.LabelTopologyZone: fmt.Sprint(i % 2)},
		}})
	}
	for i := range 8 {
		meta := metav1.ObjectMeta{Namespace: "shop", Name: fmt.Sprintf("part-%d", i)}
		labels := map[string]string{"app": meta.Name, "tier": pick("tier", 3)}
		spec := corev1.PodSpec{
			Containers: []corev1.Container{{Name: "main", Args: []string{"http://" + pick("part", 8), pick("part", 8) + ".shop"}}},
			Volumes: []corev1.Volume{
				{Name: "a", VolumeSource: corev1.VolumeSource{PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: pick("claim", 4)}}},
				{Name: "b", VolumeSource: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{
					LocalObjectReference: corev1.LocalObjectReference{Name: pick("map", 4)}, Optional: new(random.IntN(2) == 0),
				}}},
			},
		}
		objects[kube.StatefulSets] = append(objects[kube.StatefulSets], &appsv1.StatefulSet{ObjectMeta: meta, Spec: appsv1.StatefulSetSpec{
			Selector: &metav1.LabelSelector{MatchLabels: labels}, Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels}, Spec: spec},
		}})
		for replica := range random.IntN(3) {
			pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{
				Namespace: "shop", Name: fmt.Sprintf("%s-%d", meta.Name, replica), Labels: labels,
				OwnerReferences: []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "StatefulSet", Name: meta.Name, Controller: new(true)}},
			}, Spec: *spec.DeepCopy(), Status: corev1.PodStatus{Phase: []corev1.PodPhase{corev1.PodRunning, corev1.PodPending, corev1.PodFailed}[random.IntN(3)]}}
			pod.Spec.NodeName = pick("node", 3)
			objects[kube.Pods] = append(objects[kube.Pods], pod)
		}
		objects[kube.Services] = append(objects[kube.Services], &corev1.Service{
			ObjectMeta: meta, Spec: corev1.ServiceSpec{Selector: map[string]string{"tier": pick("tier", 3)}},
		})
		objects[kube.Ingresses] = append(objects[kube.Ingresses], &networkingv1.Ingress{ObjectMeta: meta, Spec: networkingv1.IngressSpec{
			Rules: []networkingv1.IngressRule{{Host: pick("host", 5), IngressRuleValue: networkingv1.IngressRuleValue{HTTP: &networkingv1.HTTPIngressRuleValue{
				Paths: []networkingv1.HTTPIngressPath{{Backend: networkingv1.IngressBackend{Service: &networkingv1.IngressServiceBackend{Name: pick("part", 8)}}}},
			}}}},
		}})
		objects[kube.NetworkPolicies] = append(objects[kube.NetworkPolicies], &networkingv1.NetworkPolicy{ObjectMeta: meta, Spec: networkingv1.NetworkPolicySpec{
			PodSelector: metav1.LabelSelector{MatchLabels: map[string]string{"tier": pick("tier", 3)}},
			Ingress: []networkingv1.NetworkPolicyIngressRule{{From: []networkingv1.NetworkPolicyPeer{
				{PodSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"tier": pick("tier", 3)}}},
			}}},
		}})
	}
	for i := range 4 {
		objects[kube.PersistentVolumeClaims] = append(objects[kube.PersistentVolumeClaims], &corev1.PersistentVolumeClaim{
			ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: fmt.Sprintf("claim-%d", i)},
			Spec: corev1.PersistentVolumeClaimSpec{
				StorageClassName: new("class"), AccessModes: []corev1.PersistentVolumeAccessMode{[]corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce, corev1.ReadWriteMany}[i%2]},
			},
		})
	}
	return built(t, objects)
}

// everything are the objects of a tangle that may be hit.
func everything(c *kube.Cluster) []kube.Ref {
	all := []kube.Ref{kube.StorageClasses.Ref("", "class")}
	for i := range 4 {
		all = append(all, kube.ConfigMaps.Ref("shop", fmt.Sprintf("map-%d", i)))
	}
	for _, r := range []kube.Resource{kube.Nodes, kube.Pods, kube.StatefulSets, kube.Services, kube.PersistentVolumeClaims, kube.Ingresses} {
		for _, o := range c.Objects(r) {
			all = append(all, r.Ref(o.GetNamespace(), o.GetName()))
		}
	}
	return all
}

// More objects that are hit never lead to fewer dependents, nor to weaker ones, and the
// walk ends where it says.
func TestMoreHitIsNeverLess(t *testing.T) {
	t.Parallel()
	grown := 0
	for seed := range uint64(150) {
		random := rand.New(rand.NewPCG(seed, 1))
		c := tangle(t, random)
		all := everything(c)
		random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		isDown := func(ref kube.Ref) bool { return (uint64(ref.Name[len(ref.Name)-1])+uint64(len(ref.Kind))+seed)%3 == 0 }
		n := 1 + random.IntN(3)
		hit, more := all[:n], all[:n+1+random.IntN(3)]
		few, many := blast.Of(c, hit, isDown), blast.Of(c, more, isDown)
		if few.More+many.More > 0 {
			t.Fatalf("seed %d: the tangle is so large that lists are cut", seed)
		}
		for _, d := range few.Dependents {
			if slices.Contains(more, d.Object) {
				continue
			}
			i := slices.IndexFunc(many.Dependents, func(e blast.Dependent) bool { return e.Object == d.Object })
			if i < 0 {
				t.Fatalf("seed %d: %v leads to %s, %v does not", seed, hit, d.Object, more)
			}
			if e := many.Dependents[i]; slices.Compare(strength(d), strength(e)) < 0 || d.Whole && !e.Whole {
				t.Fatalf("seed %d: with more hit, %+v became %+v", seed, d, e)
			}
		}
		if less, more := counts(few), counts(many); slices.ContainsFunc([]int{0, 1, 2, 3, 4, 5}, func(i int) bool { return less[i] > more[i] }) {
			t.Fatalf("seed %d: %v has more impact than %v: %v, %v", seed, hit, more, few, many)
		}
		grown += len(many.Dependents)
		for _, r := range []*blast.Radius{few, many} {
			holdsItsWord(t, r, more)
		}
	}
	if grown < 1500 {
		t.Errorf("%d dependents prove little", grown)
	}
}

func counts(r *blast.Radius) [6]int {
	return [...]int{r.Hosts, r.Services, r.ServicesDown, r.Workloads, r.WorkloadsDown, r.Pods}
}

// strength is how much is told of a dependent: whether it is counted, whether it is hit
// now, and how certain that is; less is more.
func strength(d blast.Dependent) []int {
	counted := 0
	if d.Optional || d.Certainty == blast.Hint {
		counted = 1
	}
	return []int{counted, int(d.When), int(d.Certainty)}
}

// holdsItsWord checks what is true of every radius.
func holdsItsWord(t *testing.T, r *blast.Radius, hit []kube.Ref) {
	t.Helper()
	seen := map[kube.Ref]bool{}
	for i, d := range r.Dependents {
		if d.Distance < 1 || d.Distance > blast.MaxDistance || seen[d.Object] || d.Through.IsZero() || d.Object == d.Through {
			t.Errorf("%+v", d)
		}
		seen[d.Object] = true
		if i > 0 && r.Dependents[i-1].Distance > d.Distance {
			t.Errorf("%s is told after %s", d.Object, r.Dependents[i-1].Object)
		}
	}
	for _, d := range r.Dependents {
		if !seen[d.Through] && !slices.Contains(hit, d.Through) && r.More == 0 {
			t.Errorf("%s is reached through %s, which is not told", d.Object, d.Through)
		}
	}
}

func TestTheSameIsToldTheSameWay(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		first, second := tangle(t, rand.New(rand.NewPCG(seed, 1))), tangle(t, rand.New(rand.NewPCG(seed, 1)))
		hit := everything(first)[:6]
		backwards := slices.Clone(hit)
		slices.Reverse(backwards)
		if diff := cmp.Diff(written(blast.Of(first, hit, nil)), written(blast.Of(second, backwards, nil))); diff != "" {
			t.Fatalf("seed %d (-forwards +backwards):\n%s", seed, diff)
		}
	}
}

// users returns so many pods that all use one ConfigMap, and a Service of each.
func users(n int) map[kube.Resource][]kube.Object {
	objects := map[kube.Resource][]kube.Object{}
	for i := range n {
		meta := metav1.ObjectMeta{Namespace: "shop", Name: fmt.Sprintf("user-%03d", i)}
		meta.Labels = map[string]string{"app": meta.Name}
		objects[kube.Pods] = append(objects[kube.Pods], &corev1.Pod{ObjectMeta: meta, Spec: corev1.PodSpec{
			Containers: []corev1.Container{{Name: "main", Args: []string{"http://center"}, EnvFrom: []corev1.EnvFromSource{
				{ConfigMapRef: &corev1.ConfigMapEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: "shared"}}},
			}}},
			NodeName: "node",
		}})
		objects[kube.Services] = append(objects[kube.Services], &corev1.Service{ObjectMeta: meta, Spec: corev1.ServiceSpec{Selector: meta.Labels}})
	}
	labels := map[string]string{"app": "center"}
	objects[kube.Pods] = append(objects[kube.Pods], &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "center", Labels: labels}})
	objects[kube.Services] = append(objects[kube.Services], &corev1.Service{
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "center"}, Spec: corev1.ServiceSpec{Selector: labels},
	})
	return objects
}

func TestTheWalkStopsAtHubs(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name              string
		users             int
		hit               kube.Ref
		dependents, hubs  int
		services, through int // Services, and dependents through the hub
	}{
		{"a Service that fifty name", blast.MaxFanOut, kube.Pods.Ref("shop", "center"), 1 + 2*blast.MaxFanOut, 0, 1, blast.MaxFanOut},
		{"a Service that one more names", blast.MaxFanOut + 1, kube.Pods.Ref("shop", "center"), 1, 1, 1, 0},
		{"a ConfigMap of fifty", blast.MaxFanOut, kube.ConfigMaps.Ref("shop", "shared"), 2 * blast.MaxFanOut, 0, blast.MaxFanOut, blast.MaxFanOut},
		{"a ConfigMap of one more, which is hit itself", blast.MaxFanOut + 1, kube.ConfigMaps.Ref("shop", "shared"), blast.MaxFanOut + 1, 1, 0, blast.MaxFanOut + 1},
		{"a node of more", blast.MaxFanOut + 1, kube.Nodes.Ref("", "node"), 2 * (blast.MaxFanOut + 1), 0, blast.MaxFanOut + 1, blast.MaxFanOut + 1},
	} {
		r := blast.Of(built(t, users(test.users)), []kube.Ref{test.hit}, nil)
		if got := len(r.Dependents) + r.More; got != test.dependents || len(r.Hubs) != test.hubs || r.Services != test.services {
			t.Errorf("%s: %d dependents, %d hubs, %d Services, want %d, %d, %d", test.name, got, len(r.Hubs), r.Services, test.dependents, test.hubs, test.services)
		}
		for _, h := range r.Hubs {
			if h.Count != test.users {
				t.Errorf("%s: hub %+v, want %d", test.name, h, test.users)
			}
		}
		through := 0
		for _, d := range r.Dependents {
			if d.Through == test.hit || d.Through == kube.Services.Ref("shop", "center") {
				through++
			}
		}
		if len(r.Dependents) > blast.MaxListed || (r.More == 0 && through < test.through) {
			t.Errorf("%s: %d listed, %d through the hub", test.name, len(r.Dependents), through)
		}
	}
}

// What could not be read is named, and nothing else.
func TestWhatIsNotReadIsNamed(t *testing.T) {
	t.Parallel()
	b := builderOf(t, users(1))
	for _, r := range []kube.Resource{kube.Ingresses, kube.HTTPRoutes, kube.StorageClasses, kube.EndpointSlices} {
		b.SetState(kube.State{Resource: r, Phase: kube.Forbidden, Verb: "list"})
	}
	b.SetState(kube.State{Resource: kube.GRPCRoutes, Phase: kube.Absent})
	c := b.Build(noon)
	for _, test := range []struct {
		hit  kube.Ref
		want string
	}{
		{kube.Pods.Ref("shop", "center"), "potential impact: 1 service (1 at 0), 1 workload, 1 pod; not read: ingresses.networking.k8s.io, endpointslices.discovery.k8s.io, httproutes.gateway.networking.k8s.io"},
		{kube.ConfigMaps.Ref("shop", "nobody"), "potential impact: nothing that is known of"},
	} {
		if got := blast.Of(c, []kube.Ref{test.hit}, nil).String(); got != test.want {
			t.Errorf("%s: got %q, want %q", test.hit, got, test.want)
		}
	}
}

func TestTheNodesOfAZone(t *testing.T) {
	t.Parallel()
	c := tangle(t, rand.New(rand.NewPCG(1, 1)))
	zone := blast.NodesWith(c, corev1.LabelTopologyZone, "0")
	if want := []kube.Ref{kube.Nodes.Ref("", "node-0"), kube.Nodes.Ref("", "node-2")}; !slices.Equal(zone, want) {
		t.Errorf("zone 0 has %v, want %v", zone, want)
	}
	if none := blast.NodesWith(c, "pool", ""); len(none) > 0 {
		t.Errorf("nodes without a label are taken for nodes of %v", none)
	}
	if r := blast.Of(c, zone, nil); !slices.Equal(r.Zones, []string{"0"}) {
		t.Errorf("zones %v", r.Zones)
	}
	if r := blast.Of(c, zone[:1], nil); len(r.Zones) > 0 {
		t.Errorf("half a zone is %v", r.Zones)
	}
}
