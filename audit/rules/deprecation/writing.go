package deprecation

import (
	"fmt"
	"iter"
	"slices"
	"strings"

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
		kube.CustomResourceDefinitions, kube.APIServices, kube.ClusterTrustBundles,
	}
}

// writing is an object and one of the versions of its API in which it was written.
type writing struct {
	apiVersion string
	gvk        schema.GroupVersionKind
	writers    []kube.Written // who did so last, the newest first; none for what is written down
}

// writings yields the objects of some resources and how each was written, nil where that
// is not known. Those of which a live view keeps no managers (ReplicaSets, custom
// resources but for those of Kubernetes itself) and those that only the cluster itself
// wrote are left out.
func writings(c *kube.Cluster, resources []kube.Resource) iter.Seq2[audit.Subject, []writing] {
	return func(yield func(audit.Subject, []writing) bool) {
		for _, r := range resources {
			for _, o := range c.Objects(r) {
				written := writingsOf(c, r, o)
				if len(written) == 0 && !c.Info.Offline {
					continue
				}
				if !yield(audit.Subject{Ref: r.Ref(o.GetNamespace(), o.GetName()), Namespace: o.GetNamespace()}, written) {
					return
				}
			}
		}
	}
}

// writingsOf returns each version in which somebody wrote an object last. Nobody needs to
// have written it since: a chart that has an old version breaks when it is applied next,
// whoever changed a label in between.
func writingsOf(c *kube.Cluster, r kube.Resource, o kube.Object) []writing {
	if c.Info.Offline {
		written, known := c.WrittenAs(r, o)
		if !known {
			return nil
		}
		return []writing{{apiVersion: written.APIVersion, gvk: gvkOf(written.APIVersion, r)}}
	}
	all := []writing{}
	for _, w := range kube.Writers(o) {
		if slices.Contains(once, w.Manager) {
			continue
		}
		at := slices.IndexFunc(all, func(known writing) bool { return known.apiVersion == w.APIVersion })
		if at < 0 {
			at, all = len(all), append(all, writing{apiVersion: w.APIVersion, gvk: gvkOf(w.APIVersion, r)})
		}
		all[at].writers = append(all[at].writers, w)
	}
	return all
}

// once are the managers of commands that change single fields of what is there, in the
// version that the server preferred at the time: nobody has them in a file, to write them
// again (k8s.io/kubectl names its field managers so).
var once = []string{"kubectl-edit", "kubectl-patch", "kubectl-label", "kubectl-annotate", "kubectl-set", "kubectl-rollout"}

func gvkOf(apiVersion string, r kube.Resource) schema.GroupVersionKind {
	version, err := schema.ParseGroupVersion(apiVersion)
	if err != nil {
		return schema.GroupVersionKind{}
	}
	return version.WithKind(r.Kind)
}

// eachWriting returns a Check that judges how every object of some resources was
// written.
func eachWriting(resources []kube.Resource, judge func(*audit.Pass, writing)) audit.Check {
	list := func(c *kube.Cluster) iter.Seq2[audit.Subject, []writing] { return writings(c, resources) }
	return audit.Each(list, func(p *audit.Pass, written []writing) {
		if written == nil {
			p.Unknown("it is not known with which version of its API it was written")
			return
		}
		for _, w := range written {
			judge(p, w)
		}
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
func (w writing) api() string { return w.apiVersion + " " + w.gvk.Kind }

// who says who wrote it, and when as far as that is known: "helm (2025-06-01T00:00:00Z)".
func (w writing) who() string {
	names := make([]string, len(w.writers))
	for i, writer := range w.writers {
		names[i] = writer.Manager
		if !writer.At.IsZero() {
			names[i] += " (" + kube.Moment(writer.At) + ")"
		}
	}
	return strings.Join(names, ", ")
}

// finding is about an object whose API has a lifecycle.
func (w writing) finding(l lifecycle, message string) audit.Finding {
	f := audit.Finding{Path: "apiVersion", Message: message, Detail: "It is written as " + w.api() + "."}
	if len(w.writers) > 0 {
		f.Detail = fmt.Sprintf("%s wrote it as %s.", w.who(), w.api())
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
	if len(w.writers) == 0 && sameShape(w.gvk) {
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
