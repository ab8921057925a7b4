package fleet

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

func nodeName(n int) string { return fmt.Sprintf("node-%04d", n) }

func (f Fleet) namespaceName(n int) string { return fmt.Sprintf("team-%04d", n) }

// cluster makes what has no namespace.
func (p *printing) cluster() {
	for n := range p.fleet.Nodes() {
		node := &corev1.Node{ObjectMeta: identified(metav1.ObjectMeta{Name: nodeName(n), Labels: map[string]string{
			corev1.LabelHostname: nodeName(n), corev1.LabelTopologyZone: fmt.Sprintf("zone-%d", n%3), corev1.LabelOSStable: "linux", corev1.LabelArchStable: "amd64",
		}}, kube.Nodes.Kind)}
		node.Status.Capacity = list("64", "256Gi")
		node.Status.Allocatable = list("63", "250Gi")
		node.Status.Conditions = []corev1.NodeCondition{{Type: corev1.NodeReady, Status: corev1.ConditionTrue, Reason: "KubeletReady"}}
		node.Status.NodeInfo = corev1.NodeSystemInfo{KubeletVersion: "v1.37.1", ContainerRuntimeVersion: "containerd://2.1.4", OperatingSystem: "linux", Architecture: "amd64"}
		for i := range 20 {
			node.Status.Images = append(node.Status.Images, corev1.ContainerImage{
				Names: []string{fmt.Sprintf("registry.example.com/team-%04d/image-%d:1.0", n%50, i)}, SizeBytes: 1 << 27,
			})
		}
		p.print(kube.Nodes, node)
	}
	p.print(kube.StorageClasses, &storagev1.StorageClass{
		ObjectMeta: identified(metav1.ObjectMeta{Name: "fast"}, kube.StorageClasses.Kind), Provisioner: "csi.example.com",
		ReclaimPolicy: new(corev1.PersistentVolumeReclaimDelete), VolumeBindingMode: new(storagev1.VolumeBindingWaitForFirstConsumer),
	})
	for i := range 60 {
		role := &rbacv1.ClusterRole{ObjectMeta: identified(metav1.ObjectMeta{Name: fmt.Sprintf("operator-%d", i)}, kube.ClusterRoles.Kind)}
		role.Rules = []rbacv1.PolicyRule{
			{APIGroups: []string{"apps"}, Resources: []string{"deployments", "statefulsets"}, Verbs: []string{"get", "list", "watch", "update"}},
			{APIGroups: []string{""}, Resources: []string{"configmaps", "services"}, Verbs: []string{"*"}},
		}
		if i%10 == 0 {
			role.Rules = append(role.Rules, rbacv1.PolicyRule{APIGroups: []string{""}, Resources: []string{"secrets"}, Verbs: []string{"get", "list"}})
		}
		p.print(kube.ClusterRoles, role)
		p.print(kube.ClusterRoleBindings, &rbacv1.ClusterRoleBinding{
			ObjectMeta: identified(metav1.ObjectMeta{Name: role.Name}, kube.ClusterRoleBindings.Kind),
			RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: role.Name},
			Subjects:   []rbacv1.Subject{{Kind: "ServiceAccount", Namespace: p.fleet.namespaceName(i % p.fleet.Namespaces()), Name: "operator"}},
		})
	}
}

// namespace makes what every namespace has, whatever runs there.
func (p *printing) namespace(n int) {
	name := p.fleet.namespaceName(n)
	meta := func(of, kind string) metav1.ObjectMeta {
		return identified(metav1.ObjectMeta{Namespace: name, Name: of}, kind)
	}
	namespace := &corev1.Namespace{ObjectMeta: identified(metav1.ObjectMeta{Name: name, Labels: map[string]string{corev1.LabelMetadataName: name}}, kube.Namespaces.Kind)}
	if n%3 == 0 {
		namespace.Labels["pod-security.kubernetes.io/enforce"] = "baseline"
	}
	namespace.Spec.Finalizers, namespace.Status.Phase = []corev1.FinalizerName{corev1.FinalizerKubernetes}, corev1.NamespaceActive
	p.print(kube.Namespaces, namespace)
	for _, account := range []string{"default", "operator"} {
		p.print(kube.ServiceAccounts, &corev1.ServiceAccount{ObjectMeta: meta(account, kube.ServiceAccounts.Kind)})
	}
	p.print(kube.ConfigMaps, &corev1.ConfigMap{ObjectMeta: meta("kube-root-ca.crt", kube.ConfigMaps.Kind), Data: map[string]string{"ca.crt": "-----BEGIN CERTIFICATE-----"}})
	p.print(kube.Roles, &rbacv1.Role{ObjectMeta: meta("deployer", kube.Roles.Kind), Rules: []rbacv1.PolicyRule{
		{APIGroups: []string{"", "apps"}, Resources: []string{"pods", "deployments", "services"}, Verbs: []string{"get", "list", "watch", "create", "update", "patch", "delete"}},
	}})
	p.print(kube.RoleBindings, &rbacv1.RoleBinding{
		ObjectMeta: meta("deployer", kube.RoleBindings.Kind), RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: "deployer"},
		Subjects: []rbacv1.Subject{{Kind: "Group", APIGroup: rbacv1.GroupName, Name: "developers-" + name}, {Kind: "ServiceAccount", Namespace: name, Name: "operator"}},
	})
	if n%2 == 0 {
		p.print(kube.NetworkPolicies, &networkingv1.NetworkPolicy{
			ObjectMeta: meta("default-deny", kube.NetworkPolicies.Kind), Spec: networkingv1.NetworkPolicySpec{PolicyTypes: []networkingv1.PolicyType{networkingv1.PolicyTypeIngress}},
		})
		p.print(kube.ResourceQuotas, &corev1.ResourceQuota{ObjectMeta: meta("compute", kube.ResourceQuotas.Kind), Spec: corev1.ResourceQuotaSpec{
			Hard: corev1.ResourceList{corev1.ResourceRequestsCPU: list("100", "1Gi")[corev1.ResourceCPU]},
		}})
	}
	for i, reason := range []string{"Reconciled", "Scaled", "Pulled", "Started", "Healthy"} {
		at := metav1.NewTime(Began())
		p.print(kube.Events, &corev1.Event{
			ObjectMeta: meta(fmt.Sprintf("operator.%016x", n*5+i), kube.Events.Kind), Reason: reason, Type: corev1.EventTypeNormal, Message: "all is well", Count: 1,
			InvolvedObject: corev1.ObjectReference{Kind: "Namespace", Name: name, APIVersion: "v1", Namespace: name}, FirstTimestamp: at, LastTimestamp: at,
			Source: corev1.EventSource{Component: "operator"},
		})
	}
}
