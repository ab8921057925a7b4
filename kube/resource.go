package kube

// Resource is a kind of object that the view can hold.
type Resource struct {
	Group        string // API group, "" for the core group
	Version      string // the version read
	Plural       string // lower-case plural, as in URLs and RBAC rules
	Kind         string // CamelCase singular
	Short        string // kubectl's short name, "" where there is none
	Namespaced   bool
	MetadataOnly bool // only metadata is ever read or kept
}

// String returns "deployments.apps", or "pods" for the core group: the form
// that kubectl and RBAC messages use.
func (r Resource) String() string {
	if r.Group == "" {
		return r.Plural
	}
	return r.Plural + "." + r.Group
}

// Ref names the object of this kind.
func (r Resource) Ref(namespace, name string) Ref {
	return Ref{Group: r.Group, Kind: r.Kind, Namespace: namespace, Name: name}
}

// IsZero reports whether r is no resource.
func (r Resource) IsZero() bool { return r == Resource{} }

// The resources of the view. Secrets and ConfigMaps are read as
// PartialObjectMetadata, never with their data.
var (
	Namespaces               = Resource{"", "v1", "namespaces", "Namespace", "ns", false, false}
	Nodes                    = Resource{"", "v1", "nodes", "Node", "no", false, false}
	Pods                     = Resource{"", "v1", "pods", "Pod", "po", true, false}
	Deployments              = Resource{"apps", "v1", "deployments", "Deployment", "deploy", true, false}
	StatefulSets             = Resource{"apps", "v1", "statefulsets", "StatefulSet", "sts", true, false}
	DaemonSets               = Resource{"apps", "v1", "daemonsets", "DaemonSet", "ds", true, false}
	ReplicaSets              = Resource{"apps", "v1", "replicasets", "ReplicaSet", "rs", true, false}
	ReplicationControllers   = Resource{"", "v1", "replicationcontrollers", "ReplicationController", "rc", true, false}
	Jobs                     = Resource{"batch", "v1", "jobs", "Job", "job", true, false}
	CronJobs                 = Resource{"batch", "v1", "cronjobs", "CronJob", "cj", true, false}
	Services                 = Resource{"", "v1", "services", "Service", "svc", true, false}
	EndpointSlices           = Resource{"discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", "endpointslice", true, false}
	Ingresses                = Resource{"networking.k8s.io", "v1", "ingresses", "Ingress", "ing", true, false}
	NetworkPolicies          = Resource{"networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", "netpol", true, false}
	HorizontalPodAutoscalers = Resource{"autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", "hpa", true, false}
	PodDisruptionBudgets     = Resource{"policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", "pdb", true, false}
	ServiceAccounts          = Resource{"", "v1", "serviceaccounts", "ServiceAccount", "sa", true, false}
	Roles                    = Resource{"rbac.authorization.k8s.io", "v1", "roles", "Role", "role", true, false}
	RoleBindings             = Resource{"rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", "rolebinding", true, false}
	ClusterRoles             = Resource{"rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", "clusterrole", false, false}
	ClusterRoleBindings      = Resource{"rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding", "clusterrolebinding", false, false}
	LimitRanges              = Resource{"", "v1", "limitranges", "LimitRange", "limits", true, false}
	ResourceQuotas           = Resource{"", "v1", "resourcequotas", "ResourceQuota", "quota", true, false}
	PersistentVolumes        = Resource{"", "v1", "persistentvolumes", "PersistentVolume", "pv", false, false}
	PersistentVolumeClaims   = Resource{"", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", "pvc", true, false}
	StorageClasses           = Resource{"storage.k8s.io", "v1", "storageclasses", "StorageClass", "sc", false, false}
	Secrets                  = Resource{"", "v1", "secrets", "Secret", "secret", true, true}
	ConfigMaps               = Resource{"", "v1", "configmaps", "ConfigMap", "cm", true, true}
	Events                   = Resource{"", "v1", "events", "Event", "ev", true, false}
	PodMetrics               = Resource{"metrics.k8s.io", "v1beta1", "pods", "PodMetrics", "", true, false}
	NodeMetrics              = Resource{"metrics.k8s.io", "v1beta1", "nodes", "NodeMetrics", "", false, false}
)

// Resources returns every resource of the view, in the order in which a Source
// should read them: what names other things first, the bulk last.
func Resources() []Resource {
	return []Resource{
		Namespaces, Nodes, Deployments, StatefulSets, DaemonSets, ReplicaSets, ReplicationControllers,
		Jobs, CronJobs, Services, Ingresses, NetworkPolicies, HorizontalPodAutoscalers,
		PodDisruptionBudgets, ServiceAccounts, Roles, RoleBindings, ClusterRoles, ClusterRoleBindings,
		LimitRanges, ResourceQuotas, PersistentVolumes, PersistentVolumeClaims, StorageClasses,
		Secrets, ConfigMaps, EndpointSlices, Pods, Events, NodeMetrics, PodMetrics,
	}
}

// WorkloadResources returns the resources that a [Workload] is made of.
func WorkloadResources() []Resource {
	return []Resource{
		Deployments, StatefulSets, DaemonSets, ReplicaSets, ReplicationControllers, Jobs, CronJobs, Pods,
	}
}

// ResourceOf returns the resource of a kind, false if the view does not hold it.
func ResourceOf(group, kind string) (Resource, bool) {
	for _, r := range Resources() {
		if r.Kind == kind && r.Group == group {
			return r, true
		}
	}
	return Resource{}, false
}
