package kube_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// What a slice has of its Service is held once, and all labels come back.
func TestEndpointSlicesKeepTheirLabels(t *testing.T) {
	t.Parallel()
	b := kube.NewBuilder(kube.Info{})
	for seed := range uint64(100) {
		random := rand.New(rand.NewPCG(seed, 13))
		labels := map[string]string{}
		for _, key := range []string{discoveryv1.LabelServiceName, discoveryv1.LabelManagedBy, "app"} {
			if n := random.IntN(4); n > 0 {
				labels[key] = []string{"", "web", "mail"}[n-1]
			}
		}
		sent := &discoveryv1.EndpointSlice{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web", Labels: labels}}
		if err := b.Set(kube.EndpointSlices, sent.DeepCopy()); err != nil {
			t.Fatal(err)
		}
		held, _ := b.Build(time.Unix(0, 0)).EndpointSlices.Get("shop", "web")
		if diff := cmp.Diff(labels, held.API().Labels, cmpopts.EquateEmpty()); diff != "" || held.Service != labels[discoveryv1.LabelServiceName] {
			t.Fatalf("seed %d: slice of %q, labels (-sent +held):\n%s", seed, held.Service, diff)
		}
	}
}
