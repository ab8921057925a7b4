package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/audit/ownership"
)

// Of what a chart made, the usual names of values are told as what they are.
func TestBelongsToAChart(t *testing.T) {
	t.Parallel()
	pod := "spec.template.spec."
	o := plan.Object{
		Owner: ownership.Owner{Tool: "Helm", Kind: "release", Name: "shop", Source: "chart podinfo-6.5.0"},
		Edits: []audit.Edit{
			{Path: "spec.replicas"},
			{Path: pod + "securityContext.runAsNonRoot"},
			{Path: pod + "securityContext.seccompProfile.type"},
			{Path: pod + "containers[0].securityContext.privileged"},
			{Path: pod + "containers[0].resources.limits.memory"},
			{Path: pod + "containers[1].resources"},
			{Path: pod + "initContainers[0].image"},
			{Path: pod + "automountServiceAccountToken"},
			{Path: "metadata.labels.a"},
			{Path: pod + "containers[0].imagePullPolicy"},
			{Path: pod + "containers[0].image"},
			{Path: pod + "volumes"},
			{Path: pod + "serviceAccountName"},
			{Path: pod + "containers[0].args[0]"},
		},
	}
	want := "belongs to Helm release shop: change its values (chart podinfo-6.5.0), a patch would be undone; " +
		"charts often have replicaCount, podSecurityContext, securityContext, resources, image.pullPolicy, image.tag, volumes, serviceAccount.name for it"
	if diff := cmp.Diff(want, o.Belongs()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	o.Owner = ownership.Owner{Tool: "Argo CD", Kind: "application", Name: "shop", Source: "path shop"}
	if got := o.Belongs(); got != o.Owner.String() {
		t.Errorf("what no chart made: %s", got)
	}
	o.Owner = ownership.Owner{}
	if got := o.Belongs(); got != "" {
		t.Errorf("what belongs to nobody: %s", got)
	}
}
