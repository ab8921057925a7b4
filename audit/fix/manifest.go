package fix

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	certificatesv1 "k8s.io/api/certificates/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// ErrNotWhole is returned for an object of which the view holds only a part:
// written as a manifest and applied, it would lose the rest.
var ErrNotWhole = errors.New("the view does not hold the whole object")

// ToYAML writes an object of the view as the manifest that a person would write:
// without status, without what a server or controller filled in, and without the
// defaults of a pod that a server adds to every object. The error is
// [ErrNotWhole] for Secrets, ConfigMaps, EndpointSlices and metrics.
func ToYAML(r kube.Resource, o kube.Object) ([]byte, error) {
	switch held := o.(type) {
	case *metav1.PartialObjectMetadata, *kube.EndpointSlice, *kube.Usage, *kube.ControllerRevision, *kube.Lease, *certificatesv1.CertificateSigningRequest:
		return nil, fmt.Errorf("writing %s as a manifest: %w", r.Ref(o.GetNamespace(), o.GetName()), ErrNotWhole)
	case *kube.Pod:
		o = &corev1.Pod{
			ObjectMeta: metav1.ObjectMeta{
				Name: held.Name, Namespace: held.Namespace, Labels: held.Labels, Annotations: held.Annotations,
			},
			Spec: *held.Spec,
		}
	case *kube.ReplicaSet:
		o = held.API()
	case *unstructured.Unstructured:
		o, r = kube.APIOf(held), r.As(held.GetKind())
	}
	value, err := plain(o)
	if err != nil {
		return nil, fmt.Errorf("writing %s as a manifest: %w", r.Ref(o.GetNamespace(), o.GetName()), err)
	}
	object, _ := value.(map[string]any)
	object["kind"], object["apiVersion"] = r.Kind, r.Version
	if r.Group != "" {
		object["apiVersion"] = r.Group + "/" + r.Version
	}
	delete(object, "status")
	clean(object, r)
	return []byte(block(object, layout{newline: "\n", step: 2}, 0) + "\n"), nil
}

// clean takes away what a person does not write.
func clean(object map[string]any, r kube.Resource) {
	cleanMetadata(object)
	spec, _ := object["spec"].(map[string]any)
	switch r {
	case kube.Pods:
		cleanPod(spec)
	case kube.Services:
		cleanService(spec)
	case kube.PersistentVolumeClaims:
		delete(spec, "volumeName")
		dropDefaults(spec, map[string]any{"volumeMode": "Filesystem"})
	case kube.CronJobs:
		if template, ok := spec["jobTemplate"].(map[string]any); ok {
			cleanMetadata(template)
			job, _ := template["spec"].(map[string]any)
			cleanTemplate(job)
		}
	default:
		cleanTemplate(spec)
	}
	if r == kube.Jobs && spec["manualSelector"] != true {
		delete(spec, "selector") // the API server makes one of the Job's UID
	}
	dropEmpty(object)
}

func cleanTemplate(spec map[string]any) {
	for key, byDefault := range map[string]any{"progressDeadlineSeconds": int64(600), "revisionHistoryLimit": int64(10)} {
		if spec[key] == byDefault {
			delete(spec, key)
		}
	}
	template, ok := spec["template"].(map[string]any)
	if !ok {
		return
	}
	cleanMetadata(template)
	if pod, ok := template["spec"].(map[string]any); ok {
		cleanPod(pod)
	}
}

// generatedFields lists the metadata that servers and controllers write.
func generatedFields() []string {
	return []string{
		"managedFields", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
		"deletionGracePeriodSeconds", "selfLink", "ownerReferences",
	}
}

// generatedKeys lists the labels and annotations that controllers write.
func generatedKeys() []string {
	return []string{
		corev1.LastAppliedConfigAnnotation, "deployment.kubernetes.io/revision", "deprecated.daemonset.template.generation",
		"deployment.kubernetes.io/desired-replicas", "deployment.kubernetes.io/max-replicas",
		"pv.kubernetes.io/bind-completed", "pv.kubernetes.io/bound-by-controller",
		"volume.kubernetes.io/storage-provisioner", "volume.beta.kubernetes.io/storage-provisioner",
		"volume.kubernetes.io/selected-node", "batch.kubernetes.io/job-tracking",
		"controller-uid", "batch.kubernetes.io/controller-uid", "job-name", "batch.kubernetes.io/job-name",
		"pod-template-hash", "controller-revision-hash",
	}
}

func cleanMetadata(object map[string]any) {
	metadata, ok := object["metadata"].(map[string]any)
	if !ok {
		return
	}
	for _, field := range generatedFields() {
		delete(metadata, field)
	}
	for _, kind := range []string{"labels", "annotations"} {
		m, _ := metadata[kind].(map[string]any)
		for _, key := range generatedKeys() {
			delete(m, key)
		}
		if len(m) == 0 {
			delete(metadata, kind)
		}
	}
	cleanFinalizers(metadata)
	if len(metadata) == 0 {
		delete(object, "metadata") // of a template
	}
}

