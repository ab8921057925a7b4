package resources

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// allocation is what the running pods of a workload use of what they reserve.
type allocation struct {
	reserved bool // they reserve any
	pods     int  // of which the use is known
	used     resource.Quantity
	requests resource.Quantity
	sample   string // how long the last one took
	window   string // what the use was measured by, "" if it is by one sample
	needs    []containerNeed
}

// containerNeed is a container that reserves something, and what it needs.
type containerNeed struct {
	container kube.Container
	need      need
}

// share returns the use in parts of what is reserved.
func (a *allocation) share() float64 {
	return a.used.AsApproximateFloat64() / a.requests.AsApproximateFloat64()
}

// evidence says what was measured and, of one sample, that it is little.
func (a *allocation) evidence(name corev1.ResourceName) string {
	if a.window != "" {
		return fmt.Sprintf("Of what each pod requests, %s, its containers use %s %s. That is by %s.",
			a.requests.String(), a.used.String(), howOften(name), a.window)
	}
	return fmt.Sprintf("Of %d pods, %s are in use and %s requested. That is by %s: it shows a moment, not what the workload needs.",
		a.pods, a.used.String(), a.requests.String(), a.sample)
}

// allocated returns a Check that has the use of a workload's pods judged: what its
// containers were seen to use over some time, added up for a pod of its template,
// else what all pods use in the last sample. Judge is not called where nothing is
// reserved or nothing was measured.
func allocated(name corev1.ResourceName, judge func(*audit.Pass, *kube.Workload, *allocation)) audit.Check {
	return audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		if a, ok := allocatedOver(p.Cluster, w, name); ok {
			judge(p, w, &a)
			return
		}
		a := allocation{}
		for _, pod := range p.Cluster.PodsOf(w) {
			if pod.Status.Phase == corev1.PodRunning {
				a.add(p.Cluster, pod, name)
			}
		}
		switch {
		case !a.reserved || p.Cluster.Info.Offline:
			p.NotApplicable()
		case a.pods == 0:
			p.Unknown(whyUnmeasured(p.Cluster, w))
		default:
			judge(p, w, &a)
		}
	})
}

// allocatedOver adds up what the containers of a workload's template reserve, and
// what they were seen to use; false unless all that reserve something were measured
// for some time.
func allocatedOver(c *kube.Cluster, w *kube.Workload, name corev1.ResourceName) (allocation, bool) {
	a := allocation{}
	whole := w.PodRequirements()
	var weakest kube.Measured
	for of := range w.Containers() {
		declared := c.Requirements(w, of).Requests
		if !of.LongRunning() || !given(whole.Requests, name) && !given(declared, name) {
			continue
		}
		m, known := c.Measured(w.Ref, of.Name)
		if !known || !m.Some() || amountOf(m, name) == nil {
			return a, false
		}
		if weakest.Figures == nil || m.Window.Duration < weakest.Window.Duration {
			weakest = m
		}
		a.used.Add(*amountOf(m, name))
		a.requests.Add(declared[name])
		if n, ok := needOf(c, w, of, name); ok {
			a.needs = append(a.needs, containerNeed{of, n})
		}
	}
	if weakest.Figures == nil {
		return a, false
	}
	if given(whole.Requests, name) {
		a.requests, a.needs = whole.Requests[name], nil // it is the pod's to change
	}
	a.window = weakest.Evidence()
	return a, !a.requests.IsZero()
}

// fixes is the fix that has each container request what it needs, where judge says
// that this is the way to go; none if the pods would still be found.
func (a *allocation) fixes(c *kube.Cluster, w *kube.Workload, wanted func(declared, needed resource.Quantity) bool, cleared func(*allocation) bool) []audit.Fix {
	all := audit.Fix{}
	after := allocation{used: a.used}
	for _, of := range a.needs {
		name := of.need.name
		declared := c.Requirements(w, of.container).Requests[name]
		f, needed, can := of.need.requestFix(c, w, of.container)
		if !can || !wanted(declared, needed) {
			after.requests.Add(declared)
			continue
		}
		after.requests.Add(needed)
		all.Edits = append(all.Edits, f.Edits...)
		if all.Title != "" {
			all.Title += "; "
		}
		all.Title += "have " + of.container.Name + " " + f.Title
		if !strings.Contains(all.Risk, f.Risk) {
			all.Risk = strings.TrimSpace(all.Risk + " " + f.Risk)
		}
		if f.Tentative != "" {
			all.Tentative = f.Tentative
		}
	}
	if len(all.Edits) == 0 || !cleared(&after) {
		return nil
	}
	return []audit.Fix{all}
}

// add adds what one pod reserves and uses. Containers that reserve nothing are
// left out, unless the pod as a whole reserves for them.
func (a *allocation) add(c *kube.Cluster, pod *kube.Pod, name corev1.ResourceName) {
	usage, known := c.PodUsage.Get(pod.Namespace, pod.Name)
	var used, requests resource.Quantity
	if whole := pod.Spec.Resources; whole != nil && given(whole.Requests, name) {
		requests.Add(whole.Requests[name])
		if known {
			used = total(usage, name)
		}
	} else {
		for container := range kube.ContainersOf(pod.Spec, "") {
			if !container.LongRunning() || !given(container.Resources.Requests, name) {
				continue
			}
			requests.Add(container.Resources.Requests[name])
			if known {
				used.Add(usage.Containers[container.Name][name])
			}
		}
	}
	if requests.IsZero() {
		return
	}
	a.reserved = true
	if known {
		a.pods++
		a.used.Add(used)
		a.requests.Add(requests)
		a.sample = sampleOf(usage)
	}
}

// reservesTooLittle returns the Check of a rule that finds workloads that use
// many times what they reserve. Each has a container above its own request,
// which overRequest charges.
func reservesTooLittle(name corev1.ResourceName, severity audit.Severity, overRequest string) audit.Check {
	return allocated(name, func(p *audit.Pass, w *kube.Workload, a *allocation) {
		enough := func(a *allocation) bool { return a.share()*100 <= float64(p.Number(threshold)) }
		if enough(a) {
			return
		}
		p.Report(audit.Finding{
			Severity: severity,
			Message:  fmt.Sprintf("its pods use %.1f times the %s that they request", a.share(), title(name)),
			Detail:   a.evidence(name),
			Implied:  overRequest,
			Fixes: a.fixes(p.Cluster, w, func(declared, needed resource.Quantity) bool {
				return needed.Cmp(declared) > 0
			}, enough),
		})
	})
}

// reservesTooMuch returns the Check of a rule that finds workloads that use a
// small part of what they reserve.
func reservesTooMuch(name corev1.ResourceName) audit.Check {
	return allocated(name, func(p *audit.Pass, w *kube.Workload, a *allocation) {
		used := func(a *allocation) bool { return a.share()*100 >= float64(p.Number(threshold)) }
		if used(a) {
			return
		}
		p.Report(audit.Finding{
			Message: fmt.Sprintf("its pods use %.0f%% of the %s that they request", a.share()*100, title(name)),
			Detail:  a.evidence(name),
			Fixes: a.fixes(p.Cluster, w, func(declared, needed resource.Quantity) bool {
				return needed.Cmp(declared) < 0
			}, used),
		})
	})
}
