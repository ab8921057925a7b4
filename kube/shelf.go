package kube

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	certificatesv1 "k8s.io/api/certificates/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	nodev1 "k8s.io/api/node/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// ErrWrongType is returned for an object that is not of the resource's type.
var ErrWrongType = errors.New("object is not of this resource")

// shelf joins a resource to its table in [Cluster], so that code which treats
// all resources alike is written once.
type shelf interface {
	resource() Resource
	objects(c *Cluster) []Object
	objectsIn(c *Cluster, namespace string) []Object
	find(c *Cluster, namespace, name string) (Object, bool)
	addNamespaces(c *Cluster, names map[string]bool)
	same(before, after *Cluster) bool // false if the tables may differ
	diff(before, after *Cluster, yield func(Change) bool) bool
	// overlay gives next the table of c with some rows replaced, added or, where
	// nil, removed.
	overlay(c, next *Cluster, revision map[types.NamespacedName]Object) error
	newStore() store
	newObject() Object
}

// store is a shelf that is being filled by a [Builder].
type store interface {
	set(o Object) error
	remove(namespace, name string)
	removeAll(namespace string)
	count(namespace string) int
	// changed hands over what the next table changes: before is nil for what is
	// new, after for what is gone.
	changed(each func(namespace string, before, after Object))
	publish(c *Cluster)
	// resume goes on from the table of a view.
	resume(c *Cluster)
}

// allShelves lists every table of the view.
func allShelves() []shelf { return shelves }

