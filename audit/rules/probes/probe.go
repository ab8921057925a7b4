package probes

import (
	"cmp"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// kind is one of the three probes of a container.
type kind struct {
	name  string // as messages call it
	field string
	of    func(*corev1.Container) *corev1.Probe
}

var (
	liveness  = kind{"liveness probe", "livenessProbe", func(c *corev1.Container) *corev1.Probe { return c.LivenessProbe }}
	readiness = kind{"readiness probe", "readinessProbe", func(c *corev1.Container) *corev1.Probe { return c.ReadinessProbe }}
	startup   = kind{"startup probe", "startupProbe", func(c *corev1.Container) *corev1.Probe { return c.StartupProbe }}
)

// period returns how many seconds pass between two probes, timeout how many the
// kubelet waits for an answer, and failures how many in a row count: what is
// set, else the API's default (core/v1 Probe).
func period(p *corev1.Probe) int32 { return cmp.Or(p.PeriodSeconds, 10) }

func timeout(p *corev1.Probe) int32 { return cmp.Or(p.TimeoutSeconds, 1) }

func failures(p *corev1.Probe) int32 { return cmp.Or(p.FailureThreshold, 3) }

// patience returns for how many seconds a program may fail before the probe acts.
func patience(p *corev1.Probe) int32 { return failures(p) * period(p) }

// named returns how messages call a container: "sidecar proxy".
func named(c kube.Container) string { return c.Kind.String() + " " + c.Name }

// eachServer returns a Check of the containers that run as long as their pod, in
// workloads that are not meant to end. Init and ephemeral containers, and jobs,
// have no use for probes.
func eachServer(judge func(*audit.Pass, *kube.Workload, kube.Container) bool) audit.Check {
	return audit.EachContainer(func(p *audit.Pass, w *kube.Workload, c kube.Container) bool {
		if w.RunsToCompletion() || !c.LongRunning() {
			return false
		}
		return judge(p, w, c)
	})
}

// probedPort returns the port of the container that a probe connects to; false
// if it connects to none, or to another host.
func probedPort(p *corev1.Probe) (intstr.IntOrString, bool) {
	switch {
	case p.HTTPGet != nil:
		return p.HTTPGet.Port, p.HTTPGet.Host == ""
	case p.TCPSocket != nil:
		return p.TCPSocket.Port, p.TCPSocket.Host == ""
	case p.GRPC != nil:
		return intstr.FromInt32(p.GRPC.Port), true
	}
	return intstr.IntOrString{}, false
}

// resolve returns the number of a port, 0 for a name that the container does
// not declare: the kubelet looks a name up among the ports of the container alone.
func resolve(port intstr.IntOrString, c *corev1.Container) int32 {
	if port.Type == intstr.Int {
		return port.IntVal
	}
	i := slices.IndexFunc(c.Ports, func(p corev1.ContainerPort) bool { return p.Name == port.StrVal })
	if i < 0 {
		return 0
	}
	return c.Ports[i].ContainerPort
}

// isTCP reports whether a probe can connect to a declared port.
func isTCP(p corev1.ContainerPort) bool { return p.Protocol == "" || p.Protocol == corev1.ProtocolTCP }

// tcpPorts returns the declared ports that a probe can connect to.
func tcpPorts(c *corev1.Container) []corev1.ContainerPort {
	var ports []corev1.ContainerPort
	for _, p := range c.Ports {
		if isTCP(p) {
			ports = append(ports, p)
		}
	}
	return ports
}
