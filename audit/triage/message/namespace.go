package message

import "strings"

// Remaining is what is left of one kind in a namespace that is being deleted.
type Remaining struct {
	Resource string // "pods"
	Group    string // "" for the core group
	Count    int
}

// Finalizer is one that objects of a namespace still bear.
type Finalizer struct {
	Name  string
	Count int // objects
}

// Deletion is why a namespace is still there.
type Deletion struct {
	// Resources and Finalizers are in the order of the message; nil if it says none.
	Resources  []Remaining
	Finalizers []Finalizer
	// Versions are the API groups and versions, "metrics.k8s.io/v1beta1", that the
	// controller could not list the resources of; nil if the message says none.
	Versions []string
	// Unparsed says that the message is none of these; see Text.
	Unparsed bool
	Text     string
}

// NamespaceDeletion reads the conditions of a namespace that is being deleted
// (pkg/controller/namespace/deletion/status_condition_utils.go).
func NamespaceDeletion(message string) Deletion {
	message = bounded(message)
	d := Deletion{Text: Scrub(message)}
	if list, is := strings.CutPrefix(message, "Some resources are remaining: "); is {
		for part := range strings.SplitSeq(list, ", ") {
			if r, is := remaining(part); is {
				d.Resources = append(d.Resources, r)
			}
		}
	}
	if list, is := strings.CutPrefix(message, "Some content in the namespace has finalizers remaining: "); is {
		for part := range strings.SplitSeq(list, ", ") {
			name, rest, is := strings.Cut(part, " in ")
			n, rest, counted := number(rest)
			if is && counted && strings.HasPrefix(rest, " resource instances") {
				d.Finalizers = append(d.Finalizers, Finalizer{Name: name, Count: n})
			}
		}
	}
	// k8s.io/client-go/discovery, ErrGroupDiscoveryFailed
	if list := after(message, "unable to retrieve the complete list of server APIs: "); list != "" {
		for part := range strings.SplitSeq(list, ", ") {
			version, _, is := strings.Cut(part, ": ")
			if is && !strings.Contains(version, " ") {
				d.Versions = append(d.Versions, version)
			}
		}
	}
	d.Unparsed = d.Resources == nil && d.Finalizers == nil && d.Versions == nil
	return d
}

// remaining reads "pods. has 2 resource instances": resource and group are joined by
// a dot, also where there is no group.
func remaining(part string) (r Remaining, is bool) {
	name, rest, is := strings.Cut(part, " has ")
	n, rest, counted := number(rest)
	if !is || !counted || !strings.HasPrefix(rest, " resource instances") {
		return r, false
	}
	r.Resource, r.Group, _ = strings.Cut(name, ".")
	r.Count = n
	return r, true
}
