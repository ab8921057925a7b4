package change

import (
	admissionv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	nodev1 "k8s.io/api/node/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/kube"
)

func ofDeployments() source {
	return from(kube.Deployments, Workload, func(c *kube.Cluster) kube.Table[*appsv1.Deployment] { return c.Deployments })
}

func ofReplicaSets() source {
	return from(kube.ReplicaSets, Rollout, func(c *kube.Cluster) kube.Table[*kube.ReplicaSet] { return c.ReplicaSets })
}

func ofStatefulSets() source {
	return from(kube.StatefulSets, Workload, func(c *kube.Cluster) kube.Table[*appsv1.StatefulSet] { return c.StatefulSets })
}

func ofDaemonSets() source {
	return from(kube.DaemonSets, Workload, func(c *kube.Cluster) kube.Table[*appsv1.DaemonSet] { return c.DaemonSets })
}

func ofControllerRevisions() source {
	return from(kube.ControllerRevisions, Rollout, func(c *kube.Cluster) kube.Table[*kube.ControllerRevision] { return c.ControllerRevisions })
}

func ofEvents() source {
	return from(kube.Events, Workload, func(c *kube.Cluster) kube.Table[*corev1.Event] { return c.Events })
}

func ofLeases() source {
	return from(kube.Leases, Leader, func(c *kube.Cluster) kube.Table[*kube.Lease] { return c.Leases })
}

func ofPods() source {
	return from(kube.Pods, Tag, func(c *kube.Cluster) kube.Table[*kube.Pod] { return c.Pods })
}

// sources returns the resources whose objects are told one by one, each with the
// kind of a change of it. Pods are not among them: they come and go with what makes
// them, and tell no more than what their images are (image.go).
func sources() []source {
	type meta = *metav1.PartialObjectMetadata
	all := []source{
		from(kube.ReplicationControllers, Workload, func(c *kube.Cluster) kube.Table[*corev1.ReplicationController] { return c.ReplicationControllers }),
		from(kube.Jobs, Workload, func(c *kube.Cluster) kube.Table[*batchv1.Job] { return c.Jobs }),
		from(kube.CronJobs, Workload, func(c *kube.Cluster) kube.Table[*batchv1.CronJob] { return c.CronJobs }),
		from(kube.ConfigMaps, Config, func(c *kube.Cluster) kube.Table[meta] { return c.ConfigMaps }),
		from(kube.Secrets, Config, func(c *kube.Cluster) kube.Table[meta] { return c.Secrets }),
		from(kube.HorizontalPodAutoscalers, Autoscale, func(c *kube.Cluster) kube.Table[*autoscalingv2.HorizontalPodAutoscaler] {
			return c.HorizontalPodAutoscalers
		}),
		from(kube.Nodes, Node, func(c *kube.Cluster) kube.Table[*corev1.Node] { return c.Nodes }),
		from(kube.Services, Traffic, func(c *kube.Cluster) kube.Table[*corev1.Service] { return c.Services }),
		from(kube.Ingresses, Traffic, func(c *kube.Cluster) kube.Table[*networkingv1.Ingress] { return c.Ingresses }),
		from(kube.IngressClasses, Traffic, func(c *kube.Cluster) kube.Table[*networkingv1.IngressClass] { return c.IngressClasses }),
		from(kube.PersistentVolumeClaims, Storage, func(c *kube.Cluster) kube.Table[*corev1.PersistentVolumeClaim] { return c.PersistentVolumeClaims }),
		from(kube.PersistentVolumes, Storage, func(c *kube.Cluster) kube.Table[*corev1.PersistentVolume] { return c.PersistentVolumes }),
		from(kube.StorageClasses, Storage, func(c *kube.Cluster) kube.Table[*storagev1.StorageClass] { return c.StorageClasses }),
	}
	all = append(all, policies()...)
	for r, kind := range customKinds() {
		all = append(all, from(r, kind, func(c *kube.Cluster) kube.Table[*unstructured.Unstructured] { return c.Custom(r) }))
	}
	return all
}

