package platform

import (
	"cmp"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var analysisRunFailed = &audit.Rule{
	ID:       "analysis-run-failed",
	Title:    "The newest analysis of a Rollout did not succeed",
	Severity: audit.Medium,
	Rationale: "The new version did worse than it may, or nobody knows how it did: an analysis that cannot reach its metrics stops every version, " +
		"and is soon taken out.",
	Remediation: "`kubectl get analysisrun NAME -o yaml` has each measurement with its value. Where it is an error, correct the query, the address or the credentials of the AnalysisTemplate.",
	Since:       "3",
	Subjects:    []kube.Resource{kube.Rollouts},
	Reads:       []kube.Resource{kube.AnalysisRuns},
	Check:       eachRollout(judgeAnalysis),
}

// analysisRun is what is kept of an AnalysisRun.
type analysisRun struct {
	Metadata metav1.ObjectMeta `json:"metadata"`
	Status   struct {
		Phase   string `json:"phase"`
		Message string `json:"message"`
	} `json:"status"`
}

// newestRuns has the newest AnalysisRun of each Rollout of a namespace.
var newestRuns = kube.DeriveFor(func(c *kube.Cluster, namespace string) map[string]*unstructured.Unstructured {
	of := map[string]*unstructured.Unstructured{}
	for _, o := range c.Custom(kube.AnalysisRuns).In(namespace) {
		owner := metav1.GetControllerOfNoCopy(o)
		if owner == nil || owner.Kind != kube.Rollouts.Kind {
			continue // of an Experiment, or made by hand
		}
		if other := of[owner.Name]; other == nil || compareCreated(o, other) > 0 {
			of[owner.Name] = o
		}
	}
	return of
}).From(kube.AnalysisRuns)

func compareCreated(a, b *unstructured.Unstructured) int {
	return cmp.Or(a.GetCreationTimestamp().Compare(b.GetCreationTimestamp().Time), strings.Compare(a.GetName(), b.GetName()))
}

func judgeAnalysis(p *audit.Pass, r *rollout) {
	newest := newestRuns.Of(p.Cluster, r.Metadata.Namespace)[r.Metadata.Name]
	if newest == nil || r.Status.Phase == "Healthy" { // it has got over what one said
		p.NotApplicable()
		return
	}
	run, err := kube.Decode[analysisRun](newest)
	if err != nil {
		p.Unknown(err.Error())
		return
	}
	how := map[string]string{"Failed": "failed", "Error": "could not measure", "Inconclusive": "allows no verdict"}[run.Status.Phase]
	switch {
	case how != "":
		f := audit.Finding{Message: "its newest analysis " + how, Detail: "AnalysisRun " + run.Metadata.Name + " is " + run.Status.Phase + "."}
		if said := told(run.Status.Message); said != "" {
			f.Detail += " " + said
		}
		if r.Status.Phase == rolloutIsDegraded {
			f.Implied = rolloutDegraded.ID
		}
		p.Report(f)
	case run.Status.Phase != "Successful":
		p.NotApplicable() // it goes on
	}
}
