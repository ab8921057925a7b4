package probes

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// What a placeholder has in the place of a probe. No server takes it for one.
const (
	blankReadiness = "<a path or a command that succeeds only while the program can serve>"
	blankLiveness  = "<a path or a command that fails only when a restart helps, not the one of the readiness probe>"
)

// suggestReadiness returns the probe that is likely right for a container that a
// Service sends traffic to: the path that the documentation of its image names, else
// the port that the traffic goes to. Where neither is known it returns a placeholder.
// Nobody has asked the program, so that each is only a suggestion.
func suggestReadiness(view *kube.Cluster, c kube.Container, services []*corev1.Service, service string) ([]audit.Fix, *audit.Fix) {
	wrong := fmt.Sprintf("If the guess is wrong, the pods do not become ready: Service %s sends them nothing, and rollouts stop.", service)
	known := documented.Of(view, c.Image)
	if port, ok := known.at(c, known.ready); ok {
		return []audit.Fix{known.suggest(c, readiness, known.ready, port, wrong)}, nil
	}
	port, ok := portOfTraffic(c, services)
	if !ok {
		return nil, &audit.Fix{
			Title: "fill in what tells that the program can serve: a placeholder, since no port and no path is known",
			Edits: []audit.Edit{{Op: audit.Set, Path: c.Field(readiness.field), Value: blankReadiness}},
			Risk:  "No server accepts it as it is. " + wrong,
		}
	}
	fix := audit.SetField(fmt.Sprintf("wait until port %s is open: a suggestion to confirm", port.String()), c.Field(readiness.field),
		map[string]any{"tcpSocket": map[string]any{"port": portValue(port)}})
	fix.Risk = wrong + " And an open port says little: if the program has a path that answers only when it can serve, ask that instead."
	fix.Tentative = "it is a guess by the declared ports, for a person to confirm"
	return []audit.Fix{fix}, nil
}

// suggestLiveness is suggestReadiness for the probe that restarts a container. A port
// that is open tells nothing of a program that hangs, and what readiness asks would
// restart one that only waits: without a path of its own there is no suggestion.
func suggestLiveness(view *kube.Cluster, c kube.Container) ([]audit.Fix, *audit.Fix) {
	const wrong = "If the guess is wrong, the kubelet restarts the container again and again."
	known := documented.Of(view, c.Image)
	if port, ok := known.at(c, known.live); ok && !asksAlready(c, known.live.path, port) {
		return []audit.Fix{known.suggest(c, liveness, known.live, port, wrong)}, nil
	}
	return nil, &audit.Fix{
		Title: "fill in what tells that the program hangs: a placeholder, since no path is known that readiness does not ask",
		Edits: []audit.Edit{{Op: audit.Set, Path: c.Field(liveness.field), Value: blankLiveness}},
		Risk:  "No server accepts it as it is, and a program that ends when it is broken needs none. " + wrong,
	}
}

// at returns the declared port of a container at which a program's endpoint is, by
// its name where it has one.
func (p *program) at(c kube.Container, e endpoint) (intstr.IntOrString, bool) {
	if e.path == "" || !p.answers(c.Container) {
		return intstr.IntOrString{}, false
	}
	for _, port := range tcpPorts(c.Container) {
		if port.ContainerPort == e.port {
			return called(port), true
		}
	}
	return intstr.IntOrString{}, false
}

// suggest is the fix that has a probe ask an endpoint.
func (p *program) suggest(c kube.Container, k kind, e endpoint, port intstr.IntOrString, wrong string) audit.Fix {
	fix := audit.SetField(fmt.Sprintf("ask %s at port %s: a suggestion to confirm", e.path, port.String()), c.Field(k.field),
		map[string]any{"httpGet": map[string]any{"path": e.path, "port": portValue(port)}})
	fix.Risk = fmt.Sprintf("The documentation of %s names the path; what this container answers was not asked. %s", p.images[0], wrong)
	fix.Tentative = "it is a guess by the name of the image, for a person to confirm"
	return fix
}

// asksAlready reports whether the container's readiness probe asks a path at a port.
func asksAlready(c kube.Container, path string, port intstr.IntOrString) bool {
	if c.ReadinessProbe == nil {
		return false
	}
	asked := question(c, c.ReadinessProbe).HTTPGet
	return asked != nil && asked.Path == path && asked.Port.IntVal == resolve(port, c.Container)
}

// portOfTraffic returns the port of a container at which Services want an answer: the
// one declared port that they lead to, of several the one that is called as what most
// clients speak, and where they lead to none that is declared the only one there is.
func portOfTraffic(c kube.Container, services []*corev1.Service) (intstr.IntOrString, bool) {
	declared := tcpPorts(c.Container)
	var served []corev1.ContainerPort
	for _, p := range declared {
		leads := func(s *corev1.Service) bool {
			return slices.ContainsFunc(s.Spec.Ports, func(port corev1.ServicePort) bool { return targetOf(c, &port) == p.ContainerPort })
		}
		if slices.ContainsFunc(services, leads) {
			served = append(served, p)
		}
	}
	switch {
	case len(served) == 1:
		return called(served[0]), true
	case len(served) == 0 && len(declared) == 1:
		return called(declared[0]), true
	}
	for _, name := range [...]string{"http", "https", "grpc"} {
		if slices.ContainsFunc(served, func(p corev1.ContainerPort) bool { return p.Name == name }) {
			return intstr.FromString(name), true
		}
	}
	return intstr.IntOrString{}, false
}

// called returns what a probe calls a declared port: its name, else its number.
func called(p corev1.ContainerPort) intstr.IntOrString {
	if p.Name != "" {
		return intstr.FromString(p.Name)
	}
	return intstr.FromInt32(p.ContainerPort)
}

// portValue is a port as a manifest has it.
func portValue(p intstr.IntOrString) any {
	if p.Type == intstr.String {
		return p.StrVal
	}
	return int64(p.IntVal)
}
