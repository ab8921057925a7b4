package plan_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// workload writes a workload of a kind, with fields of its spec beside the template.
func workload(kind, spec string) string {
	version := "apps/v1"
	switch kind {
	case "Job", "CronJob":
		version = "batch/v1"
	case "ReplicationController":
		version = "v1"
	}
	const pod = "metadata: {labels: {app: web}}, spec: {restartPolicy: Never, containers: [{name: web, image: web:1}]}"
	template := "template: {" + pod + "}"
	if kind == "CronJob" {
		template = `schedule: "* * * * *", jobTemplate: {spec: {template: {` + pod + "}}}"
	}
	if spec != "" {
		spec += ", "
	}
	return "apiVersion: " + version + "\nkind: " + kind + "\nmetadata: {name: web, namespace: shop}\nspec: {" + spec + template + "}\n"
}

// A change of the template says how it comes to the pods, and who does not notice.
func TestBreaksOfRollouts(t *testing.T) {
	t.Parallel()
	const selector = "selector: {matchLabels: {app: web}}"
	const keep = "its pods keep the old template until somebody deletes them"
	tests := map[string]struct{ kind, spec, want string }{
		"Deployment":                    {"Deployment", "replicas: 3, " + selector, ""},
		"Deployment of one":             {"Deployment", selector, ""},
		"Deployment, Recreate":          {"Deployment", "strategy: {type: Recreate}, " + selector, "it is down while its pods are made again: strategy Recreate stops all of them first"},
		"Deployment, all at once":       {"Deployment", "replicas: 2, strategy: {rollingUpdate: {maxUnavailable: 100%}}, " + selector, "it may be down while its pods are made again: its rollout may stop all of them at once"},
		"Deployment of one without one": {"Deployment", "strategy: {rollingUpdate: {maxUnavailable: 1, maxSurge: 0}}, " + selector, "it may be down while its pods are made again: its rollout may stop all of them at once"},
		"Deployment of none":            {"Deployment", "replicas: 0, strategy: {type: Recreate}, " + selector, ""},
		"Deployment that is paused":     {"Deployment", "paused: true, " + selector, "its rollout is paused: the change waits until somebody resumes it"},
		"StatefulSet":                   {"StatefulSet", "replicas: 3, serviceName: web, " + selector, "its pods are made again one after the other, the highest number first"},
		"StatefulSet of one":            {"StatefulSet", "serviceName: web, " + selector, "it is down while its only pod is made again"},
		"StatefulSet, OnDelete":         {"StatefulSet", "serviceName: web, updateStrategy: {type: OnDelete}, " + selector, keep + " (updateStrategy OnDelete)"},
		"DaemonSet":                     {"DaemonSet", selector, "each node is without its pod while that is made again"},
		"DaemonSet with a surge":        {"DaemonSet", "updateStrategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}, " + selector, ""},
		"DaemonSet, OnDelete":           {"DaemonSet", "updateStrategy: {type: OnDelete}, " + selector, keep + " (updateStrategy OnDelete)"},
		"ReplicaSet":                    {"ReplicaSet", selector, keep},
		"ReplicationController":         {"ReplicationController", "selector: {app: web}", keep},
		"Job":                           {"Job", "", "no server changes the template of a Job: deleted and created again, it runs again"},
		"CronJob":                       {"CronJob", "", "Jobs that have begun go on as they are, the next one has the change"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := "spec.template.spec.containers[0].image"
			if test.kind == "CronJob" {
				path = "spec.jobTemplate." + path
			}
			p := makePlan(t, workload(test.kind, test.spec), plan.Options{}, wish{
				"image", audit.High, func(w *kube.Workload) bool { return w.Pod.Spec.Containers[0].Image == "web:1" }, audit.SetField("x", path, "web:2"),
			})
			if len(p.Objects) != 1 {
				t.Fatalf("%d objects change: %q", len(p.Objects), told(p))
			}
			if diff := cmp.Diff(test.want, strings.Join(p.Objects[0].Breaks, "; ")); diff != "" {
				t.Errorf("it breaks (-want +got):\n%s", diff)
			}
			completes := test.kind == "Job" || test.kind == "CronJob"
			if p.Objects[0].Remade == completes {
				t.Errorf("its pods are made again: %t", p.Objects[0].Remade)
			}
		})
	}
}

