package hygiene

import (
	"iter"
	"maps"
	"slices"
	"strconv"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

const forbiddenAnnotations = "annotations"

var annotationForbidden = &audit.Rule{
	ID:       "annotation-forbidden",
	Title:    "An annotation that you forbid is set",
	Severity: audit.Info,
	Rationale: "Annotations command controllers: one on an Ingress puts text into the configuration of a proxy, one on a Service makes a " +
		"load balancer public. Whoever decides that they are not to be used wants to see where they are.",
	Remediation: "Remove the annotation, or use what the controller offers instead of it.",
	Since:       "2",
	Subjects:    append(kube.WorkloadResources(), kube.Services, kube.Ingresses, kube.Namespaces),
	Parameters: []audit.Parameter{{
		Name: forbiddenAnnotations, Value: []string{},
		About: "Annotations that nothing may bear, by key. None are forbidden by default.",
	}},
	Check: audit.Each(annotated, judgeForbidden),
}

// bearer is what may bear annotations.
type bearer struct {
	annotations map[string]string
	workload    *kube.Workload // whose pods may bear some as well; nil for all else
}

func judgeForbidden(p *audit.Pass, b bearer) {
	forbidden := p.Texts(forbiddenAnnotations)
	if len(forbidden) == 0 {
		p.NotApplicable()
		return
	}
	report := func(path string, annotations map[string]string) {
		for _, key := range slices.Sorted(maps.Keys(annotations)) {
			if !slices.Contains(forbidden, key) {
				continue
			}
			p.Report(audit.Finding{
				Path:    annotationPath(path, key),
				Message: "annotation " + key + " is forbidden",
				Detail:  "It is among the annotations that nothing may bear.",
				Fixes: []audit.Fix{{
					Title: "remove annotation " + key,
					Edits: []audit.Edit{{Op: audit.Remove, Path: annotationPath(path, key)}},
					Risk:  "What the annotation commanded is undone.",
				}},
			})
		}
	}
	report("metadata", b.annotations)
	if b.workload != nil && b.workload.MetadataPath() != "metadata" {
		report(b.workload.MetadataPath(), b.workload.Pod.Annotations)
	}
}

// annotationPath returns the field path of an annotation.
func annotationPath(metadata, key string) string {
	return metadata + ".annotations[" + strconv.Quote(key) + "]"
}

// annotated yields what controllers read annotations of.
func annotated(c *kube.Cluster) iter.Seq2[audit.Subject, bearer] {
	return func(yield func(audit.Subject, bearer) bool) {
		for _, w := range c.Workloads() {
			if !yield(audit.Subject{Ref: w.Ref, Namespace: w.Ref.Namespace}, bearer{w.Annotations, w}) {
				return
			}
		}
		for s := range c.Services.All() {
			if !yield(audit.Subject{Ref: kube.Services.Ref(s.Namespace, s.Name), Namespace: s.Namespace}, bearer{s.Annotations, nil}) {
				return
			}
		}
		for i := range c.Ingresses.All() {
			if !yield(audit.Subject{Ref: kube.Ingresses.Ref(i.Namespace, i.Name), Namespace: i.Namespace}, bearer{i.Annotations, nil}) {
				return
			}
		}
		for n := range c.Namespaces.All() {
			if !yield(audit.Subject{Ref: kube.Namespaces.Ref("", n.Name), Namespace: n.Name}, bearer{n.Annotations, nil}) {
				return
			}
		}
	}
}
