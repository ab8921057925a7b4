package access_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// fact is something that a server does with a request, and that this package must
// know. The request is made by a user of its own, of whom nothing is bound but
// what the fact says.
type fact struct {
	name string
	// wide and in are the rules that are bound to the user: everywhere, and in the
	// namespace fact by a RoleBinding of a ClusterRole.
	wide, in []rbacv1.PolicyRule
	call     call
	// status is that of the server's answer: 404 is that of one who may ask for
	// what does not exist.
	status int
	// needs is what this package says the request takes; stores asks it beyond that
	// whether the server stores the object.
	needs  access.Demand
	stores func(c *kube.Cluster, id access.Identity) access.Verdict
}

const (
	factSpace = "fact"
	inFact    = corePath + "namespaces/fact/"
	rbacGroup = rbacv1.GroupName
	dryRun    = "?dryRun=All"
)

// allow is a rule about the resources of one group.
func allow(group string, verbs, resources []string, names ...string) rbacv1.PolicyRule {
	return rule(verbs, []string{group}, resources, names)
}

func list(s ...string) []string { return s }

func rules(r ...rbacv1.PolicyRule) []rbacv1.PolicyRule { return r }

func one(r access.Request) access.Demand { return access.Demand{{r}} }

func in(verb, resource, subresource, name string) access.Request {
	return access.Request{Verb: verb, Resource: resource, Subresource: subresource, Namespace: factSpace, Name: name}
}

func read(path string) call { return call{Method: http.MethodGet, Path: path} }

func send(path string, body any) call { return call{Method: http.MethodPost, Path: path, Body: body} }

// patch merges, apply applies.
func patch(path string, body any) call {
	return call{Method: http.MethodPatch, Path: path, Body: body, Header: map[string][]string{"Content-Type": {"application/merge-patch+json"}}}
}

func apply(path string, body any) call {
	return call{Method: http.MethodPatch, Path: path + "&fieldManager=fact", Body: body, Header: map[string][]string{"Content-Type": {"application/apply-patch+yaml"}}}
}

