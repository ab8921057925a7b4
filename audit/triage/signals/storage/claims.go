package storage

import (
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// users has the pods of a namespace that have not finished, by the claims that
// they name.
var users = kube.DeriveFor(func(c *kube.Cluster, namespace string) map[string][]*kube.Pod {
	of := map[string][]*kube.Pod{}
	for _, pod := range c.Pods.In(namespace) {
		if pod.Finished() {
			continue
		}
		for i := range pod.Spec.Volumes {
			switch v := &pod.Spec.Volumes[i]; {
			case v.PersistentVolumeClaim != nil:
				of[v.PersistentVolumeClaim.ClaimName] = append(of[v.PersistentVolumeClaim.ClaimName], pod)
			case v.Ephemeral != nil:
				// A claim of its own, named after the pod and the volume
				// (k8s.io/component-helpers/storage/ephemeral).
				of[pod.Name+"-"+v.Name] = append(of[pod.Name+"-"+v.Name], pod)
			}
		}
	}
	return of
}).From(kube.Pods)

// classOf returns the StorageClass of a claim and whether the claim names one:
// the class that is the default counts where it names none.
func classOf(c *kube.Cluster, claim *corev1.PersistentVolumeClaim) (class *storagev1.StorageClass, name string) {
	if claim.Spec.StorageClassName != nil {
		name = *claim.Spec.StorageClassName
		class, _ = c.StorageClasses.Get("", name)
		return class, name
	}
	for s := range c.StorageClasses.All() {
		if s.Annotations["storageclass.kubernetes.io/is-default-class"] == "true" {
			return s, s.Name
		}
	}
	return nil, ""
}

// waitsForPod reports whether a class makes volumes only for pods that want them.
func waitsForPod(class *storagev1.StorageClass) bool {
	return class != nil && class.VolumeBindingMode != nil && *class.VolumeBindingMode == storagev1.VolumeBindingWaitForFirstConsumer
}

// workloadOf returns the workload of the first of some pods, zero for none.
func workloadOf(c *kube.Cluster, pods []*kube.Pod) kube.Ref {
	if len(pods) == 0 {
		return kube.Ref{}
	}
	if w := c.WorkloadOf(pods[0]); w != nil {
		return w.Ref
	}
	return kube.Ref{}
}

// newest returns the newest event about a claim that has one of some reasons, nil
// if there is none.
func newest(p *triage.Pass, about kube.Ref, reasons ...string) *corev1.Event {
	var found *corev1.Event
	for _, e := range p.Events(about) {
		for _, reason := range reasons {
			if e.Reason == reason {
				found = e
			}
		}
	}
	return found
}
