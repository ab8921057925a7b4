package securitycontext

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var selinuxOptionsForbidden = &audit.Rule{
	ID:       "selinux-options-forbidden",
	Title:    "SELinux label of its own",
	Severity: audit.Medium,
	Rationale: "SELinux keeps a container that broke out from the files of the node. " +
		"A label with a user, a role or a type such as spc_t lifts that.",
	Remediation: "Leave user and role unset, and type unset or one of the container types (container_t, container_init_t, container_kvm_t).",
	Controls:    []string{"PSS-baseline", "OWASP22-K01", "OWASP25-K01"},
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Container: `c.?securityContext.seLinuxOptions.?user.orValue('') != '' || c.?securityContext.seLinuxOptions.?role.orValue('') != '' || !(c.?securityContext.seLinuxOptions.?type.orValue('') in ['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'])`,
		Object:    `variables.podSecurityContext.?seLinuxOptions.?user.orValue('') != '' || variables.podSecurityContext.?seLinuxOptions.?role.orValue('') != '' || !(variables.podSecurityContext.?seLinuxOptions.?type.orValue('') in ['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'])`,
	},
	Check: podSecurityCheck("seLinuxOptions", func(s standard) (found []audit.Finding) {
		for _, part := range s.forbiddenLabel(shared(s.workload).SELinuxOptions) {
			f := audit.Finding{Path: s.workload.Field(part.field), Message: "pod sets SELinux " + part.text, Detail: part.detail}
			f.Fixes = []audit.Fix{removeField(part.fix, f.Path, selinuxRisk)}
			found = append(found, f)
		}
		for c := range s.workload.Containers() {
			for _, part := range s.forbiddenLabel(own(c).SELinuxOptions) {
				f := inContainer(c, part.field, "sets SELinux "+part.text)
				f.Detail = part.detail
				fixable(&f, c, removeField(part.fix, f.Path, selinuxRisk))
				found = append(found, f)
			}
		}
		return found
	}),
}

const selinuxRisk = "Files of the node that only the label gave access to are closed to the program."

// labelPart is a part of an SELinux label that is forbidden.
type labelPart struct{ field, text, detail, fix string }

func (s standard) forbiddenLabel(o *corev1.SELinuxOptions) (parts []labelPart) {
	if o == nil {
		return nil
	}
	for _, part := range []struct {
		name, value string
		alone       corev1.SELinuxOptions
	}{
		{"user", o.User, corev1.SELinuxOptions{User: o.User}},
		{"role", o.Role, corev1.SELinuxOptions{Role: o.Role}},
		{"type", o.Type, corev1.SELinuxOptions{Type: o.Type}},
	} {
		if s.forbidsSecurityContext(&corev1.SecurityContext{SELinuxOptions: &part.alone}) {
			parts = append(parts, labelPart{
				field:  "securityContext.seLinuxOptions." + part.name,
				text:   part.name + " " + part.value,
				detail: fmt.Sprintf("seLinuxOptions.%s is %s, which Pod Security does not allow at the baseline level.", part.name, part.value),
				fix:    "leave the SELinux " + part.name + " to the runtime",
			})
		}
	}
	return parts
}
