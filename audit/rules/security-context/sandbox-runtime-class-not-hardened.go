package securitycontext

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var sandboxRuntimeClassNotHardened = &audit.Rule{
	ID:       "sandbox-runtime-class-not-hardened",
	Title:    "Sandbox shares the node's kernel",
	Severity: audit.Medium,
	Rationale: "A sandbox runs code that nobody has read, often written by a model. With the default runtime " +
		"one flaw in the kernel lets that code out onto the node.",
	Remediation: "Set runtimeClassName to a runtime with a kernel of its own, such as gVisor or Kata Containers.",
	Controls:    []string{"OWASP22-K01", "OWASP25-K01"},
	Since:       "2",
	Subjects:    []kube.Resource{kube.SandboxTemplates},
	Consults:    []kube.Resource{kube.RuntimeClasses},
	Parameters: []audit.Parameter{{
		Name:  "hardenedRuntimeClasses",
		About: "Names of runtime classes that isolate, beside those whose handler is gVisor's or that of Kata Containers.",
		Value: []string{"gvisor"},
	}},
	Check: eachSandboxTemplate(func(p *audit.Pass, t *sandboxTemplate) {
		path := sandboxPod + ".runtimeClassName"
		name := t.Spec.PodTemplate.Spec.RuntimeClassName
		if name == nil || *name == "" {
			p.Report(audit.Finding{
				Path: path, Message: "sandbox runs by the default runtime",
				Detail: "runtimeClassName is not set, so the sandbox runs as any other container.",
			})
			return
		}
		if slices.Contains(p.Texts("hardenedRuntimeClasses"), *name) {
			return
		}
		f := audit.Finding{
			Path: path, Message: fmt.Sprintf("sandbox runs by %s, which is not known to isolate", *name),
			Detail: fmt.Sprintf("runtimeClassName is %s.", *name),
		}
		if class, ok := p.Cluster.RuntimeClasses.Get("", *name); ok {
			if class.Handler == "runsc" || strings.HasPrefix(class.Handler, "kata") {
				return
			}
			f.Detail += fmt.Sprintf(" Its handler is %s.", class.Handler)
		}
		p.Report(f)
	}),
}
