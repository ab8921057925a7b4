package probes

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

const (
	// settled is how many minutes a container may take until it is ready, unless
	// its startup probe allows more: rollouts and short outages pass.
	settled = 10
	// recent is how many minutes ago a probe has failed last, if it still fails.
	recent = 10
	// often is how many failures are no accident.
	often = 3
)

var probeFailingLive = &audit.Rule{
	ID:       "probe-failing-live",
	Title:    "A probe fails",
	Severity: audit.Medium,
	Rationale: "A container that is not ready gets no traffic, so that the others carry its load; " +
		"one whose liveness probe fails is killed and started again, with all that it was doing.",
	Remediation: "Ask the container what the probe asks (`kubectl exec`, or a port-forward) and read its log of that time. " +
		"If it is well and only slow, give the probe more time.",
	Since:    "2",
	Subjects: kube.WorkloadResources(),
	Reads:    []kube.Resource{kube.Pods},
	Consults: []kube.Resource{kube.Events},
	Timed:    true,
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		failing, probed := map[string]*failure{}, false
		for _, pod := range p.Cluster.PodsOf(w) {
			if pod.Status.Phase != corev1.PodRunning || !pod.Deleted().IsZero() || p.Cluster.Info.Offline {
				continue
			}
			for c := range kube.ContainersOf(pod.Spec, "spec") {
				if !c.LongRunning() || c.ReadinessProbe == nil && c.LivenessProbe == nil && c.StartupProbe == nil {
					continue
				}
				probed = true
				if k, since, fails := failingProbe(p.Cluster, pod, c); fails {
					note(failing, c.Name, k, pod.Name, since)
				}
			}
		}
		if !probed {
			p.NotApplicable()
			return
		}
		for c := range w.Containers() {
			if f := failing[c.Name]; f != nil {
				p.Report(f.finding(c))
			}
		}
	}),
}

// failure is a probe of a container that fails in some pods of a workload.
type failure struct {
	kind
	pods  int
	first string // one of them
	since metav1.Time
}

func note(failing map[string]*failure, container string, k kind, pod string, since metav1.Time) {
	if f := failing[container]; f != nil {
		f.pods++
		return
	}
	failing[container] = &failure{k, 1, pod, since}
}

func (f *failure) finding(c kube.Container) audit.Finding {
	pods := "one pod"
	if f.pods > 1 {
		pods = fmt.Sprintf("%d pods", f.pods)
	}
	return audit.Finding{
		Container: c.Name, Path: c.Field(f.field),
		Message: fmt.Sprintf("%s fails its %s in %s", named(c), f.name, pods),
		Detail:  fmt.Sprintf("In pod %s it runs, and the probe fails since %s.", f.first, kube.Moment(f.since)),
	}
}

// failingProbe returns which probe of a running container fails, and since when.
// A container that is not ready says so by itself; that its liveness probe fails
// now and then only Events tell.
func failingProbe(c *kube.Cluster, pod *kube.Pod, container kube.Container) (kind, metav1.Time, bool) {
	i := slices.IndexFunc(pod.Status.Containers, func(s kube.ContainerStatus) bool { return s.Name == container.Name })
	if i < 0 {
		return kind{}, metav1.Time{}, false
	}
	status := &pod.Status.Containers[i]
	started, runs := status.Running()
	if !runs {
		return kind{}, metav1.Time{}, false
	}
	if !status.Ready && c.Lasted(started, graceOf(container)) {
		since, unready := unreadySince(pod)
		switch {
		case !unready || !c.Lasted(since, settled): // it may come back
		case container.ReadinessProbe != nil:
			return readiness, since, true
		case container.StartupProbe != nil:
			return startup, since, true
		}
	}
	for _, e := range unhealthy.Of(c, pod.Namespace)[pod.Name] {
		first, last := kube.EventTimes(e)
		if k, names := probeOf(e, container); names && kube.EventCount(e) >= often && !c.Lasted(last, recent) && c.Lasted(first, settled) {
			return k, first, true
		}
	}
	return kind{}, metav1.Time{}, false
}

// graceOf returns how many minutes after its start a container should be ready.
func graceOf(c kube.Container) int {
	if c.StartupProbe == nil {
		return settled
	}
	return max(settled, int(c.StartupProbe.InitialDelaySeconds+patience(c.StartupProbe))/60+1)
}

// unreadySince returns since when a pod is not ready, false if it is.
func unreadySince(pod *kube.Pod) (metav1.Time, bool) {
	for condition := range pod.Status.Conditions() {
		if said := condition.Said(); said.Type == corev1.PodReady && said.Status != corev1.ConditionTrue {
			return metav1.Time{Time: condition.Since()}, true
		}
	}
	return metav1.Time{}, false
}

// unhealthy has the Events by which the kubelet says that a probe failed, by pod.
var unhealthy = kube.DeriveFor(func(c *kube.Cluster, namespace string) map[string][]*corev1.Event {
	byPod := map[string][]*corev1.Event{}
	for _, e := range c.Events.In(namespace) {
		if e.Reason == "Unhealthy" && e.InvolvedObject.Kind == kube.Pods.Kind {
			byPod[e.InvolvedObject.Name] = append(byPod[e.InvolvedObject.Name], e)
		}
	}
	return byPod
}).From(kube.Events)

// probeOf returns which probe of a container an Event is about: the kubelet
// names the container in fieldPath and begins the message by the probe (prober
// in pkg/kubelet/prober).
func probeOf(e *corev1.Event, c kube.Container) (kind, bool) {
	if !strings.Contains(e.InvolvedObject.FieldPath, "{"+c.Name+"}") {
		return kind{}, false
	}
	for _, k := range [...]kind{liveness, readiness, startup} {
		beginning, _, _ := strings.Cut(k.name, " ")
		if k.of(c.Container) != nil && len(e.Message) > len(beginning) && strings.EqualFold(e.Message[:len(beginning)], beginning) {
			return k, true
		}
	}
	return kind{}, false
}
