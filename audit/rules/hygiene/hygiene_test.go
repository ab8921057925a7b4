package hygiene_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/rules/hygiene"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// run judges a view with one ConfigMap, of which some resources are in some state.
func run(t *testing.T, states ...kube.State) *audit.Result {
	t.Helper()
	b := kube.NewBuilder(kube.Info{})
	settings := &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "settings"}}
	if err := b.Set(kube.ConfigMaps, settings); err != nil {
		t.Fatal(err)
	}
	for _, s := range states {
		b.SetState(s)
	}
	return audit.Run(b.Build(time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)), []audit.Category{hygiene.Category()})
}

// Whoever cannot read all that may refer to an object cannot say that nothing does.
func TestNoVerdictWhereReferencesCannotBeRead(t *testing.T) {
	t.Parallel()
	type verdict struct{ Failing, Unknown int }
	for name, test := range map[string]struct {
		state kube.State
		want  verdict
	}{
		"all read":                  {kube.State{Resource: kube.Pods, Phase: kube.Synced}, verdict{Failing: 1}},
		"pods are forbidden":        {kube.State{Resource: kube.Pods, Phase: kube.Forbidden}, verdict{Unknown: 1}},
		"of the namespace":          {kube.State{Resource: kube.CronJobs, Namespace: "shop", Phase: kube.Failed}, verdict{Unknown: 1}},
		"of another namespace":      {kube.State{Resource: kube.CronJobs, Namespace: "blog", Phase: kube.Failed}, verdict{Failing: 1}},
		"no Flux":                   {kube.State{Resource: kube.HelmReleases, Phase: kube.Absent}, verdict{Failing: 1}},
		"Flux is forbidden":         {kube.State{Resource: kube.HelmReleases, Phase: kube.Forbidden}, verdict{Unknown: 1}},
		"an API of newer servers":   {kube.State{Resource: kube.ValidatingAdmissionPolicies, Phase: kube.Absent}, verdict{Failing: 1}},
		"what refers to no setting": {kube.State{Resource: kube.Nodes, Phase: kube.Forbidden}, verdict{Failing: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got verdict
			for _, tally := range run(t, test.state).Tallies() {
				if tally.Rule.ID == "configmap-unused" && tally.Namespace == "shop" {
					got = verdict{tally.Failing, tally.Unknown}
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("verdict (-want +got):\n%s", diff)
			}
		})
	}
}

// Where there is no such APIService there is no object that an example could show.
func TestMetricsServerIsMissing(t *testing.T) {
	t.Parallel()
	for phase, want := range map[kube.Phase]int{kube.Synced: 1, kube.Forbidden: 0} {
		got := 0
		for _, f := range run(t, kube.State{Resource: kube.APIServices, Phase: phase}).Findings() {
			if f.Rule.ID == "metrics-server-missing" {
				got++
			}
		}
		if got != want {
			t.Errorf("%d findings where APIServices are %s, not %d", got, phase, want)
		}
	}
}
