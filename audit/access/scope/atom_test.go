package scope_test

import (
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access/scope"
)

// Each atom is there once, and what weighs more than others is among them: a
// misspelt name would weigh nothing.
func TestAtoms(t *testing.T) {
	t.Parallel()
	known := map[string]scope.Atom{}
	for _, a := range scope.Atoms() {
		if _, twice := known[a.Name]; twice {
			t.Errorf("%s is there twice", a.Name)
		}
		known[a.Name] = a
	}
	for _, want := range []scope.Atom{
		{"get secrets", 40, scope.Major, true},
		{"delete secrets", 30, scope.Major, true},
		{"create pods", 60, scope.Total, true},
		{"patch deployments.apps", 50, scope.Total, true},
		{"create cronjobs.batch", 50, scope.Total, true},
		{"create pods/exec", 60, scope.Total, true},
		{"get pods/exec", 1, scope.Reads, true},
		{"patch pods/ephemeralcontainers", 60, scope.Total, true},
		{"create serviceaccounts/token", 60, scope.Total, true},
		{"impersonate serviceaccounts", 100, scope.Total, true},
		{"impersonate users", 100, scope.Total, false},
		{"bind clusterroles.rbac.authorization.k8s.io", 100, scope.Minor, true},
		{"escalate roles.rbac.authorization.k8s.io", 100, scope.Minor, true},
		{"get nodes/proxy", 100, scope.Total, false},
		{"create mutatingadmissionpolicies.admissionregistration.k8s.io", 100, scope.Total, false},
		{"patch certificatesigningrequests/approval.certificates.k8s.io", 80, scope.Major, false},
		{"approve signers.certificates.k8s.io", 80, scope.Major, false},
		{"update apiservices.apiregistration.k8s.io", 80, scope.Total, false},
		{"create persistentvolumes", 60, scope.Total, false},
		{"patch nodes", 40, scope.Major, false},
		{"create customresourcedefinitions.apiextensions.k8s.io", 40, scope.Major, false},
		{"patch namespaces", 30, scope.Major, true}, // the Namespace is in itself
		{"create namespaces", 30, scope.Major, false},
		{"update endpointslices.discovery.k8s.io", 15, scope.Minor, true},
		{"patch configmaps", 8, scope.Minor, true},
		{"get configmaps", 1, scope.Minor, true},
		{"get pods/log", 1, scope.Minor, true},
		{"list pods", 1, scope.Reads, true},
		{"delete pods", 3, scope.Minor, true},
		{"update leases.coordination.k8s.io", 0, scope.None, true},
		{"create selfsubjectaccessreviews.authorization.k8s.io", 0, scope.None, false},
	} {
		if got := known[want.Name]; got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	if len(known) < 600 {
		t.Errorf("%d atoms are few", len(known))
	}
}

func TestRights(t *testing.T) {
	t.Parallel()
	rule := func(verb, group, resource string, names ...string) rbacv1.PolicyRule {
		return rbacv1.PolicyRule{Verbs: []string{verb}, APIGroups: []string{group}, Resources: []string{resource}, ResourceNames: names}
	}
	const rbac = rbacv1.GroupName
	for _, test := range []struct {
		name  string
		rules []rbacv1.PolicyRule
		worst scope.Danger
		whole bool
	}{
		{"everything", []rbacv1.PolicyRule{rule("*", "*", "*")}, scope.Total, true},
		{"nothing", nil, scope.None, false},
		{"what everybody may", []rbacv1.PolicyRule{rule("create", "authorization.k8s.io", "selfsubjectaccessreviews")}, scope.None, false},
		{"custom resources", []rbacv1.PolicyRule{rule("*", "example.com", "widgets")}, scope.None, false},
		{"reading pods", []rbacv1.PolicyRule{rule("list", "", "pods")}, scope.Reads, false},
		{"a subresource that is none", []rbacv1.PolicyRule{rule("create", "", "pods/*")}, scope.None, false},
		{"one Secret by name", []rbacv1.PolicyRule{rule("get", "", "secrets", "x")}, scope.Minor, false},
		{"a pod by a name that no request has", []rbacv1.PolicyRule{rule("create", "", "pods", "x")}, scope.None, false},
		{"bind", []rbacv1.PolicyRule{rule("bind", rbac, "roles")}, scope.Minor, false},
		{"writing bindings", []rbacv1.PolicyRule{rule("create", rbac, "rolebindings")}, scope.Minor, false},
		{"bind, and writing bindings", []rbacv1.PolicyRule{rule("bind", rbac, "roles"), rule("create", rbac, "rolebindings")}, scope.Total, false},
		{"escalate, and writing roles", []rbacv1.PolicyRule{rule("escalate", rbac, "roles"), rule("patch", rbac, "roles")}, scope.Total, false},
	} {
		share, worst := scope.ShareOf(test.rules...)
		if worst != test.worst || (share == 1) != test.whole || (worst == scope.None) != (share == 0) {
			t.Errorf("%s: %.4f of all there is, at worst %d; want %d", test.name, share, worst, test.worst)
		}
	}
}
