package securitycontext

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// enforced returns what admission holds the pods of a namespace to, by its
// labels: false if it leaves the level to the default of the cluster.
func enforced(c *kube.Cluster, n *corev1.Namespace) (api.LevelVersion, bool) {
	if _, set := n.Labels[api.EnforceLevelLabel]; !set {
		return api.LevelVersion{}, false
	}
	// Admission takes values that it does not know for restricted and latest.
	level, _ := api.ParseLevel(n.Labels[api.EnforceLevelLabel])
	return api.LevelVersion{Level: level, Version: enforcedVersion(c, n.Name)}, true
}

// enforcedVersion returns the version of the Pod Security Standards that a
// namespace's labels choose: the server's, unless they name an older one.
func enforcedVersion(c *kube.Cluster, namespace string) api.Version {
	server := podSecurityVersion.Of(c)
	n, ok := c.Namespaces.Get("", namespace)
	if !ok {
		return server
	}
	chosen, err := api.ParseVersion(n.Labels[api.EnforceVersionLabel])
	if err != nil || server.Older(chosen) {
		return server
	}
	return chosen
}

// readsWorkloads reports whether the view has every workload of a namespace.
func readsWorkloads(c *kube.Cluster, namespace string) bool {
	for _, r := range kube.WorkloadResources() {
		if _, blind := c.Blind(r, namespace); blind {
			return false
		}
	}
	return true
}

// refusal returns why the Pod Security admission plugin would refuse a
// workload's pods, in its own words: as the template says them or, if that
// passes, as they run, changed by other admission plugins or made before. Nil if
// it would refuse none. Of runs that are over, finished pods stay: only the
// template matters for these.
func refusal(c *kube.Cluster, at api.LevelVersion, w *kube.Workload) ([]string, error) {
	reasons, err := violations(at, annotated(w), w.Pod.Spec)
	if err != nil || len(reasons) > 0 || w.RunsToCompletion() {
		return reasons, err
	}
	judged := map[*corev1.PodSpec]bool{}
	for _, pod := range c.PodsOf(w) {
		if judged[pod.Spec] { // the pods of a template share their spec
			continue
		}
		judged[pod.Spec] = true
		reasons, err := violations(at, &metav1.ObjectMeta{Annotations: pod.Annotations}, withoutDebugging(pod.Spec))
		if err != nil || len(reasons) > 0 {
			return reasons, err
		}
	}
	return nil, nil
}

// withoutDebugging returns a pod's spec as its controller made it.
func withoutDebugging(spec *corev1.PodSpec) *corev1.PodSpec {
	if len(spec.EphemeralContainers) == 0 {
		return spec
	}
	made := *spec
	made.EphemeralContainers = nil
	return &made
}

// violations returns what a pod violates of a level. The error says that the
// evaluator is broken.
func violations(at api.LevelVersion, metadata *metav1.ObjectMeta, spec *corev1.PodSpec) ([]string, error) {
	if errPodSecurity != nil {
		return nil, errPodSecurity
	}
	return policy.AggregateCheckResults(podSecurityEvaluator.EvaluatePod(at, metadata, spec)).ForbiddenReasons, nil
}

// describeRefusal is for details of findings.
func describeRefusal(w *kube.Workload, reasons []string) string {
	return fmt.Sprintf("%s (%s)", w.Ref.Short(), strings.Join(reasons, ", "))
}

// unproven notes that no verdict on a namespace is possible, since workloads
// that could not be read may say otherwise.
func unproven(p *audit.Pass) { p.Unknown("not every kind of workload of the namespace could be read") }