// policies returns what says what may run, be done or be reached.
func policies() []source {
	return []source{
		from(kube.Namespaces, Policy, func(c *kube.Cluster) kube.Table[*corev1.Namespace] { return c.Namespaces }),
		from(kube.ResourceQuotas, Policy, func(c *kube.Cluster) kube.Table[*corev1.ResourceQuota] { return c.ResourceQuotas }),
		from(kube.LimitRanges, Policy, func(c *kube.Cluster) kube.Table[*corev1.LimitRange] { return c.LimitRanges }),
		from(kube.NetworkPolicies, Policy, func(c *kube.Cluster) kube.Table[*networkingv1.NetworkPolicy] { return c.NetworkPolicies }),
		from(kube.PodDisruptionBudgets, Policy, func(c *kube.Cluster) kube.Table[*policyv1.PodDisruptionBudget] { return c.PodDisruptionBudgets }),
		from(kube.ServiceAccounts, Policy, func(c *kube.Cluster) kube.Table[*corev1.ServiceAccount] { return c.ServiceAccounts }),
		from(kube.Roles, Policy, func(c *kube.Cluster) kube.Table[*rbacv1.Role] { return c.Roles }),
		from(kube.RoleBindings, Policy, func(c *kube.Cluster) kube.Table[*rbacv1.RoleBinding] { return c.RoleBindings }),
		from(kube.ClusterRoles, Policy, func(c *kube.Cluster) kube.Table[*rbacv1.ClusterRole] { return c.ClusterRoles }),
		from(kube.ClusterRoleBindings, Policy, func(c *kube.Cluster) kube.Table[*rbacv1.ClusterRoleBinding] { return c.ClusterRoleBindings }),
		from(kube.PriorityClasses, Policy, func(c *kube.Cluster) kube.Table[*schedulingv1.PriorityClass] { return c.PriorityClasses }),
		from(kube.RuntimeClasses, Policy, func(c *kube.Cluster) kube.Table[*nodev1.RuntimeClass] { return c.RuntimeClasses }),
		from(kube.ValidatingWebhookConfigurations, Policy, func(c *kube.Cluster) kube.Table[*admissionv1.ValidatingWebhookConfiguration] {
			return c.ValidatingWebhookConfigurations
		}),
		from(kube.MutatingWebhookConfigurations, Policy, func(c *kube.Cluster) kube.Table[*admissionv1.MutatingWebhookConfiguration] {
			return c.MutatingWebhookConfigurations
		}),
		from(kube.ValidatingAdmissionPolicies, Policy, func(c *kube.Cluster) kube.Table[*admissionv1.ValidatingAdmissionPolicy] {
			return c.ValidatingAdmissionPolicies
		}),
		from(kube.ValidatingAdmissionPolicyBindings, Policy, func(c *kube.Cluster) kube.Table[*admissionv1.ValidatingAdmissionPolicyBinding] {
			return c.ValidatingAdmissionPolicyBindings
		}),
	}
}

// customKinds returns the kinds of changes of custom resources. Of these the view
// does not hold who wrote them.
func customKinds() map[kube.Resource]Kind {
	kinds := map[kube.Resource]Kind{
		kube.Applications: Sync, kube.Kustomizations: Sync, kube.HelmReleases: Sync,
		kube.Certificates: Certificate, kube.VerticalPodAutoscalers: Autoscale, kube.ScaledObjects: Autoscale,
		kube.ExternalSecrets: Config, kube.SecretProviderClasses: Config,
	}
	for _, r := range []kube.Resource{
		kube.GatewayClasses, kube.Gateways, kube.HTTPRoutes, kube.GRPCRoutes, kube.TLSRoutes, kube.TCPRoutes, kube.UDPRoutes,
		kube.ReferenceGrants, kube.VirtualServices, kube.IngressRoutes, kube.Middlewares, kube.TraefikServices,
	} {
		kinds[r] = Traffic
	}
	for _, r := range []kube.Resource{
		kube.CustomResourceDefinitions, kube.APIServices, kube.CiliumNetworkPolicies, kube.CiliumClusterwideNetworkPolicies,
		kube.CalicoNetworkPolicies, kube.GlobalNetworkPolicies, kube.AdminNetworkPolicies, kube.BaselineAdminNetworkPolicies,
		kube.ClusterNetworkPolicies, kube.SecurityContextConstraints, kube.Constraints,
	} {
		kinds[r] = Policy
	}
	return kinds
}
