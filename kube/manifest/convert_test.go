package manifest_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// What an old version leaves out keeps the meaning that it had there, and the
// view says with which version each object is written.
func TestOldVersions(t *testing.T) {
	t.Parallel()
	c, source := read(t, `
apiVersion: admissionregistration.k8s.io/v1beta1
kind: ValidatingWebhookConfiguration
metadata: {name: names}
webhooks:
- name: names.example.com
- name: strict.example.com
  failurePolicy: Fail
  timeoutSeconds: 5
---
{apiVersion: node.k8s.io/v1alpha1, kind: RuntimeClass, metadata: {name: sandbox}, spec: {runtimeHandler: runsc}}
---
{apiVersion: scheduling.k8s.io/v1beta1, kind: PriorityClass, metadata: {name: batch}, value: 7}
---
{apiVersion: coordination.k8s.io/v1beta1, kind: Lease, metadata: {name: one, namespace: kube-node-lease}, spec: {holderIdentity: one, leaseDurationSeconds: 40}}
---
apiVersion: apps/v1beta2
kind: ControllerRevision
metadata: {name: db-1, ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: db, controller: true}]}
revision: 2
data: {spec: {template: {$patch: replace, spec: {containers: [{name: db, image: "postgres:18"}]}}}}
---
{apiVersion: apiextensions.k8s.io/v1beta1, kind: CustomResourceDefinition, metadata: {name: widgets.example.com}}
`)
	if faults := problems(source); len(faults) > 0 {
		t.Fatalf("problems: %v", faults)
	}
	hooks, _ := c.ValidatingWebhookConfigurations.Get("", "names")
	type hook struct {
		policy  admissionregistrationv1.FailurePolicyType
		seconds int32
	}
	var got []hook
	for _, w := range hooks.Webhooks {
		got = append(got, hook{*w.FailurePolicy, *w.TimeoutSeconds})
	}
	if diff := cmp.Diff([]hook{{"Ignore", 30}, {"Fail", 5}}, got, cmp.AllowUnexported(hook{})); diff != "" {
		t.Errorf("webhooks (-want +got):\n%s", diff)
	}
	if class, _ := c.RuntimeClasses.Get("", "sandbox"); class.Handler != "runsc" {
		t.Errorf("the handler of the RuntimeClass is %q", class.Handler)
	}
	if class, _ := c.PriorityClasses.Get("", "batch"); class.Value != 7 {
		t.Errorf("the value of the PriorityClass is %d", class.Value)
	}
	if lease, _ := c.Leases.Get(kube.NodeLeases, "one"); lease.Holder != "one" || lease.Duration != 40*time.Second {
		t.Errorf("the Lease is held as %+v", lease)
	}
	if r, _ := c.ControllerRevisions.Get("default", "db-1"); r.Revision != 2 || r.Template().Spec.Containers[0].Image != "postgres:18" {
		t.Errorf("the ControllerRevision is held as %+v", r)
	}
	for r, want := range map[kube.Resource]string{
		kube.ValidatingWebhookConfigurations: "admissionregistration.k8s.io/v1beta1",
		kube.RuntimeClasses:                  "node.k8s.io/v1alpha1",
		kube.PriorityClasses:                 "scheduling.k8s.io/v1beta1",
		kube.CustomResourceDefinitions:       "apiextensions.k8s.io/v1beta1",
	} {
		if written, _ := c.WrittenAs(r, c.Objects(r)[0]); written.APIVersion != want {
			t.Errorf("%s is written as %s, want %s", r, written.APIVersion, want)
		}
	}
}
