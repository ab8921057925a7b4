package ownership

import (
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// sourceOf says what an owner makes an object from, as far as the view holds what says
// so: the repository and path of an application (argo-cd.readthedocs.io, Application
// specification), of a Kustomization or HelmRelease (fluxcd.io/flux/components), the chart that
// a label names (helm.sh/docs/chart_best_practices/labels). It is "" where nothing is known.
func sourceOf(c *kube.Cluster, m metav1.Object, o Owner) string {
	source := ""
	switch {
	case o.Tool == ArgoCD:
		source = ofApplication(oneOf(c, kube.Applications, o))
	case o.Kind == "Kustomization":
		source = ofKustomization(c, oneOf(c, kube.Kustomizations, o))
	case o.Kind == "HelmRelease":
		source = ofHelmRelease(oneOf(c, kube.HelmReleases, o))
	}
	if chart := m.GetLabels()[chartLabel]; source == "" && chart != "" {
		source = "chart " + chart
	}
	return source
}

// chartLabel is the label by which charts say which one it was, and in which version.
const chartLabel = "helm.sh/chart"

// oneOf returns the one custom object that has an owner's name; nil if there is none,
// or if the namespace is not known and several have it.
func oneOf(c *kube.Cluster, r kube.Resource, o Owner) *unstructured.Unstructured {
	var found *unstructured.Unstructured
	for candidate := range c.Custom(r).All() {
		if candidate.GetName() != o.Name || o.Namespace != "" && candidate.GetNamespace() != o.Namespace {
			continue
		}
		if found != nil {
			return nil
		}
		found = candidate
	}
	return found
}

// place is where manifests or a chart are.
type place struct {
	RepoURL        string `json:"repoURL"`
	Path           string `json:"path"`
	Chart          string `json:"chart"`
	TargetRevision string `json:"targetRevision"`
}

func (p place) String() string {
	text := ""
	switch {
	case p.Chart != "":
		text = "chart " + p.Chart
	case p.Path != "":
		text = "path " + p.Path
	}
	if p.TargetRevision != "" {
		text = strings.TrimPrefix(text+" at "+p.TargetRevision, " ")
	}
	if p.RepoURL != "" {
		text = strings.TrimPrefix(text+" of "+withoutUser(p.RepoURL), " of ")
	}
	return text
}

func ofApplication(o *unstructured.Unstructured) string {
	if o == nil {
		return ""
	}
	application, err := kube.Decode[struct {
		Spec struct {
			Source  place   `json:"source"`
			Sources []place `json:"sources"`
		} `json:"spec"`
	}](o)
	if err != nil {
		return ""
	}
	all := []string{application.Spec.Source.String()}
	for _, p := range application.Spec.Sources {
		all = append(all, p.String())
	}
	all = slices.DeleteFunc(all, func(text string) bool { return text == "" })
	return strings.Join(all, ", ")
}

// reference names what a Flux object is made from.
type reference struct {
	Kind      string `json:"kind"`
	Name      string `json:"name"`
	Namespace string `json:"namespace"`
}

func (r reference) String() string {
	if r.Name == "" {
		return ""
	}
	return " of " + strings.TrimPrefix(r.Kind+" "+r.Name, " ")
}

func ofKustomization(c *kube.Cluster, o *unstructured.Unstructured) string {
	if o == nil {
		return ""
	}
	k, err := kube.Decode[struct {
		Spec struct {
			Path      string    `json:"path"`
			SourceRef reference `json:"sourceRef"`
		} `json:"spec"`
	}](o)
	if err != nil {
		return ""
	}
	path := k.Spec.Path
	if path == "" {
		path = "./" // the default
	}
	text := "path " + path + k.Spec.SourceRef.String()
	namespace := k.Spec.SourceRef.Namespace
	if namespace == "" {
		namespace = o.GetNamespace()
	}
	for _, r := range []kube.Resource{kube.GitRepositories, kube.OCIRepositories} {
		source, ok := c.Custom(r).Get(namespace, k.Spec.SourceRef.Name)
		if !ok || r.Kind != k.Spec.SourceRef.Kind {
			continue
		}
		if url, found, err := unstructured.NestedString(source.Object, "spec", "url"); found && err == nil {
			return text + ", " + withoutUser(url)
		}
	}
	return text
}

func ofHelmRelease(o *unstructured.Unstructured) string {
	if o == nil {
		return ""
	}
	h, err := kube.Decode[struct {
		Spec struct {
			Chart struct {
				Spec struct {
					Chart     string    `json:"chart"`
					Version   string    `json:"version"`
					SourceRef reference `json:"sourceRef"`
				} `json:"spec"`
			} `json:"chart"`
			ChartRef reference `json:"chartRef"`
		} `json:"spec"`
	}](o)
	chart := h.Spec.Chart.Spec
	switch {
	case err != nil:
		return ""
	case chart.Chart == "":
		return strings.TrimPrefix(h.Spec.ChartRef.String(), " of ")
	case chart.Version != "":
		return "chart " + chart.Chart + " " + chart.Version + chart.SourceRef.String()
	}
	return "chart " + chart.Chart + chart.SourceRef.String()
}

// withoutUser takes a user and a password out of an URL: they are nobody's business.
func withoutUser(url string) string {
	scheme, rest, found := strings.Cut(url, "://")
	if !found {
		return url
	}
	end := strings.IndexByte(rest, '/')
	if end < 0 {
		end = len(rest)
	}
	if at := strings.LastIndexByte(rest[:end], '@'); at >= 0 {
		rest = rest[at+1:]
	}
	return scheme + "://" + rest
}
