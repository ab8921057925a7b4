package access

import rbacv1 "k8s.io/api/rbac/v1"

// builtInRules returns what the roles that every server has and that are made
// for binding essentially grant, for views that do not hold them: manifests, and
// clusters whose ClusterRoles may not be read. It is nil for any other name. The source is
// k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac/bootstrappolicy as of 1.37;
// of admin, edit and view it has what a decision here can turn on. With
// [builtInRoleRules] it also knows the two that every API server which extends
// another is bound to.
func builtInRules(name string) []rbacv1.PolicyRule {
	switch name {
	case "cluster-admin":
		return []rbacv1.PolicyRule{
			{Verbs: []string{"*"}, APIGroups: []string{"*"}, Resources: []string{"*"}},
			{Verbs: []string{"*"}, NonResourceURLs: []string{"*"}},
		}
	case "admin":
		return append(editRules(),
			allow(append(reads(), writes()...), "rbac.authorization.k8s.io", "roles", "rolebindings"),
			allow([]string{"create"}, "authorization.k8s.io", "localsubjectaccessreviews"),
		)
	case "edit":
		return editRules()
	case "view":
		return viewRules()
	case "system:auth-delegator":
		return []rbacv1.PolicyRule{
			allow([]string{"create"}, "authentication.k8s.io", "tokenreviews"),
			allow([]string{"create"}, "authorization.k8s.io", "subjectaccessreviews"),
		}
	}
	return nil
}

// builtInRoleRules is [builtInRules] for Roles.
func builtInRoleRules(namespace, name string) []rbacv1.PolicyRule {
	if namespace != "kube-system" || name != "extension-apiserver-authentication-reader" {
		return nil
	}
	r := allow(reads(), "", "configmaps")
	r.ResourceNames = []string{"extension-apiserver-authentication"}
	return []rbacv1.PolicyRule{r}
}

func editRules() []rbacv1.PolicyRule {
	return append(viewRules(),
		allow(reads(), "", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "secrets", "services/proxy"),
		allow([]string{"impersonate"}, "", "serviceaccounts"),
		allow([]string{"create"}, "", "pods/eviction", "serviceaccounts/token"),
		allow(writes(), "", "pods", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy",
			"configmaps", "events", "persistentvolumeclaims", "replicationcontrollers", "replicationcontrollers/scale",
			"secrets", "serviceaccounts", "services", "services/proxy"),
		allow(writes(), "apps", "daemonsets", "deployments", "deployments/rollback", "deployments/scale",
			"replicasets", "replicasets/scale", "statefulsets", "statefulsets/scale"),
		allow(writes(), "autoscaling", "horizontalpodautoscalers"),
		allow(writes(), "batch", "cronjobs", "jobs"),
		allow(writes(), "policy", "poddisruptionbudgets"),
		allow(writes(), "networking.k8s.io", "ingresses", "networkpolicies"),
	)
}

func viewRules() []rbacv1.PolicyRule {
	return []rbacv1.PolicyRule{
		allow(reads(), "", "bindings", "configmaps", "endpoints", "events", "limitranges", "namespaces",
			"persistentvolumeclaims", "pods", "pods/log", "pods/status", "replicationcontrollers", "resourcequotas",
			"serviceaccounts", "services"),
		allow(reads(), "apps", "controllerrevisions", "daemonsets", "deployments", "replicasets", "statefulsets"),
		allow(reads(), "autoscaling", "horizontalpodautoscalers"),
		allow(reads(), "batch", "cronjobs", "jobs"),
		allow(reads(), "discovery.k8s.io", "endpointslices"),
		allow(reads(), "policy", "poddisruptionbudgets"),
		allow(reads(), "networking.k8s.io", "ingresses", "networkpolicies"),
	}
}

func reads() []string { return []string{"get", "list", "watch"} }

func writes() []string {
	return []string{"create", "delete", "deletecollection", "patch", "update"}
}

func allow(verbs []string, group string, resources ...string) rbacv1.PolicyRule {
	return rbacv1.PolicyRule{Verbs: verbs, APIGroups: []string{group}, Resources: resources}
}
