package audit

import (
	"iter"
	"slices"

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
)

// roll names a listing: rules with the same roll have the same subjects.
type roll struct {
	kind     kind
	resource kube.Resource // of objects
}

// listing is where the subjects of a check come from.
type listing struct {
	roll
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
	return Check{listing: listing{roll: roll{objects, r}, in: in}, judge: unpacked(judge)}
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
