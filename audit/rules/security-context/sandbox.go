package securitycontext

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// sandboxTemplate is what the rules read of a SandboxTemplate of the Agent
// Sandbox (extensions.agents.x-k8s.io).
type sandboxTemplate struct {
	Metadata struct {
		Namespace string `json:"namespace"`
	} `json:"metadata"`
	Spec struct {
		PodTemplate struct {
			Metadata struct {
				Labels map[string]string `json:"labels"`
			} `json:"metadata"`
			Spec corev1.PodSpec `json:"spec"`
		} `json:"podTemplate"`
		// NetworkPolicyManagement is Managed, the default, or Unmanaged.
		NetworkPolicyManagement string `json:"networkPolicyManagement"`
		// NetworkPolicy replaces the controller's own, which keeps sandboxes from
		// the networks of the cluster. An empty list allows nothing.
		NetworkPolicy *struct {
			Egress []networkingv1.NetworkPolicyEgressRule `json:"egress"`
		} `json:"networkPolicy"`
	} `json:"spec"`
}

// sandboxPod is the field path of the pod that a sandbox runs.
const sandboxPod = "spec.podTemplate.spec"

// eachSandboxTemplate returns a Check that judges every SandboxTemplate.
func eachSandboxTemplate(judge func(*audit.Pass, *sandboxTemplate)) audit.Check {
	return audit.EachCustom(kube.SandboxTemplates, func(p *audit.Pass, o *unstructured.Unstructured) {
		template := &sandboxTemplate{}
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(o.Object, template); err != nil {
			p.Unknown(fmt.Sprintf("the template is not as the API has it: %v", err))
			return
		}
		judge(p, template)
	})
}
