package platform

import (
	"cmp"
	"fmt"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/ownership"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var gitopsManualChange = &audit.Rule{
	ID:       "gitops-manual-change",
	Title:    "Somebody changed by hand what is delivered from Git",
	Severity: audit.Medium,
	Rationale: "What runs is not what was reviewed. Either the next sync takes the change back, in the middle of the night that it " +
		"was made for, or nobody notices that it stayed.",
	Remediation: "Bring the change into the repository or take it back there: a sync then settles it. " +
		"For what people may change, say so to the controller (ignoreDifferences of Argo CD, spec.ignore of Flux).",
	Since:    "3",
	Subjects: ownership.Resources(),
	Consults: []kube.Resource{kube.Applications, kube.Kustomizations, kube.HelmReleases},
	Wide:     true,
	Check: audit.EachOf(ownership.Resources(), func(p *audit.Pass, o kube.Object) {
		if w, ok := o.(*kube.Workload); ok {
			o = w.Object
		}
		m, ok := o.(metav1.Object)
		if !ok || ownership.Delivery(m) == nil || ownership.Excepted(m) {
			p.NotApplicable()
			return
		}
		changes, err := ownership.Changes(p.Cluster, p.Subject().Ref, m)
		if err != nil {
			p.Unknown("what was changed by hand cannot be told: " + err.Error())
			return
		}
		for _, change := range changes {
			p.Report(byHand(m, change))
		}
	}),
}

// byHand is the finding of a change.
func byHand(m metav1.Object, change ownership.Change) audit.Finding {
	delivery := ownership.Delivery(m)
	what := "it"
	if len(change.Fields) > 0 {
		what = change.Fields[0]
	}
	if more := len(change.Fields) - 1; more > 0 {
		what += fmt.Sprintf(" and %d more", more)
	}
	f := audit.Finding{
		Message: fmt.Sprintf("%s was changed by %s", what, change.Manager),
		Detail:  fmt.Sprintf("%s delivered it last at %s.", cmp.Or(ownership.Marked(m).Title(), delivery.Manager), kube.Moment(*delivery.Time)),
	}
	if change.At.IsZero() {
		f.Severity = audit.Low // it may be as old as the object, and nothing of it in Git
		f.Detail += " When it was changed the server does not say."
	} else {
		f.Message += " at " + kube.Moment(change.At)
	}
	if len(change.Unsure) > 0 {
		f.Severity = audit.Low
		f.Detail += " It may be let: only who delivers it can evaluate " + strings.Join(change.Unsure, ", ") + "."
	}
	if len(change.Fields) > 0 {
		f.Path, _, _ = strings.Cut(change.Fields[0], "[") // of a list the element is not told by its place
		f.Detail += " " + change.Manager + " owns " + strings.Join(change.Fields[:min(len(change.Fields), mostNamed)], ", ")
		if more := len(change.Fields) - mostNamed; more > 0 {
			f.Detail += fmt.Sprintf(" and %d more", more)
		}
		f.Detail += "."
	}
	return f
}

// mostNamed is how many fields the detail of a finding names.
const mostNamed = 10
