package kube_test

import (
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// A custom resource that nobody installed has no objects; all else that cannot be
// read may have some.
func TestBlindToCustomResources(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{})
	for r, phase := range map[kube.Resource]kube.Phase{
		kube.Gateways: kube.Absent, kube.HTTPRoutes: kube.Forbidden, kube.GRPCRoutes: kube.Synced,
		kube.Pods: kube.Absent, kube.Services: kube.Stale,
	} {
		b.SetState(kube.State{Resource: r, Phase: phase})
	}
	b.SetState(kube.State{Resource: kube.GRPCRoutes, Namespace: "shop", Phase: kube.Failed})
	c := b.Build(time.Time{})
	for _, test := range []struct {
		resource  kube.Resource
		namespace string
		want      bool
	}{
		{kube.Gateways, "shop", false},
		{kube.HTTPRoutes, "shop", true},
		{kube.GRPCRoutes, "shop", true},
		{kube.GRPCRoutes, "blog", false},
		{kube.Pods, "shop", true},
		{kube.Services, "shop", false},
		{kube.Nodes, "", false},
	} {
		if _, blind := c.Blind(test.resource, test.namespace); blind != test.want {
			t.Errorf("blind for %s in %q: %t", test.resource, test.namespace, blind)
		}
	}
}
