package kube

import (
	"unique"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// ReplicaSet is what the view keeps of a ReplicaSet. There are as many of them as
// rollouts are remembered, and few are ever looked at: the pod spec stays encoded,
// and those that are equal are held once. That of the newest revision is as a rule
// the one of its Deployment.
type ReplicaSet struct {
	*Family
	Name        string
	Labels      map[string]string
	Annotations map[string]string        // with the revision of the Deployment
	Replicas    int32                    // as declared, 1 if nothing is
	Status      *appsv1.ReplicaSetStatus // without conditions but [ReplicaSet.Failure]; shared, never change it
	Selector    *metav1.LabelSelector    // nil for one that has an owner
	// TemplateLabels are nil for one without replicas that has an owner: a Deployment
	// gives the labels of its template to its ReplicaSets as well.
	TemplateLabels map[string]string
	// TemplateAnnotations are nil for the same: [ReplicaSet.Template] has them.
	TemplateAnnotations map[string]string

	past string // the annotations of a template that no pod has, encoded
	spec EncodedPodSpec
	incarnation
}

// EncodedPodSpec is a pod spec as an API server sends it in protobuf, or one that
// somebody holds decoded. Equal ones that are encoded are one.
type EncodedPodSpec struct {
	encoded unique.Handle[string]
	decoded *corev1.PodSpec // used instead unless it is nil; nobody may change it
}

// EncodedPodSpecOf returns an encoded spec, of which it makes a copy.
func EncodedPodSpecOf(encoded []byte) EncodedPodSpec {
	return EncodedPodSpec{encoded: unique.Make(string(encoded))}
}

// DecodedPodSpec returns a spec that is held anyway, and that nobody may change
// from now on.
func DecodedPodSpec(spec *corev1.PodSpec) EncodedPodSpec { return EncodedPodSpec{decoded: spec} }

// into fills in the spec, which shares what is held decoded.
func (e EncodedPodSpec) into(spec *corev1.PodSpec) {
	if e.decoded != nil {
		*spec = *e.decoded
		return
	}
	// What cannot be decoded was refused when it came: see Builder.Set.
	_ = spec.Unmarshal([]byte(e.encoded.Value()))
}

// ReplicaSetOfSpec is a ReplicaSet whose pod spec is not decoded.
type ReplicaSetOfSpec struct {
	*appsv1.ReplicaSet
	Encoded EncodedPodSpec
}

// GetNamespace returns the ReplicaSet's namespace.
func (r *ReplicaSet) GetNamespace() string { return r.Namespace }

// GetName returns the ReplicaSet's name.
func (r *ReplicaSet) GetName() string { return r.Name }

// GetLabels returns the ReplicaSet's labels, which nobody may change.
func (r *ReplicaSet) GetLabels() map[string]string { return r.Labels }

// GetAnnotations returns the ReplicaSet's annotations, which nobody may change.
func (r *ReplicaSet) GetAnnotations() map[string]string { return r.Annotations }

// Failure returns why pods cannot be created or deleted: the condition ReplicaFailure
// (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/replica-set-v1/),
// which the controller takes away once it can. It is nil for nearly all, and nobody
// may change it.
func (r *ReplicaSet) Failure() *appsv1.ReplicaSetCondition {
	if len(r.Status.Conditions) == 0 {
		return nil
	}
	return &r.Status.Conditions[0]
}

// Template returns the pod template. Its maps and slices are shared.
func (r *ReplicaSet) Template() *corev1.PodTemplateSpec {
	t := &corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: r.TemplateLabels, Annotations: r.TemplateAnnotations}}
	if r.past != "" {
		t.Annotations = decodedTexts(r.past)
	}
	r.spec.into(&t.Spec)
	return t
}

// API returns the ReplicaSet as the API has it, without what the view does not
// hold: of its conditions there is [ReplicaSet.Failure]. It shares its maps, its
// selector, its conditions and its pod spec.
func (r *ReplicaSet) API() *appsv1.ReplicaSet {
	set := &appsv1.ReplicaSet{
		TypeMeta: metav1.TypeMeta{APIVersion: appsv1.SchemeGroupVersion.String(), Kind: ReplicaSets.Kind},
		ObjectMeta: metav1.ObjectMeta{
			Namespace: r.Namespace, Name: r.Name, UID: r.UID(), Labels: r.Labels, Annotations: r.Annotations,
			CreationTimestamp: metav1.Time{Time: r.Created()}, OwnerReferences: r.Owner.references(),
		},
		Spec:   appsv1.ReplicaSetSpec{Replicas: new(r.Replicas), Selector: r.Selector, Template: *r.Template()},
		Status: *r.Status,
	}
	return set
}

// replicaSet returns the row of a ReplicaSet.
func (s *mapSharing) replicaSet(o *appsv1.ReplicaSet, spec EncodedPodSpec) *ReplicaSet {
	stripMetadata(o)
	row := &ReplicaSet{
		Family: s.family(o), Name: o.Name, incarnation: incarnationOf(&o.ObjectMeta),
		Labels: s.share(o.Labels), Annotations: s.share(o.Annotations),
		Replicas: *replicasOf(o.Spec.Replicas), Status: s.replicas(&o.Status), spec: spec,
	}
	if row.Owner.IsZero() {
		row.Selector = o.Spec.Selector
	}
	if row.Replicas > 0 || row.Owner.IsZero() {
		row.TemplateLabels = s.share(o.Spec.Template.Labels)
		row.TemplateAnnotations = s.share(o.Spec.Template.Annotations)
	} else {
		row.past = s.encodedTexts(o.Spec.Template.Annotations)
	}
	return row
}

// replicas are the numbers of a ReplicaSet's status. Most of them are of past
// revisions, and zero.
type replicas struct {
	all, fullyLabeled, ready, available, terminating int32
	countsTerminating                                bool // not all servers do
	generation                                       int64
}

// failureOf returns the condition ReplicaFailure of a status, as a list of its own; nil
// if there is none.
func failureOf(status *appsv1.ReplicaSetStatus) []appsv1.ReplicaSetCondition {
	for i := range status.Conditions {
		if status.Conditions[i].Type == appsv1.ReplicaSetReplicaFailure {
			return []appsv1.ReplicaSetCondition{status.Conditions[i]}
		}
	}
	return nil
}

// replicas returns the one copy of the numbers of a status, or a status of its own for
// one that tells of a failure.
func (s *mapSharing) replicas(status *appsv1.ReplicaSetStatus) *appsv1.ReplicaSetStatus {
	if failure := failureOf(status); failure != nil {
		kept := *status
		kept.Conditions = failure
		return &kept
	}
	numbers := replicas{
		all: status.Replicas, fullyLabeled: status.FullyLabeledReplicas, ready: status.ReadyReplicas, available: status.AvailableReplicas,
		generation: status.ObservedGeneration,
	}
	if status.TerminatingReplicas != nil {
		numbers.terminating, numbers.countsTerminating = *status.TerminatingReplicas, true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if held := s.replicaSets[numbers]; held != nil {
		return held
	}
	if len(s.replicaSets) >= mostStatuses {
		clear(s.replicaSets)
	}
	kept := *status
	kept.Conditions = nil
	s.replicaSets[numbers] = &kept
	return &kept
}
