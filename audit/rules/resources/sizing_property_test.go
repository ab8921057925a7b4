package resources_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/audit/rules/resources"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// world is a Deployment with resources, measurements and LimitRanges at random.
type world struct{ *rand.Rand }

// chance reports true once in n times.
func (r world) chance(n int) bool { return r.IntN(n) == 0 }

// amount is one between some thousandths of a core and some cores, or some MiB and
// some GiB.
func (r world) amount(name corev1.ResourceName) resource.Quantity {
	level := math.Pow(10, 4*r.Float64())
	if name == corev1.ResourceCPU {
		return *resource.NewMilliQuantity(int64(level), resource.DecimalSI)
	}
	return *resource.NewQuantity(int64(level*(1<<20)), resource.BinarySI)
}

// requirements are requests and limits such as an API server accepts, which any of
// them may be missing from.
func (r world) requirements() corev1.ResourceRequirements {
	has := corev1.ResourceRequirements{Requests: corev1.ResourceList{}, Limits: corev1.ResourceList{}}
	for _, name := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
		request, limit := r.amount(name), r.amount(name)
		if request.Cmp(limit) > 0 {
			request, limit = limit, request
		}
		switch r.IntN(5) {
		case 0, 1:
			has.Requests[name] = request
		case 2:
			has.Requests[name] = resource.Quantity{} // which no LimitRange fills in
		}
		if r.chance(3) {
			has.Limits[name] = limit
		}
	}
	return has
}

func (r world) limitRange() *corev1.LimitRange {
	item := corev1.LimitRangeItem{Type: corev1.LimitTypeContainer}
	for _, name := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
		least, most := r.amount(name), r.amount(name)
		if least.Cmp(most) > 0 {
			least, most = most, least
		}
		set := func(list *corev1.ResourceList, q resource.Quantity) {
			if *list == nil {
				*list = corev1.ResourceList{}
			}
			(*list)[name] = q
		}
		if r.chance(2) {
			set(&item.Min, least)
		}
		if r.chance(2) {
			set(&item.Max, most)
		}
		if r.chance(4) {
			set(&item.MaxLimitRequestRatio, *resource.NewQuantity(int64(1+r.IntN(8)), resource.DecimalSI))
		}
	}
	return &corev1.LimitRange{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "bounds"}, Spec: corev1.LimitRangeSpec{Limits: []corev1.LimitRangeItem{item}}}
}

// within returns an amount that is not above a limit, if there is one.
func within(q, limit resource.Quantity) resource.Quantity {
	if limit.IsZero() || q.Cmp(limit) <= 0 {
		return q
	}
	return limit
}

func (r world) view(t *testing.T) *kube.Cluster {
	t.Helper()
	b := kube.NewBuilder(kube.Info{Offline: r.chance(2)})
	set := func(of kube.Resource, o kube.Object) {
		if err := b.Set(of, o); err != nil {
			t.Fatal(err)
		}
	}
	var ranged corev1.LimitRangeItem
	if r.chance(3) {
		l := r.limitRange()
		ranged = l.Spec.Limits[0]
		set(kube.LimitRanges, l)
	}
	d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"}}
	var figures []kube.Figures
	for i := range 1 + r.IntN(3) {
		name := fmt.Sprint("c", i)
		has := r.requirements()
		d.Spec.Template.Spec.Containers = append(d.Spec.Template.Spec.Containers, corev1.Container{Name: name, Resources: has})
		cpu, memory := r.amount(corev1.ResourceCPU), r.amount(corev1.ResourceMemory)
		for _, limits := range []corev1.ResourceList{has.Limits, ranged.Max} { // nobody uses more
			cpu, memory = within(cpu, limits[corev1.ResourceCPU]), within(memory, limits[corev1.ResourceMemory])
		}
		window := []time.Duration{time.Minute, 2 * time.Hour, 30 * time.Hour, 168 * time.Hour}[r.IntN(4)]
		f := kube.Figures{Container: name, Samples: 1000, Pods: 2, Window: metav1.Duration{Duration: window}, CPU: &cpu, Memory: &memory}
		if r.chance(8) {
			f.CPU = nil
		}
		if r.chance(6) {
			f.OOMKills = 1
		}
		figures = append(figures, f)
	}
	set(kube.Deployments, d)
	set(kube.Measurements, kube.NewMeasurement(kube.ByPrometheus, kube.Deployments.Ref("shop", "web"), figures))
	return b.Build(time.Unix(0, 0))
}

// found lists findings by rule and container.
func found(c *kube.Cluster, least audit.Severity) []string {
	var all []string
	for _, f := range audit.Run(c, []audit.Category{resources.Category()}).Findings() {
		if f.Severity >= least {
			all = append(all, f.Rule.ID+" "+f.Container)
		}
	}
	return all
}

// measuredRules are the rules whose fixes come from measurements.
var measuredRules = []string{
	"cpu-request-missing", "memory-request-missing", "memory-limit-missing", "limits-unset-with-requests", "resources-entirely-unset",
	"cpu-over-allocated", "memory-over-allocated", "cpu-under-allocated", "memory-under-allocated",
	"cpu-usage-over-request-threshold", "memory-usage-over-request-threshold", "memory-usage-over-limit-threshold",
}

// Each fix that comes from a measurement clears its finding and brings no other that
// matters, and an API server takes its outcome.
func TestMeasuredFixesHold(t *testing.T) {
	t.Parallel()
	tried := map[string]int{}
	for seed := range uint64(200) {
		r := world{rand.New(rand.NewPCG(seed, 3))}
		c := r.view(t)
		fixer, before := audit.NewFixer(c), found(c, audit.Medium)
		for _, f := range audit.Run(c, []audit.Category{resources.Category()}).Findings() {
			if !slices.Contains(measuredRules, f.Rule.ID) {
				continue
			}
			for _, proposed := range fixer.Fixes(f) {
				changes, err := fix.Outcome(c, f.Subject, proposed)
				if err != nil {
					t.Fatalf("seed %d, %s: %q: %v", seed, f.ID(), proposed.Title, err)
				}
				after, err := c.With(changes...)
				if err != nil {
					t.Fatal(err)
				}
				if slices.Contains(found(after, audit.Info), f.Rule.ID+" "+f.Container) {
					t.Errorf("seed %d: %s is found after its fix %q (%s)", seed, f.ID(), proposed.Title, f.Detail)
				}
				for _, id := range found(after, audit.Medium) {
					if !slices.Contains(before, id) && audit.Medium <= f.Severity {
						t.Errorf("seed %d: after the fix %q of %s there is %s", seed, proposed.Title, f.ID(), id)
					}
				}
				for _, fault := range refused(after) {
					if !slices.Contains(refused(c), fault) {
						t.Errorf("seed %d: after the fix %q of %s: %s", seed, proposed.Title, f.ID(), fault)
					}
				}
				tried[f.Rule.ID]++
			}
		}
	}
	for _, rule := range measuredRules {
		if tried[rule] < 5 {
			t.Errorf("%s: %d fixes were tried, which proves little", rule, tried[rule])
		}
	}
}

// refused says why an API server would not take a pod.
func refused(c *kube.Cluster) []string {
	var faults []string
	for _, w := range c.Workloads() {
		for of := range w.Containers() {
			has := c.Requirements(w, of)
			for name, limit := range has.Limits {
				if request := has.Requests[name]; !limit.IsZero() && request.Cmp(limit) > 0 {
					faults = append(faults, fmt.Sprintf("%s requests more %s than its limit", of.Name, name))
				}
			}
		}
	}
	return faults
}
