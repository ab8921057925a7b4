package kube

import (
	"slices"
	"sync"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Resource is a kind of object that the view can hold.
type Resource struct {
	Group        string // API group, "" for the core group
	Version      string // the version read
	Plural       string // lower-case plural, as in URLs and RBAC rules
	Kind         string // CamelCase singular
	Short        string // kubectl's short name, "" where there is none
	Namespaced   bool
	MetadataOnly bool // only metadata is ever read or kept

	custom uint8 // its place in CustomResources, from 1; 0 for a kind that every server has
}

// Custom reports whether the kind is not one of Kubernetes itself: a cluster has
// it if somebody installed it. Its objects are held as
// [unstructured.Unstructured] ([Cluster.Custom]).
func (r Resource) Custom() bool { return r.custom > 0 }

// String returns "deployments.apps", or "pods" for the core group: the form
// that kubectl and RBAC messages use.
func (r Resource) String() string {
	if r.Group == "" {
		return r.Plural
	}
	return r.Plural + "." + r.Group
}

// apiVersion returns the version of its API as objects have it: "apps/v1", or "v1".
func (r Resource) apiVersion() string {
	if r.Group == "" {
		return r.Version
	}
	return r.Group + "/" + r.Version
}

// Ref names the object of this kind that the view has by a name.
func (r Resource) Ref(namespace, name string) Ref {
	if r == Constraints {
		return constraintRef(namespace, name)
	}
	return Ref{Group: r.Group, Kind: r.Kind, Namespace: namespace, Name: name}
}

// IsZero reports whether r is no resource.
func (r Resource) IsZero() bool { return r == Resource{} }

// The resources of the view. Secrets and ConfigMaps are read as
// PartialObjectMetadata, never with their data.
var (
	Namespaces               = Resource{"", "v1", "namespaces", "Namespace", "ns", false, false, 0}
	Nodes                    = Resource{"", "v1", "nodes", "Node", "no", false, false, 0}
	Pods                     = Resource{"", "v1", "pods", "Pod", "po", true, false, 0}
	Deployments              = Resource{"apps", "v1", "deployments", "Deployment", "deploy", true, false, 0}
	StatefulSets             = Resource{"apps", "v1", "statefulsets", "StatefulSet", "sts", true, false, 0}
	DaemonSets               = Resource{"apps", "v1", "daemonsets", "DaemonSet", "ds", true, false, 0}
	ReplicaSets              = Resource{"apps", "v1", "replicasets", "ReplicaSet", "rs", true, false, 0}
	ReplicationControllers   = Resource{"", "v1", "replicationcontrollers", "ReplicationController", "rc", true, false, 0}
	Jobs                     = Resource{"batch", "v1", "jobs", "Job", "job", true, false, 0}
	CronJobs                 = Resource{"batch", "v1", "cronjobs", "CronJob", "cj", true, false, 0}
	Services                 = Resource{"", "v1", "services", "Service", "svc", true, false, 0}
	EndpointSlices           = Resource{"discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", "endpointslice", true, false, 0}
	Ingresses                = Resource{"networking.k8s.io", "v1", "ingresses", "Ingress", "ing", true, false, 0}
	NetworkPolicies          = Resource{"networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", "netpol", true, false, 0}
	HorizontalPodAutoscalers = Resource{"autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", "hpa", true, false, 0}
	PodDisruptionBudgets     = Resource{"policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", "pdb", true, false, 0}
	ServiceAccounts          = Resource{"", "v1", "serviceaccounts", "ServiceAccount", "sa", true, false, 0}
	Roles                    = Resource{"rbac.authorization.k8s.io", "v1", "roles", "Role", "role", true, false, 0}
	RoleBindings             = Resource{"rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", "rolebinding", true, false, 0}
	ClusterRoles             = Resource{"rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", "clusterrole", false, false, 0}
	ClusterRoleBindings      = Resource{"rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding", "clusterrolebinding", false, false, 0}
	LimitRanges              = Resource{"", "v1", "limitranges", "LimitRange", "limits", true, false, 0}
	ResourceQuotas           = Resource{"", "v1", "resourcequotas", "ResourceQuota", "quota", true, false, 0}
	PersistentVolumes        = Resource{"", "v1", "persistentvolumes", "PersistentVolume", "pv", false, false, 0}
	PersistentVolumeClaims   = Resource{"", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", "pvc", true, false, 0}
	StorageClasses           = Resource{"storage.k8s.io", "v1", "storageclasses", "StorageClass", "sc", false, false, 0}
	PriorityClasses          = Resource{"scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", "pc", false, false, 0}
	RuntimeClasses           = Resource{"node.k8s.io", "v1", "runtimeclasses", "RuntimeClass", "runtimeclass", false, false, 0}
	IngressClasses           = Resource{"networking.k8s.io", "v1", "ingressclasses", "IngressClass", "ingressclass", false, false, 0}

	ValidatingWebhookConfigurations   = Resource{"admissionregistration.k8s.io", "v1", "validatingwebhookconfigurations", "ValidatingWebhookConfiguration", "validatingwebhookconfiguration", false, false, 0}
	MutatingWebhookConfigurations     = Resource{"admissionregistration.k8s.io", "v1", "mutatingwebhookconfigurations", "MutatingWebhookConfiguration", "mutatingwebhookconfiguration", false, false, 0}
	ValidatingAdmissionPolicies       = Resource{"admissionregistration.k8s.io", "v1", "validatingadmissionpolicies", "ValidatingAdmissionPolicy", "validatingadmissionpolicy", false, false, 0}
	ValidatingAdmissionPolicyBindings = Resource{"admissionregistration.k8s.io", "v1", "validatingadmissionpolicybindings", "ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybinding", false, false, 0}

	Secrets     = Resource{"", "v1", "secrets", "Secret", "secret", true, true, 0}
	ConfigMaps  = Resource{"", "v1", "configmaps", "ConfigMap", "cm", true, true, 0}
	Events      = Resource{"", "v1", "events", "Event", "ev", true, false, 0}
	PodMetrics  = Resource{"metrics.k8s.io", "v1beta1", "pods", "PodMetrics", "", true, false, 0}
	NodeMetrics = Resource{"metrics.k8s.io", "v1beta1", "nodes", "NodeMetrics", "", false, false, 0}

	ControllerRevisions        = Resource{"apps", "v1", "controllerrevisions", "ControllerRevision", "controllerrevision", true, false, 0}
	VolumeAttachments          = Resource{"storage.k8s.io", "v1", "volumeattachments", "VolumeAttachment", "volumeattachment", false, false, 0}
	CertificateSigningRequests = Resource{"certificates.k8s.io", "v1", "certificatesigningrequests", "CertificateSigningRequest", "csr", false, false, 0}
	CSIDrivers                 = Resource{"storage.k8s.io", "v1", "csidrivers", "CSIDriver", "csidriver", false, false, 0}
	Leases                     = Resource{"coordination.k8s.io", "v1", "leases", "Lease", "lease", true, false, 0}
)

// Records returns the resources that only components of a cluster write, to remember
// something or to tell each other: they say what happened and are judged by no rule.
// That they cannot be read takes nothing from a score.
func Records() []Resource {
	return []Resource{ControllerRevisions, VolumeAttachments, CSIDrivers, CertificateSigningRequests, Leases}
}

// Resources returns every resource of the view, in the order in which a Source
// should read them: what names other things first, the bulk last, and what no rule
// waits for after it.
func Resources() []Resource {
	return slices.Concat([]Resource{
		Namespaces, Nodes, Deployments, StatefulSets, DaemonSets, ReplicaSets, ReplicationControllers,
		Jobs, CronJobs, Services, Ingresses, NetworkPolicies, HorizontalPodAutoscalers,
		PodDisruptionBudgets, ServiceAccounts, Roles, RoleBindings, ClusterRoles, ClusterRoleBindings,
		LimitRanges, ResourceQuotas, PersistentVolumes, PersistentVolumeClaims, StorageClasses,
		PriorityClasses, RuntimeClasses, IngressClasses,
		ValidatingWebhookConfigurations, MutatingWebhookConfigurations,
		ValidatingAdmissionPolicies, ValidatingAdmissionPolicyBindings,
		Secrets, ConfigMaps, EndpointSlices, Pods, Events, NodeMetrics, PodMetrics,
	}, Records(), CustomResources())
}

// WorkloadResources returns the resources that a [Workload] is made of: those that every
// server has, and custom ones.
func WorkloadResources() []Resource {
	all := BuiltInWorkloadResources()
	for _, k := range customWorkloads() {
		all = append(all, k.resource)
	}
	return all
}

// BuiltInWorkloadResources returns those of [WorkloadResources] that every server has.
func BuiltInWorkloadResources() []Resource {
	return []Resource{
		Deployments, StatefulSets, DaemonSets, ReplicaSets, ReplicationControllers, Jobs, CronJobs, Pods,
	}
}

// ResourceOf returns the resource of a kind, false if the view does not hold it. It is
// [Constraints] for whatever kind of their group.
func ResourceOf(group, kind string) (Resource, bool) {
	if group == Constraints.Group {
		return Constraints, true
	}
	r, held := byKind()[schema.GroupKind{Group: group, Kind: kind}]
	return r, held
}

// byKind finds the resource of a kind, which is asked for each object.
var byKind = sync.OnceValue(func() map[schema.GroupKind]Resource {
	all := map[schema.GroupKind]Resource{}
	for _, r := range append(Resources(), Measurements) {
		all[schema.GroupKind{Group: r.Group, Kind: r.Kind}] = r
	}
	return all
})
