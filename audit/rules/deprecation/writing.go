package deprecation

import (
	"fmt"
	"iter"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// versioned returns the resources that had other versions than the one that the
// view holds. Of what controllers write, such as EndpointSlices and Events,
// nobody has a manifest.
func versioned() []kube.Resource {
	return []kube.Resource{
		kube.Deployments, kube.StatefulSets, kube.DaemonSets, kube.ReplicaSets, kube.CronJobs,
		kube.HorizontalPodAutoscalers, kube.PodDisruptionBudgets, kube.Ingresses, kube.IngressClasses, kube.NetworkPolicies,
		kube.Roles, kube.RoleBindings, kube.ClusterRoles, kube.ClusterRoleBindings,
		kube.StorageClasses, kube.PriorityClasses, kube.RuntimeClasses,
		kube.ValidatingWebhookConfigurations, kube.MutatingWebhookConfigurations,
		kube.ValidatingAdmissionPolicies, kube.ValidatingAdmissionPolicyBindings,
		kube.CustomResourceDefinitions, kube.APIServices,
	}
}

// writing is an object and how it was written.
type writing struct {
	kube.Written
	gvk   schema.GroupVersionKind
	known bool
}

// writings yields the objects of some resources and how each was written. Those
// of which a live view keeps no managers (ReplicaSets, custom resources) and
// those that only the cluster itself wrote are left out.
func writings(c *kube.Cluster, resources []kube.Resource) iter.Seq2[audit.Subject, writing] {
	return func(yield func(audit.Subject, writing) bool) {
		for _, r := range resources {
			if !c.Info.Offline && (r == kube.ReplicaSets || r.Custom()) {
				continue
			}
			for _, o := range c.Objects(r) {
				written, known := c.WrittenAs(r, o)
				if !known && !c.Info.Offline {
					continue
				}
				w := writing{Written: written, known: known}
				if version, err := schema.ParseGroupVersion(written.APIVersion); err == nil {
					w.gvk = version.WithKind(r.Kind)
				}
				if !yield(audit.Subject{Ref: r.Ref(o.GetNamespace(), o.GetName()), Namespace: o.GetNamespace()}, w) {
					return
				}
			}
		}
	}
}

// eachWriting returns a Check that judges how every object of some resources was
// written.
func eachWriting(resources []kube.Resource, judge func(*audit.Pass, writing)) audit.Check {
	list := func(c *kube.Cluster) iter.Seq2[audit.Subject, writing] { return writings(c, resources) }
	return audit.Each(list, func(p *audit.Pass, w writing) {
		if !w.known {
			p.Unknown("it is not known with which version of its API it was written")
			return
		}
		judge(p, w)
	})
}

// lifecycle returns what becomes of the version an object was written with,
// false if it is neither deprecated nor gone.
func (w writing) lifecycle(c *kube.Cluster) (lifecycle, bool) {
	l, ok := known.Of(c)[w.gvk]
	return l, ok
}

// current returns the release of the cluster; that of manifests is the newest
// that is known. It is false if the server does not say what it is.
func current(c *kube.Cluster) (release, bool) {
	if c.Info.Version == "" && c.Info.Offline {
		return newest, true
	}
	return parseRelease(c.Info.Version)
}

// unknownVersion is why nothing can be said of a cluster's release.
const unknownVersion = "the version of the server is not known"

// api returns the version and kind as messages have it.
func (w writing) api() string { return w.APIVersion + " " + w.gvk.Kind }

// finding is about an object whose API has a lifecycle.
func (w writing) finding(l lifecycle, message string) audit.Finding {
	f := audit.Finding{Path: "apiVersion", Message: message, Detail: "It is written as " + w.api() + "."}
	if w.Manager != "" {
		f.Detail = fmt.Sprintf("%s wrote it as %s.", w.Manager, w.api())
	}
	switch {
	case l.deprecated != release{} && l.removed != release{}:
		f.Detail += fmt.Sprintf(" That is deprecated since %s and gone from %s on.", l.deprecated, l.removed)
	case l.removed != release{}:
		f.Detail += fmt.Sprintf(" That is gone from %s on.", l.removed)
	default:
		f.Detail += fmt.Sprintf(" That is deprecated since %s; no end is planned.", l.deprecated)
	}
	if l.replacement != "" {
		f.Detail += " In its place is " + l.replacement + "."
	}
	if w.Manager == "" && sameShape(w.gvk) {
		version := replacementVersion(l)
		fix := audit.SetField("write it as "+version, "apiVersion", version)
		fix.Risk = "A cluster older than the new version of the API refuses it."
		f.Fixes = []audit.Fix{fix}
	}
	return f
}

// sameShape reports whether nothing but the apiVersion of an object has to
// change: all fields are where they were, and mean what they meant, also those
// that are left out (Kubernetes' deprecated API migration guide).
func sameShape(gvk schema.GroupVersionKind) bool {
	switch gvk.Kind {
	case kube.CronJobs.Kind, kube.Roles.Kind, kube.ClusterRoles.Kind,
		kube.StorageClasses.Kind, kube.PriorityClasses.Kind, kube.IngressClasses.Kind:
		return true
	case kube.NetworkPolicies.Kind:
		return gvk.Group == "extensions"
	case kube.RoleBindings.Kind, kube.ClusterRoleBindings.Kind, kube.RuntimeClasses.Kind:
		return gvk.Version == "v1beta1"
	case kube.HorizontalPodAutoscalers.Kind:
		return gvk.Version == "v2beta2"
	}
	return false
}
