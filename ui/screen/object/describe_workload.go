package object

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// The most of each that is told one by one.
const (
	mostPods = 20
	mostSets = 5
)

// kinship tells what controls the object, and what it controls.
func kinship(c *kube.Cluster, ref kube.Ref) chapter {
	p := chapter{title: "Chain"}
	owners := ownersOf(c, ref)
	for i, owner := range owners {
		text := owner.Kind + " " + owner.Name
		if !c.Has(owner) {
			text += " (not held)"
		}
		p.add([...]string{"controlled by", ""}[min(i, 1)], text)
	}
	if ref.Kind == kube.Deployments.Kind {
		sets := setsOf(c, ref)
		for i, r := range sets[:min(len(sets), mostSets)] {
			text := fmt.Sprintf("%s  %d of %d ready", r.Name, r.Status.ReadyReplicas, r.Replicas)
			if revision := r.Annotations["deployment.kubernetes.io/revision"]; revision != "" {
				text += ", revision " + revision
			}
			p.say([...]string{"ReplicaSets", ""}[min(i, 1)], text+made(c, r.Created()), toneOfReady(r.Status.ReadyReplicas, r.Replicas))
		}
		if more := len(sets) - mostSets; more > 0 {
			p.say("", fmt.Sprintf("and %d more, of past revisions", more), quiet)
		}
	}
	if ref.Kind == kube.CronJobs.Kind {
		var names []string
		for _, j := range jobsOf(c, ref) {
			names = append(names, j.Name)
		}
		p.list("Jobs", names)
	}
	if ref.Kind == kube.Pods.Kind {
		return p
	}
	pods := podsOf(c, ref)
	for i, pod := range pods[:min(len(pods), mostPods)] {
		text, t := podState(c, pod)
		p.say([...]string{"pods", ""}[min(i, 1)], text, t)
	}
	if more := len(pods) - mostPods; more > 0 {
		p.say("", fmt.Sprintf("and %d more", more), quiet)
	}
	return p
}

func made(c *kube.Cluster, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return ", " + screen.Since(c.Time, at) + " old"
}

func toneOfReady(ready, wanted int32) tone {
	switch {
	case wanted == 0:
		return quiet
	case ready < wanted:
		return bad
	}
	return well
}

// podState tells in a line how a pod is.
func podState(c *kube.Cluster, p *kube.Pod) (string, tone) {
	state, t := strings.ToLower(cmp.Or(string(p.Status.Phase), "unknown")), bad
	switch {
	case p.Status.Ready:
		state, t = "ready", well
	case p.Finished():
		t = quiet
	}
	if !p.Deleted().IsZero() {
		state = "being deleted"
	}
	for i := range p.Status.Containers {
		status := &p.Status.Containers[i]
		if waiting := status.Waiting(); waiting != nil && waiting.Reason != "" {
			state += ", " + status.Name + " waits: " + waiting.Reason
		}
	}
	text := p.Name + "  " + state
	if n := restarts(p); n > 0 {
		text += fmt.Sprintf(", %d restarts", n)
	}
	if p.Node != "" {
		text += ", on " + p.Node
	}
	return text + made(c, p.Created()), t
}

// around tells whom a workload runs as, who reaches it and what watches over it.
func around(c *kube.Cluster, w *kube.Workload) chapter {
	p := chapter{title: "Around it"}
	p.add("runs as", "ServiceAccount "+w.ServiceAccount())
	var names []string
	services := map[string]bool{}
	for _, s := range c.ServicesSelecting(w) {
		services[s.Name] = true
		names = append(names, fmt.Sprintf("Service %s (%s %s)", s.Name, cmp.Or(string(s.Spec.Type), "ClusterIP"), portsOf(s)))
	}
	p.list("reached by", names)
	p.list("from outside", ingressesOf(c, w.Ref.Namespace, services))
	for _, b := range c.BudgetsSelecting(w) {
		text := "PodDisruptionBudget " + b.Name
		if b.Spec.MinAvailable != nil {
			text += ", at least " + b.Spec.MinAvailable.String() + " available"
		}
		if b.Spec.MaxUnavailable != nil {
			text += ", at most " + b.Spec.MaxUnavailable.String() + " unavailable"
		}
		if !c.Info.Offline {
			text += fmt.Sprintf(", %d may go now", b.Status.DisruptionsAllowed)
		}
		p.add("budget", text)
	}
	for _, h := range c.AutoscalersOf(w) {
		p.add("scaled by", fmt.Sprintf("HorizontalPodAutoscaler %s, %d to %d replicas", h.Name, kube.MinReplicas(h), h.Spec.MaxReplicas))
	}
	names = nil
	for _, n := range c.NetworkPolicies.In(w.Ref.Namespace) {
		if w.SelectedBy(&n.Spec.PodSelector) {
			names = append(names, n.Name)
		}
	}
	p.list("policies", names)
	if !w.Controller.IsZero() {
		p.add("made by", w.Controller.Kind+" "+w.Controller.Name+": changes belong there")
	}
	return p
}

func portsOf(s *corev1.Service) string {
	var ports []string
	for _, port := range s.Spec.Ports {
		ports = append(ports, fmt.Sprintf("%d/%s", port.Port, cmp.Or(string(port.Protocol), "TCP")))
	}
	return strings.Join(ports, " ")
}

