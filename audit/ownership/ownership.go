package ownership

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Owner is what writes an object, and would undo a change of it that is made
// elsewhere.
type Owner struct {
	Tool      string // "Helm", "Argo CD", "Flux", or the kind of an operator's resource
	Kind      string // of what belongs to the tool: "release", "application", "Kustomization"
	Namespace string // "" where it is not known
	Name      string // "" where it is not known
	// Source is what the object is made from, in words: a chart, or the path and
	// repository of its manifests. "" where it is not known.
	Source string
}

// IsZero reports whether nothing is known to write the object.
func (o Owner) IsZero() bool { return o == Owner{} }

// Title names the owner, as in "Helm release web in shop"; "" if nothing is known.
func (o Owner) Title() string {
	title := o.Tool
	if o.Kind != "" {
		title += " " + o.Kind
	}
	if o.Name != "" {
		title += " " + o.Name
	}
	if o.Namespace != "" {
		title += " in " + o.Namespace
	}
	return title
}

// String says where a change belongs, as the end of a sentence about the object.
func (o Owner) String() string {
	if o.IsZero() {
		return ""
	}
	where := "change that"
	switch {
	case o.Tool == Helm || o.Kind == "HelmRelease":
		where = "change its values"
	case slices.Contains([]string{ArgoCD, Flux, Fleet, Terraform, Pulumi, Kapp}, o.Tool):
		where = "change what it is made from"
	}
	if o.Source != "" {
		where += " (" + o.Source + ")"
	}
	return fmt.Sprintf("belongs to %s: %s, a patch would be undone", o.Title(), where)
}

// The tools that more is known of.
const (
	Helm      = "Helm"
	ArgoCD    = "Argo CD"
	Flux      = "Flux"
	Fleet     = "Fleet"
	Terraform = "Terraform"
	Pulumi    = "Pulumi"
	Kapp      = "kapp"
	// Addons is the addon manager of a cluster's distribution, GKE's and minikube's
	// among them.
	Addons = "addon manager"
)

// Of returns what writes an object, the outermost if several tools do: Argo CD
// and Flux write what Helm renders. It reads what the tools leave on it: Helm
// meta.helm.sh/release-name (helm.sh/docs/topics/charts_hooks, pkg/action/validate.go),
// Argo CD its tracking ID or label (argo-cd.readthedocs.io, resource tracking), Flux
// the labels of its controllers (fluxcd.io/flux/components), operators the controller
// among ownerReferences; and who wrote last of all, where nothing else says so. It
// is zero if nothing is known.
func Of(c *kube.Cluster, ref kube.Ref) Owner {
	object, ok := c.Find(ref)
	if !ok {
		return Owner{}
	}
	var m metav1.Object
	switch held := object.(type) {
	case *kube.Pod:
		m = held.API()
	case *kube.ReplicaSet:
		m = held.API()
	case metav1.Object:
		m = held
	default:
		return Owner{}
	}
	owner := Marked(m)
	if !owner.IsZero() {
		owner.Source = sourceOf(c, m, owner)
	}
	return owner
}

// Marked is [Of] by the object alone, which does not say what it is made from.
func Marked(m metav1.Object) Owner {
	for _, of := range []func(metav1.Object) Owner{byArgo, byFlux, byHelm, byKapp, byAddons, byController, byManager} {
		if owner := of(m); !owner.IsZero() {
			return owner
		}
	}
	return Owner{}
}

func byArgo(m metav1.Object) Owner {
	// The ID is "application:group/kind:namespace/name"; an application of another
	// namespace than Argo CD's own is "namespace_application".
	application, _, found := strings.Cut(m.GetAnnotations()["argocd.argoproj.io/tracking-id"], ":")
	if !found {
		application = ""
	}
	if application = cmp.Or(application, m.GetLabels()["argocd.argoproj.io/instance"]); application == "" {
		return Owner{}
	}
	namespace, name, found := strings.Cut(application, "_")
	if !found {
		namespace, name = "", application
	}
	return Owner{Tool: ArgoCD, Kind: "application", Namespace: namespace, Name: name}
}

func byFlux(m metav1.Object) Owner {
	for _, of := range [...]struct{ prefix, kind string }{
		{"kustomize.toolkit.fluxcd.io/", "Kustomization"}, {"helm.toolkit.fluxcd.io/", "HelmRelease"},
	} {
		if name := m.GetLabels()[of.prefix+"name"]; name != "" {
			return Owner{Tool: Flux, Kind: of.kind, Namespace: m.GetLabels()[of.prefix+"namespace"], Name: name}
		}
	}
	return Owner{}
}

func byHelm(m metav1.Object) Owner {
	release := m.GetAnnotations()["meta.helm.sh/release-name"]
	if release == "" || m.GetLabels()["app.kubernetes.io/managed-by"] != Helm {
		return Owner{}
	}
	return Owner{Tool: Helm, Kind: "release", Namespace: m.GetAnnotations()["meta.helm.sh/release-namespace"], Name: release}
}

// byKapp reads the label by which kapp knows what it applied
// (https://carvel.dev/kapp/docs/latest/config/).
func byKapp(m metav1.Object) Owner {
	if m.GetLabels()["kapp.k14s.io/app"] == "" {
		return Owner{}
	}
	return Owner{Tool: Kapp} // the label has a number, not the name of the app
}

// byAddons reads the label of what an addon manager brings back; what it only makes where
// there is none, EnsureExists, it leaves as people change it
// (k8s.io/kubernetes, cluster/addons/addon-manager/README.md).
func byAddons(m metav1.Object) Owner {
	if m.GetLabels()["addonmanager.kubernetes.io/mode"] != "Reconcile" {
		return Owner{}
	}
	return Owner{Tool: Addons}
}

// byController finds the resource of an operator. What Kubernetes' own controllers
// make is changed through what they make it from.
func byController(m metav1.Object) Owner {
	for _, o := range m.GetOwnerReferences() {
		if o.Controller == nil || !*o.Controller {
			continue
		}
		group, _, found := strings.Cut(o.APIVersion, "/")
		if !found {
			group = ""
		}
		if r, known := kube.ResourceOf(group, o.Kind); !known || r.Custom() {
			return Owner{Tool: o.Kind, Name: o.Name}
		}
	}
	return Owner{}
}

// byManager goes by who wrote, where nothing on the object says more. Terraform's provider
// applies under its own name and writes by client-go under its User-Agent's; Pulumi's
// appends a random number.
func byManager(m metav1.Object) Owner {
	for _, entry := range m.GetManagedFields() {
		if entry.Subresource != "" {
			continue
		}
		switch entry.Manager {
		case "argocd-controller", "argocd-application-controller":
			return Owner{Tool: ArgoCD}
		case "kustomize-controller", "helm-controller":
			return Owner{Tool: Flux}
		case "fleetagent":
			return Owner{Tool: Fleet}
		case "Terraform", "HashiCorp":
			return Owner{Tool: Terraform}
		case "kapp":
			return Owner{Tool: Kapp}
		}
		if strings.HasPrefix(entry.Manager, "pulumi-") {
			return Owner{Tool: Pulumi}
		}
	}
	return Owner{}
}
