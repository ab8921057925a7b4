package securitycontext

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// onWindows reports whether the pods are meant for Windows nodes: they say so
// themselves, or select the nodes.
func onWindows(w *kube.Workload) bool {
	return w.Windows() || w.Pod.Spec.NodeSelector[corev1.LabelOSStable] == string(corev1.Windows)
}

// asksOfWindows is [eachWithoutWindowsOption] for a server: one of the fields must be set.
func asksOfWindows(fields ...string) *audit.Admission {
	set := func(options string) string {
		return fmt.Sprintf("%s.exists(f, %s[?f].hasValue())", audit.Texts(fields), options)
	}
	return &audit.Admission{
		Except: "!(variables.windows || variables.podSpec.?nodeSelector[?'kubernetes.io/os'].orValue('') == 'windows') || " +
			set("variables.podSecurityContext.?windowsOptions"),
		Container: "!" + set("c.?securityContext.windowsOptions"),
	}
}

// eachWithoutWindowsOption returns a Check that reports pods for Windows with
// containers for which an option is set nowhere.
func eachWithoutWindowsOption(field, message string, set func(*corev1.WindowsSecurityContextOptions) bool) audit.Check {
	has := func(o *corev1.WindowsSecurityContextOptions) bool { return o != nil && set(o) }
	return audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		if !onWindows(w) {
			p.NotApplicable()
			return
		}
		without := containersThat(w, func(c kube.Container) bool { return !has(own(c).WindowsOptions) })
		if len(without) == 0 || has(shared(w).WindowsOptions) {
			return
		}
		p.Report(audit.Finding{
			Path: w.Field("securityContext.windowsOptions." + field), Message: message,
			Detail: field + " is set neither for the pod nor for " + strings.Join(without, ", ") + ".",
		})
	})
}
