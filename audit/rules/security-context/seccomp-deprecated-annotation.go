package securitycontext

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var seccompDeprecatedAnnotation = &audit.Rule{
	ID:       "seccomp-deprecated-annotation",
	Title:    "Seccomp annotation that nobody reads",
	Severity: audit.Low,
	Rationale: "Kubernetes 1.27 stopped reading the annotations by which seccomp was once set. " +
		"The container is not confined as its author believes.",
	Remediation: "Say the same by securityContext.seccompProfile, and remove the annotation.",
	Controls:    []string{"OWASP22-K01", "OWASP25-K01"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Check: eachLinux(func(p *audit.Pass, w *kube.Workload) {
		if server := podSecurityVersion.Of(p.Cluster); server.Older(api.MajorMinorVersion(1, 27)) {
			p.NotApplicable()
			return
		}
		for _, key := range slices.Sorted(maps.Keys(w.Pod.Annotations)) {
			if f, dead := deadSeccompAnnotation(w, key); dead {
				p.Report(f)
			}
		}
	}),
}

// deadSeccompAnnotation judges an annotation of the pod (KEP-135): false if it is
// about something else, or the fields say the same or more than it asks for.
func deadSeccompAnnotation(w *kube.Workload, key string) (audit.Finding, bool) {
	name, ofContainer := strings.CutPrefix(key, corev1.SeccompContainerAnnotationKeyPrefix)
	if !ofContainer && key != corev1.SeccompPodAnnotationKey {
		return audit.Finding{}, false
	}
	value := w.Pod.Annotations[key]
	asked, field := seccompProfileOf(value), w.Field("securityContext.seccompProfile")
	var meant []string
	for c := range w.Containers() {
		switch profile := effective(own(c).SeccompProfile, shared(w).SeccompProfile); {
		case !ofContainer && profile == nil:
			meant = append(meant, c.Name)
		case ofContainer && c.Name == name && own(c).SeccompProfile == nil && (profile == nil || asked != nil && !sameProfile(profile, asked)):
			meant, field = append(meant, c.Name), c.Field("securityContext.seccompProfile")
		}
	}
	if len(meant) == 0 {
		return audit.Finding{}, false
	}
	f := audit.Finding{
		Path:    fmt.Sprintf("%s.annotations[%q]", w.MetadataPath(), key),
		Message: "seccomp is set by an annotation that nobody reads",
		Detail:  fmt.Sprintf("The annotation %s is %q, and no seccompProfile says so for %s.", key, value, strings.Join(meant, ", ")),
	}
	if ofContainer {
		f.Container = name
	}
	if asked != nil {
		f.Fixes = []audit.Fix{{
			Title: "say it by the field",
			Edits: []audit.Edit{{Op: audit.Set, Path: field, Value: asked}, {Op: audit.Remove, Path: f.Path}},
			Risk:  "The filter takes effect, perhaps for the first time since 1.27: system calls outside of it are refused.",
		}}
	}
	return f, true
}

// sameProfile reports whether a profile is the value of a field.
func sameProfile(profile *corev1.SeccompProfile, value audit.Object) bool {
	file, _ := value["localhostProfile"].(string)
	return string(profile.Type) == value["type"] && (profile.LocalhostProfile == nil && file == "" ||
		profile.LocalhostProfile != nil && *profile.LocalhostProfile == file)
}

// seccompProfileOf returns the field's value for that of an annotation; nil if
// it asks for none, or for what never was.
func seccompProfileOf(annotation string) audit.Object {
	switch annotation {
	case corev1.SeccompProfileRuntimeDefault, corev1.DeprecatedSeccompProfileDockerDefault:
		return audit.Object{"type": string(corev1.SeccompProfileTypeRuntimeDefault)}
	}
	if file, ok := strings.CutPrefix(annotation, corev1.SeccompLocalhostProfileNamePrefix); ok && file != "" {
		return audit.Object{"type": string(corev1.SeccompProfileTypeLocalhost), "localhostProfile": file}
	}
	return nil
}
