package triage_test

import (
	"slices"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

func TestAnObjectIsAKeyForWhatDependsOnIt(t *testing.T) {
	t.Parallel()
	c := kube.NewBuilder(kube.Info{Name: "test"}).Build(noon)
	for _, test := range []struct {
		object kube.Ref
		want   triage.Key
	}{
		{kube.Nodes.Ref("", "n1"), triage.Key{Kind: triage.ByNode, Name: "n1"}},
		{kube.Services.Ref("shop", "web"), triage.Key{Kind: triage.ByService, Name: "shop/web"}},
		{kube.PersistentVolumeClaims.Ref("shop", "data"), triage.Key{Kind: triage.ByClaim, Name: "shop/data"}},
		{kube.PersistentVolumes.Ref("", "pv-1"), triage.Key{Kind: triage.ByVolume, Name: "pv-1"}},
		{kube.ResourceQuotas.Ref("shop", "compute"), triage.Key{Kind: triage.ByQuota, Name: "shop/compute"}},
		{kube.LimitRanges.Ref("shop", "limits"), triage.Key{Kind: triage.ByQuota, Name: "shop/limits"}},
		{kube.ServiceAccounts.Ref("shop", "builder"), triage.Key{Kind: triage.ByAccount, Name: "shop/builder"}},
		{kube.Secrets.Ref("shop", "tls"), triage.Key{Kind: triage.ByConfig, Name: "Secret shop/tls"}},
		{kube.APIServices.Ref("", "v1beta1.metrics.k8s.io"), triage.Key{Kind: triage.ByAPIService, Name: "v1beta1.metrics.k8s.io"}},
		{kube.CustomResourceDefinitions.Ref("", "widgets.example"), triage.Key{Kind: triage.ByDefinition, Name: "widgets.example"}},
	} {
		if got, ok := triage.KeyOf(test.object); !ok || got != test.want {
			t.Errorf("%s is the key %v, %t; want %v", test.object, got, ok, test.want)
		}
		keys := triage.KeysOf(c, &triage.Signal{Detector: detector(), Object: test.object})
		if !slices.Contains(keys, test.want) {
			t.Errorf("a signal of %s has the keys %v, want %v among them", test.object, keys, test.want)
		}
	}
	for _, object := range []kube.Ref{kube.Pods.Ref("shop", "web-0"), kube.Deployments.Ref("shop", "web"), kube.Namespaces.Ref("", "shop")} {
		if key, ok := triage.KeyOf(object); ok {
			t.Errorf("%s is the key %v, want none", object, key)
		}
	}
}
