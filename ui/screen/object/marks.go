package object

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// mark is a finding on a line of the text, from 0.
type mark struct {
	line    int
	path    string // of the field, in the object that is shown
	finding *score.Finding
}

// bearer is an object whose findings concern the one that is shown: it itself or, for a
// pod or ReplicaSet, the workload that it is of. Its paths begin otherwise.
type bearer struct {
	ref      kube.Ref
	from, to string // the path of the pod, there and here; "" for the same
	meta     [2]string
}

// bearerOf returns whose findings concern an object.
func bearerOf(c *kube.Cluster, ref kube.Ref) bearer {
	var w *kube.Workload
	here := ""
	switch {
	case ref == kube.Pods.Ref(ref.Namespace, ref.Name):
		if p, ok := c.Pods.Get(ref.Namespace, ref.Name); ok {
			w, here = c.WorkloadOf(p), "spec"
		}
	case ref == kube.ReplicaSets.Ref(ref.Namespace, ref.Name):
		if r, ok := c.ReplicaSets.Get(ref.Namespace, ref.Name); ok && !r.Owner.IsZero() {
			w = c.Workload(kube.Ref{Group: r.Owner.Group, Kind: r.Owner.Kind, Namespace: r.Namespace, Name: r.Owner.Name})
			here = "spec.template.spec"
		}
	}
	if w == nil || w.Ref == ref {
		return bearer{ref: ref}
	}
	return bearer{
		ref: w.Ref, from: w.Pod.Path, to: here,
		meta: [2]string{w.MetadataPath(), strings.TrimSuffix(here, "spec") + "metadata"},
	}
}

// pathHere returns a path of the bearer as it is in the object that is shown, false for a
// field that this one does not have.
func (b bearer) pathHere(path string) (string, bool) {
	if b.from == "" {
		return path, true
	}
	for _, way := range [][2]string{{b.from, b.to}, b.meta} {
		if rest, ok := strings.CutPrefix(path, way[0]); ok {
			return way[1] + rest, true
		}
	}
	return "", false
}

// marksOn finds the findings of an object, and where they stand in its text: by line, and
// the worst first.
func marksOn(ctx context.Context, p *page, a *score.Assessment, ref kube.Ref) []mark {
	b := bearerOf(a.Cluster, ref)
	var marks []mark
	for _, n := range a.Namespaces {
		if ctx.Err() != nil {
			return nil
		}
		// What is in no namespace may be scored in one that it gives power to.
		if ref.Namespace != "" && n.Name != ref.Namespace && n.Name != score.ClusterWide {
			continue
		}
		for _, f := range n.Findings {
			if f.Subject != b.ref {
				continue
			}
			if path, here := b.pathHere(f.Path); here {
				marks = append(marks, mark{p.lineOf(path), path, f})
			}
		}
	}
	slices.SortStableFunc(marks, func(x, y mark) int {
		return cmp.Or(cmp.Compare(x.line, y.line), screen.CompareFindings(x.finding, y.finding))
	})
	return marks
}
