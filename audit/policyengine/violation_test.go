package policyengine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/policyengine"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// view reads objects as those of a cluster, of which every kind was read.
func view(t *testing.T, text string) *kube.Cluster {
	t.Helper()
	source := manifest.New([]string{manifest.Stdin}, manifest.Options{
		Stdin: strings.NewReader(text), Info: &kube.Info{Name: "prod"},
		Now: func() time.Time { return time.Date(2026, time.January, 1, 12, 0, 0, 0, time.UTC) },
	})
	c, err := kube.Load(t.Context(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const shop = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: a}]}}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web-1, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, uid: a, controller: true}]}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: a}]}}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1-a, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-1, uid: b, controller: true}]}
spec: {containers: [{name: web, image: a}]}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: tidy, namespace: shop}
spec: {schedule: "@daily", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: a}]}}}}}
---
apiVersion: batch/v1
kind: Job
metadata: {name: tidy-1, namespace: shop, ownerReferences: [{apiVersion: batch/v1, kind: CronJob, name: tidy, uid: c, controller: true}]}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: a}]}}}
---
apiVersion: wgpolicyk8s.io/v1alpha2
kind: PolicyReport
metadata: {name: web, namespace: shop}
scope: {apiVersion: apps/v1, kind: Deployment, namespace: shop, name: web}
results:
- {source: kyverno, policy: team, rule: autogen-team, result: fail, severity: high, timestamp: {seconds: 100}}
- {source: kyverno, policy: probes, rule: autogen-probes, result: warn, severity: high}
---
apiVersion: wgpolicyk8s.io/v1alpha2
kind: PolicyReport
metadata: {name: web-1, namespace: shop}
scope: {apiVersion: apps/v1, kind: ReplicaSet, namespace: shop, name: web-1}
results: [{source: kyverno, policy: team, rule: autogen-team, result: fail, severity: high, timestamp: {seconds: 300}}]
---
apiVersion: wgpolicyk8s.io/v1alpha2
kind: PolicyReport
metadata: {name: pod, namespace: shop}
scope: {apiVersion: v1, kind: Pod, namespace: shop, name: web-1-a}
results: [{source: kyverno, policy: team, rule: team, result: fail, severity: high, timestamp: {seconds: 200}}]
---
# The pod is gone, its report is not yet.
apiVersion: wgpolicyk8s.io/v1alpha2
kind: PolicyReport
metadata: {name: gone, namespace: shop}
scope: {apiVersion: v1, kind: Pod, namespace: shop, name: web-0-x}
results: [{source: kyverno, policy: team, rule: team, result: fail}]
---
# All objects of a namespace in one report, as others write them.
apiVersion: openreports.io/v1alpha1
kind: Report
metadata: {name: all, namespace: shop}
source: scanner
results:
- {policy: schedule, result: fail, resources: [{apiVersion: batch/v1, kind: Job, namespace: shop, name: tidy-1}]}
- {policy: schedule, result: pass, resources: [{apiVersion: apps/v1, kind: Deployment, namespace: shop, name: web}]}
- {policy: privileged-container, source: seaworthy, result: fail, resources: [{apiVersion: apps/v1, kind: Deployment, namespace: shop, name: web}]}
---
apiVersion: constraints.gatekeeper.sh/v1beta1
kind: K8sPSPPrivilegedContainer
metadata: {name: psp}
status:
  auditTimestamp: "2026-01-01T11:59:00Z"
  totalViolations: 30
  violations:
  - {group: "", version: v1, kind: Pod, namespace: shop, name: web-1-a, message: privileged}
  - {group: example.com, version: v1, kind: Ship, namespace: shop, name: titanic, message: unsinkable}
