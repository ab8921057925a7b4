package kube

import (
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// The namespaces whose Leases tell how a cluster fares: those of its control plane, by
// which one of several replicas leads, and those of its nodes, by which their kubelets
// say that they live (https://kubernetes.io/docs/concepts/architecture/leases/).
const (
	NodeLeases   = "kube-node-lease"
	LeaderLeases = metav1.NamespaceSystem
)

// Lease is what the view keeps of a Lease.
type Lease struct {
	Namespace string
	Name      string // of a node's, the name of the node
	Holder    string // "" if nobody holds it
	// Duration is for how long the holder has it from the last renewal on, to the
	// second; 0 if that is not said.
	Duration time.Duration
	// Acquired and Renewed are by the holder's clock, zero if they are not said.
	Acquired, Renewed time.Time
	// Written is when the server stored it last, by its own clock and to the second
	// (metadata.managedFields); zero if it is not said. It comes after Renewed unless
	// the clocks differ.
	Written     time.Time
	Transitions int32 // how often it changed hands
}

// GetNamespace returns the lease's namespace.
func (l *Lease) GetNamespace() string { return l.Namespace }

// GetName returns the lease's name.
func (l *Lease) GetName() string { return l.Name }

// API returns the lease as the API has it, without what the view does not hold.
func (l *Lease) API() *coordinationv1.Lease {
	o := &coordinationv1.Lease{
		TypeMeta:   metav1.TypeMeta{APIVersion: coordinationv1.SchemeGroupVersion.String(), Kind: Leases.Kind},
		ObjectMeta: metav1.ObjectMeta{Namespace: l.Namespace, Name: l.Name},
	}
	if l.Holder != "" {
		o.Spec.HolderIdentity = &l.Holder
	}
	if l.Duration != 0 {
		o.Spec.LeaseDurationSeconds = new(int32(l.Duration / time.Second)) //nolint:gosec // it came from one
	}
	if l.Transitions != 0 {
		o.Spec.LeaseTransitions = &l.Transitions
	}
	if !l.Acquired.IsZero() {
		o.Spec.AcquireTime = &metav1.MicroTime{Time: l.Acquired}
	}
	if !l.Renewed.IsZero() {
		o.Spec.RenewTime = &metav1.MicroTime{Time: l.Renewed}
	}
	if !l.Written.IsZero() {
		o.ManagedFields = []metav1.ManagedFieldsEntry{{Operation: metav1.ManagedFieldsOperationUpdate, Time: &metav1.Time{Time: l.Written}}}
	}
	return o
}

// lease returns the row of a Lease.
func (s *mapSharing) lease(o *coordinationv1.Lease) *Lease {
	row := &Lease{Name: o.Name}
	s.mu.Lock()
	row.Namespace = s.text(o.Namespace)
	s.mu.Unlock()
	if holder := o.Spec.HolderIdentity; holder != nil {
		row.Holder = *holder
	}
	if length := o.Spec.LeaseDurationSeconds; length != nil {
		row.Duration = time.Duration(*length) * time.Second
	}
	if transitions := o.Spec.LeaseTransitions; transitions != nil {
		row.Transitions = *transitions
	}
	if acquired := o.Spec.AcquireTime; acquired != nil {
		row.Acquired = acquired.Time
	}
	if renewed := o.Spec.RenewTime; renewed != nil {
		row.Renewed = renewed.Time
	}
	for i := range o.ManagedFields {
		if at := o.ManagedFields[i].Time; at != nil && at.After(row.Written) {
			row.Written = at.Time
		}
	}
	return row
}
