package securitycontext

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var apparmorUnconfined = &audit.Rule{
	ID:       "apparmor-unconfined",
	Title:    "AppArmor switched off",
	Severity: audit.Medium,
	Rationale: "On nodes with AppArmor the runtime's profile keeps containers from mounting and from writing to the kernel's files. " +
		"This manifest asks for it to be off.",
	Remediation: "Remove the setting, or use RuntimeDefault or a Localhost profile.",
	Controls:    []string{"PSS-baseline", "OWASP22-K01", "OWASP25-K01"},
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Container: "!(c.?securityContext.appArmorProfile.type.orValue('RuntimeDefault') in ['RuntimeDefault', 'Localhost'])",
		Object:    `!(variables.podSecurityContext.?appArmorProfile.type.orValue('RuntimeDefault') in ['RuntimeDefault', 'Localhost']) || variables.annotations.exists(k, k.startsWith('container.apparmor.security.beta.kubernetes.io/') && !(variables.annotations[k] in ['', 'runtime/default'] || variables.annotations[k].startsWith('localhost/')))`,
	},
	Check: podSecurityCheck("appArmorProfile", func(s standard) (found []audit.Finding) {
		w := s.workload
		if s.forbidsPodSecurityContext(w.Pod.Spec.SecurityContext) {
			f := audit.Finding{
				Path: w.Field(appArmorType), Message: "pod runs without AppArmor",
				Detail: fmt.Sprintf("appArmorProfile.type is %s. It holds for the containers that set none of their own.",
					shared(w).AppArmorProfile.Type),
				Implied: impliedForInheritors(w, func(c *corev1.SecurityContext) bool { return c.AppArmorProfile != nil }),
			}
			if f.Implied == "" {
				f.Fixes = []audit.Fix{setField("use the runtime's AppArmor profile", f.Path, "RuntimeDefault", appArmorRisk)}
			}
			found = append(found, f)
		}
		containers := map[string]kube.Container{}
		for c := range w.Containers() {
			containers[c.Name] = c
			if !s.forbidsContainer(c.Container) {
				continue
			}
			f := inContainer(c, appArmorType, "runs without AppArmor")
			f.Detail = fmt.Sprintf("appArmorProfile.type is %s.", own(c).AppArmorProfile.Type)
			f.Implied = impliedByPrivileged(c)
			fixable(&f, c, setField("use the runtime's AppArmor profile", f.Path, "RuntimeDefault", appArmorRisk))
			found = append(found, f)
		}
		return append(found, s.blameAppArmorAnnotations(containers)...)
	}),
}

const (
	appArmorType = "securityContext.appArmorProfile.type"
	appArmorRisk = "What the profile forbids (mounts, writes to /proc and /sys) is refused to the program."
)

// blameAppArmorAnnotations judges the annotations by which AppArmor was set
// before Kubernetes 1.30 (KEP-24); servers still heed them.
func (s standard) blameAppArmorAnnotations(containers map[string]kube.Container) (found []audit.Finding) {
	for _, key := range slices.Sorted(maps.Keys(s.workload.Pod.Annotations)) {
		value := s.workload.Pod.Annotations[key]
		alone := &metav1.ObjectMeta{Annotations: map[string]string{key: value}}
		if s.check(alone, &corev1.PodSpec{}).Allowed {
			continue
		}
		name := strings.TrimPrefix(key, corev1.DeprecatedAppArmorBetaContainerAnnotationKeyPrefix)
		f := audit.Finding{
			Path:    fmt.Sprintf("%s.annotations[%q]", s.workload.MetadataPath(), key),
			Message: fmt.Sprintf("container %s runs without AppArmor, by an annotation", name),
			Detail:  fmt.Sprintf("The annotation %s is %q.", key, value),
		}
		if c, ok := containers[name]; ok {
			f.Container, f.Implied = name, impliedByPrivileged(c)
		}
		if f.Implied == "" {
			f.Fixes = []audit.Fix{removeField("remove the annotation", f.Path, appArmorRisk)}
		}
		found = append(found, f)
	}
	return found
}