// What else gets in each other's way is said as well.
func TestBreaksOfOthers(t *testing.T) {
	t.Parallel()
	const deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\n" +
		"spec: {replicas: 2, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {serviceAccountName: web, containers: [{name: web, image: web:1}]}}}\n"
	scaler := audit.Object{
		"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": map[string]any{"name": "scaler", "namespace": "shop"},
		"spec": map[string]any{"maxReplicas": 9, "scaleTargetRef": map[string]any{"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}},
	}
	const scaled = "---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: scaler, namespace: shop}\n" +
		"spec: {maxReplicas: 9, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}\n"
	const account = "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web, namespace: shop}\n"
	pdb := func(field string, value any) audit.Fix {
		f := budget("web")
		f.New[0]["spec"] = map[string]any{field: value, "selector": map[string]any{"matchLabels": map[string]any{"app": "web"}}}
		return f
	}
	denial := audit.Fix{New: []audit.Object{{
		"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": map[string]any{"name": "deny", "namespace": "shop"},
		"spec": map[string]any{"podSelector": map[string]any{}},
	}}}
	const blocked = "it blocks the drain of nodes: none of the 2 pods of Deployment shop/web may go"
	tests := map[string]struct {
		text string
		fix  audit.Fix
		want string
	}{
		"an autoscaler, and replicas in the manifest": {deployment, audit.Fix{New: []audit.Object{scaler}}, "the replicas in the manifest of Deployment shop/web, where it has them, undo at each apply what it does: take the field out"},
		"an autoscaler in the place of replicas":      {deployment, audit.Fix{Edits: []audit.Edit{{Op: audit.Remove, Path: "spec.replicas"}}, New: []audit.Object{scaler}}, ""},
		"replicas, and an autoscaler":                 {deployment + scaled, audit.SetField("x", "spec.replicas", int64(3)), "HorizontalPodAutoscaler scaler sets the number of its replicas, and changes it again"},
		"no replicas, and an autoscaler":              {deployment + scaled, audit.Fix{Edits: []audit.Edit{{Op: audit.Remove, Path: "spec.replicas"}}}, ""},
		"replicas":                                    {deployment, audit.SetField("x", "spec.replicas", int64(3)), ""},
		"a budget that lets none go":                  {deployment, pdb("minAvailable", int64(2)), blocked},
		"a budget that lets no share go":              {deployment, pdb("minAvailable", "60%"), blocked},
		"a budget of nothing":                         {deployment, pdb("maxUnavailable", int64(0)), blocked},
		"a budget that lets one go":                   {deployment, pdb("minAvailable", int64(1)), ""},
		"a network policy":                            {deployment, denial, "it cuts what no policy allows for the pods of 1 of the workloads in view"},
		"an account": {
			deployment + account,
			audit.Fix{Edits: []audit.Edit{{Object: kube.ServiceAccounts.Ref("shop", "web"), Path: "automountServiceAccountToken", Value: false}}},
			"the pods that run as it see the change when they are made again",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			label := audit.Edit{Object: kube.Deployments.Ref("shop", "web"), Path: "metadata.labels.done", Value: "yes"}
			test.fix.Edits = append(test.fix.Edits, label)
			p := makePlan(t, test.text, plan.Options{Hold: takeAll}, wish{"x", audit.High, unlabelled("done", "yes"), test.fix})
			var got []string
			for _, o := range p.Objects {
				got = append(got, o.Breaks...)
			}
			if diff := cmp.Diff(test.want, strings.Join(got, "; ")); diff != "" {
				t.Errorf("it breaks (-want +got):\n%s", diff)
			}
		})
	}
}
