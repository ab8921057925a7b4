package securitycontext

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var apparmorAnnotationUnknownContainer = &audit.Rule{
	ID:       "apparmor-annotation-unknown-container",
	Title:    "AppArmor annotation for no container",
	Severity: audit.Low,
	Rationale: "The annotation names a container that the pod does not have, so the container that was meant goes without its profile. " +
		"API servers refuse such pods.",
	Remediation: "Correct the name, or say it by the container's securityContext.appArmorProfile, which cannot miss.",
	Controls:    []string{"OWASP22-K01", "OWASP25-K01"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		for _, key := range slices.Sorted(maps.Keys(w.Pod.Annotations)) {
			name, ok := strings.CutPrefix(key, corev1.DeprecatedAppArmorBetaContainerAnnotationKeyPrefix)
			if !ok || len(containersThat(w, func(c kube.Container) bool { return c.Name == name })) > 0 {
				continue
			}
			path := fmt.Sprintf("%s.annotations[%q]", w.MetadataPath(), key)
			p.Report(audit.Finding{
				Path: path, Message: fmt.Sprintf("AppArmor is set for container %q, which the pod does not have", name),
				Detail: fmt.Sprintf("The annotation %s is %q.", key, w.Pod.Annotations[key]),
				Fixes:  []audit.Fix{removeField("remove the annotation", path, "")},
			})
		}
	}),
}
