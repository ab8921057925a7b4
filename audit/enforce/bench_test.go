package enforce_test

import (
	"testing"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"

	"github.com/seaworthy-dev/seaworthy/audit/enforce"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest/fleet"
)

// BenchmarkJudge judges a cluster of 10,000 pods by one policy.
func BenchmarkJudge(b *testing.B) {
	builder, err := fleet.Of(10_000).Builder()
	if err != nil {
		b.Fatal(err)
	}
	c := builder.Build(fleet.Began())
	for r := range enforceable() {
		if r.ID != "privileged-container" && r.ID != "memory-limit-missing" {
			continue
		}
		b.Run(r.ID, func(b *testing.B) {
			for b.Loop() {
				e, err := enforce.Of(r, enforce.Options{Action: admissionregistrationv1.Warn})
				if err != nil {
					b.Fatal(err)
				}
				out, err := e.Judge(c)
				if err != nil || out.Judged < 10_000 {
					b.Fatalf("%d objects: %v", out.Judged, err)
				}
			}
		})
	}
}
