package hygiene

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// noReference is what rules say of what nothing is known to refer to. They never
// call it unused: a program may ask the API server for it.
const noReference = "no reference found"

// referring returns the resources that may refer to objects of a resource.
func referring(r kube.Resource) []kube.Resource {
	return append(kube.ReferringTo(r), kube.CustomReferring()...)
}

// unread returns why objects of some resources are not known in a namespace, ""
// if all are. What the server does not serve has no objects.
func unread(c *kube.Cluster, namespace string, resources []kube.Resource) string {
	for _, r := range resources {
		if s, blind := c.Blind(r, namespace); blind && s.Phase != kube.Absent {
			return fmt.Sprintf("%s: %s", r, cmp.Or(s.Reason, s.Phase.String()))
		}
	}
	return ""
}

// unreadAnywhere returns why objects of some resources are not known in some
// namespace, "" if all are.
func unreadAnywhere(c *kube.Cluster, resources []kube.Resource) string {
	if c.Info.Scope != nil {
		return "only some namespaces are looked at"
	}
	for _, s := range c.States() {
		if s.Blind() && s.Phase != kube.Absent && slices.Contains(resources, s.Resource) {
			return fmt.Sprintf("%s: %s", s.Resource, cmp.Or(s.Reason, s.Phase.String()))
		}
	}
	return ""
}

// mayBeUnused reports whether somebody should refer to an object. Manifests are a
// part of a cluster, a namespace of the platform is full of what its components
// read by name, an owned object is its owner's business, and one that is being
// deleted is on its way.
func mayBeUnused(p *audit.Pass, o metav1.Object) bool {
	return !p.Cluster.Info.Offline && !kube.Platform(o.GetNamespace()) &&
		len(o.GetOwnerReferences()) == 0 && o.GetDeletionTimestamp() == nil
}

// judgeReferred reports an object to which nothing refers.
func judgeReferred(p *audit.Pass, r kube.Resource, o metav1.Object, detail string) {
	if p.Cluster.Referred(r, o.GetNamespace(), o.GetName()) {
		return
	}
	if why := unread(p.Cluster, o.GetNamespace(), referring(r)); why != "" {
		p.Unknown(why)
		return
	}
	p.Report(audit.Finding{Message: noReference, Detail: detail})
}

// found reports whether an object bears a label by which programs find it
// without knowing its name.
func found(p *audit.Pass, o metav1.Object) bool {
	labels := o.GetLabels()
	return len(labels) > 0 && slices.ContainsFunc(p.Texts(foundByLabels), func(by string) bool {
		key, wanted, valued := strings.Cut(by, "=")
		value, labelled := labels[key]
		return labelled && (!valued || value == wanted)
	})
}

const foundByLabels = "foundByLabels"

// discovery is the parameter of the labels by which programs find objects.
func discovery(labels ...string) []audit.Parameter {
	return []audit.Parameter{{
		Name:  foundByLabels,
		About: "Labels by which programs find what they read, key or key=value; an object that bears one is in use.",
		Value: labels,
	}}
}

// isHelmRelease reports whether an object is the memory of a Helm release, by the
// labels that Helm's storage drivers set.
func isHelmRelease(o metav1.Object) bool { return o.GetLabels()["owner"] == "helm" }
