package rules_test

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"

	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest/fleet"
)

// BenchmarkEvent measures what one event costs in a cluster of 150,000 pods, from
// the object to the new assessment.
func BenchmarkEvent(b *testing.B) {
	f := fleet.Of(150_000)
	builder, err := f.Builder()
	if err != nil {
		b.Fatal(err)
	}
	var deployment *appsv1.Deployment
	for r, o := range f.Objects() {
		if r == kube.Deployments {
			deployment = o.(*appsv1.Deployment)
			break
		}
	}
	assessor := score.NewAssessor(rules.All(), nil)
	follow := func(b *testing.B) *score.Assessment {
		b.Helper()
		return assessor.Glance(builder.Build(fleet.Began()))
	}
	if a := follow(b); a.Count() == 0 {
		b.Fatal("nothing is found in a fleet")
	}
	set := func(b *testing.B, r kube.Resource, o kube.Object) {
		b.Helper()
		if err := builder.Set(r, o); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("status of a pod", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			set(b, kube.Pods, f.Change(i))
			follow(b)
		}
	})
	b.Run("status of 200 pods", func(b *testing.B) {
		for i := 0; b.Loop(); i += 200 {
			for j := range 200 {
				set(b, kube.Pods, f.Change(i+j))
			}
			follow(b)
		}
	})
	b.Run("a Deployment", func(b *testing.B) {
		findings := 0
		for i := 0; b.Loop(); i++ {
			changed := deployment.DeepCopy()
			changed.Spec.Template.Spec.HostNetwork = i%2 == 0
			set(b, kube.Deployments, changed)
			findings = follow(b).Count()
		}
		b.ReportMetric(float64(findings), "findings")
	})
	b.Run("all judged afresh", func(b *testing.B) {
		c := builder.Build(fleet.Began())
		for b.Loop() {
			score.Assess(c, rules.All())
		}
	})
}
