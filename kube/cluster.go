package kube

import (
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	certificatesv1 "k8s.io/api/certificates/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	networkingv1 "k8s.io/api/networking/v1"
	nodev1 "k8s.io/api/node/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/version"
)

// Cluster is one moment of a cluster. It never changes: its fields are for
// reading only, by any number of goroutines.
type Cluster struct {
	Generation uint64    // grows by one with each published view of a Source that does not go back
	Time       time.Time // the moment described, by the server's clock; rules know no other
	Clock      Clock     // how time goes on after it; [Cluster.Now]
	Info       Info

	Namespaces               Table[*corev1.Namespace]
	Nodes                    Table[*corev1.Node]
	Pods                     Table[*Pod]
	Deployments              Table[*appsv1.Deployment]
	StatefulSets             Table[*appsv1.StatefulSet]
	DaemonSets               Table[*appsv1.DaemonSet]
	ReplicaSets              Table[*ReplicaSet]
	ReplicationControllers   Table[*corev1.ReplicationController]
	Jobs                     Table[*batchv1.Job]
	CronJobs                 Table[*batchv1.CronJob]
	Services                 Table[*corev1.Service]
	EndpointSlices           Table[*EndpointSlice]
	Ingresses                Table[*networkingv1.Ingress]
	NetworkPolicies          Table[*networkingv1.NetworkPolicy]
	HorizontalPodAutoscalers Table[*autoscalingv2.HorizontalPodAutoscaler]
	PodDisruptionBudgets     Table[*policyv1.PodDisruptionBudget]
	ServiceAccounts          Table[*corev1.ServiceAccount]
	Roles                    Table[*rbacv1.Role]
	RoleBindings             Table[*rbacv1.RoleBinding]
	ClusterRoles             Table[*rbacv1.ClusterRole]
	ClusterRoleBindings      Table[*rbacv1.ClusterRoleBinding]
	LimitRanges              Table[*corev1.LimitRange]
	ResourceQuotas           Table[*corev1.ResourceQuota]
	PersistentVolumes        Table[*corev1.PersistentVolume]
	PersistentVolumeClaims   Table[*corev1.PersistentVolumeClaim]
	StorageClasses           Table[*storagev1.StorageClass]
	PriorityClasses          Table[*schedulingv1.PriorityClass]
	RuntimeClasses           Table[*nodev1.RuntimeClass]
	IngressClasses           Table[*networkingv1.IngressClass]
	Secrets                  Table[*metav1.PartialObjectMetadata]
	ConfigMaps               Table[*metav1.PartialObjectMetadata]
	Events                   Table[*corev1.Event]
	ControllerRevisions      Table[*ControllerRevision]
	VolumeAttachments        Table[*storagev1.VolumeAttachment]
	CSIDrivers               Table[*storagev1.CSIDriver]
	// CertificateSigningRequests have their signer, who asks, and their conditions; never
	// the request or the certificate.
	CertificateSigningRequests Table[*certificatesv1.CertificateSigningRequest]
	Leases                     Table[*Lease]
	PodUsage                   Table[*Usage]
	NodeUsage                  Table[*Usage]
	Measurements               Table[*Measurement]

	ValidatingWebhookConfigurations   Table[*admissionv1.ValidatingWebhookConfiguration]
	MutatingWebhookConfigurations     Table[*admissionv1.MutatingWebhookConfiguration]
	ValidatingAdmissionPolicies       Table[*admissionv1.ValidatingAdmissionPolicy]
	ValidatingAdmissionPolicyBindings Table[*admissionv1.ValidatingAdmissionPolicyBinding]

	custom [111]Table[*unstructured.Unstructured] // by place in CustomResources

	states  []State
	stateOf map[stateKey]State
	blindTo []Resource // in some namespace at least
	origins map[Ref]Origin

	deriveIndex sync.Once
	derived     atomic.Pointer[index]
	basis       *basis   // nil once the index is derived, or if there is no view before
	derivations sync.Map // *Derivation[T] → func() T
	revised     sync.Map // *Derivation[T] → T, the newest of this view or one before
}

