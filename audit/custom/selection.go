package custom

import (
	"path"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/labels"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// everyWorkload is the kind that stands for every pod that a workload makes.
const everyWorkload = "workloads"

// selection is what a rule is about.
type selection struct {
	workloads  bool            // every pod template
	resources  []kube.Resource // where it is not about workloads
	namespaces []string        // patterns; those with "!" leave out
	labels     labels.Selector
}

// selection reads what a rule is about.
func (r *reader) selection() selection {
	s := selection{labels: labels.Everything()}
	if len(r.Match.Kinds) == 0 {
		r.lacks(r.line, "match.kinds: name workloads, or kinds as in apps/v1/Deployment")
	}
	for _, kind := range r.Match.Kinds {
		if kind.value == everyWorkload {
			s.workloads = true
			continue
		}
		resource, wrong := resourceOf(kind.value)
		if wrong != "" {
			r.fault(kind.line, "%s", wrong)
			continue
		}
		if !slices.Contains(s.resources, resource) {
			s.resources = append(s.resources, resource)
		}
	}
	if s.workloads && len(s.resources) > 0 {
		r.fault(r.Match.Kinds[0].line, "workloads stands alone: object is a pod there, and another object elsewhere")
	}
	for _, pattern := range r.Match.Namespaces {
		if _, err := path.Match(strings.TrimPrefix(pattern.value, "!"), ""); err != nil || pattern.value == "" {
			r.fault(pattern.line, "%q is no pattern of namespaces", pattern.value)
		}
		s.namespaces = append(s.namespaces, pattern.value)
	}
	selector, err := labels.Parse(r.Match.Labels.value)
	if err != nil {
		r.fault(r.at(r.Match.Labels), "reading labels: %v", err)
		return s
	}
	s.labels = selector
	return s
}

// resourceOf reads a kind as in apps/v1/Deployment; wrong says what is wrong.
func resourceOf(kind string) (resource kube.Resource, wrong string) {
	parts := strings.Split(kind, "/")
	group, version, name := "", "", parts[len(parts)-1]
	switch len(parts) {
	case 2:
		version = parts[0]
	case 3:
		group, version = parts[0], parts[1]
	default:
		return resource, kind + " is no kind: write apps/v1/Deployment, v1/Service or workloads"
	}
	resource, held := kube.ResourceOf(group, name)
	switch {
	case !held || resource == kube.PodMetrics || resource == kube.NodeMetrics:
		return resource, kind + " is not among the kinds that are read"
	case resource.Version != version:
		return resource, kind + " is read as " + resource.Version + ": write " + strings.Join([]string{group, resource.Version, name}, "/")
	}
	return resource, ""
}

// takes reports whether a rule is about an object of a namespace.
func (s *selection) takes(namespace string, has map[string]string) bool {
	return s.takesNamespace(namespace) && s.labels.Matches(labels.Set(has))
}

// takesNamespace goes by the last pattern that fits. Where only some are left out,
// all others are in; what has no namespace is in wherever "*" is.
func (s *selection) takesNamespace(namespace string) bool {
	taken := !slices.ContainsFunc(s.namespaces, func(p string) bool { return !strings.HasPrefix(p, "!") })
	for _, pattern := range s.namespaces {
		pattern, out := strings.CutPrefix(pattern, "!")
		if fits, err := path.Match(pattern, namespace); fits && err == nil {
			taken = !out
		}
	}
	return taken
}
