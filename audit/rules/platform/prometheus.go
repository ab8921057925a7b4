package platform

import (
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// measuring returns the kinds that the Prometheus Operator runs pods for.
func measuring() []kube.Resource {
	return []kube.Resource{kube.Prometheuses, kube.Alertmanagers}
}

// operated is what matters of a Prometheus or an Alertmanager
// (https://prometheus-operator.dev/docs/api-reference/api/, monitoring.coreos.com/v1).
type operated struct {
	Metadata metav1.ObjectMeta `json:"metadata"`
	Spec     struct {
		Replicas *int `json:"replicas"` // of each shard, 1 where it is not set
		Shards   *int `json:"shards"`   // 1 where it is not set; an Alertmanager has none
		Paused   bool `json:"paused"`   // the operator changes nothing
		// Storage is a volume of each pod's own if it says neither emptyDir nor ephemeral.
		Storage *struct {
			EmptyDir  map[string]any `json:"emptyDir"`
			Ephemeral map[string]any `json:"ephemeral"`
		} `json:"storage"`
		RemoteWrite []struct{} `json:"remoteWrite"` // of each there is no more in a view
		Thanos      struct {
			ObjectStorageConfig     map[string]any `json:"objectStorageConfig"`
			ObjectStorageConfigFile string         `json:"objectStorageConfigFile"`
		} `json:"thanos"`
	} `json:"spec"`
	Status struct {
		// AvailableReplicas are the pods of all shards that are ready, nil if nobody counted.
		AvailableReplicas *int               `json:"availableReplicas"`
		Conditions        []metav1.Condition `json:"conditions"`
	} `json:"status"`
}

// degraded is the status of the condition Available beside the usual three: some pods are
// ready, and some are not.
const degraded metav1.ConditionStatus = "Degraded"

// want returns how many pods there are to be.
func (o *operated) want() int {
	one := func(n *int) int {
		if n == nil {
			return 1
		}
		return *n
	}
	return one(o.Spec.Replicas) * one(o.Spec.Shards)
}

// availability returns the condition that says whether the pods are ready, nil if there is
// none. What it says of an earlier spec is not current.
func (o *operated) availability() (c *metav1.Condition, current bool) {
	c = meta.FindStatusCondition(o.Status.Conditions, "Available")
	return c, c == nil || c.ObservedGeneration >= o.Metadata.Generation
}
