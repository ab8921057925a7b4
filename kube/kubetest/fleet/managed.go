package fleet

import (
	"fmt"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// manager is who wrote which fields.
type manager struct{ name, version, subresource, fields string }

// podFields are the managed fields of a pod, as long as real ones are.
func podFields() []manager {
	env := make([]string, 13)
	for i := range env {
		env[i] = fmt.Sprintf(`"k:{\"name\":\"SETTING_%d\"}":{".":{},"f:name":{},"f:value":{}}`, i)
	}
	conditions := make([]string, 0, 5)
	for _, kind := range []string{"ContainersReady", "Initialized", "PodReadyToStartContainers", "Ready"} {
		conditions = append(conditions, fmt.Sprintf(
			`"k:{\"type\":\"%s\"}":{".":{},"f:lastProbeTime":{},"f:lastTransitionTime":{},"f:observedGeneration":{},"f:status":{},"f:type":{}}`, kind))
	}
	return []manager{
		{"kube-controller-manager", "v1", "", `{"f:metadata":{"f:annotations":{".":{},"f:checksum/config":{},"f:prometheus.io/scrape":{}},` +
			`"f:generateName":{},"f:labels":{".":{},"f:app.kubernetes.io/name":{},"f:app.kubernetes.io/part-of":{},"f:team":{}},"f:ownerReferences":{".":{},"k:{\"uid\":\"0\"}":{}}},` +
			`"f:spec":{"f:containers":{"k:{\"name\":\"main\"}":{".":{},"f:args":{},"f:command":{},"f:env":{".":{},` + strings.Join(env, ",") + `},` +
			`"f:image":{},"f:imagePullPolicy":{},"f:name":{},"f:ports":{".":{},"k:{\"containerPort\":8080,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{},"f:name":{},"f:protocol":{}}},` +
			`"f:resources":{},"f:terminationMessagePath":{},"f:terminationMessagePolicy":{},"f:volumeMounts":{".":{},"k:{\"mountPath\":\"/etc/app\"}":{".":{},"f:mountPath":{},"f:name":{},"f:readOnly":{}}}}},` +
			`"f:dnsPolicy":{},"f:enableServiceLinks":{},"f:restartPolicy":{},"f:schedulerName":{},"f:securityContext":{},"f:serviceAccount":{},"f:serviceAccountName":{},"f:terminationGracePeriodSeconds":{},` +
			`"f:volumes":{".":{},"k:{\"name\":\"settings\"}":{".":{},"f:configMap":{".":{},"f:defaultMode":{},"f:name":{}},"f:name":{}}}}}`},
		{"kubelet", "v1", "status", `{"f:status":{"f:conditions":{` + strings.Join(conditions, ",") + `},"f:containerStatuses":{},"f:hostIP":{},"f:hostIPs":{},` +
			`"f:observedGeneration":{},"f:phase":{},"f:podIP":{},"f:podIPs":{".":{},"k:{\"ip\":\"10.0.0.1\"}":{".":{},"f:ip":{}}},"f:startTime":{}}}`},
	}
}

// deployedFields are those of an object that a pipeline applies.
func deployedFields() []manager {
	fields := podFields()
	return []manager{
		{"argocd-controller", "apps/v1", "", `{"f:metadata":{"f:labels":{".":{}}},"f:spec":{"f:selector":{},"f:template":` + fields[0].fields + `}}`},
		{"kube-controller-manager", "apps/v1", "status", `{"f:status":{"f:availableReplicas":{},"f:conditions":{},"f:observedGeneration":{},"f:readyReplicas":{},"f:replicas":{},"f:updatedReplicas":{}}}`},
	}
}

func managed(m metav1.ObjectMeta, fields func() []manager) metav1.ObjectMeta {
	for _, f := range fields() {
		m.ManagedFields = append(m.ManagedFields, metav1.ManagedFieldsEntry{
			Manager: f.name, Operation: metav1.ManagedFieldsOperationUpdate, APIVersion: f.version, Time: &m.CreationTimestamp,
			FieldsType: "FieldsV1", FieldsV1: metav1.NewFieldsV1(f.fields), Subresource: f.subresource,
		})
	}
	return m
}
