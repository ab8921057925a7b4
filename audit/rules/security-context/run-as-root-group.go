package securitycontext

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var runAsRootGroup = &audit.Rule{
	ID:       "run-as-root-group",
	Title:    "Told to run in the root group",
	Severity: audit.Low,
	Rationale: "Files that root's group may write, in the image, in volumes and on the node's mounts, " +
		"are open to a program that should have no part in them.",
	Remediation: "Name a group other than 0 for runAsGroup, fsGroup and supplementalGroups.",
	Controls:    []string{"CIS-5.7.3", "NSA", "OWASP22-K01", "OWASP25-K01"},
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except:    "variables.windows",
		Container: "c.?securityContext.runAsGroup.orValue(1) == 0",
		Object:    `variables.podSecurityContext.?runAsGroup.orValue(1) == 0 && variables.containers.exists(c, !c.?securityContext.runAsGroup.hasValue()) || variables.podSecurityContext.?fsGroup.orValue(1) == 0 || 0 in variables.podSecurityContext.?supplementalGroups.orValue([])`,
	},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		if w.Windows() {
			p.NotApplicable()
			return
		}
		inherited := false
		for c := range w.Containers() {
			switch {
			case own(c).RunAsGroup == nil:
				inherited = true
			case isZero(own(c).RunAsGroup):
				f := inContainer(c, "securityContext.runAsGroup", "is told to run in the root group")
				f.Detail = "The container sets runAsGroup to 0."
				p.Report(f)
			}
		}
		reportRootGroups(p, w, inherited)
	}),
}

// reportRootGroups judges what the pod says for all its containers.
func reportRootGroups(p *audit.Pass, w *kube.Workload, inherited bool) {
	if inherited && isZero(shared(w).RunAsGroup) {
		p.Report(audit.Finding{
			Path: w.Field("securityContext.runAsGroup"), Message: "pod is told to run in the root group",
			Detail: "The pod sets runAsGroup to 0 for the containers that set no group of their own.",
		})
	}
	if isZero(shared(w).FSGroup) {
		p.Report(audit.Finding{
			Path: w.Field("securityContext.fsGroup"), Message: "volumes belong to the root group",
			Detail: "fsGroup is 0: the kubelet gives the files of volumes to group 0, and puts every process in it.",
		})
	}
	groups := shared(w).SupplementalGroups
	if !slices.Contains(groups, 0) {
		return
	}
	rest := []any{}
	for _, group := range groups {
		if group != 0 {
			rest = append(rest, group)
		}
	}
	path := w.Field("securityContext.supplementalGroups")
	p.Report(audit.Finding{
		Path: path, Message: "processes are put in the root group",
		Detail: "supplementalGroups lists group 0.",
		Fixes: []audit.Fix{setField("leave the root group", path, rest,
			"Files that only root's group may read are closed to the program.")},
	})
}
