package controlplane

import (
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var gitopsFailed = &triage.Detector{
	ID:    "gitops-failed",
	Title: "What is in Git does not get into the cluster",
	About: "An Argo CD Application whose last operation failed (status.operationState.phase) or that is Degraded, or a Flux Kustomization or HelmRelease that is not " +
		"Ready: what was committed is not applied, or not all of it. What is under way is Unknown or Progressing, what is suspended is so on purpose, and what waits for " +
		"another one (DependencyNotReady) is explained by that.",
	Reads: []kube.Resource{kube.Applications, kube.Kustomizations, kube.HelmReleases},
	Rung:  triage.Effects,
	After: 2 * time.Minute,
	Check: func(p *triage.Pass) {
		for _, o := range p.Cluster.Custom(kube.Applications).In(p.Namespace) {
			if s, failed := failedApplication(o); failed {
				p.Report(s)
			}
		}
		for _, r := range []kube.Resource{kube.Kustomizations, kube.HelmReleases} {
			for _, o := range p.Cluster.Custom(r).In(p.Namespace) {
				if s, failed := failedFlux(r, o); failed {
					p.Report(s)
				}
			}
		}
	},
}

// failedApplication returns the signal of an Application of Argo CD that failed.
func failedApplication(o *unstructured.Unstructured) (triage.Signal, bool) {
	app, err := kube.Decode[struct {
		Status struct {
			Health struct {
				Status             string       `json:"status"`
				Message            string       `json:"message"`
				LastTransitionTime *metav1.Time `json:"lastTransitionTime"`
			} `json:"health"`
			Sync struct {
				Revision string `json:"revision"`
			} `json:"sync"`
			OperationState struct {
				Phase      string       `json:"phase"`
				Message    string       `json:"message"`
				FinishedAt *metav1.Time `json:"finishedAt"`
			} `json:"operationState"`
		} `json:"status"`
	}](o)
	if err != nil || o.GetDeletionTimestamp() != nil {
		return triage.Signal{}, false
	}
	name := kube.Applications.Ref(o.GetNamespace(), o.GetName())
	s := triage.Signal{Object: name, Severity: triage.S3, Keys: []triage.Key{{Kind: triage.ByRelease, Name: "Application " + o.GetName()}}}
	switch operation, health := app.Status.OperationState, app.Status.Health; {
	case operation.Phase == "Failed" || operation.Phase == "Error":
		s.Cause, s.Raw, s.Message = "sync", operation.Message, "its last operation failed"+at(app.Status.Sync.Revision)
		if operation.FinishedAt != nil {
			s.Since = operation.FinishedAt.Time
		}
	case health.Status == "Degraded":
		s.Cause, s.Raw, s.Message = "degraded", health.Message, "is Degraded"+at(app.Status.Sync.Revision)
		if health.LastTransitionTime != nil {
			s.Since = health.LastTransitionTime.Time
		}
	default:
		return s, false
	}
	return s, true
}

// failedFlux returns the signal of an object of Flux that is not ready.
func failedFlux(r kube.Resource, o *unstructured.Unstructured) (triage.Signal, bool) {
	object, err := kube.Decode[struct {
		Spec struct {
			Suspend bool `json:"suspend"`
		} `json:"spec"`
		Status struct {
			LastAttemptedRevision string             `json:"lastAttemptedRevision"`
			Conditions            []metav1.Condition `json:"conditions"`
		} `json:"status"`
	}](o)
	if err != nil || object.Spec.Suspend || o.GetDeletionTimestamp() != nil {
		return triage.Signal{}, false
	}
	for _, c := range object.Status.Conditions {
		if c.Type != "Ready" || c.Status != metav1.ConditionFalse || c.Reason == "DependencyNotReady" {
			continue
		}
		return triage.Signal{
			Object: r.Ref(o.GetNamespace(), o.GetName()), Severity: triage.S3, Since: c.LastTransitionTime.Time, Raw: c.Message, Cause: "not-ready",
			Message: "is not ready: " + c.Reason + at(object.Status.LastAttemptedRevision),
			Keys:    []triage.Key{{Kind: triage.ByRelease, Name: r.Kind + " " + o.GetNamespace() + "/" + o.GetName()}},
		}, true
	}
	return triage.Signal{}, false
}

// at names a revision, "" for none.
func at(revision string) string {
	if revision == "" {
		return ""
	}
	return " at " + revision
}
