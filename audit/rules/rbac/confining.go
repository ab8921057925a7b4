package rbac

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// confine returns the fix that binds the ServiceAccounts of a ClusterRoleBinding in
// their own namespaces instead. The role stays as it is, whoever else it is bound
// to. It is nil unless they are of workloads of the view, which have a namespace
// that they work in; and in the control plane's there is nothing to be had by it.
func confine(view *kube.Cluster, c *charge, _ holding) []audit.Fix {
	if c.Bootstrap || c.Resolution != access.Resolved || len(c.Subjects) == 0 {
		return nil
	}
	accounts := map[string][]any{}
	var namespaces []string
	for _, s := range c.Subjects {
		if !isAccount(s) || s.Namespace == controlPlane || len(view.WorkloadsRunningAs(s.Namespace, s.Name)) == 0 {
			return nil
		}
		if accounts[s.Namespace] == nil {
			namespaces = append(namespaces, s.Namespace)
		}
		accounts[s.Namespace] = append(accounts[s.Namespace], map[string]any{
			"kind": rbacv1.ServiceAccountKind, "namespace": s.Namespace, "name": s.Name,
		})
	}
	slices.Sort(namespaces)
	name, free := freeName(view, c.Ref.Name, namespaces)
	if !free {
		return nil
	}
	fix := audit.DeleteSubject("bind the role in namespace "+strings.Join(namespaces, " and ")+" alone", c.Ref)
	fix.Risk = "What the program does in other namespaces and with what is in none is refused from then on: one that " +
		"watches all namespaces fails unless it can be told to watch its own."
	for _, namespace := range namespaces {
		fix.New = append(fix.New, audit.Object{
			"apiVersion": rbacv1.SchemeGroupVersion.String(), "kind": kube.RoleBindings.Kind,
			"metadata": map[string]any{"name": name, "namespace": namespace},
			"roleRef":  map[string]any{"apiGroup": rbacv1.GroupName, "kind": c.Role.Kind, "name": c.Role.Name},
			"subjects": accounts[namespace],
		})
	}
	return []audit.Fix{fix}
}

// freeName returns a name that no RoleBinding of some namespaces has: that of the
// ClusterRoleBinding if it can be, for programs often have both.
func freeName(view *kube.Cluster, name string, namespaces []string) (string, bool) {
	for _, name := range []string{name, name + "-in-namespace"} {
		taken := slices.ContainsFunc(namespaces, func(namespace string) bool { return view.Has(kube.RoleBindings.Ref(namespace, name)) })
		if !taken {
			return name, true
		}
	}
	return "", false
}
