package change_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// objectOf reads an object of a resource; one that says nothing of itself is a day
// old and called web, in the namespace shop.
func objectOf(t *testing.T, r kube.Resource, text string) kube.Object {
	t.Helper()
	o := kube.NewObject(r)
	into := any(o)
	if custom, ok := o.(*unstructured.Unstructured); ok {
		into = &custom.Object
	}
	if err := yaml.Unmarshal([]byte(text), into); err != nil {
		t.Fatal(err)
	}
	m, ok := o.(metav1.Object)
	if !ok {
		t.Fatalf("%T has no metadata", o)
	}
	if m.GetName() == "" {
		m.SetName("web")
	}
	if r.Namespaced {
		m.SetNamespace("shop")
	}
	if at := m.GetCreationTimestamp(); at.IsZero() {
		m.SetCreationTimestamp(metav1.NewTime(noon().Add(-24 * time.Hour)))
	}
	return o
}

func TestBetween(t *testing.T) {
	t.Parallel()
	const secret = "metadata: {labels: {owner: helm, name: shop, version: '5', status: "
	for name, of := range map[string]struct {
		resource      kube.Resource
		before, after string // "" for no object
		want          []string
	}{
		"webhook": {
			kube.ValidatingWebhookConfigurations, "webhooks: [{name: a, failurePolicy: Ignore, clientConfig: {caBundle: aGE=}}]", "webhooks: [{name: a, failurePolicy: Fail, clientConfig: {caBundle: aGI=}}]",
			[]string{"policy changed: webhooks[a].clientConfig.caBundle changed, webhooks[a].failurePolicy Ignore → Fail"},
		},
		"ingress": {
			kube.Ingresses,
			"spec: {rules: [{host: a.example, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}",
			"spec: {rules: [{host: a.example, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: wep, port: {number: 80}}}}]}}]}",
			[]string{"traffic changed: rules[a.example].http.paths[/].backend.service.name web → wep"},
		},
		"ports": {
			kube.Services, "spec: {clusterIP: 10.0.0.1, ports: [{port: 80, targetPort: 8080}]}", "spec: {clusterIP: 10.0.0.2, ports: [{port: 80, targetPort: http}]}",
			[]string{"traffic changed: ports[80].targetPort 8080 → http"},
		},
		"budget": {
			kube.PodDisruptionBudgets, "spec: {minAvailable: 1}\nstatus: {disruptionsAllowed: 1}", "spec: {minAvailable: 100%}\nstatus: {disruptionsAllowed: 0}",
			[]string{"policy changed: minAvailable 1 → 100%"},
		},
		"only a status": {kube.PodDisruptionBudgets, "status: {disruptionsAllowed: 1}", "status: {disruptionsAllowed: 0}", nil},
		"pod security": {
			kube.Namespaces, "metadata: {labels: {pod-security.kubernetes.io/enforce: baseline}}", "metadata: {labels: {pod-security.kubernetes.io/enforce: restricted}}",
			[]string{"policy changed: label pod-security.kubernetes.io/enforce baseline → restricted"},
		},
		"same quota": {kube.ResourceQuotas, "spec: {hard: {cpu: '1'}}", "spec: {hard: {cpu: 1000m}}", nil},
		"quota": {
			kube.ResourceQuotas, "spec: {hard: {cpu: '10', pods: '5'}}", "spec: {hard: {cpu: '4'}}",
			[]string{"policy changed: hard.cpu 10 → 4, hard.pods removed: 5"},
		},
		"role": {
			kube.Roles, "rules: [{apiGroups: [''], resources: [pods], verbs: [get, list]}]", "rules: [{apiGroups: [''], resources: [pods], verbs: [get]}]",
			[]string{"policy changed: rules[apiGroups [], resources [pods], verbs [get, list]] removed, rules[apiGroups [], resources [pods], verbs [get]] added"},
		},
		"rescaled": {
			kube.HorizontalPodAutoscalers,
			"spec: {maxReplicas: 9}\nstatus: {desiredReplicas: 3}", "spec: {maxReplicas: 9}\nstatus: {desiredReplicas: 6, lastScaleTime: '2026-01-01T12:00:01Z'}",
			[]string{"autoscale rescaled 3 → 6"},
		},
		"claim that was bound": {kube.PersistentVolumeClaims, "spec: {storageClassName: fast}", "spec: {storageClassName: fast, volumeName: pv-1}", nil},
		"claim that grows": {
			kube.PersistentVolumeClaims, "spec: {resources: {requests: {storage: 1Gi}}}", "spec: {resources: {requests: {storage: 2Gi}}}",
			[]string{"storage changed: resources.requests.storage 1Gi → 2Gi"},
		},
		"being deleted": {kube.Namespaces, "{}", "metadata: {deletionTimestamp: '2026-01-01T12:00:01Z'}", []string{"policy being deleted"}},
		"deleted":       {kube.ConfigMaps, "{}", "", []string{"config deleted"}},
		"created":       {kube.Secrets, "", "metadata: {creationTimestamp: '2026-01-01T12:00:01Z'}", []string{"config created"}},
		"one of a CronJob": {
			kube.Jobs, "", "metadata: {creationTimestamp: '2026-01-01T12:00:01Z', ownerReferences: [{apiVersion: batch/v1, kind: CronJob, name: x, controller: true}]}", nil,
		},
		"another of the same name": {kube.ConfigMaps, "metadata: {uid: a}", "metadata: {uid: b}", []string{"config created again"}},
		"upgrade":                  {kube.Secrets, secret + "pending-upgrade}}", secret + "deployed}}", []string{"release release shop 4 → 5"}},
		"superseded":               {kube.Secrets, secret + "deployed}}", secret + "superseded}}", nil},
		"an old revision":          {kube.Secrets, secret + "superseded}}", "", nil},
		"uninstalled":              {kube.Secrets, secret + "deployed}}", "", []string{"release release shop uninstalled"}},
		"schedule":                 {kube.CronJobs, "spec: {schedule: '@daily'}", "spec: {schedule: '@hourly', suspend: true}", []string{"workload changed: schedule @daily → @hourly, suspend false → true"}},
		"restart": {
			kube.StatefulSets, "spec: {template: {spec: {}}}", "spec: {template: {metadata: {annotations: {kubectl.kubernetes.io/restartedAt: '2026-01-01T12:00:01Z'}}, spec: {}}}",
			[]string{"restart restart"},
		},
		"strategy": {
			kube.Deployments, "spec: {strategy: {type: RollingUpdate}, template: {spec: {containers: []}}}", "spec: {strategy: {type: Recreate}, template: {spec: {restartPolicy: Always}}}",
			[]string{"workload changed: strategy.type RollingUpdate → Recreate"},
		},
		"route": {
			kube.HTTPRoutes, "spec: {hostnames: [a.example]}\nstatus: {parents: []}", "spec: {hostnames: [b.example]}\nstatus: {parents: [{}]}",
			[]string{"traffic changed: hostnames a.example → b.example"},
		},
		"sync": {
			kube.Applications,
			"status: {history: [{id: 1, revision: v1, deployedAt: '2025-12-01T12:00:00Z'}]}",
			"status: {history: [{id: 1, revision: v1, deployedAt: '2025-12-01T12:00:00Z'}, {id: 2, revision: v2, deployedAt: '2026-01-01T12:00:00Z'}]}",
			[]string{"sync synced v1 → v2"},
		},
		"renewal": {
			kube.Certificates, "status: {notBefore: '2025-10-01T12:00:00Z', notAfter: '2026-01-03T12:00:00Z', revision: 1}", "status: {notBefore: '2026-01-01T12:00:00Z', notAfter: '2026-04-03T12:00:00Z', revision: 2}",
			[]string{"certificate renewed"},
		},
		"node": {
			kube.Nodes,
			"spec: {taints: [{key: a, effect: NoSchedule}]}\nstatus: {allocatable: {memory: 2Gi}, nodeInfo: {bootID: x, kubeletVersion: v1.36.0}, conditions: [{type: Ready, status: 'True'}]}",
			"spec: {unschedulable: true, taints: [{key: b, effect: NoSchedule}, {key: node.kubernetes.io/unschedulable, effect: NoSchedule}]}\nstatus: {allocatable: {memory: 1Gi}, nodeInfo: {bootID: y, kubeletVersion: v1.37.0}, conditions: [{type: Ready, status: 'False', reason: KubeletNotReady}, {type: DiskPressure, status: 'False'}]}",
			[]string{
				"node Ready → False (KubeletNotReady)", "node changed: status.allocatable.memory 2Gi → 1Gi", "node cordoned", "node kubelet version v1.36.0 → v1.37.0",
				"node rebooted", "node no longer tainted a:NoSchedule", "node tainted b:NoSchedule",
			},
		},
		"a heartbeat": {
			kube.Nodes, "status: {conditions: [{type: Ready, status: 'True', lastHeartbeatTime: '2026-01-01T12:00:00Z'}]}", "status: {conditions: [{type: Ready, status: 'True', lastHeartbeatTime: '2026-01-01T12:00:10Z'}]}", nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if of.before != "" {
				w.set(of.resource, objectOf(t, of.resource, of.before))
			}
			before := w.later(1)
			if of.after != "" {
				w.set(of.resource, objectOf(t, of.resource, of.after))
			} else {
				w.b.Delete(of.resource, "shop", "web")
			}
			after := w.later(1)
			var got []string
			for _, ch := range change.Between(before, after) {
				got = append(got, ch.Kind.String()+" "+ch.Title)
				if ch.Certainty != change.Live || ch.Object != of.resource.Ref(map[bool]string{true: "shop"}[of.resource.Namespaced], "web") {
					t.Errorf("%s %s: %s", ch.Certainty, ch.Object, ch.Title)
				}
			}
			if diff := cmp.Diff(of.want, got); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
		})
	}
}
