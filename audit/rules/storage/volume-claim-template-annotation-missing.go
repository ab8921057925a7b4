package storage

import (
	"fmt"

	appsv1 "k8s.io/api/apps/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

const requiredAnnotations = "requiredAnnotations"

var volumeClaimTemplateAnnotationMissing = &audit.Rule{
	ID:       "volume-claim-template-annotation-missing",
	Title:    "The claims of a StatefulSet lack an annotation",
	Severity: audit.Info,
	Rationale: "Whatever goes by the annotation, as backups and bills do, passes over the StatefulSet's volumes. " +
		"Nobody notices before they are needed.",
	Remediation: "Write the annotation into the claim template: make the StatefulSet anew for that, leaving its pods (--cascade=orphan), since " +
		"templates cannot be changed. Annotate the claims that are there by hand.",
	Since:    "2",
	Subjects: []kube.Resource{kube.StatefulSets},
	Parameters: []audit.Parameter{{
		Name:  requiredAnnotations,
		About: "The keys of the annotations that every claim template has to bear.",
		Value: []string{},
	}},
	Admission: &audit.Admission{
		Resources: []kube.Resource{kube.StatefulSets},
		AtFault:   `variables.requiredAnnotations.filter(k, object.spec.?volumeClaimTemplates.orValue([]).exists(t, !(k in t.metadata.?annotations.orValue({}))))`,
	},
	Check: audit.EachObject(kube.StatefulSets,
		func(c *kube.Cluster) kube.Table[*appsv1.StatefulSet] { return c.StatefulSets },
		func(p *audit.Pass, set *appsv1.StatefulSet) {
			required := p.Texts(requiredAnnotations)
			if len(required) == 0 || len(set.Spec.VolumeClaimTemplates) == 0 {
				p.NotApplicable()
				return
			}
			for i := range set.Spec.VolumeClaimTemplates {
				t := &set.Spec.VolumeClaimTemplates[i]
				for _, key := range required {
					if _, there := t.Annotations[key]; there {
						continue
					}
					p.Report(audit.Finding{
						Path:    fmt.Sprintf("spec.volumeClaimTemplates[%d].metadata.annotations[%q]", i, key),
						Message: fmt.Sprintf("claim template %s has no annotation %s", t.Name, key),
					})
				}
			}
		}),
}
