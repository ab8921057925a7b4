package platform

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var deliveryWithoutAnalysis = &audit.Rule{
	ID:       "delivery-without-analysis",
	Title:    "A new version goes out step by step, and nothing is measured",
	Severity: audit.Low,
	Rationale: "The steps pass whether the new version answers or fails: with each more users meet the fault, only slower. " +
		"What makes a step worth its time is that something looks, and goes back.",
	Remediation: "Have an AnalysisTemplate ask Prometheus for the rate of errors: in spec.strategy.canary.analysis, in a step, or before the switch of a blue-green Rollout. " +
		"Name metrics in spec.analysis of a Canary, and do not leave skipAnalysis on.",
	Since:    "3",
	Subjects: []kube.Resource{kube.Rollouts, kube.Canaries},
	Check:    eachDelivery(judgeRolloutAnalysis, judgeCanaryAnalysis),
}

func judgeRolloutAnalysis(p *audit.Pass, r *rollout) {
	if canary := r.Spec.Strategy.Canary; canary != nil {
		if canary.Analysis != nil || slices.ContainsFunc(canary.Steps, canaryStep.judges) {
			return
		}
		f := audit.Finding{Path: "spec.strategy.canary", Message: "no analysis judges its steps", Detail: "Each step passes after its time."}
		switch {
		case len(canary.Steps) == 0:
			f.Message, f.Detail = "it has neither steps nor an analysis", "Without steps all pods are replaced one after the other, as a Deployment does it."
		case slices.ContainsFunc(canary.Steps, canaryStep.waits):
			f.Severity, f.Detail = audit.Info, "At a pause without a duration somebody has to go on, and may look before."
		}
		p.Report(f)
		return
	}
	green := r.Spec.Strategy.BlueGreen
	switch {
	case green == nil:
		p.NotApplicable()
	case green.PrePromotionAnalysis != nil || green.PostPromotionAnalysis != nil:
	default:
		f := audit.Finding{
			Path: "spec.strategy.blueGreen", Message: "no analysis judges the switch to new pods",
			Detail: "All traffic goes to the new pods as soon as they are ready.",
		}
		if green.AutoPromotionEnabled != nil && !*green.AutoPromotionEnabled {
			f.Severity, f.Detail = audit.Info, "With autoPromotionEnabled: false somebody has to switch, and may look before."
		}
		p.Report(f)
	}
}

// judges reports whether a step may find that the new version is no good.
func (s canaryStep) judges() bool { return s.Analysis != nil || s.Experiment != nil || s.Plugin != nil }

// waits reports whether a step waits for a person.
func (s canaryStep) waits() bool { return s.Pause != nil && s.Pause.Duration == nil }

func judgeCanaryAnalysis(p *audit.Pass, c *canary) {
	switch analysis := c.Spec.Analysis; {
	case c.Spec.SkipAnalysis:
		p.Report(audit.Finding{
			Path: "spec.skipAnalysis", Message: "its analysis is skipped", Detail: "Each new version is promoted as soon as its pods are ready.",
		})
	case analysis == nil || len(analysis.Metrics) == 0 && len(analysis.Webhooks) == 0:
		p.Report(audit.Finding{
			Path: "spec.analysis", Message: "no metric judges its steps", Detail: "It names neither metrics nor webhooks: a new version passes if its pods are ready.",
		})
	}
}
