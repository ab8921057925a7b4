package workloadhealth

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var podWithoutController = &audit.Rule{
	ID:       "pod-without-controller",
	Title:    "A pod has no controller",
	Severity: audit.Medium,
	Rationale: "Nothing starts it again: when its node fails, is drained or runs short of memory, the pod is gone, " +
		"and with it what it did.",
	Remediation: "Declare it as the template of a Deployment, or of a Job if it is meant to end. A pod for a debugging session is deleted when the session ends.",
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.Pods},
		Except:    "['kubernetes.io/config.mirror', 'helm.sh/hook'].exists(k, k in object.metadata.?annotations.orValue({}))",
		Object:    "!object.metadata.?ownerReferences.orValue([]).exists(o, o.?controller.orValue(false))",
	},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		pod, bare := w.Object.(*kube.Pod)
		if !bare || !w.Held || w.Ref.Kind != kube.Pods.Kind {
			return
		}
		if pod.Owner.Kind == kube.Nodes.Kind || isMirror(pod) {
			p.NotApplicable() // its node's kubelet runs it from a file
			return
		}
		if _, hook := pod.Annotations["helm.sh/hook"]; hook {
			p.NotApplicable() // a step of an installation: Helm looks after it
			return
		}
		f := audit.Finding{
			Message: "no controller looks after the pod",
			Detail:  "Its metadata.ownerReferences name no controller.",
		}
		if w.RunsToCompletion() {
			f.Severity = audit.Low
			f.Message = "no Job looks after the pod, which is meant to end"
		}
		p.Report(f)
	}),
}

// isMirror reports whether a pod stands for a static one.
func isMirror(pod *kube.Pod) bool {
	_, mirror := pod.Annotations[corev1.MirrorPodAnnotationKey]
	return mirror
}
