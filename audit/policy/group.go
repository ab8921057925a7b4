package policy

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// group is a name for namespaces: those of which the name matches a pattern, and
// those that have all labels.
type group struct {
	name       string
	namespaces []string
	labels     map[string]string
}

// Group returns the name of the group that a namespace was put in, "" if in
// none. Where several have it, the first of the file counts.
func (p *Policy) Group(c *kube.Cluster, namespace string) string {
	for _, g := range p.groups {
		if slices.ContainsFunc(g.namespaces, func(pattern string) bool { return glob(pattern, namespace) }) {
			return g.name
		}
		if len(g.labels) == 0 {
			continue
		}
		if o, ok := c.Find(kube.Namespaces.Ref("", namespace)); ok && labelled(labelsOf(o), g.labels) {
			return g.name
		}
	}
	return ""
}

// labelled reports whether labels have all that is wanted.
func labelled(labels, wanted map[string]string) bool {
	for key, value := range wanted {
		if held, ok := labels[key]; !ok || held != value {
			return false
		}
	}
	return true
}

// labelsOf returns the labels of an object.
func labelsOf(o kube.Object) map[string]string {
	switch o := o.(type) {
	case *kube.Pod:
		return o.Labels
	case interface{ GetLabels() map[string]string }:
		return o.GetLabels()
	}
	return nil
}
