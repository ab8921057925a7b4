package policy

import (
	"iter"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Annotation is the annotation of an object, or of its namespace, that exempts it:
//
//	seaworthy.dev/exempt: "rule: reason (owner, until 2027-01-31); other-rule: reason"
const Annotation = "seaworthy.dev/exempt"

var (
	entry = regexp.MustCompile(`^([a-z0-9*?-]+)\s*:\s*(.*?)\s*(?:\(([^()]*)\))?$`)
	until = regexp.MustCompile(`^until\s+(\S+)$`)
)

// annotations are the exemptions that objects bear, one derivation a resource,
// in the order in which they are asked.
var annotations = deriveAnnotations()

func deriveAnnotations() []*kube.Derivation[[]*Exemption] {
	var all []*kube.Derivation[[]*Exemption]
	for _, r := range kube.Resources() {
		if r == kube.ReplicaSets || r == kube.EndpointSlices || r == kube.Events || r == kube.PodMetrics || r == kube.NodeMetrics ||
			r.Page() != "" || slices.Contains(kube.Records(), r) {
			continue // they are other objects' work, and bear what those bear
		}
		all = append(all, kube.Derive(func(c *kube.Cluster) []*Exemption {
			var list []*Exemption
			for ref, text := range annotated(c, r) {
				list = append(list, parseAnnotation(ref, text)...)
			}
			return list
		}).From(r))
	}
	return all
}

// annotated yields the objects of a resource that bear the annotation. A pod
// that something made bears what its template does, and is no subject.
func annotated(c *kube.Cluster, r kube.Resource) iter.Seq2[kube.Ref, string] {
	return func(yield func(kube.Ref, string) bool) {
		if r == kube.Pods {
			for p := range c.Pods.All() {
				if p.Owner != (kube.Owner{}) {
					continue
				}
				if text, ok := p.Annotations[Annotation]; ok && !yield(p.Ref(), text) {
					return
				}
			}
			return
		}
		for _, o := range c.Objects(r) {
			bearer, ok := o.(interface{ GetAnnotations() map[string]string })
			if !ok {
				continue
			}
			if text, ok := bearer.GetAnnotations()[Annotation]; ok && !yield(r.Ref(o.GetNamespace(), o.GetName()), text) {
				return
			}
		}
	}
}

// parseAnnotation reads what an annotation exempts.
func parseAnnotation(object kube.Ref, text string) []*Exemption {
	var list []*Exemption
	for part := range strings.SplitSeq(text, ";") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		e := &Exemption{object: object, Acceptance: audit.Acceptance{Origin: "annotation of " + object.String()}}
		e.read(part)
		list = append(list, e)
	}
	return list
}

// read reads one part of an annotation.
func (e *Exemption) read(text string) {
	parts := entry.FindStringSubmatch(text)
	if parts == nil || parts[2] == "" {
		e.wrong = "it is not of the form \"rule: reason (owner, until 2027-01-31)\": " + text
		return
	}
	e.Rule, e.Reason = parts[1], parts[2]
	var owners []string
	for part := range strings.SplitSeq(parts[3], ",") {
		part = strings.TrimSpace(part)
		limit := until.FindStringSubmatch(part)
		if limit == nil {
			if part != "" {
				owners = append(owners, part)
			}
			continue
		}
		day, err := time.Parse(time.DateOnly, limit[1])
		if err != nil {
			e.wrong = "there is no day " + limit[1]
			return
		}
		e.Expires = day
	}
	e.Owner = strings.Join(owners, ", ")
}