func configMap(name string) *corev1.ConfigMap {
	return &corev1.ConfigMap{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"}, ObjectMeta: meta(factSpace, name)}
}

// matchingFacts are about which rule matches which request.
func matchingFacts() []fact {
	pod := func(verb, sub string) access.Demand { return one(in(verb, "pods", sub, "x")) }
	deployment := func(sub string) access.Demand {
		r := in("get", "deployments", sub, "x")
		r.Group = "apps"
		return one(r)
	}
	const deployments = "/apis/apps/v1/namespaces/fact/deployments/x"
	named := allow("", list("list", "create", "deletecollection", "patch"), list("configmaps"), "x")
	return []fact{
		{name: "pods/* grants no exec", in: rules(allow("", list("*"), list("pods/*"))), call: send(inFact+"pods/x/exec?command=id", nil), status: 403, needs: pod("create", "exec")},
		{name: "pods/* grants no log", in: rules(allow("", list("*"), list("pods/*"))), call: read(inFact + "pods/x/log"), status: 403, needs: pod("get", "log")},
		{name: "pods does not cover pods/status", in: rules(allow("", list("get"), list("pods"))), call: read(inFact + "pods/x/status"), status: 403, needs: pod("get", "status")},
		{name: "* covers subresources", in: rules(allow("", list("get"), list("*"))), call: read(inFact + "pods/x/status"), status: 404, needs: pod("get", "status")},
		{name: "*/scale covers a subresource", in: rules(allow("apps", list("get"), list("*/scale"))), call: read(deployments + "/scale"), status: 404, needs: deployment("scale")},
		{name: "*/scale covers no resource", in: rules(allow("apps", list("get"), list("*/scale"))), call: read(deployments), status: 403, needs: deployment("")},
		{name: "the core group is not v1", in: rules(allow("v1", list("get"), list("pods"))), call: read(inFact + "pods/x"), status: 403, needs: pod("get", "")},
		{name: "a field selector names", in: rules(named), call: read(inFact + "configmaps?fieldSelector=metadata.name%3Dx"), status: 200, needs: one(in("list", "configmaps", "", "x"))},
		{name: "a list names nothing", in: rules(named), call: read(inFact + "configmaps"), status: 403, needs: one(in("list", "configmaps", "", ""))},
		{name: "deletecollection never names", in: rules(named), call: call{Method: http.MethodDelete, Path: inFact + "configmaps" + dryRun + "&fieldSelector=metadata.name%3Dx"}, status: 403, needs: one(in("deletecollection", "configmaps", "", ""))},
		{name: "a create names nothing", in: rules(named), call: send(inFact+"configmaps"+dryRun, configMap("x")), status: 403, needs: one(in("create", "configmaps", "", ""))},
		{name: "a server-side apply names what it creates", in: rules(named), call: apply(inFact+"configmaps/x"+dryRun, configMap("x")), status: 201, needs: access.Applying("", "configmaps", factSpace, "x")},
		{name: "of another name it does not", in: rules(named), call: apply(inFact+"configmaps/y"+dryRun, configMap("y")), status: 403, needs: access.Applying("", "configmaps", factSpace, "y")},
		{name: "a server-side apply needs create, too", in: rules(allow("", list("patch"), list("configmaps"), "x")), call: apply(inFact+"configmaps/x"+dryRun, configMap("x")), status: 403, needs: access.Applying("", "configmaps", factSpace, "x")},
		{name: "a path that is bound everywhere", wide: rules(urls("get", "/metrics/*")), call: read("/metrics/slis"), status: 200, needs: one(access.Request{Verb: "get", Path: "/metrics/slis"})},
		{name: "a prefix does not cover its parent", wide: rules(urls("get", "/metrics/*")), call: read("/metrics"), status: 403, needs: one(access.Request{Verb: "get", Path: "/metrics"})},
		{name: "an inner star is literal", wide: rules(urls("get", "/met*cs")), call: read("/metrics"), status: 403, needs: one(access.Request{Verb: "get", Path: "/metrics"})},
		{name: "a RoleBinding grants no path", in: rules(urls("get", "/metrics")), call: read("/metrics"), status: 403, needs: one(access.Request{Verb: "get", Path: "/metrics"})},
		{name: "get on exec is not enough since 1.35", in: rules(allow("", list("get"), list("pods/exec"))), call: read(inFact + "pods/x/exec?command=id"), status: 403, needs: access.Streaming("get", "exec", factSpace, "x", 37)},
		{name: "get and create on exec are", in: rules(allow("", list("get", "create"), list("pods/exec"))), call: read(inFact + "pods/x/exec?command=id"), status: 404, needs: access.Streaming("get", "exec", factSpace, "x", 37)},
		{name: "create on exec is by itself", in: rules(allow("", list("create"), list("pods/exec"))), call: send(inFact+"pods/x/exec?command=id", nil), status: 404, needs: access.Streaming("create", "exec", factSpace, "x", 37)},
	}
}

// scopeFacts are about what a RoleBinding reaches.
func scopeFacts(t *testing.T) []fact {
	t.Helper()
	namespaces := kindNamed(t, "namespaces")
	onNamespace := func(verb, sub, name string) access.Demand { return one(namespaces.Request(verb, sub, "", name)) }
	everything := rules(allow("", list("*"), list("namespaces", "namespaces/status", "namespaces/finalize")))
	label := map[string]any{"metadata": map[string]any{"labels": map[string]any{"team": "blue"}}}
	const self = corePath + "namespaces/fact"
	return []fact{
		{name: "get the own Namespace", in: everything, call: read(self), status: 200, needs: onNamespace("get", "", factSpace)},
		{name: "label the own Namespace", in: everything, call: patch(self+dryRun, label), status: 200, needs: onNamespace("patch", "", factSpace)},
		{name: "delete the own Namespace", in: everything, call: call{Method: http.MethodDelete, Path: self + dryRun}, status: 200, needs: onNamespace("delete", "", factSpace)},
		{name: "the status of the own Namespace", in: everything, call: patch(self+"/status"+dryRun, label), status: 200, needs: onNamespace("patch", "status", factSpace)},
		{name: "namespaces does not cover its status", in: rules(allow("", list("*"), list("namespaces"))), call: patch(self+"/status"+dryRun, label), status: 403, needs: onNamespace("patch", "status", factSpace)},
		{name: "another Namespace", in: everything, call: read(corePath + "namespaces/default"), status: 403, needs: onNamespace("get", "", "default")},
		{name: "list Namespaces", in: everything, call: read(corePath + "namespaces"), status: 403, needs: onNamespace("list", "", "")},
		{name: "list the own Namespace by name", in: everything, call: read(corePath + "namespaces?fieldSelector=metadata.name%3Dfact"), status: 403, needs: onNamespace("list", "", factSpace)},
		{name: "create a Namespace", in: everything, call: send(corePath+"namespaces"+dryRun, &corev1.Namespace{ObjectMeta: meta("", "new")}), status: 403, needs: onNamespace("create", "", "new")},
		{name: "a Node is in no namespace", in: rules(allow("", list("*"), list("nodes", "nodes/log"))), call: read(corePath + "nodes/n"), status: 403, needs: one(kindNamed(t, "nodes").Request("get", "", factSpace, "n"))},
		{name: "nor is its log, whatever is asked in a review", in: rules(allow("", list("*"), list("nodes/proxy"))), call: read(corePath + "nodes/n/proxy/logs"), status: 403, needs: one(kindNamed(t, "nodes").Request("get", "proxy", factSpace, "n"))},
		{name: "a list of all namespaces", in: rules(allow("", list("list"), list("pods"))), call: read(corePath + "pods"), status: 403, needs: one(access.Request{Verb: "list", Resource: "pods"})},
		{name: "a list of one", in: rules(allow("", list("list"), list("pods"))), call: read(inFact + "pods"), status: 200, needs: one(in("list", "pods", "", ""))},
	}
}

// kindNamed returns a resource that every server has.
func kindNamed(t *testing.T, name string) access.APIResource {
	t.Helper()
	return access.ResourcesNamed(view(t, kube.Info{}), name)[0]
}

// escalationFacts are about who may write roles and bindings.
func escalationFacts() []fact {
	const (
		clusterRoles = rbacPath + "clusterroles"
		inRBAC       = rbacPath + "namespaces/fact/"
	)
	on := func(verb, resource, namespace, name string) access.Request {
		return access.Request{Verb: verb, Group: rbacGroup, Resource: resource, Namespace: namespace, Name: name}
	}
	write := func(resource string) rbacv1.PolicyRule {
		return allow(rbacGroup, list("create", "patch", "update", "get"), list(resource))
	}
	secrets := allow("", list("get"), list("secrets"))
	newRole := clusterRole("new", secrets)
	aggregated := clusterRole("new", secrets)
	aggregated.AggregationRule = &rbacv1.AggregationRule{ClusterRoleSelectors: []metav1.LabelSelector{{MatchLabels: map[string]string{"a": "b"}}}}
	storesRole := func(change access.RoleChange) func(*kube.Cluster, access.Identity) access.Verdict {
		return func(c *kube.Cluster, id access.Identity) access.Verdict { return access.Of(c).StoresRole(id, change) }
	}
	binds := func(namespace, name string) func(*kube.Cluster, access.Identity) access.Verdict {
		return func(c *kube.Cluster, id access.Identity) access.Verdict {
			return access.StoresBinding(c, id, namespace, rbacv1.RoleRef{APIGroup: rbacGroup, Kind: "ClusterRole", Name: name})
		}
	}
	create := access.RoleChange{Ref: kube.ClusterRoles.Ref("", "new"), Create: true, Rules: newRole.Rules}
	gather := create
	gather.Aggregates = true
	change := access.RoleChange{Ref: kube.ClusterRoles.Ref("", "fact-secrets"), Rules: rules(secrets)}
	label := map[string]any{"metadata": map[string]any{"labels": map[string]any{"team": "blue"}}}
	creates := one(on("create", "clusterroles", "", ""))
	patches := one(on("patch", "clusterroles", "", "fact-secrets"))
	bound := one(on("create", "rolebindings", factSpace, ""))
	secretsBinding := roleBinding(factSpace, "new", "ClusterRole", "fact-secrets", user("friend"))
	goneBinding := roleBinding(factSpace, "new", "ClusterRole", "fact-gone", user("friend"))
	bind := func(names ...string) rbacv1.PolicyRule {
		return allow(rbacGroup, list("bind"), list("clusterroles"), names...)
	}
	return []fact{
		{name: "write on roles alone does not escalate", wide: rules(write("clusterroles")), call: send(clusterRoles+dryRun, newRole), status: 403, needs: creates, stores: storesRole(create)},
		{name: "what one has one may give", wide: rules(write("clusterroles"), secrets), call: send(clusterRoles+dryRun, newRole), status: 201, needs: creates, stores: storesRole(create)},
		{name: "escalate lets create", wide: rules(write("clusterroles"), allow(rbacGroup, list("escalate"), list("clusterroles"))), call: send(clusterRoles+dryRun, newRole), status: 201, needs: creates, stores: storesRole(create)},
		{name: "escalate on a name does not let create", wide: rules(write("clusterroles"), allow(rbacGroup, list("escalate"), list("clusterroles"), "new")), call: send(clusterRoles+dryRun, newRole), status: 403, needs: creates, stores: storesRole(create)},
		{name: "escalate alone is nothing", wide: rules(allow(rbacGroup, list("escalate"), list("clusterroles"))), call: send(clusterRoles+dryRun, newRole), status: 403, needs: creates, stores: storesRole(create)},
		{name: "an aggregationRule takes everything", wide: rules(write("clusterroles"), secrets), call: send(clusterRoles+dryRun, aggregated), status: 403, needs: creates, stores: storesRole(gather)},
		{name: "who has everything may aggregate", wide: rules(allow("*", list("*"), list("*")), urls("*", "*")), call: send(clusterRoles+dryRun, aggregated), status: 201, needs: creates, stores: storesRole(gather)},
		{name: "a label is a change", wide: rules(write("clusterroles")), call: patch(clusterRoles+"/fact-secrets"+dryRun, label), status: 403, needs: patches, stores: storesRole(change)},
		{name: "escalate on a name lets change", wide: rules(write("clusterroles"), allow(rbacGroup, list("escalate"), list("clusterroles"), "fact-secrets")), call: patch(clusterRoles+"/fact-secrets"+dryRun, label), status: 200, needs: patches, stores: storesRole(change)},

		{name: "write on bindings alone does not escalate", in: rules(write("rolebindings")), call: send(inRBAC+"rolebindings"+dryRun, secretsBinding), status: 403, needs: bound, stores: binds(factSpace, "fact-secrets")},
		{name: "what one has one may bind", in: rules(write("rolebindings"), secrets), call: send(inRBAC+"rolebindings"+dryRun, secretsBinding), status: 201, needs: bound, stores: binds(factSpace, "fact-secrets")},
		{name: "bind on a ClusterRole counts in a namespace", in: rules(write("rolebindings"), bind("fact-secrets")), call: send(inRBAC+"rolebindings"+dryRun, secretsBinding), status: 201, needs: bound, stores: binds(factSpace, "fact-secrets")},
		{name: "bind on another does not", in: rules(write("rolebindings"), bind("view")), call: send(inRBAC+"rolebindings"+dryRun, secretsBinding), status: 403, needs: bound, stores: binds(factSpace, "fact-secrets")},
		{name: "bind alone is nothing", in: rules(bind()), call: send(inRBAC+"rolebindings"+dryRun, secretsBinding), status: 403, needs: bound, stores: binds(factSpace, "fact-secrets")},
		{name: "bind in a namespace is none for the cluster", wide: rules(write("clusterrolebindings")), in: rules(bind()), call: send(rbacPath+"clusterrolebindings"+dryRun, clusterRoleBinding("new", "fact-secrets", user("friend"))), status: 403, needs: one(on("create", "clusterrolebindings", "", "")), stores: binds("", "fact-secrets")},
		{name: "nobody binds a role that does not exist", in: rules(write("rolebindings"), secrets), call: send(inRBAC+"rolebindings"+dryRun, goneBinding), status: 404, needs: bound, stores: binds(factSpace, "fact-gone")},
		{name: "but by the verb bind", in: rules(write("rolebindings"), bind()), call: send(inRBAC+"rolebindings"+dryRun, goneBinding), status: 201, needs: bound, stores: binds(factSpace, "fact-gone")},
		{name: "nor changes a binding that dangles", in: rules(write("rolebindings")), call: patch(inRBAC+"rolebindings/dangling"+dryRun, label), status: 404, needs: one(on("patch", "rolebindings", factSpace, "dangling")), stores: binds(factSpace, "fact-gone")},
	}
}

// A real server does with each request what this package says.
func TestFacts(t *testing.T) {
	t.Parallel()
	s := newServer(t, kubetest.SharedTestbed(t))
	s.create(t, &corev1.Namespace{ObjectMeta: meta("", factSpace)})
	s.create(t, clusterRole("fact-secrets", allow("", list("get"), list("secrets"))))
	s.create(t, roleBinding(factSpace, "dangling", "ClusterRole", "fact-gone", user("nobody")))
	facts := append(append(matchingFacts(), scopeFacts(t)...), escalationFacts()...)
	for i, f := range facts {
		name := fmt.Sprintf("fact-%d", i)
		s.create(t, clusterRole(name+"-wide", f.wide...))
		s.create(t, clusterRole(name+"-in", f.in...))
		s.create(t, clusterRoleBinding(name, name+"-wide", user(name)))
		s.create(t, roleBinding(factSpace, name, "ClusterRole", name+"-in", user(name)))
	}
	s.settle(t, "facts-last")
	c := s.view(t)
	for i, f := range facts {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			user := fmt.Sprintf("fact-%d", i)
			if f.call.Header == nil {
				f.call.Header = map[string][]string{}
			}
			f.call.Header["Impersonate-User"] = []string{user}
			status, text := s.Do(t.Context(), t, f.call)
			if status != f.status {
				t.Errorf("the server answers %d, want %d: %s", status, f.status, text)
			}
			id := access.User(user)
			_, missing, got := access.Of(c).Meets(id, f.needs)
			want := f.status != http.StatusForbidden
			if f.stores != nil && got {
				verdict := f.stores(c, id)
				// What is stored is told from what is not by 2xx alone: nobody finds the
				// role of a dangling binding.
				got, want = verdict.Allowed, f.status/100 == 2
			}
			if got != want {
				t.Errorf("this package says %v, want %v; it misses %+v", got, want, missing)
			}
		})
	}
}

