package policy_test

import (
	"fmt"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit/policy"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest/fleet"
)

// BenchmarkFollow follows a fleet of which pods change, without a policy and
// with some exemptions.
func BenchmarkFollow(b *testing.B) {
	exemptions := "exemptions:\n"
	for i := range 50 {
		exemptions += fmt.Sprintf("- {scope: {rule: cpu-*, name: web-%d}, reason: old, owner: us}\n", i)
	}
	for name, text := range map[string]string{"none": "", "empty": "", "50 exemptions": exemptions} {
		b.Run(name, func(b *testing.B) {
			f := fleet.Of(10_000)
			builder, err := f.Builder()
			if err != nil {
				b.Fatal(err)
			}
			assessor := score.NewAssessor(rules.All(), nil)
			if name != "none" {
				p, err := policy.Parse("f.yaml", []byte(text), policy.Catalogue(rules.All()), "")
				if err != nil {
					b.Fatal(err)
				}
				assessor.Under(p.NewReviewer(policy.Catalogue(rules.All())))
			}
			assessor.Assess(builder.Build(fleet.Began()))
			for i := 0; b.Loop(); i += 200 {
				for j := range 200 {
					if err := builder.Set(kube.Pods, f.Change(i+j)); err != nil {
						b.Fatal(err)
					}
				}
				assessor.Glance(builder.Build(fleet.Began()))
			}
		})
	}
}
