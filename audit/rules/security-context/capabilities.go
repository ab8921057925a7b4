package securitycontext

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// added returns the capabilities that a container adds to the runtime's defaults.
func added(c kube.Container) []corev1.Capability {
	if own(c).Capabilities == nil {
		return nil
	}
	return own(c).Capabilities.Add
}

func addsCapability(c kube.Container, name corev1.Capability) bool {
	return slices.Contains(added(c), name)
}

// forbiddenCapabilities parts the capabilities that a container adds by whether
// the check forbids them, each by itself.
func (s standard) forbiddenCapabilities(c kube.Container) (forbidden, allowed []corev1.Capability) {
	for _, capability := range added(c) {
		if s.forbidsSecurityContext(&corev1.SecurityContext{Capabilities: &corev1.Capabilities{
			Add: []corev1.Capability{capability}, Drop: []corev1.Capability{"ALL"},
		}}) {
			forbidden = append(forbidden, capability)
		} else {
			allowed = append(allowed, capability)
		}
	}
	return forbidden, allowed
}

func joined(capabilities []corev1.Capability) string {
	var names []string
	for _, capability := range capabilities {
		names = append(names, string(capability))
	}
	return strings.Join(names, ", ")
}

// listed is a list of capabilities as a manifest's value.
func listed(capabilities []corev1.Capability) []any {
	values := []any{}
	for _, capability := range capabilities {
		values = append(values, string(capability))
	}
	return values
}