// What a review says and no rule does: members of system:masters may do everything,
// and a review may ask for a Node in a namespace, as no request does.
func TestReviewsBesideRules(t *testing.T) {
	t.Parallel()
	s := newServer(t, kubetest.SharedTestbed(t))
	s.create(t, &corev1.Namespace{ObjectMeta: meta("", "beside")})
	s.create(t, clusterRole("beside", allow("", list("get"), list("nodes/log"))))
	s.create(t, roleBinding("beside", "beside", "ClusterRole", "beside", user("beside")))
	s.settle(t, "beside-last")
	c := s.view(t)
	log := access.Request{Verb: "get", Resource: "nodes", Subresource: "log", Name: "n"}
	inNamespace := log
	inNamespace.Namespace = "beside"
	for _, test := range []struct {
		id      access.Identity
		request access.Request
		rules   bool // what the rules say
		want    bool // what the server says
	}{
		{access.User("boss", access.GroupMasters), log, true, true}, // the server binds cluster-admin to it, too
		{access.User("beside"), log, false, false},
		{access.User("beside"), inNamespace, true, true},
		{access.User("beside"), kindNamed(t, "nodes").Request("get", "log", "beside", "n"), false, false},
	} {
		if got := s.allows(t.Context(), t, test.id.Subject.Name, test.id.Groups, test.request); got != test.want {
			t.Errorf("the server says of %+v by %+v: %v, want %v", test.request, test.id, got, test.want)
		}
		_, got := access.Of(c).Can(test.id, test.request)
		if got != test.rules || (got || test.id.Masters()) != test.want {
			t.Errorf("this package says of %+v by %+v: %v, masters %v", test.request, test.id, got, test.id.Masters())
		}
	}
}

