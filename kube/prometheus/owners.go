package prometheus

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// ownerOf returns the workload that a pod belongs to: as the view has it, or, of a
// pod that it does not have, by its name; false if that names none, or several.
func ownerOf(c *kube.Cluster, namespace, pod string) (kube.Ref, bool) {
	if held, ok := c.Pods.Get(namespace, pod); ok {
		if w := c.WorkloadOf(held); w != nil {
			return w.Ref, true
		}
		return kube.Ref{}, false
	}
	var found []kube.Ref
	for _, ref := range namedAfter(namespace, pod) {
		if c.Workload(ref) != nil {
			found = append(found, ref)
		}
	}
	if len(found) != 1 {
		return kube.Ref{}, false
	}
	return found[0], true
}

// namedAfter returns the workloads after which a pod may be named. Controllers add to
// their own name five random characters, a StatefulSet a number; a ReplicaSet has the
// name of its Deployment and a hash, the Job of a CronJob its and the time in minutes
// (k8s.io/apiserver/pkg/storage/names, pkg/controller of Kubernetes). Names that are
// cut for their length are not recognized.
func namedAfter(namespace, pod string) []kube.Ref {
	base, suffix, ok := cutLast(pod)
	if !ok {
		return nil
	}
	var refs []kube.Ref
	if isNumber(suffix) {
		refs = append(refs, kube.StatefulSets.Ref(namespace, base))
	}
	if len(suffix) != 5 || !isRandom(suffix) {
		return refs
	}
	for _, r := range []kube.Resource{kube.DaemonSets, kube.ReplicaSets, kube.ReplicationControllers, kube.Jobs} {
		refs = append(refs, r.Ref(namespace, base))
	}
	above, middle, ok := cutLast(base)
	if !ok {
		return refs
	}
	if isNumber(middle) {
		refs = append(refs, kube.CronJobs.Ref(namespace, above), kube.Jobs.Ref(namespace, above)) // of a Job by index
	}
	if len(middle) <= 10 && isRandom(middle) {
		refs = append(refs, kube.Deployments.Ref(namespace, above))
	}
	return refs
}

// cutLast cuts a name at its last hyphen.
func cutLast(name string) (before, after string, ok bool) {
	i := strings.LastIndexByte(name, '-')
	if i <= 0 || i == len(name)-1 {
		return "", "", false
	}
	return name[:i], name[i+1:], true
}

func isNumber(text string) bool { return strings.Trim(text, "0123456789") == "" }

// isRandom reports whether a text has only the characters that generated names are
// made of, without vowels (k8s.io/apimachinery/pkg/util/rand).
func isRandom(text string) bool { return strings.Trim(text, "bcdfghjklmnpqrstvwxz2456789") == "" }