var shelves = append([]shelf{
	on[*corev1.Namespace]{Namespaces, func(c *Cluster) *Table[*corev1.Namespace] { return &c.Namespaces }},
	on[*corev1.Node]{Nodes, func(c *Cluster) *Table[*corev1.Node] { return &c.Nodes }},
	on[*Pod]{Pods, func(c *Cluster) *Table[*Pod] { return &c.Pods }},
	on[*appsv1.Deployment]{Deployments, func(c *Cluster) *Table[*appsv1.Deployment] { return &c.Deployments }},
	on[*appsv1.StatefulSet]{StatefulSets, func(c *Cluster) *Table[*appsv1.StatefulSet] { return &c.StatefulSets }},
	on[*appsv1.DaemonSet]{DaemonSets, func(c *Cluster) *Table[*appsv1.DaemonSet] { return &c.DaemonSets }},
	on[*ReplicaSet]{ReplicaSets, func(c *Cluster) *Table[*ReplicaSet] { return &c.ReplicaSets }},
	on[*corev1.ReplicationController]{ReplicationControllers, func(c *Cluster) *Table[*corev1.ReplicationController] { return &c.ReplicationControllers }},
	on[*batchv1.Job]{Jobs, func(c *Cluster) *Table[*batchv1.Job] { return &c.Jobs }},
	on[*batchv1.CronJob]{CronJobs, func(c *Cluster) *Table[*batchv1.CronJob] { return &c.CronJobs }},
	on[*corev1.Service]{Services, func(c *Cluster) *Table[*corev1.Service] { return &c.Services }},
	on[*EndpointSlice]{EndpointSlices, func(c *Cluster) *Table[*EndpointSlice] { return &c.EndpointSlices }},
	on[*networkingv1.Ingress]{Ingresses, func(c *Cluster) *Table[*networkingv1.Ingress] { return &c.Ingresses }},
	on[*networkingv1.NetworkPolicy]{NetworkPolicies, func(c *Cluster) *Table[*networkingv1.NetworkPolicy] { return &c.NetworkPolicies }},
	on[*autoscalingv2.HorizontalPodAutoscaler]{HorizontalPodAutoscalers, func(c *Cluster) *Table[*autoscalingv2.HorizontalPodAutoscaler] { return &c.HorizontalPodAutoscalers }},
	on[*policyv1.PodDisruptionBudget]{PodDisruptionBudgets, func(c *Cluster) *Table[*policyv1.PodDisruptionBudget] { return &c.PodDisruptionBudgets }},
	on[*corev1.ServiceAccount]{ServiceAccounts, func(c *Cluster) *Table[*corev1.ServiceAccount] { return &c.ServiceAccounts }},
	on[*rbacv1.Role]{Roles, func(c *Cluster) *Table[*rbacv1.Role] { return &c.Roles }},
	on[*rbacv1.RoleBinding]{RoleBindings, func(c *Cluster) *Table[*rbacv1.RoleBinding] { return &c.RoleBindings }},
	on[*rbacv1.ClusterRole]{ClusterRoles, func(c *Cluster) *Table[*rbacv1.ClusterRole] { return &c.ClusterRoles }},
	on[*rbacv1.ClusterRoleBinding]{ClusterRoleBindings, func(c *Cluster) *Table[*rbacv1.ClusterRoleBinding] { return &c.ClusterRoleBindings }},
	on[*corev1.LimitRange]{LimitRanges, func(c *Cluster) *Table[*corev1.LimitRange] { return &c.LimitRanges }},
	on[*corev1.ResourceQuota]{ResourceQuotas, func(c *Cluster) *Table[*corev1.ResourceQuota] { return &c.ResourceQuotas }},
	on[*corev1.PersistentVolume]{PersistentVolumes, func(c *Cluster) *Table[*corev1.PersistentVolume] { return &c.PersistentVolumes }},
	on[*corev1.PersistentVolumeClaim]{PersistentVolumeClaims, func(c *Cluster) *Table[*corev1.PersistentVolumeClaim] { return &c.PersistentVolumeClaims }},
	on[*storagev1.StorageClass]{StorageClasses, func(c *Cluster) *Table[*storagev1.StorageClass] { return &c.StorageClasses }},
	on[*metav1.PartialObjectMetadata]{Secrets, func(c *Cluster) *Table[*metav1.PartialObjectMetadata] { return &c.Secrets }},
	on[*metav1.PartialObjectMetadata]{ConfigMaps, func(c *Cluster) *Table[*metav1.PartialObjectMetadata] { return &c.ConfigMaps }},
	on[*corev1.Event]{Events, func(c *Cluster) *Table[*corev1.Event] { return &c.Events }},
	on[*ControllerRevision]{ControllerRevisions, func(c *Cluster) *Table[*ControllerRevision] { return &c.ControllerRevisions }},
	on[*storagev1.VolumeAttachment]{VolumeAttachments, func(c *Cluster) *Table[*storagev1.VolumeAttachment] { return &c.VolumeAttachments }},
	on[*storagev1.CSIDriver]{CSIDrivers, func(c *Cluster) *Table[*storagev1.CSIDriver] { return &c.CSIDrivers }},
	on[*certificatesv1.CertificateSigningRequest]{CertificateSigningRequests, func(c *Cluster) *Table[*certificatesv1.CertificateSigningRequest] {
		return &c.CertificateSigningRequests
	}},
	on[*Lease]{Leases, func(c *Cluster) *Table[*Lease] { return &c.Leases }},
	on[*Usage]{PodMetrics, func(c *Cluster) *Table[*Usage] { return &c.PodUsage }},
	on[*Usage]{NodeMetrics, func(c *Cluster) *Table[*Usage] { return &c.NodeUsage }},
	on[*Measurement]{Measurements, func(c *Cluster) *Table[*Measurement] { return &c.Measurements }},
	on[*schedulingv1.PriorityClass]{PriorityClasses, func(c *Cluster) *Table[*schedulingv1.PriorityClass] { return &c.PriorityClasses }},
	on[*nodev1.RuntimeClass]{RuntimeClasses, func(c *Cluster) *Table[*nodev1.RuntimeClass] { return &c.RuntimeClasses }},
	on[*networkingv1.IngressClass]{IngressClasses, func(c *Cluster) *Table[*networkingv1.IngressClass] { return &c.IngressClasses }},
	on[*admissionv1.ValidatingWebhookConfiguration]{ValidatingWebhookConfigurations, func(c *Cluster) *Table[*admissionv1.ValidatingWebhookConfiguration] {
		return &c.ValidatingWebhookConfigurations
	}},
	on[*admissionv1.MutatingWebhookConfiguration]{MutatingWebhookConfigurations, func(c *Cluster) *Table[*admissionv1.MutatingWebhookConfiguration] {
		return &c.MutatingWebhookConfigurations
	}},
	on[*admissionv1.ValidatingAdmissionPolicy]{ValidatingAdmissionPolicies, func(c *Cluster) *Table[*admissionv1.ValidatingAdmissionPolicy] {
		return &c.ValidatingAdmissionPolicies
	}},
	on[*admissionv1.ValidatingAdmissionPolicyBinding]{ValidatingAdmissionPolicyBindings, func(c *Cluster) *Table[*admissionv1.ValidatingAdmissionPolicyBinding] {
		return &c.ValidatingAdmissionPolicyBindings
	}},
}, customShelves()...)

// on is the shelf of resource r, whose rows have type T.
type on[T interface {
	Object
	comparable
}] struct {
	r     Resource
	table func(*Cluster) *Table[T]
}