// ingressesOf names the Ingresses that lead to some Services, with their hosts.
func ingressesOf(c *kube.Cluster, namespace string, services map[string]bool) []string {
	leads := func(b *networkingv1.IngressBackend) bool {
		return b != nil && b.Service != nil && services[b.Service.Name]
	}
	var names []string
	for _, in := range c.Ingresses.In(namespace) {
		var hosts []string
		found := leads(in.Spec.DefaultBackend)
		for _, rule := range in.Spec.Rules {
			if rule.HTTP == nil || !slices.ContainsFunc(rule.HTTP.Paths, func(p networkingv1.HTTPIngressPath) bool { return leads(&p.Backend) }) {
				continue
			}
			found = true
			hosts = append(hosts, cmp.Or(rule.Host, "any host"))
		}
		if found {
			names = append(names, strings.TrimSuffix("Ingress "+in.Name+" for "+strings.Join(hosts, " "), " for "))
		}
	}
	return names
}

// containers tells of each container what it runs, takes and mounts.
func containers(c *kube.Cluster, w *kube.Workload) []chapter {
	var told []chapter
	for container := range w.Containers() {
		p := chapter{title: strings.ToUpper(container.Kind.String()[:1]) + container.Kind.String()[1:] + " " + container.Name}
		p.add("image", container.Image)
		if len(container.Command)+len(container.Args) > 0 {
			p.add("command", clip(strings.Join(slices.Concat(container.Command, container.Args), " "), longest))
		}
		var ports []string
		for _, port := range container.Ports {
			ports = append(ports, strings.TrimSpace(fmt.Sprintf("%d/%s %s", port.ContainerPort, cmp.Or(string(port.Protocol), "TCP"), port.Name)))
		}
		p.list("ports", ports)
		resources := c.Requirements(w, container)
		p.say("requests", amounts(resources.Requests), quietIf(len(resources.Requests) == 0))
		p.say("limits", amounts(resources.Limits), quietIf(len(resources.Limits) == 0))
		p.list("probes", probesOf(container.Container))
		var mounts []string
		for _, m := range container.VolumeMounts {
			text := m.Name + " at " + m.MountPath
			if m.ReadOnly {
				text += " (read-only)"
			}
			mounts = append(mounts, text)
		}
		p.list("mounts", mounts)
		told = append(told, p)
	}
	return told
}

func quietIf(is bool) tone {
	if is {
		return quiet
	}
	return plain
}

func amounts(list corev1.ResourceList) string {
	var all []string
	for name, quantity := range list {
		all = append(all, fmt.Sprintf("%s %s", name, quantity.String()))
	}
	slices.Sort(all)
	return cmp.Or(strings.Join(all, ", "), "none")
}

func probesOf(c *corev1.Container) []string {
	var probes []string
	for _, probe := range []struct {
		name  string
		probe *corev1.Probe
	}{{"startup", c.StartupProbe}, {"liveness", c.LivenessProbe}, {"readiness", c.ReadinessProbe}} {
		if probe.probe == nil {
			continue
		}
		how := "by a command"
		switch h := probe.probe.ProbeHandler; {
		case h.HTTPGet != nil:
			how = "HTTP " + h.HTTPGet.Path + " on " + h.HTTPGet.Port.String()
		case h.TCPSocket != nil:
			how = "TCP " + h.TCPSocket.Port.String()
		case h.GRPC != nil:
			how = fmt.Sprintf("gRPC %d", h.GRPC.Port)
		}
		probes = append(probes, probe.name+" "+how)
	}
	return probes
}

// volumes tells where the volumes of a workload come from.
func volumes(w *kube.Workload) chapter {
	p := chapter{title: "Volumes"}
	for i := range w.Pod.Spec.Volumes {
		v := &w.Pod.Spec.Volumes[i]
		p.add(v.Name, volumeSource(&v.VolumeSource))
	}
	return p
}

func volumeSource(v *corev1.VolumeSource) string {
	switch {
	case v.ConfigMap != nil:
		return "ConfigMap " + v.ConfigMap.Name
	case v.Secret != nil:
		return "Secret " + v.Secret.SecretName
	case v.EmptyDir != nil:
		return strings.TrimSpace("emptyDir " + string(v.EmptyDir.Medium))
	case v.HostPath != nil:
		return "hostPath " + v.HostPath.Path
	case v.PersistentVolumeClaim != nil:
		return "PersistentVolumeClaim " + v.PersistentVolumeClaim.ClaimName
	case v.Projected != nil:
		return fmt.Sprintf("projected, of %d sources", len(v.Projected.Sources))
	case v.CSI != nil:
		return "CSI " + v.CSI.Driver
	case v.NFS != nil:
		return "NFS " + v.NFS.Server + ":" + v.NFS.Path
	case v.Ephemeral != nil:
		return "a claim of its own for each pod"
	case v.DownwardAPI != nil:
		return "fields of the pod"
	}
	return "another source"
}

// selectorText is a label selector in words.
func selectorText(s *metav1.LabelSelector) string {
	if s == nil {
		return "nothing"
	}
	return cmp.Or(metav1.FormatLabelSelector(s), "everything")
}
