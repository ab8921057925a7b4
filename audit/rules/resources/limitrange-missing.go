package resources

import (
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var limitrangeMissing = &audit.Rule{
	ID:       "limitrange-missing",
	Title:    "No LimitRange gives containers defaults",
	Severity: audit.Low,
	Rationale: "Whoever forgets to declare resources gets a container that is bounded by nothing. " +
		"A LimitRange turns the omission into a modest default.",
	Remediation: "Create a LimitRange with an item of type Container that has defaultRequest for cpu and memory and default for memory, " +
		"from what an ordinary container of the namespace uses. It changes pods that are created from then on.",
	Controls: []string{"NSA"},
	Since:    "1",
	Subjects: []kube.Resource{kube.Namespaces},
	Reads:    []kube.Resource{kube.LimitRanges},
	Consults: kube.WorkloadResources(),
	Check: eachUsedNamespace(func(p *audit.Pass, namespace string) {
		defaults := p.Cluster.ContainerDefaults(namespace)
		var lacking []string
		for _, name := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
			if !given(defaults.Requests, name) {
				lacking = append(lacking, title(name)+" request")
			}
		}
		if !given(defaults.Limits, corev1.ResourceMemory) {
			lacking = append(lacking, "memory limit")
		}
		if len(lacking) == 0 {
			return
		}
		p.Report(audit.Finding{
			Message: "no LimitRange gives containers a default " + enumerate(lacking),
			Detail:  "A container that declares nothing is admitted here without a " + enumerate(lacking) + ".",
		})
	}),
}

// eachUsedNamespace judges the namespaces in which something runs. Manifests
// are a part of a cluster: there only a namespace that they define is judged.
func eachUsedNamespace(judge func(*audit.Pass, string)) audit.Check {
	return audit.EachNamespace(func(p *audit.Pass, namespace string) {
		_, held := p.Cluster.Namespaces.Get("", namespace)
		if len(p.Cluster.WorkloadsIn(namespace)) == 0 || p.Cluster.Info.Offline && !held {
			p.NotApplicable()
			return
		}
		judge(p, namespace)
	})
}

// enumerate joins words as a sentence does: "a, b and c".
func enumerate(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