// cleanFinalizers takes away the finalizers that Kubernetes itself adds
// (k8s.io/kubernetes pkg/volume/util/finalizer.go, k8s.io/cloud-provider
// service/helpers): applied by hand they would keep an object from going.
func cleanFinalizers(metadata map[string]any) {
	finalizers, ok := metadata["finalizers"].([]any)
	if !ok {
		return
	}
	kept := slices.DeleteFunc(finalizers, func(finalizer any) bool {
		switch finalizer {
		case "kubernetes.io/pvc-protection", "kubernetes.io/pv-protection", "service.kubernetes.io/load-balancer-cleanup":
			return true
		}
		return false
	})
	metadata["finalizers"] = kept
	if len(kept) == 0 {
		delete(metadata, "finalizers")
	}
}

func cleanService(spec map[string]any) {
	if spec["clusterIP"] != corev1.ClusterIPNone {
		delete(spec, "clusterIP")
	}
	delete(spec, "clusterIPs") // follows from clusterIP
	delete(spec, "healthCheckNodePort")
	dropDefaults(spec, map[string]any{
		"sessionAffinity": "None", "internalTrafficPolicy": "Cluster", "allocateLoadBalancerNodePorts": true,
	})
	ports, _ := spec["ports"].([]any)
	for _, element := range ports {
		if port, ok := element.(map[string]any); ok {
			dropDefaults(port, map[string]any{"targetPort": int64(0)}) // how Go encodes one that is not set
		}
	}
}

// cleanPod takes away what the API server fills in (k8s.io/kubernetes
// pkg/apis/core/v1/defaults.go) and what its admission plugins add: the volume
// of the token and the tolerations of five minutes.
func cleanPod(spec map[string]any) {
	dropDefaults(spec, map[string]any{
		"dnsPolicy": "ClusterFirst", "restartPolicy": "Always", "schedulerName": "default-scheduler",
		"terminationGracePeriodSeconds": int64(30), "securityContext": map[string]any{}, "enableServiceLinks": true,
		"preemptionPolicy": "PreemptLowerPriority",
	})
	delete(spec, "priority") // follows from priorityClassName
	if _, ok := spec["serviceAccountName"]; ok {
		delete(spec, "serviceAccount") // the old name of the same field
	}
	dropElements(spec, "volumes", "name", func(name string) bool { return isToken(name) })
	dropElements(spec, "tolerations", "key", func(key string) bool {
		return key == corev1.TaintNodeNotReady || key == corev1.TaintNodeUnreachable
	})
	for _, kind := range []string{"initContainers", "containers", "ephemeralContainers"} {
		list, _ := spec[kind].([]any)
		for _, element := range list {
			container, ok := element.(map[string]any)
			if !ok {
				continue
			}
			dropDefaults(container, map[string]any{
				"terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
				"resources": map[string]any{},
			})
			dropElements(container, "volumeMounts", "name", func(name string) bool { return isToken(name) })
		}
	}
}

// isToken reports whether a volume is that of the ServiceAccount's token, with
// or without the suffix that each pod's has.
func isToken(volume string) bool {
	return volume == "kube-api-access" || strings.HasPrefix(volume, "kube-api-access-")
}

func dropDefaults(object, defaults map[string]any) {
	for key, value := range defaults {
		if held, ok := object[key]; ok && reflect.DeepEqual(held, value) {
			delete(object, key)
		}
	}
}

// dropElements deletes the elements of a list of maps that a field tells apart.
func dropElements(object map[string]any, list, field string, drop func(string) bool) {
	elements, ok := object[list].([]any)
	if !ok {
		return
	}
	kept := []any{}
	for _, e := range elements {
		m, _ := e.(map[string]any)
		if name, _ := m[field].(string); !drop(name) {
			kept = append(kept, e)
		}
	}
	object[list] = kept
	if len(kept) == 0 {
		delete(object, list)
	}
}

// dropEmpty deletes nulls, and the empty structs that Go's encoding writes for
// fields that are not set.
func dropEmpty(object map[string]any) {
	for key, value := range object {
		switch v := value.(type) {
		case nil:
			delete(object, key)
		case map[string]any:
			dropEmpty(v)
			if len(v) == 0 && (key == "strategy" || key == "updateStrategy" || key == "resources" || key == "status") {
				delete(object, key)
			}
		case []any:
			for _, element := range v {
				if m, ok := element.(map[string]any); ok {
					dropEmpty(m)
				}
			}
		}
	}
}
