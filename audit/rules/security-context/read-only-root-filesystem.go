package securitycontext

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var readOnlyRootFilesystem = &audit.Rule{
	ID:       "read-only-root-filesystem",
	Title:    "Root filesystem is writable",
	Severity: audit.Medium,
	Rationale: "Whoever runs code in the container can change its programs and leave tools behind. " +
		"A read-only root filesystem takes both away.",
	Remediation: "Set securityContext.readOnlyRootFilesystem to true on every container, and mount an emptyDir where the program writes.",
	Controls:    []string{"CIS-5.7.3", "NSA", "OWASP22-K01", "OWASP25-K01"},
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except:    "variables.windows",
		Container: "!c.?securityContext.readOnlyRootFilesystem.orValue(false)",
	},
	Check: audit.EachContainer(func(p *audit.Pass, w *kube.Workload, c kube.Container) bool {
		if w.Windows() {
			return false
		}
		if isTrue(own(c).ReadOnlyRootFilesystem) {
			return true
		}
		f := inContainer(c, "securityContext.readOnlyRootFilesystem", "can write to its root filesystem")
		f.Detail = "readOnlyRootFilesystem is not set; the default is false, and the pod has no field for it."
		if own(c).ReadOnlyRootFilesystem != nil {
			f.Detail = "readOnlyRootFilesystem is false."
		}
		fix := setField("make the root filesystem read-only", f.Path, true, readOnlyRisk(w, c))
		if tmp, ok := withWritableTmp(w, c, fix.Edits[0]); ok {
			fixable(&f, c, fix, tmp)
		} else {
			fixable(&f, c, fix)
		}
		p.Report(f)
		return true
	}),
}

// withWritableTmp is the fix that also mounts an emptyDir at /tmp, where most
// programs write if anywhere; false if something is mounted there.
func withWritableTmp(w *kube.Workload, c kube.Container, readOnly audit.Edit) (audit.Fix, bool) {
	volume := "tmp-" + c.Name
	taken := slices.ContainsFunc(w.Pod.Spec.Volumes, func(v corev1.Volume) bool { return v.Name == volume }) ||
		slices.ContainsFunc(c.VolumeMounts, func(m corev1.VolumeMount) bool { return m.MountPath == "/tmp" })
	const longest = 63 // volume names are DNS labels
	if taken || len(volume) > longest {
		return audit.Fix{}, false
	}
	return audit.Fix{
		Title: "make the root filesystem read-only except for /tmp",
		Edits: []audit.Edit{
			readOnly,
			{Op: audit.Append, Path: c.Field("volumeMounts"), Value: map[string]any{"name": volume, "mountPath": "/tmp"}},
			{Op: audit.Append, Path: w.Field("volumes"), Value: map[string]any{"name": volume, "emptyDir": map[string]any{}}},
		},
		Risk: readOnlyRisk(w, c, "/tmp"),
	}, true
}

// readOnlyRisk says where the container can still write: what an image keeps for itself
// to write to is not known.
func readOnlyRisk(w *kube.Workload, c kube.Container, also ...string) string {
	kept := also
	for _, m := range c.VolumeMounts {
		volume := slices.IndexFunc(w.Pod.Spec.Volumes, func(v corev1.Volume) bool { return v.Name == m.Name })
		// A claim template of a StatefulSet is no volume of the template.
		if !m.ReadOnly && (volume < 0 || !onlyRead(&w.Pod.Spec.Volumes[volume])) {
			kept = append(kept, m.MountPath)
		}
	}
	if len(kept) == 0 {
		return "What the program writes is refused, and nothing that it could write to is mounted: mount an emptyDir where it writes."
	}
	return "What the program writes elsewhere than in " + someOf(kept) + " is refused: mount an emptyDir where it writes."
}

// onlyRead reports whether a volume is of a kind that nobody writes to.
func onlyRead(v *corev1.Volume) bool {
	return v.ConfigMap != nil || v.Secret != nil || v.DownwardAPI != nil || v.Projected != nil || v.Image != nil
}
