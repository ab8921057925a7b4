package probes

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// portDeclared returns a Check that a kind of probe goes to a declared port. A
// name that is not declared cannot work; a number may, since ports are
// information only: it counts where the containers of the pod declare others.
func portDeclared(k kind, consequence string) audit.Check {
	return eachServer(func(p *audit.Pass, w *kube.Workload, c kube.Container) bool {
		probe := k.of(c.Container)
		if probe == nil {
			return false
		}
		port, connects := probedPort(probe)
		if !connects {
			return false
		}
		if declares(c, port) {
			return true
		}
		f := audit.Finding{Container: c.Name, Path: c.Field(k.field + portField(probe))}
		switch declared := declaredPorts(w); {
		case port.Type == intstr.String:
			f.Severity = audit.High
			f.Message = fmt.Sprintf("%s: the %s goes to port %q, which does not exist", named(c), k.name, port.StrVal)
			f.Detail = fmt.Sprintf("The container declares no port named %q; the kubelet knows no other way to resolve the name. %s",
				port.StrVal, consequence)
		case slices.Contains(declared, port.IntVal):
			return true
		case len(declared) == 0:
			return false
		default:
			f.Message = fmt.Sprintf("%s: the %s goes to port %d, which is not declared", named(c), k.name, port.IntVal)
			f.Detail = fmt.Sprintf("The containers of the pod declare %s. If nothing listens on %d, the probe fails. %s",
				portList(declared), port.IntVal, "Declaring a port opens nothing, but tells people and tools what is there.")
		}
		p.Report(f)
		return true
	})
}

// declares reports whether a container itself declares a port that a probe can
// connect to, as nearly all that are probed do.
func declares(c kube.Container, port intstr.IntOrString) bool {
	if port.Type == intstr.String {
		return resolve(port, c.Container) != 0
	}
	return slices.ContainsFunc(c.Ports, func(p corev1.ContainerPort) bool { return p.ContainerPort == port.IntVal && isTCP(p) })
}

// portField returns the path of the port below the probe.
func portField(p *corev1.Probe) string {
	switch {
	case p.HTTPGet != nil:
		return ".httpGet.port"
	case p.TCPSocket != nil:
		return ".tcpSocket.port"
	}
	return ".grpc.port"
}

// declaredPorts returns the TCP ports that long-running containers of the pod
// declare: they share one network, so that a probe may well go to a neighbour's.
func declaredPorts(w *kube.Workload) []int32 {
	var ports []int32
	for c := range w.Containers() {
		if !c.LongRunning() {
			continue
		}
		for _, p := range tcpPorts(c.Container) {
			ports = append(ports, p.ContainerPort)
		}
	}
	slices.Sort(ports)
	return slices.Compact(ports)
}

func portList(ports []int32) string {
	var words []string
	for _, p := range ports {
		words = append(words, fmt.Sprint(p))
	}
	if len(words) == 1 {
		return "port " + words[0]
	}
	return "ports " + strings.Join(words, ", ")
}
