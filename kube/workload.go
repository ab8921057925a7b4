package kube

import (
	"cmp"
	"iter"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
)

// Workload is the top of an owner chain that ends in pods: a Deployment, a
// StatefulSet, a DaemonSet, a CronJob, a custom kind with a pod template (an Argo
// Rollout, a Service of Knative), or a Job, ReplicaSet, ReplicationController
// or pod that nothing else owns. It is the subject of most rules; what it owns
// rolls up to it.
//
// Pods and ReplicaSets whose controller the view does not hold (an operator's
// custom resource, or a Deployment that may not be read) form one Workload that
// bears the controller's name, judged by its newest ReplicaSet, or else by the first
// of its pods. So do those of a custom object without a pod template, which says
// how many of them there are to be: it is the [Workload.Scaler].
type Workload struct {
	Ref         Ref
	Labels      map[string]string // of the object
	Annotations map[string]string // of the object
	Pod         Template
	Selector    labels.Selector // which pods it adopts; nil where its kind has none, or its object is not held
	// Replicas is how many pods are declared, with the API's default of 1; nil
	// for kinds that have none, and where neither the object nor a Scaler is held.
	Replicas *int32
	// ReplicasPath is the field path of Replicas in the object, "spec.replicas"; "" where
	// it does not have them.
	ReplicasPath string
	// Scaler is the custom object that has Replicas and makes the pods, where that is
	// another than Object: the Rollout that refers to a Deployment, which has the template
	// and no pods; or a kind without a template. Nil for all others.
	Scaler *unstructured.Unstructured
	// Controller is the owner that the view does not hold (an operator's custom
	// resource): fixes belong there. Zero if there is none.
	Controller Owner
	// Object is the API object itself ([Pod] for a bare pod); where the object
	// that Ref names is not held, the member by which it is judged.
	Object Object
	// Held reports whether the view holds the object that Ref names.
	Held bool
}

// Template is the pod that a workload runs.
type Template struct {
	Path        string // field path of the pod spec, "spec.template.spec"; "spec" for a pod
	Labels      map[string]string
	Annotations map[string]string
	Spec        *corev1.PodSpec
}

// GetNamespace returns the workload's namespace.
func (w *Workload) GetNamespace() string { return w.Ref.Namespace }

// GetName returns the workload's name.
func (w *Workload) GetName() string { return w.Ref.Name }

// Containers yields every container of the template, init containers first.
func (w *Workload) Containers() iter.Seq[Container] {
	return ContainersOf(w.Pod.Spec, w.Pod.Path)
}

// Field returns the field path of a field of the pod spec:
// Field("hostPID") is "spec.template.spec.hostPID" for a Deployment.
func (w *Workload) Field(path string) string { return w.Pod.Path + "." + path }

// MetadataPath returns the field path of the pod's metadata:
// "spec.template.metadata" for a Deployment, "metadata" for a pod.
func (w *Workload) MetadataPath() string {
	return w.Pod.Path[:len(w.Pod.Path)-len("spec")] + "metadata"
}

// RunsToCompletion reports whether the pods are meant to end: probes, budgets
// and autoscalers mean nothing for them.
func (w *Workload) RunsToCompletion() bool {
	switch w.Ref.Kind {
	case Jobs.Kind, CronJobs.Kind:
		return true
	case Pods.Kind:
		return w.Pod.Spec.RestartPolicy == corev1.RestartPolicyNever ||
			w.Pod.Spec.RestartPolicy == corev1.RestartPolicyOnFailure
	}
	return false
}

// Ended reports whether the workload is a Job that came to its end, well or not:
// nothing starts its pods any more, and what they needed may be gone.
func (w *Workload) Ended() bool {
	job, ok := w.Object.(*batchv1.Job)
	if !ok {
		return false
	}
	for i := range job.Status.Conditions {
		c := &job.Status.Conditions[i]
		if (c.Type == batchv1.JobComplete || c.Type == batchv1.JobFailed) && c.Status == corev1.ConditionTrue {
			return true
		}
	}
	return false
}

// PerNode reports whether one pod runs on each node: it is neither scaled nor
// drained by budgets.
func (w *Workload) PerNode() bool { return w.Ref.Kind == DaemonSets.Kind }

// Windows reports whether the pods say that they run on Windows, where the
// Linux security fields do not apply (spec.os.name, KEP-2802).
func (w *Workload) Windows() bool {
	return w.Pod.Spec.OS != nil && w.Pod.Spec.OS.Name == corev1.Windows
}

// ServiceAccount returns the name of the ServiceAccount the pods run as;
// "default" if the template names none. The field's old name, serviceAccount,
// counts where the new one is not set.
func (w *Workload) ServiceAccount() string {
	return cmp.Or(w.Pod.Spec.ServiceAccountName, w.Pod.Spec.DeprecatedServiceAccount, "default")
}

// SelectedBy reports whether a label selector, as the API has it, selects the
// pods: an empty selector selects all, nil none.
func (w *Workload) SelectedBy(selector *metav1.LabelSelector) bool {
	if selector == nil || !demandsNoMore(selector.MatchLabels, w.Pod.Labels) {
		return false
	}
	s, err := metav1.LabelSelectorAsSelector(selector)
	return err == nil && s.Matches(labels.Set(w.Pod.Labels))
}
