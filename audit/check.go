package audit

import (
	"iter"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Check is how a rule finds its subjects and judges each of them. It is made by
// [EachWorkload] and its like; the zero Check judges nothing.
type Check struct {
	listing listing
	judge   func(*Pass, any)
}

// Subject is what a verdict is about, and where the verdict counts.
type Subject struct {
	Ref       kube.Ref
	Namespace string
}

// kind tells the listings apart.
type kind int

const (
	own kind = iota // a list of the rule's own: always made whole
	workloads
	objects
	namespaces
	mixed // objects of several resources
)

// roll names a listing: rules with the same roll have the same subjects.
type roll struct {
	kind     kind
	resource kube.Resource // of objects
	mixture  string        // the names of the resources that are mixed
}

// listing is where the subjects of a check come from.
type listing struct {
	roll
	mixes []kube.Resource // of which a mixture is
	// in yields the subjects of one namespace in a fixed order, each with the
	// value that is judged; nil for a list of the rule's own. A value that is
	// the same as in another view has not changed.
	in func(c *kube.Cluster, namespace string) iter.Seq2[Subject, any]
	// all yields the subjects of a list of the rule's own.
	all func(c *kube.Cluster) iter.Seq2[Subject, any]
}

// Each returns a Check that judges each subject that list yields. List says of
// every subject where it counts; what it leaves out is not applicable. The
// whole list is judged again whenever something changed that the rule reads.
func Each[S any](list func(*kube.Cluster) iter.Seq2[Subject, S], judge func(*Pass, S)) Check {
	all := func(c *kube.Cluster) iter.Seq2[Subject, any] {
		return func(yield func(Subject, any) bool) {
			for subject, s := range list(c) {
				if !yield(subject, s) {
					return
				}
			}
		}
	}
	return Check{listing: listing{all: all}, judge: unpacked(judge)}
}

// unpacked gives a judge of values one of boxed values.
func unpacked[S any](judge func(*Pass, S)) func(*Pass, any) {
	return func(p *Pass, s any) { judge(p, s.(S)) }
}

// EachWorkload returns a Check that judges every workload with a pod template.
func EachWorkload(judge func(*Pass, *kube.Workload)) Check {
	in := func(c *kube.Cluster, namespace string) iter.Seq2[Subject, any] {
		return func(yield func(Subject, any) bool) {
			for _, w := range c.WorkloadsIn(namespace) {
				if !yield(Subject{w.Ref, w.Ref.Namespace}, w) {
					return
				}
			}
		}
	}
	return Check{listing: listing{roll: roll{kind: workloads}, in: in}, judge: unpacked(judge)}
}

// EachAPIServer returns a Check that judges every API server whose flags are known
// ([kube.Cluster.APIServers]). One that is set elsewhere than by flags is unknown.
func EachAPIServer(judge func(*Pass, kube.APIServer)) Check {
	list := func(c *kube.Cluster) iter.Seq2[Subject, kube.APIServer] {
		return func(yield func(Subject, kube.APIServer) bool) {
			for _, s := range c.APIServers() {
				if !yield(Subject{s.Ref, s.Ref.Namespace}, s) {
					return
				}
			}
		}
	}
	return Each(list, func(p *Pass, s kube.APIServer) {
		if s.Elsewhere != "" {
			p.Unknown(s.Elsewhere)
			return
		}
		judge(p, s)
	})
}

// EachContainer returns a Check that judges every workload, container by
// container; a workload of which no container was judged is not applicable.
// Judge returns false for a container the rule does not apply to.
func EachContainer(judge func(*Pass, *kube.Workload, kube.Container) bool) Check {
	return EachWorkload(func(p *Pass, w *kube.Workload) {
		applies := false
		for c := range w.Containers() {
			applies = judge(p, w, c) || applies
		}
		if !applies {
			p.NotApplicable()
		}
	})
}

// EachObject returns a Check that judges every object of one table of the view:
//
//	EachObject(kube.Services, func(c *kube.Cluster) kube.Table[*corev1.Service] { return c.Services }, …)
func EachObject[T kube.Object](r kube.Resource, table func(*kube.Cluster) kube.Table[T], judge func(*Pass, T)) Check {
	in := func(c *kube.Cluster, namespace string) iter.Seq2[Subject, any] {
		return func(yield func(Subject, any) bool) {
			for _, o := range table(c).In(namespace) {
				if !yield(Subject{r.Ref(o.GetNamespace(), o.GetName()), o.GetNamespace()}, o) {
					return
				}
			}
		}
	}
	return Check{listing: listing{roll: roll{kind: objects, resource: r}, in: in}, judge: unpacked(judge)}
}

// EachCustom returns a Check that judges every object of a custom resource.
func EachCustom(r kube.Resource, judge func(*Pass, *unstructured.Unstructured)) Check {
	return EachObject(r, func(c *kube.Cluster) kube.Table[*unstructured.Unstructured] { return c.Custom(r) }, judge)
}

// EachNamespace returns a Check that judges every namespace of the view, also
// those of which only the name is known. A Namespace is scored with what it
// contains.
func EachNamespace(judge func(*Pass, string)) Check {
	in := func(c *kube.Cluster, namespace string) iter.Seq2[Subject, any] {
		return func(yield func(Subject, any) bool) {
			if _, known := slices.BinarySearch(c.NamespaceNames(), namespace); known {
				yield(Subject{kube.Namespaces.Ref("", namespace), namespace}, namespace)
			}
		}
	}
	return Check{listing: listing{roll: roll{kind: namespaces}, in: in}, judge: unpacked(judge)}
}

// EachOf returns a Check that judges every object of several resources, of which
// [Pass.Subject] tells the kind. Of the resources that workloads are made of, it
// is the workloads that it judges, those at the top: o is a [*kube.Workload] then.
// A Namespace is scored with what it contains.
func EachOf(resources []kube.Resource, judge func(p *Pass, o kube.Object)) Check {
	var names []string
	for _, r := range resources {
		names = append(names, r.String())
	}
	slices.Sort(names)
	runners := kube.WorkloadResources()
	runs := func(r kube.Resource) bool { return slices.Contains(runners, r) }
	in := func(c *kube.Cluster, namespace string) iter.Seq2[Subject, any] {
		return func(yield func(Subject, any) bool) {
			for _, m := range mixedIn(c, resources, runs, namespace) {
				if !yield(m.subject, m.object) {
					return
				}
			}
		}
	}
	of := roll{kind: mixed, mixture: strings.Join(names, " ")}
	return Check{listing: listing{roll: of, mixes: resources, in: in}, judge: unpacked(judge)}
}

// member is an object of a mixture.
type member struct {
	subject Subject
	object  kube.Object
}

// mixedIn returns the objects of a mixture in one namespace, ordered by their refs.
// Runs tells the resources that workloads are made of.
func mixedIn(c *kube.Cluster, resources []kube.Resource, runs func(kube.Resource) bool, namespace string) []member {
	var members []member
	for _, r := range resources {
		switch {
		case r == kube.Namespaces:
			if o, ok := c.Namespaces.Get("", namespace); ok {
				members = append(members, member{Subject{r.Ref("", namespace), namespace}, o})
			}
		case runs(r):
			for _, w := range c.WorkloadsIn(namespace) {
				if w.Ref.Kind == r.Kind && w.Ref.Group == r.Group {
					members = append(members, member{Subject{w.Ref, namespace}, w})
				}
			}
		default:
			for _, o := range c.ObjectsIn(r, namespace) {
				members = append(members, member{Subject{r.Ref(namespace, o.GetName()), namespace}, o})
			}
		}
	}
	slices.SortFunc(members, func(a, b member) int { return kube.CompareRefs(a.subject.Ref, b.subject.Ref) })
	return members
}
