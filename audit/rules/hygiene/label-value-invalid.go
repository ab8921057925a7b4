package hygiene

import (
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var labelValueInvalid = &audit.Rule{
	ID:          "label-value-invalid",
	Title:       "The API server refuses a label",
	Severity:    audit.Medium,
	Rationale:   "The manifest cannot be applied: the rollout that it is a part of stops half-way.",
	Remediation: "Use letters, digits, dashes, underscores and dots, at most 63 of them, with a letter or digit at both ends.",
	Since:       "2",
	Subjects:    append(deletable(), kube.Pods, kube.ReplicaSets),
	Check: audit.Each(labelled, func(p *audit.Pass, l labelsOf) {
		for _, at := range l {
			for _, key := range slices.Sorted(maps.Keys(at.labels)) {
				faults := append(validation.IsQualifiedName(key), validation.IsValidLabelValue(at.labels[key])...)
				if len(faults) == 0 {
					continue
				}
				p.Report(audit.Finding{
					Path:    at.metadata + ".labels[" + strconv.Quote(key) + "]",
					Message: "label " + key + " is not valid",
					Detail:  "The API server says: " + strings.Join(faults, "; ") + ".",
				})
			}
		}
	}),
}

// labelsOf is where an object has labels.
type labelsOf []struct {
	metadata string // the field path
	labels   map[string]string
}

// labelled yields every object of manifests; what a server holds it has let in.
func labelled(c *kube.Cluster) iter.Seq2[audit.Subject, labelsOf] {
	return func(yield func(audit.Subject, labelsOf) bool) {
		if !c.Info.Offline {
			return
		}
		for _, w := range c.Workloads() {
			all := labelsOf{{"metadata", w.Labels}}
			if w.MetadataPath() != "metadata" {
				all = append(all, labelsOf{{w.MetadataPath(), w.Pod.Labels}}...)
			}
			if w.Held && !yield(audit.Subject{Ref: w.Ref, Namespace: w.Ref.Namespace}, all) {
				return
			}
		}
		for _, r := range deletable() {
			if slices.Contains(kube.WorkloadResources(), r) {
				continue
			}
			for _, o := range c.Objects(r) {
				object, ok := o.(interface{ GetLabels() map[string]string })
				subject := audit.Subject{Ref: r.Ref(o.GetNamespace(), o.GetName()), Namespace: o.GetNamespace()}
				if ok && !yield(subject, labelsOf{{"metadata", object.GetLabels()}}) {
					return
				}
			}
		}
	}
}
