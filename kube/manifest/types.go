package manifest

import (
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	metricsv1beta1 "k8s.io/metrics/pkg/apis/metrics/v1beta1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// typed is a kind of object that can be read.
type typed struct {
	resource kube.Resource
	empty    func() metav1.Object
}

// kinds lists every kind of the view with the type that it is decoded into.
// Secrets and ConfigMaps are decoded as metadata alone.
func kinds() []typed {
	return []typed{
		{kube.Namespaces, func() metav1.Object { return &corev1.Namespace{} }},
		{kube.Nodes, func() metav1.Object { return &corev1.Node{} }},
		{kube.Pods, func() metav1.Object { return &corev1.Pod{} }},
		{kube.Deployments, func() metav1.Object { return &appsv1.Deployment{} }},
		{kube.StatefulSets, func() metav1.Object { return &appsv1.StatefulSet{} }},
		{kube.DaemonSets, func() metav1.Object { return &appsv1.DaemonSet{} }},
		{kube.ReplicaSets, func() metav1.Object { return &appsv1.ReplicaSet{} }},
		{kube.ReplicationControllers, func() metav1.Object { return &corev1.ReplicationController{} }},
		{kube.Jobs, func() metav1.Object { return &batchv1.Job{} }},
		{kube.CronJobs, func() metav1.Object { return &batchv1.CronJob{} }},
		{kube.Services, func() metav1.Object { return &corev1.Service{} }},
		{kube.EndpointSlices, func() metav1.Object { return &discoveryv1.EndpointSlice{} }},
		{kube.Ingresses, func() metav1.Object { return &networkingv1.Ingress{} }},
		{kube.NetworkPolicies, func() metav1.Object { return &networkingv1.NetworkPolicy{} }},
		{kube.HorizontalPodAutoscalers, func() metav1.Object { return &autoscalingv2.HorizontalPodAutoscaler{} }},
		{kube.PodDisruptionBudgets, func() metav1.Object { return &policyv1.PodDisruptionBudget{} }},
		{kube.ServiceAccounts, func() metav1.Object { return &corev1.ServiceAccount{} }},
		{kube.Roles, func() metav1.Object { return &rbacv1.Role{} }},
		{kube.RoleBindings, func() metav1.Object { return &rbacv1.RoleBinding{} }},
		{kube.ClusterRoles, func() metav1.Object { return &rbacv1.ClusterRole{} }},
		{kube.ClusterRoleBindings, func() metav1.Object { return &rbacv1.ClusterRoleBinding{} }},
		{kube.LimitRanges, func() metav1.Object { return &corev1.LimitRange{} }},
		{kube.ResourceQuotas, func() metav1.Object { return &corev1.ResourceQuota{} }},
		{kube.PersistentVolumes, func() metav1.Object { return &corev1.PersistentVolume{} }},
		{kube.PersistentVolumeClaims, func() metav1.Object { return &corev1.PersistentVolumeClaim{} }},
		{kube.StorageClasses, func() metav1.Object { return &storagev1.StorageClass{} }},
		{kube.Secrets, func() metav1.Object { return &metav1.PartialObjectMetadata{} }},
		{kube.ConfigMaps, func() metav1.Object { return &metav1.PartialObjectMetadata{} }},
		{kube.Events, func() metav1.Object { return &corev1.Event{} }},
		{kube.PodMetrics, func() metav1.Object { return &metricsv1beta1.PodMetrics{} }},
		{kube.NodeMetrics, func() metav1.Object { return &metricsv1beta1.NodeMetrics{} }},
	}
}

// held turns a decoded object into what the view holds: metrics become samples.
func held(o metav1.Object) kube.Object {
	switch o := o.(type) {
	case *metricsv1beta1.PodMetrics:
		usage := &kube.Usage{
			Namespace: o.Namespace, Name: o.Name, Time: o.Timestamp.Time, Window: o.Window.Duration,
			Containers: make(map[string]corev1.ResourceList, len(o.Containers)),
		}
		for _, c := range o.Containers {
			usage.Containers[c.Name] = c.Usage
		}
		return usage
	case *metricsv1beta1.NodeMetrics:
		return &kube.Usage{
			Name: o.Name, Time: o.Timestamp.Time, Window: o.Window.Duration,
			Containers: map[string]corev1.ResourceList{"": o.Usage},
		}
	}
	return o
}
