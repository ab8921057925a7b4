package cel

import (
	"strings"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apiserver/pkg/cel/common"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Unsettled is an object of a resource as policies see it when it is created.
// What a server or a controller fills in afterwards is a gap, and so is what is
// not there and would be filled in before: by the admission of pods, and, where
// the object is only written down, by the defaults of the API
// (k8s.io/kubernetes/pkg/apis/*/v1/defaults.go).
func (v Value) Unsettled(r kube.Resource, written bool) Value {
	if v.Gaps != nil && v.Gaps.All {
		return v
	}
	v.Gaps = v.Gaps.clone().and("status")
	switch of := v.Of.(type) {
	case *corev1.Pod:
		v.Of = admitted(of)
	case *corev1.PersistentVolumeClaim:
		if of.Spec.VolumeName != "" {
			v.Gaps.and("spec volumeName")
		}
	}
	var late []string
	if r == kube.Pods {
		late = append(late, "spec priority", "spec preemptionPolicy", "spec tolerations")
	}
	if written {
		late = append(late, defaulted(r)...)
	}
	if len(late) > 0 {
		object := common.SchemalessTypedToVal(v.Of)
		for _, path := range late {
			if lacks(object, strings.Fields(path)) {
				v.Gaps.and(path)
			}
		}
	}
	return v
}

// admitted is a pod with the name of the ServiceAccount that it runs as.
func admitted(pod *corev1.Pod) *corev1.Pod {
	if pod.Spec.ServiceAccountName != "" {
		return pod
	}
	named := *pod
	named.Spec.ServiceAccountName, named.Spec.DeprecatedServiceAccount = "default", "default"
	return &named
}

// defaulted returns the fields that the API gives a value if they have none, of
// the kinds that policies are mostly about.
func defaulted(r kube.Resource) []string {
	prefix := ""
	var fields []string
	switch r {
	case kube.Pods:
		prefix = "spec"
	case kube.Deployments:
		prefix = "spec template spec"
		fields = []string{"spec replicas", "spec strategy type", "spec strategy rollingUpdate", "spec revisionHistoryLimit", "spec progressDeadlineSeconds"}
	case kube.StatefulSets:
		prefix = "spec template spec"
		fields = []string{"spec replicas", "spec updateStrategy type", "spec updateStrategy rollingUpdate", "spec podManagementPolicy", "spec revisionHistoryLimit"}
	case kube.DaemonSets:
		prefix = "spec template spec"
		fields = []string{"spec updateStrategy type", "spec updateStrategy rollingUpdate", "spec revisionHistoryLimit"}
	case kube.Jobs:
		prefix = "spec template spec"
		fields = []string{"spec completions", "spec parallelism", "spec backoffLimit", "spec completionMode", "spec suspend", "spec selector"}
	case kube.CronJobs:
		prefix = "spec jobTemplate spec template spec"
		fields = []string{"spec concurrencyPolicy", "spec suspend", "spec successfulJobsHistoryLimit", "spec failedJobsHistoryLimit"}
	case kube.Services:
		return []string{
			"spec type", "spec sessionAffinity", "spec internalTrafficPolicy", "spec externalTrafficPolicy", "spec ipFamilies",
			"spec ipFamilyPolicy", "spec clusterIP", "spec clusterIPs", "spec ports * protocol", "spec ports * targetPort", "spec ports * nodePort",
		}
	case kube.HorizontalPodAutoscalers:
		return []string{"spec minReplicas", "spec behavior", "spec metrics"}
	case kube.NetworkPolicies:
		return []string{"spec policyTypes"}
	case kube.PersistentVolumeClaims:
		return []string{"spec volumeMode", "spec storageClassName"}
	}
	if prefix == "" {
		return nil
	}
	for _, field := range []string{
		"restartPolicy", "dnsPolicy", "schedulerName", "terminationGracePeriodSeconds", "securityContext", "enableServiceLinks",
		"containers * imagePullPolicy", "containers * terminationMessagePath", "containers * terminationMessagePolicy",
		"containers * ports * protocol", "containers * resources requests", "initContainers * imagePullPolicy",
	} {
		fields = append(fields, prefix+" "+field)
	}
	return fields
}

// lacks reports whether a value has nothing at a path, or one of its elements has
// not. Where the path ends before, nothing is lacking.
func lacks(value ref.Val, path []string) bool {
	if path[0] == "*" {
		list, ok := value.(traits.Lister)
		if !ok {
			return false
		}
		for it := list.Iterator(); it.HasNext() == types.True; {
			if lacks(it.Next(), path[1:]) {
				return true
			}
		}
		return false
	}
	object, ok := value.(traits.Mapper)
	if !ok {
		return false
	}
	below, found := object.Find(types.String(path[0]))
	if len(path) == 1 {
		return !found
	}
	return found && lacks(below, path[1:])
}

// clone returns gaps that can be added to.
func (g *Gaps) clone() *Gaps {
	if g == nil {
		return &Gaps{}
	}
	own := &Gaps{All: g.All}
	if g.Elements != nil {
		own.Elements = g.Elements.clone()
	}
	for key, below := range g.Fields {
		if own.Fields == nil {
			own.Fields = map[string]*Gaps{}
		}
		own.Fields[key] = nil
		if below != nil {
			own.Fields[key] = below.clone()
		}
	}
	return own
}
