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

// An empty view in which everything was refused is not an empty cluster.
func TestRefused(t *testing.T) {
	t.Parallel()
	no := func(r kube.Resource, reason string) kube.State {
		return kube.State{Resource: r, Phase: kube.Forbidden, Reason: reason}
	}
	of := func(r kube.Resource, phase kube.Phase) kube.State { return kube.State{Resource: r, Phase: phase} }
	for name, test := range map[string]struct {
		states []kube.State
		want   string
	}{
		"nothing was asked":          {nil, ""},
		"all is well":                {[]kube.State{of(kube.Pods, kube.Synced)}, ""},
		"one is refused":             {[]kube.State{no(kube.Nodes, "no nodes")}, "no nodes"},
		"pods speak for all":         {[]kube.State{no(kube.Deployments, "no deployments"), no(kube.Pods, "no pods"), no(kube.Services, "no services")}, "no pods"},
		"something can be read":      {[]kube.State{no(kube.Pods, "no pods"), of(kube.Services, kube.Stale)}, ""},
		"something failed":           {[]kube.State{no(kube.Pods, "no pods"), of(kube.Services, kube.Failed)}, ""},
		"figures are put beside it":  {[]kube.State{no(kube.Pods, "no pods"), of(kube.Measurements, kube.Synced)}, "no pods"},
		"something is still asked":   {[]kube.State{no(kube.Pods, "no pods"), of(kube.Services, kube.Syncing)}, ""},
		"the rest is not served":     {[]kube.State{no(kube.Pods, "no pods"), of(kube.Gateways, kube.Absent)}, "no pods"},
		"the rest was not asked for": {[]kube.State{no(kube.Pods, "no pods"), of(kube.Events, kube.Skipped)}, "no pods"},
		"nothing is served":          {[]kube.State{of(kube.Gateways, kube.Absent)}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := kube.NewBuilder(kube.Info{})
			for _, s := range test.states {
				b.SetState(s)
			}
			if got, refused := b.Build(time.Time{}).Refused(); got != test.want || refused != (test.want != "") {
				t.Errorf("got %q, %t, want %q", got, refused, test.want)
			}
		})
	}
}
