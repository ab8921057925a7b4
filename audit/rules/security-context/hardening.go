package securitycontext

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// setsAppArmor reports whether anything says how AppArmor confines a container:
// the fields, or an annotation of the time before Kubernetes 1.30.
func setsAppArmor(w *kube.Workload, c kube.Container) bool {
	if effective(own(c).AppArmorProfile, shared(w).AppArmorProfile) != nil {
		return true
	}
	_, annotated := w.Pod.Annotations[corev1.DeprecatedAppArmorBetaContainerAnnotationKeyPrefix+c.Name]
	return annotated
}

// confinedByAppArmor is like [setsAppArmor], but for a profile that is none.
func confinedByAppArmor(w *kube.Workload, c kube.Container) bool {
	if profile := effective(own(c).AppArmorProfile, shared(w).AppArmorProfile); profile != nil {
		return profile.Type != corev1.AppArmorProfileTypeUnconfined
	}
	value := w.Pod.Annotations[corev1.DeprecatedAppArmorBetaContainerAnnotationKeyPrefix+c.Name]
	return value != "" && value != corev1.DeprecatedAppArmorBetaProfileNameUnconfined
}

// confinedBySeccomp reports whether a profile filters the container's system calls.
func confinedBySeccomp(w *kube.Workload, c kube.Container) bool {
	profile := effective(own(c).SeccompProfile, shared(w).SeccompProfile)
	return profile != nil && profile.Type != corev1.SeccompProfileTypeUnconfined
}

// hardened reports whether anything narrows what the container may ask of the
// kernel: a profile, an SELinux context, or a capability less.
func hardened(w *kube.Workload, c kube.Container) bool {
	return confinedBySeccomp(w, c) || confinedByAppArmor(w, c) || len(dropped(c)) > 0 ||
		effective(own(c).SELinuxOptions, shared(w).SELinuxOptions) != nil
}
