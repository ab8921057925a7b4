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
		fix := setField("make the root filesystem read-only", f.Path, true,
			"The program may need a writable directory: mount an emptyDir where it writes.")
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
		Risk: "The program may write elsewhere too: mount an emptyDir there.",
	}, true
}
