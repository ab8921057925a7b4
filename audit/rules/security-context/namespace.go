package securitycontext

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// enforcePath is the field path of the label by which a namespace chooses the
// level that Pod Security admission enforces.
const enforcePath = `metadata.labels["` + api.EnforceLevelLabel + `"]`

// judgedNamespace returns the Namespace object of a name. False means that there
// is no verdict, which is noted: a namespace of the platform itself has to run
// privileged pods, and of one that the manifests do not hold nothing is known.
func judgedNamespace(p *audit.Pass, name string) (*corev1.Namespace, bool) {
	// Kubernetes reserves the prefix for itself; OpenShift enforces by
	// SecurityContextConstraints.
	if strings.HasPrefix(name, "kube-") || strings.HasPrefix(name, "openshift-") {
		p.NotApplicable()
		return nil, false
	}
	namespace, ok := p.Cluster.Namespaces.Get("", name)
	switch {
	case ok:
	case p.Cluster.Info.Offline:
		p.NotApplicable()
	default:
		p.Unknown(fmt.Sprintf("the Namespace object %s was not read", name))
	}
	return namespace, ok
}

// compliance is how strict a level the workloads of a namespace would pass.
type compliance struct {
	level   api.Level // privileged, if they do not pass baseline
	example string    // a workload that does not pass the next level, and why; "" if all pass
	count   int       // workloads judged
	proven  bool      // every kind of workload could be read
	offline bool      // the workloads are those of manifests, others may exist
	err     error     // the evaluator is broken
}

// complianceOf evaluates every workload of a namespace at the levels of the Pod
// Security Standards, strictest first, in the version that the namespace chose.
// Several rules ask.
var complianceOf = kube.DeriveFor(func(c *kube.Cluster, namespace string) compliance {
	workloads := c.WorkloadsIn(namespace)
	found := compliance{
		level: api.LevelPrivileged, count: len(workloads), proven: readsWorkloads(c, namespace), offline: c.Info.Offline,
	}
	version := enforcedVersion(c, namespace)
	for _, level := range []api.Level{api.LevelRestricted, api.LevelBaseline} {
		example := ""
		for _, w := range workloads {
			reasons, err := refusal(c, api.LevelVersion{Level: level, Version: version}, w)
			if err != nil {
				found.err = fmt.Errorf("evaluating %s at level %s: %w", w.Ref, level, err)
				return found
			}
			if len(reasons) > 0 {
				example = describeRefusal(w, reasons)
				break
			}
		}
		if example == "" {
			found.level = level
			return found
		}
		found.example = example
	}
	return found
})

// explain says what the workloads would pass, for the detail of a finding.
func (c compliance) explain() string {
	switch {
	case c.count == 0:
		return "No workload of the namespace is known."
	case c.level == api.LevelPrivileged:
		return "Level baseline would refuse " + c.example + "."
	case c.level == api.LevelBaseline:
		return "Every workload of the namespace that is known passes baseline; restricted would refuse " + c.example + "."
	}
	return "Every workload of the namespace that is known passes restricted."
}

// fixes proposes the strictest level that the workloads pass; none if that is
// unproven, or is not baseline at least.
func (c compliance) fixes() []audit.Fix {
	if c.count == 0 || !c.proven || c.level == api.LevelPrivileged {
		return nil
	}
	risk := "Pods that break the level are refused from then on; those that run stay."
	if c.offline {
		risk = "Workloads of the namespace that are not among these manifests may be refused."
	}
	return []audit.Fix{setField("enforce level "+string(c.level), enforcePath, string(c.level), risk)}
}
