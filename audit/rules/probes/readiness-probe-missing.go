package probes

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var readinessProbeMissing = &audit.Rule{
	ID:       "readiness-probe-missing",
	Title:    "No readiness probe",
	Severity: audit.Medium,
	Rationale: "Without a readiness probe a pod gets traffic from the moment its process runs, and keeps it when it can no longer answer. " +
		"Clients see errors at every rollout.",
	Remediation: "Add a readiness probe that succeeds when the program can answer requests.",
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Reads:       []kube.Resource{kube.Services},
	Admission: &audit.Admission{
		Except:    "variables.completes",
		Among:     "longRunning",
		Container: "!has(c.readinessProbe)",
	},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		if w.RunsToCompletion() {
			p.NotApplicable()
			return
		}
		services := servicesOf(p.Cluster, w)
		for c := range w.Containers() {
			if c.LongRunning() && c.ReadinessProbe == nil {
				p.Report(missingReadiness(p.Cluster, w, c, services))
			}
		}
	}),
}

func missingReadiness(view *kube.Cluster, w *kube.Workload, c kube.Container, services []*corev1.Service) audit.Finding {
	f := audit.Finding{
		Container: c.Name, Path: c.Field(readiness.field), Severity: audit.Info,
		Message: named(c) + " has no readiness probe",
		Detail:  "readinessProbe is not set. No Service that heeds readiness sends traffic to the container.",
	}
	if t, ok := trafficTo(w, c, services); ok {
		f.Severity = audit.Medium
		f.Message += fmt.Sprintf(", and Service %s sends it traffic", t.service)
		f.Detail = fmt.Sprintf("readinessProbe is not set. Service %s sends traffic to %s as soon as the process runs, whether or not it can answer.",
			t.service, t.where)
		f.Fixes, f.Placeholder = suggestReadiness(view, c, services, t.service)
	}
	return f
}

// servicesOf returns the Services that send traffic to those of a workload's
// pods that are ready.
func servicesOf(c *kube.Cluster, w *kube.Workload) []*corev1.Service {
	return slices.DeleteFunc(c.ServicesSelecting(w), func(s *corev1.Service) bool {
		return s.Spec.Type == corev1.ServiceTypeExternalName || s.Spec.PublishNotReadyAddresses
	})
}

// traffic is what a Service sends to a container.
type traffic struct {
	service string
	where   string // the port, or the pod where no port says more
}

// trafficTo returns the first Service that sends traffic to the container. Where
// a Service's ports lead to no declared port, any container of the pod that is
// not a sidecar may be meant, unless one of them tells readiness already: the pod
// is ready when all of its containers are.
func trafficTo(w *kube.Workload, container kube.Container, services []*corev1.Service) (traffic, bool) {
	for _, service := range services {
		declared := false
		for i := range service.Spec.Ports {
			port := &service.Spec.Ports[i]
			if serves(container, port) {
				return traffic{service.Name, fmt.Sprintf("port %d", targetOf(container, port))}, true
			}
			declared = declared || anyServes(w, port)
		}
		if !declared && container.Kind == kube.Main && !anyReadiness(w) {
			return traffic{service.Name, "the pod"}, true
		}
	}
	return traffic{}, false
}

// serves reports whether a container declares the port that a Service's port
// leads to.
func serves(c kube.Container, port *corev1.ServicePort) bool {
	target := targetOf(c, port)
	return target != 0 && slices.ContainsFunc(c.Ports, func(p corev1.ContainerPort) bool { return p.ContainerPort == target })
}

func anyServes(w *kube.Workload, port *corev1.ServicePort) bool {
	for c := range w.Containers() {
		if c.LongRunning() && serves(c, port) {
			return true
		}
	}
	return false
}

// targetOf returns the number of the container's port that a Service's port
// leads to: targetPort, which may be a name, else the same number.
func targetOf(c kube.Container, port *corev1.ServicePort) int32 {
	if target := resolve(port.TargetPort, c.Container); target != 0 {
		return target
	}
	if port.TargetPort.StrVal != "" {
		return 0
	}
	return port.Port
}

func anyReadiness(w *kube.Workload) bool {
	for c := range w.Containers() {
		if c.LongRunning() && c.ReadinessProbe != nil {
			return true
		}
	}
	return false
}
