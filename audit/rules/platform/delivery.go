package platform

import (
	"iter"
	"strconv"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// rollout is what matters of a Rollout of Argo
// (github.com/argoproj/argo-rollouts, pkg/apis/rollouts/v1alpha1).
type rollout struct {
	Metadata metav1.ObjectMeta `json:"metadata"`
	Spec     struct {
		Paused   bool `json:"paused"`
		Strategy struct {
			Canary    *canaryStrategy    `json:"canary"`
			BlueGreen *blueGreenStrategy `json:"blueGreen"`
		} `json:"strategy"`
	} `json:"spec"`
	Status struct {
		Phase              string       `json:"phase"` // Healthy, Degraded, Progressing or Paused
		Message            string       `json:"message"`
		Abort              bool         `json:"abort"`
		AbortedAt          *metav1.Time `json:"abortedAt"`
		ObservedGeneration string       `json:"observedGeneration"` // once a hash, now a number
		CurrentStepIndex   *int         `json:"currentStepIndex"`
		PauseConditions    []struct {
			Reason    string      `json:"reason"`
			StartTime metav1.Time `json:"startTime"`
		} `json:"pauseConditions"`
	} `json:"status"`
}

// canaryStrategy replaces pods step by step.
type canaryStrategy struct {
	Analysis *struct{}    `json:"analysis"` // one that goes on behind the steps
	Steps    []canaryStep `json:"steps"`
}

// canaryStep does one of several things.
type canaryStep struct {
	Pause *struct {
		Duration any `json:"duration"` // nil: until a person goes on
	} `json:"pause"`
	Analysis   *struct{} `json:"analysis"`
	Experiment *struct{} `json:"experiment"`
	Plugin     *struct{} `json:"plugin"`
}

// blueGreenStrategy starts all new pods beside the old ones, and switches.
type blueGreenStrategy struct {
	AutoPromotionEnabled  *bool     `json:"autoPromotionEnabled"` // true unless it says so
	PrePromotionAnalysis  *struct{} `json:"prePromotionAnalysis"`
	PostPromotionAnalysis *struct{} `json:"postPromotionAnalysis"`
}

const rolloutIsDegraded = "Degraded"

// eachRollout returns a Check that judges every Rollout as the object that it is: others
// judge the pods it makes.
func eachRollout(judge func(*audit.Pass, *rollout)) audit.Check {
	return audit.EachCustom(kube.Rollouts, func(p *audit.Pass, o *unstructured.Unstructured) { judgeAs(p, o, judge) })
}

// seen reports whether the controller of a Rollout has said how it does since it was last
// changed. If not, the subject is not applicable, or unknown.
func (r *rollout) seen(p *audit.Pass) bool {
	if r.Status.Phase == "" {
		p.NotApplicable() // a manifest, or not looked at yet
		return false
	}
	observed, err := strconv.ParseInt(r.Status.ObservedGeneration, 10, 64)
	if err == nil && observed < r.Metadata.Generation {
		p.Unknown("its controller has not seen the last change")
		return false
	}
	return true
}

// told is what a controller gives as the reason, as a sentence of its own; "" for nothing.
func told(message string) string {
	if message = strings.TrimSuffix(strings.TrimSpace(message), "."); message == "" {
		return ""
	}
	return "The controller says: " + message + "."
}

// canary is what matters of a Canary of Flagger
// (github.com/fluxcd/flagger, pkg/apis/flagger/v1beta1).
type canary struct {
	Metadata metav1.ObjectMeta `json:"metadata"`
	Spec     struct {
		Suspend      bool `json:"suspend"`
		SkipAnalysis bool `json:"skipAnalysis"`
		Analysis     *struct {
			Metrics []struct {
				Name string `json:"name"`
			} `json:"metrics"`
			Webhooks []struct {
				Type string `json:"type"`
			} `json:"webhooks"`
		} `json:"analysis"`
	} `json:"spec"`
	Status struct {
		Phase              string             `json:"phase"`
		FailedChecks       int                `json:"failedChecks"`
		LastTransitionTime metav1.Time        `json:"lastTransitionTime"`
		Conditions         []metav1.Condition `json:"conditions"`
	} `json:"status"`
}

// promoted is what Flagger says of the newest version; "" for nothing.
func (c *canary) promoted() string {
	for i := range c.Status.Conditions {
		if c.Status.Conditions[i].Type == "Promoted" {
			return told(c.Status.Conditions[i].Message)
		}
	}
	return ""
}

// eachDelivery returns a Check that judges every Rollout and every Canary.
func eachDelivery(ofRollout func(*audit.Pass, *rollout), ofCanary func(*audit.Pass, *canary)) audit.Check {
	list := func(c *kube.Cluster) iter.Seq2[audit.Subject, *unstructured.Unstructured] {
		return func(yield func(audit.Subject, *unstructured.Unstructured) bool) {
			for _, r := range []kube.Resource{kube.Canaries, kube.Rollouts} {
				for o := range c.Custom(r).All() {
					if !yield(audit.Subject{Ref: r.Ref(o.GetNamespace(), o.GetName()), Namespace: o.GetNamespace()}, o) {
						return
					}
				}
			}
		}
	}
	return audit.Each(list, func(p *audit.Pass, o *unstructured.Unstructured) {
		if p.Subject().Ref.Group == kube.Canaries.Group {
			judgeAs(p, o, ofCanary)
			return
		}
		judgeAs(p, o, ofRollout)
	})
}
