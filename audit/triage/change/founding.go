package change

import (
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// founding is how long after its namespace an object is created with it, and how long
// after the cluster what has no namespace is: a cluster or an application that is being
// set up creates hundreds of objects, none of which broke it by coming.
const founding = 10 * time.Minute

// founded reports whether an object that was created at a time came with its namespace;
// one without a namespace, with the cluster, which is as old as its namespace
// kube-system. A namespace is its own beginning. Where the beginning is not known the
// object came later.
func founded(c *kube.Cluster, object kube.Ref, at time.Time) bool {
	beginning := object.Namespace
	switch {
	case object.Group == "" && object.Kind == kube.Namespaces.Kind:
		return true
	case beginning == "":
		beginning = metav1.NamespaceSystem
	}
	n, held := c.Namespaces.Get("", beginning)
	return held && !n.CreationTimestamp.IsZero() && at.Sub(n.CreationTimestamp.Time) <= founding
}

// withFounding completes the creation of an object.
func withFounding(c *kube.Cluster, ch *Change) bool {
	ch.Founding = founded(c, ch.Object, ch.Time)
	return true
}