// Info says which cluster a view shows and who looked.
type Info struct {
	Name    string // the kubeconfig's context, the file, or the recording's name
	Server  string // URL of the API server, "" where no server was asked
	Version string // the server's version as it names itself ("v1.37.1"), "" if unknown
	User    string // who the server says looked (SelfSubjectReview), "" if unknown
	// Certificate is what the server showed when it was connected to, by itself or
	// by what stands before it; nil where it showed none, or that is not known.
	Certificate *Certificate
	// Root is the authority by which that was found to be the server's, as a rule the one
	// that every pod finds in its ConfigMap kube-root-ca.crt; nil where that is not known:
	// nothing was verified, or the certificate is trusted by itself.
	Root *Certificate
	// Offline marks a view of manifests: a part of a cluster at best, with
	// neither status nor the objects every server brings along.
	Offline bool
	// Redacted marks a view of a recording whose values were taken out (package
	// redaction): of environment variables, arguments, commands, headers, annotations.
	Redacted bool
	// Scope lists the namespaces looked at, sorted; nil means all of them.
	Scope []string
}

// Minor returns the minor version of the server, 0 if it is not known.
func (i Info) Minor() int {
	v, err := version.ParseGeneric(i.Version)
	if err != nil || v.Major() == 0 {
		return 0
	}
	return int(v.Minor())
}

// CompareVersions orders clusters by the versions of their servers, the oldest first; one
// that is not known comes before all.
func CompareVersions(a, b Info) int {
	x, xErr := version.ParseGeneric(a.Version)
	y, yErr := version.ParseGeneric(b.Version)
	switch {
	case xErr != nil && yErr != nil:
		return 0
	case xErr != nil:
		return -1
	case yErr != nil:
		return 1
	case x.LessThan(y):
		return -1
	case y.LessThan(x):
		return 1
	}
	return 0
}

// SystemNamespace is there in every cluster: the API server makes it when it starts.
const SystemNamespace = "kube-system"

// UID returns what tells the cluster from all others for as long as it is there: the UID
// of its [SystemNamespace]. It is "" if that could not be read.
func (c *Cluster) UID() string {
	if n, ok := c.Namespaces.Get("", SystemNamespace); ok {
		return string(n.UID)
	}
	return ""
}

// NamespaceNames returns, sorted, each namespace that the view knows of: the
// Namespace objects, and those that objects of the view live in (all that is
// known where namespaces cannot be listed).
func (c *Cluster) NamespaceNames() []string {
	return c.index().namespaces
}

// Origin returns where an object was read from, false for objects of a live cluster.
func (c *Cluster) Origin(ref Ref) (Origin, bool) {
	o, ok := c.origins[ref]
	return o, ok
}

// Origins returns the origin of every object that has one. The caller must not
// change the map.
func (c *Cluster) Origins() map[Ref]Origin { return c.origins }

// Objects returns the objects of one resource, nil if the view does not hold
// that resource.
func (c *Cluster) Objects(r Resource) []Object {
	for _, s := range allShelves() {
		if s.resource() == r {
			return s.objects(c)
		}
	}
	return nil
}

// ObjectsIn returns the objects of one resource in a namespace, by name, as
// [Table.In] does.
func (c *Cluster) ObjectsIn(r Resource, namespace string) []Object {
	for _, s := range allShelves() {
		if s.resource() == r {
			return s.objectsIn(c, namespace)
		}
	}
	return nil
}

// NewObject returns an empty object of the type in which a resource is given to
// a [Builder], for decoding into; nil if the view does not hold the resource.
func NewObject(r Resource) Object {
	switch r {
	case Pods:
		return &corev1.Pod{}
	case ReplicaSets:
		return &appsv1.ReplicaSet{}
	case EndpointSlices:
		return &discoveryv1.EndpointSlice{}
	case ControllerRevisions:
		return &appsv1.ControllerRevision{}
	case Leases:
		return &coordinationv1.Lease{}
	}
	for _, s := range allShelves() {
		if s.resource() == r {
			return s.newObject()
		}
	}
	return nil
}

// Has reports whether the view holds the object. False proves its absence only
// if the resource is not [Cluster.Blind] there.
func (c *Cluster) Has(ref Ref) bool {
	_, ok := c.Find(ref)
	return ok
}

// Find returns the object that ref names, false if the view does not hold it.
func (c *Cluster) Find(ref Ref) (Object, bool) {
	r, known := ResourceOf(ref.Group, ref.Kind)
	if !known {
		return nil, false
	}
	for _, s := range allShelves() {
		if s.resource() == r {
			return s.find(c, ref.Namespace, ref.heldName())
		}
	}
	return nil, false
}

// collectNamespaces lists every namespace of the view.
func (c *Cluster) collectNamespaces() []string {
	names := make(map[string]bool, c.Namespaces.Len())
	for n := range c.Namespaces.All() {
		names[n.Name] = true
	}
	for _, s := range allShelves() {
		if s.resource().Namespaced {
			s.addNamespaces(c, names)
		}
	}
	return slices.Sorted(maps.Keys(names))
}