// account is a ServiceAccount of the server, with a token of its own: who
// impersonates must be somebody himself.
func (s *server) account(t *testing.T, namespace, name string) (token string) {
	t.Helper()
	s.create(t, &corev1.ServiceAccount{ObjectMeta: meta(namespace, name)})
	var answer struct{ Status struct{ Token string } }
	s.Must(t, send(corePath+"namespaces/"+namespace+"/serviceaccounts/"+name+"/token", map[string]any{"spec": map[string]any{}}), &answer)
	return answer.Status.Token
}

// A real server lets be impersonated whom this package says, and takes the request
// to come from whom it says.
func TestImpersonation(t *testing.T) {
	t.Parallel()
	s := newServer(t, kubetest.SharedTestbed(t))
	const namespace = "actors"
	s.create(t, &corev1.Namespace{ObjectMeta: meta("", namespace)})
	as := func(resources []string, names ...string) rbacv1.PolicyRule {
		return allow("", list("impersonate"), resources, names...)
	}
	const authn = "authentication.k8s.io"
	onReviews := func(mode string) rbacv1.PolicyRule {
		return allow(authn, list("impersonate-on:"+mode+":create"), list("selfsubjectreviews"))
	}
	rows := []struct {
		name     string
		wide, in []rbacv1.PolicyRule
		as       access.Impersonation
		status   int
	}{
		{"a user", rules(as(list("users"), "jane")), nil, access.Impersonation{User: "jane"}, 201},
		{"another user", rules(as(list("users"), "jane")), nil, access.Impersonation{User: "joe"}, 403},
		{"a group takes its own permission", rules(as(list("users"))), nil, access.Impersonation{User: "jane", Groups: list("devs")}, 403},
		{"a user in a group", rules(as(list("users")), as(list("groups"), "devs")), nil, access.Impersonation{User: "jane", Groups: list("devs")}, 201},
		{"a group without a user", rules(as(list("users", "groups"))), nil, access.Impersonation{Groups: list("devs")}, 400},
		{"system:masters", rules(as(list("users", "groups"))), nil, access.Impersonation{User: "jane", Groups: list(access.GroupMasters)}, 201},
		{"a ServiceAccount of the namespace", nil, rules(as(list("serviceaccounts"))), access.Impersonation{User: "system:serviceaccount:actors:x"}, 201},
		{"a ServiceAccount of another", nil, rules(as(list("serviceaccounts"))), access.Impersonation{User: "system:serviceaccount:default:x"}, 403},
		{"users are no ServiceAccounts", rules(as(list("users"))), nil, access.Impersonation{User: "system:serviceaccount:actors:x"}, 403},
		{"a user cannot be granted in a namespace", nil, rules(as(list("users"))), access.Impersonation{User: "jane"}, 403},
		{"nobody", rules(as(list("users"))), nil, access.Impersonation{User: access.UserAnonymous}, 201},
		{"an extra value", rules(as(list("users")), allow(authn, list("impersonate"), list("userextras/scopes"), "view")), nil, access.Impersonation{User: "jane", Extra: map[string][]string{"scopes": {"view"}}}, 201},
		{"another extra value", rules(as(list("users")), allow(authn, list("impersonate"), list("userextras/scopes"), "view")), nil, access.Impersonation{User: "jane", Extra: map[string][]string{"scopes": {"edit"}}}, 403},
		{"a UID", rules(as(list("users"))), nil, access.Impersonation{User: "jane", UID: "7"}, 403},
		{"constrained, a user", rules(onReviews("user-info"), allow(authn, list("impersonate:user-info"), list("users"), "jane")), nil, access.Impersonation{User: "jane"}, 201},
		{"constrained, on nothing", rules(allow(authn, list("impersonate:user-info"), list("users"), "jane")), nil, access.Impersonation{User: "jane"}, 403},
		{"constrained, never system:masters", rules(onReviews("user-info"), allow(authn, list("impersonate:user-info"), list("users", "groups"))), nil, access.Impersonation{User: "jane", Groups: list(access.GroupMasters)}, 403},
		{"constrained, a node", rules(onReviews("arbitrary-node"), allow(authn, list("impersonate:arbitrary-node"), list("nodes"))), nil, access.Impersonation{User: "system:node:n1"}, 201},
		{"constrained, a ServiceAccount", rules(onReviews("serviceaccount")), rules(allow(authn, list("impersonate:serviceaccount"), list("serviceaccounts"))), access.Impersonation{User: "system:serviceaccount:actors:x"}, 201},
	}
	tokens := make([]string, len(rows))
	for i, row := range rows {
		name := fmt.Sprintf("actor-%d", i)
		tokens[i] = s.account(t, namespace, name)
		s.create(t, clusterRole(name+"-wide", row.wide...))
		s.create(t, clusterRole(name+"-in", row.in...))
		s.create(t, clusterRoleBinding(name, name+"-wide", account(namespace, name)))
		s.create(t, roleBinding(namespace, name, "ClusterRole", name+"-in", rbacv1.Subject{Kind: "ServiceAccount", Name: name, Namespace: namespace}))
	}
	s.settle(t, "actors-last")
	c := s.view(t)
	review := access.Request{Verb: "create", Group: authn, Resource: "selfsubjectreviews"}
	for i, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			ask := send("/apis/authentication.k8s.io/v1/selfsubjectreviews", map[string]any{})
			ask.Token, ask.Header = tokens[i], map[string][]string{"Impersonate-Group": row.as.Groups}
			if row.as.User != "" {
				ask.Header["Impersonate-User"] = []string{row.as.User}
			}
			if row.as.UID != "" {
				ask.Header["Impersonate-Uid"] = []string{row.as.UID}
			}
			for key, values := range row.as.Extra {
				ask.Header["Impersonate-Extra-"+key] = values
			}
			status, text := s.Do(t.Context(), t, ask)
			got, became := impersonates(c, access.ServiceAccount(namespace, fmt.Sprintf("actor-%d", i)), row.as, review)
			// Nobody may review himself who is not authenticated: that is asked after
			// the impersonation has passed.
			if row.as.User == access.UserAnonymous {
				row.status = http.StatusForbidden
				if !got || len(became.Groups) != 1 || became.Groups[0] != access.GroupUnauthenticated {
					t.Errorf("this package says %v, %+v", got, became)
				}
			} else if got != (row.status == http.StatusCreated) {
				t.Errorf("this package says %v", got)
			}
			if status != row.status {
				t.Errorf("the server answers %d, want %d: %s", status, row.status, text)
			}
			if status == http.StatusCreated {
				checkReview(t, text, became)
			}
		})
	}
}

func impersonates(c *kube.Cluster, id access.Identity, as access.Impersonation, on access.Request) (bool, access.Identity) {
	for _, way := range as.Ways(on, 37) {
		if _, _, met := access.Of(c).Meets(id, way.Demand); met && !way.OwnNode {
			return true, as.Identity(way.Mode)
		}
	}
	return false, access.Identity{}
}

// checkReview compares who the server says somebody is with who he became.
func checkReview(t *testing.T, text []byte, became access.Identity) {
	t.Helper()
	var review struct {
		Status struct {
			UserInfo struct {
				Username string
				Groups   []string
			}
		}
	}
	if err := json.Unmarshal(text, &review); err != nil {
		t.Fatal(err)
	}
	is := review.Status.UserInfo
	if got, want := fmt.Sprint(userName(became.Subject), became.Groups), fmt.Sprint(is.Username, is.Groups); got != want {
		t.Errorf("this package says that it is %s, want %s", got, want)
	}
}
