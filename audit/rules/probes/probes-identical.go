package probes

import (
	"cmp"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var probesIdentical = &audit.Rule{
	ID:       "probes-identical",
	Title:    "Liveness probe restarts what readiness would spare",
	Severity: audit.Medium,
	Rationale: "Both probes ask the same, and liveness gives up no later. " +
		"A pod that is only overloaded, or waits for its database, is killed instead of taken out of traffic, and its load falls on the next.",
	Remediation: "Let the liveness probe ask for less, or wait longer: a larger failureThreshold.",
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Check: eachServer(func(p *audit.Pass, _ *kube.Workload, c kube.Container) bool {
		if c.LivenessProbe == nil || c.ReadinessProbe == nil {
			return false
		}
		restarts, spares := patience(c.LivenessProbe), patience(c.ReadinessProbe)
		if restarts > spares || !sameQuestion(c) {
			return true
		}
		// Twice as long leaves time to recover once traffic stopped.
		enough := (2*spares + period(c.LivenessProbe) - 1) / period(c.LivenessProbe)
		fix := audit.SetField(fmt.Sprintf("restart after %d failures", enough),
			c.Field(liveness.field+".failureThreshold"), int64(enough))
		fix.Risk = fmt.Sprintf("A program that hangs is restarted after %d seconds instead of %d.", enough*period(c.LivenessProbe), restarts)
		p.Report(audit.Finding{
			Container: c.Name, Path: c.Field(liveness.field),
			Message: named(c) + ": liveness and readiness probe are the same",
			Detail: fmt.Sprintf("Both ask the same. Liveness restarts the container after %d × %d s = %d s of failures, readiness takes it out of traffic after %d × %d s = %d s.",
				failures(c.LivenessProbe), period(c.LivenessProbe), restarts, failures(c.ReadinessProbe), period(c.ReadinessProbe), spares),
			Fixes: []audit.Fix{fix},
		})
		return true
	}),
}

// sameQuestion reports whether the two probes ask the same of the same port.
func sameQuestion(c kube.Container) bool {
	return equality.Semantic.DeepEqual(question(c, c.LivenessProbe), question(c, c.ReadinessProbe))
}

// question returns a probe's handler with the API's defaults (core/v1
// HTTPGetAction, GRPCAction) and its port as a number.
func question(c kube.Container, p *corev1.Probe) *corev1.ProbeHandler {
	q := p.DeepCopy()
	if port, ok := probedPort(q); ok {
		if number := resolve(port, c.Container); number != 0 {
			port = intstr.FromInt32(number)
		}
		switch {
		case q.HTTPGet != nil:
			q.HTTPGet.Port = port
		case q.TCPSocket != nil:
			q.TCPSocket.Port = port
		}
	}
	if q.HTTPGet != nil {
		q.HTTPGet.Path = cmp.Or(q.HTTPGet.Path, "/")
		q.HTTPGet.Scheme = cmp.Or(q.HTTPGet.Scheme, corev1.URISchemeHTTP)
	}
	if q.GRPC != nil && q.GRPC.Service == nil {
		q.GRPC.Service = new("")
	}
	return &q.ProbeHandler
}