func (s on[T]) resource() Resource { return s.r }

func (s on[T]) objects(c *Cluster) []Object { return boxed(s.table(c).All(), s.table(c).Len()) }

func (s on[T]) objectsIn(c *Cluster, namespace string) []Object {
	rows := s.table(c).In(namespace)
	return boxed(slices.Values(rows), len(rows))
}

func boxed[T Object](rows iter.Seq[T], n int) []Object {
	objects := make([]Object, 0, n)
	for o := range rows {
		objects = append(objects, o)
	}
	return objects
}

func (s on[T]) find(c *Cluster, namespace, name string) (Object, bool) {
	return s.table(c).Get(namespace, name)
}

func (s on[T]) addNamespaces(c *Cluster, names map[string]bool) {
	for namespace := range s.table(c).names() {
		names[namespace] = true
	}
}

func (s on[T]) newStore() store {
	return &filling[T]{on: s, pending: map[types.NamespacedName]revisedRow[T]{}}
}

func (s on[T]) newObject() Object {
	var row T
	object, _ := reflect.TypeAssert[Object](reflect.New(reflect.TypeOf(row).Elem()))
	return object
}

// filling is a shelf under construction: the table as it was last published, and
// what changed since.
type filling[T interface {
	Object
	comparable
}] struct {
	on[T]
	built   Table[T]
	pending map[types.NamespacedName]revisedRow[T]
	size    int // of the table with what is pending
}

// revisedRow is a row that is new, replaced or gone.
type revisedRow[T any] struct {
	key  types.NamespacedName
	row  T
	gone bool
}

func (f *filling[T]) set(o Object) error {
	row, ok := o.(T)
	if !ok {
		return fmt.Errorf("keeping %s %s/%s as %T: %w", f.r, o.GetNamespace(), o.GetName(), o, ErrWrongType)
	}
	key := types.NamespacedName{Namespace: o.GetNamespace(), Name: o.GetName()}
	if !f.has(key) {
		f.size++
	}
	f.pending[key] = revisedRow[T]{key: key, row: row}
	return nil
}

func (f *filling[T]) has(key types.NamespacedName) bool {
	if p, ok := f.pending[key]; ok {
		return !p.gone
	}
	_, ok := f.built.Get(key.Namespace, key.Name)
	return ok
}

func (f *filling[T]) remove(namespace, name string) {
	key := types.NamespacedName{Namespace: namespace, Name: name}
	if f.has(key) {
		f.size--
		f.pending[key] = revisedRow[T]{key: key, gone: true}
	}
}

func (f *filling[T]) removeAll(namespace string) {
	held := f.built.All()
	if namespace != "" {
		held = slices.Values(f.built.In(namespace))
	}
	for o := range held {
		f.remove(o.GetNamespace(), o.GetName())
	}
	for key := range f.pending {
		if namespace == "" || key.Namespace == namespace {
			f.remove(key.Namespace, key.Name)
		}
	}
}

func (f *filling[T]) count(namespace string) int {
	if namespace == "" {
		return f.size
	}
	n := len(f.built.In(namespace))
	for key, p := range f.pending {
		if key.Namespace != namespace {
			continue
		}
		_, held := f.built.Get(key.Namespace, key.Name)
		switch {
		case p.gone && held:
			n--
		case !p.gone && !held:
			n++
		}
	}
	return n
}

func (f *filling[T]) changed(each func(namespace string, before, after Object)) {
	for key, p := range f.pending {
		var before, after Object
		if held, ok := f.built.Get(key.Namespace, key.Name); ok {
			before = held
		}
		if !p.gone {
			after = p.row
		}
		each(key.Namespace, before, after)
	}
}

func (f *filling[T]) publish(c *Cluster) {
	if len(f.pending) > 0 {
		revision := make([]revisedRow[T], 0, len(f.pending))
		for _, r := range f.pending {
			revision = append(revision, r)
		}
		slices.SortFunc(revision, func(a, b revisedRow[T]) int {
			return cmp.Or(strings.Compare(a.key.Namespace, b.key.Namespace), strings.Compare(a.key.Name, b.key.Name))
		})
		f.built = f.built.revised(revision)
		if len(f.pending) > large {
			f.pending = map[types.NamespacedName]revisedRow[T]{} // a cleared map keeps its memory
		} else {
			clear(f.pending)
		}
	}
	*f.table(c) = f.built
}

func (f *filling[T]) resume(c *Cluster) { f.built, f.size = *f.table(c), f.table(c).Len() }

// large is a number of changes that only comes with a whole list.
const large = 1000