`

// What is found of the parts of a workload is of the workload, once, and what is gone is
// not told.
func TestViolations(t *testing.T) {
	t.Parallel()
	c := view(t, shop)
	type told struct {
		Name, Severity string
		Objects        int
		At             int64
	}
	of := func(r kube.Ref) []told {
		var all []told
		for _, v := range policyengine.Violations(c, r) {
			at := int64(0)
			if !v.At.IsZero() {
				at = v.At.Unix()
			}
			all = append(all, told{v.Name(), v.Severity.String(), v.Objects, at})
		}
		return all
	}
	audited := time.Date(2026, time.January, 1, 11, 59, 0, 0, time.UTC).Unix()
	for ref, want := range map[kube.Ref][]told{
		kube.Deployments.Ref("shop", "web"): {
			{"team", "high", 3, 300},
			{"K8sPSPPrivilegedContainer/psp", "medium", 1, audited},
			{"probes", "low", 1, 0},
		},
		kube.Pods.Ref("shop", "web-1-a"):                                         nil,
		kube.Pods.Ref("shop", "web-0-x"):                                         nil,
		kube.CronJobs.Ref("shop", "tidy"):                                        {{"schedule", "medium", 1, 0}},
		{Group: "example.com", Kind: "Ship", Namespace: "shop", Name: "titanic"}: {{"K8sPSPPrivilegedContainer/psp", "medium", 1, audited}},
	} {
		if diff := cmp.Diff(want, of(ref)); diff != "" {
			t.Errorf("of %s (-want +got):\n%s", ref, diff)
		}
	}
	state := policyengine.StateOf(c)
	if state.Constraints != 1 || state.Reports != 5 || state.Unlisted != 28 || state.Audited.Unix() != audited || state.Reported.Unix() != 300 {
		t.Errorf("the engines stand at %+v", state)
	}
}

// That seaworthy reports is no sign that an engine looks: workloads would be said to keep
// policies that there are not.
func TestOwnReportsAreNone(t *testing.T) {
	t.Parallel()
	const reports = `
apiVersion: openreports.io/v1alpha1
kind: Report
metadata: {name: seaworthy, namespace: shop}
source: seaworthy
results: [{source: seaworthy, policy: a, result: pass, timestamp: {seconds: 100}}]
summary: {pass: 1}
---
apiVersion: wgpolicyk8s.io/v1alpha2
kind: PolicyReport
metadata: {name: engine, namespace: ship}
results: [{source: kyverno, policy: a, result: pass, timestamp: {seconds: 50}}]
summary: {pass: 1}
`
	c := view(t, reports)
	if policyengine.Looks(c, "shop") || !policyengine.Looks(c, "ship") {
		t.Error("an engine looks where seaworthy reports, or not where Kyverno does")
	}
	if s := policyengine.StateOf(c); s.Reports != 1 || s.Passed != 1 || s.Reported.Unix() != 50 {
		t.Errorf("the engines stand at %+v", s)
	}
}

// Beside a violation stands whether the rules that judge the same find it.
func TestBeside(t *testing.T) {
	t.Parallel()
	v := policyengine.Violation{Policy: "K8sPSPHostNamespace/any", Known: policyengine.Known("K8sPSPHostNamespace/any")}
	for want, found := range map[string][]string{
		"also found by host-pid":          {"host-pid"},
		"not found by host-pid, host-ipc": {"host-network"},
	} {
		if got := v.Beside(func(rule string) bool { return slices.Contains(found, rule) }); got != want {
			t.Errorf("with findings of %q: %q, want %q", found, got, want)
		}
	}
	unknown := policyengine.Violation{Policy: "K8sRequiredLabels/owner", Known: policyengine.Known("K8sRequiredLabels/owner")}
	if got := unknown.Beside(func(string) bool { return true }); got != "" || unknown.Known != nil {
		t.Errorf("beside a policy that nobody knows stands %q", got)
	}
}

// Each rule in the table of policies is one that there is.
func TestKnownRulesExist(t *testing.T) {
	t.Parallel()
	there := map[string]bool{}
	for _, category := range rules.All() {
		for _, r := range category.Rules {
			there[r.ID] = true
		}
	}
	for _, policy := range policyengine.Published() {
		for _, id := range policyengine.Known(policy) {
			if !there[id] {
				t.Errorf("%s: there is no rule %s", policy, id)
			}
		}
	}
}
