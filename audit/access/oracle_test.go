package access_test

import (
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// casesVariable is the environment variable with the number of questions to
// compare; the package comment has the figures of a whole run.
const (
	casesVariable = "SEAWORTHY_ACCESS_CASES"
	seedVariable  = "SEAWORTHY_ACCESS_SEED"
)

// setting reads a number of the environment.
func setting(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("reading %s: %q is no number of cases", name, text)
	}
	return n
}

// The kinds of questions.
const (
	plainKind         = "request"
	signerKind        = "signer"
	impersonationKind = "impersonation"
	escalationKind    = "escalation"
)

// tally counts answers.
type tally struct{ asked, allowed int }

// Upstream's authorizer, its storage of roles and bindings, its check of signers
// and its filter of impersonation answer every question as this package does.
func TestUpstreamAgrees(t *testing.T) {
	t.Parallel()
	authorizer := kubetest.StartAuthorizer(t)
	cases, seed := setting(t, casesVariable, kubetest.Rounds(10_000)), setting(t, seedVariable, 1)
	counts := map[string]*tally{plainKind: {}, signerKind: {}, impersonationKind: {}, escalationKind: {}}
	const perWorld = 25
	for number := range max(1, cases/perWorld) {
		g := newGenerator(wide(), uint64(seed), uint64(number))
		w := g.world()
		for range perWorld {
			w.Questions = append(w.Questions, g.question(w))
		}
		var want answers
		authorizer.Ask(t, w, &want)
		c := w.view(t)
		for i, q := range w.Questions {
			kind, got, became := answer(c, q)
			counts[kind].asked++
			if got {
				counts[kind].allowed++
			}
			wanted := person{User: want.Became[i].User, Groups: slices.Sorted(slices.Values(want.Became[i].Groups))}
			if diff := cmp.Diff(wanted, became); got != want.Allowed[i] || diff != "" {
				w.Questions = nil
				objects, _ := json.Marshal(w)
				asked, _ := json.Marshal(q)
				t.Fatalf("world %d of seed %d, question %d:\n%s\nis answered %v, want %v; became (-want +got):\n%s\n%s",
					number, seed, i, asked, got, want.Allowed[i], diff, objects)
			}
		}
	}
	for kind, n := range counts {
		t.Logf("%s: %d asked, %d allowed (%.0f %%)", kind, n.asked, n.allowed, 100*float64(n.allowed)/float64(n.asked))
		if n.allowed < n.asked/10 || n.allowed > n.asked*9/10 || n.asked == 0 {
			t.Errorf("of %d questions of kind %s %d are allowed: the sample proves little", n.asked, kind, n.allowed)
		}
	}
}

// answer answers a question with this package: whether it is allowed, and who was
// become by impersonation.
func answer(c *kube.Cluster, q question) (kind string, allowed bool, became person) {
	x := access.Of(c)
	id := access.Identity{Subject: userSubject(q.User), Groups: q.Groups}
	request := access.Request{
		Verb: q.Verb, Group: q.APIGroup, Resource: q.Resource, Subresource: q.Subresource, Namespace: q.Namespace, Name: q.Name, Path: q.Path,
	}
	switch {
	case q.Signer != "":
		_, _, allowed = x.Meets(id, access.Signing(q.Verb, q.Signer))
		return signerKind, allowed, became
	case q.As != nil:
		as := access.Impersonation{User: q.As.User, Groups: q.As.Groups, UID: q.As.UID, Extra: q.As.Extra}
		for _, way := range as.Ways(request, 37) {
			if _, _, met := x.Meets(id, way.Demand); met && !way.OwnNode {
				is := as.Identity(way.Mode)
				return impersonationKind, true, person{User: userName(is.Subject), Groups: slices.Sorted(slices.Values(is.Groups))}
			}
		}
		return impersonationKind, false, became
	case q.Object != nil:
		return escalationKind, stores(c, id, q).Allowed, became
	}
	_, allowed = x.Can(id, request)
	return plainKind, allowed, became
}

// stores asks whether the object of a question would be stored.
func stores(c *kube.Cluster, id access.Identity, q question) access.Verdict {
	gathers := func(o any) bool {
		r, ok := o.(*rbacv1.ClusterRole)
		return ok && r != nil && r.AggregationRule != nil && len(r.AggregationRule.ClusterRoleSelectors) > 0
	}
	change := access.RoleChange{Create: q.Verb == "create", Aggregates: gathers(q.Object) || gathers(q.Old)}
	switch o := q.Object.(type) {
	case *rbacv1.ClusterRole:
		change.Ref, change.Rules = kube.ClusterRoles.Ref("", o.Name), o.Rules
	case *rbacv1.Role:
		change.Ref, change.Rules = kube.Roles.Ref(o.Namespace, o.Name), o.Rules
	case *rbacv1.ClusterRoleBinding:
		return access.StoresBinding(c, id, "", o.RoleRef)
	case *rbacv1.RoleBinding:
		return access.StoresBinding(c, id, o.Namespace, o.RoleRef)
	}
	return access.Of(c).StoresRole(id, change)
}

// question makes a question of any kind.
func (g *generator) question(w *world) question {
	switch g.IntN(16) {
	case 0:
		return g.signing(w)
	case 1, 2:
		return g.impersonating(w)
	case 3, 4, 5:
		return g.storing(w)
	}
	return g.plain(w)
}

// bound returns somebody, mostly one whom a binding names.
func (g *generator) bound(w *world) access.Identity {
	s, _, _, _ := g.boundRule(w)
	return g.asker(s)
}

func (g *generator) signing(w *world) question {
	id := g.bound(w)
	g.grant(w, id, rbacv1.PolicyRule{
		Verbs: g.some([]string{"approve", "sign", "attest", "*"}), APIGroups: g.some([]string{"certificates.k8s.io", "*", ""}),
		Resources: g.some([]string{"signers", "*"}), ResourceNames: g.some([]string{"kubernetes.io/*", "kubernetes.io/kubelet", "example.com/*", "*", "kubernetes.io"}),
	})
	return question{
		User: userName(id.Subject), Groups: id.Groups, Verb: g.of([]string{"approve", "sign", "attest"}),
		Signer: g.of([]string{"kubernetes.io/kubelet", "kubernetes.io/legacy", "example.com/a/b", "example.com", "kubernetes.io/*"}),
	}
}

// grant binds a rule to somebody everywhere, every other time.
func (g *generator) grant(w *world, id access.Identity, rules ...rbacv1.PolicyRule) {
	if g.chance(2) {
		return
	}
	name := "granted-" + strconv.Itoa(len(w.ClusterRoleBindings))
	w.ClusterRoles = append(w.ClusterRoles, clusterRole(name, rules...))
	w.ClusterRoleBindings = append(w.ClusterRoleBindings, clusterRoleBinding(name, name, user(userName(id.Subject))))
}

func (g *generator) impersonating(w *world) question {
	id := g.bound(w)
	as := &person{User: g.of(append(g.users, "system:node:N_1", "system:serviceaccount:a:X_", "system:serviceaccount:a:default"))}
	if g.chance(3) {
		as.Groups = g.some(g.userGroups)
		if g.chance(3) {
			as.Groups = g.userGroups[g.IntN(3):]
		}
	}
	if g.chance(6) {
		as.UID = g.of(g.names[:3])
	}
	if g.chance(5) {
		as.Extra = map[string][]string{g.of([]string{"example.com/scopes", "scopes"}): g.some(g.names[:4])}
		if g.chance(2) {
			as.Extra["example.com/more"] = []string{"1", "2", "3"}
		}
	}
	delete(as.Extra, "")
	for key := range as.Extra {
		as.Extra[key] = slices.DeleteFunc(as.Extra[key], func(v string) bool { return v == "" })
	}
	mode := g.of([]string{"user-info", "serviceaccount", "arbitrary-node", "associated-node"})
	resources := []string{"users", "groups", "serviceaccounts", "nodes", "uids", "userextras/example.com/scopes", "userextras/*", "*", "userextras/scopes"}
	whom := rbacv1.PolicyRule{
		Verbs:     append(g.some([]string{"impersonate", "impersonate:" + mode, "*"}), "impersonate:user-info"),
		APIGroups: append(g.some([]string{"", "authentication.k8s.io", "*"}), "authentication.k8s.io"),
		Resources: append(g.some(resources), "users", "groups"),
	}
	if g.chance(4) {
		whom.ResourceNames = append(g.some(g.users), "*", "n1", "x")
	}
	g.grant(w, id, whom, rbacv1.PolicyRule{
		Verbs:     append(g.some([]string{"impersonate-on:" + mode + ":list", "list", "impersonate-on:*"}), "impersonate-on:user-info:list"),
		APIGroups: []string{""}, Resources: g.some([]string{"pods", "*", "nodes"}),
	})
	return question{
		User: userName(id.Subject), Groups: id.Groups, As: as,
		Verb: g.of([]string{"list", "list", "list", "get"}), Resource: g.of([]string{"pods", "pods", "nodes"}), Namespace: g.of(append(g.namespaces, "")),
	}
}

// storing asks whether a role or binding would be stored. Its rules are mostly
// those that the sender has himself, or a part of them.
func (g *generator) storing(w *world) question {
	s, rule, namespace, near := g.boundRule(w)
	id := g.asker(s)
	q := question{User: userName(id.Subject), Groups: id.Groups, Verb: g.of([]string{"create", "update"}), Name: g.of([]string{"x", "r0"})}
	if namespace == "" || g.chance(8) {
		namespace = g.of(g.namespaces)
	}
	rules := g.rules(true)
	if near && !g.chance(3) {
		rules = []rbacv1.PolicyRule{rule}
		if len(rule.Verbs) > 1 && g.chance(2) {
			rules[0].Verbs = rule.Verbs[:1]
		}
	}
	if g.chance(3) {
		g.grant(w, id, rbacv1.PolicyRule{
			Verbs: g.some([]string{"escalate", "bind", "*"}), APIGroups: g.some([]string{"*", rbacv1.GroupName}),
			Resources: g.some([]string{"*", "roles", "clusterroles"}), ResourceNames: g.some([]string{"x", "r0", "r1", ""}),
		})
	}
	if g.chance(2) {
		g.storingRole(w, &q, id, namespace, rules)
	} else {
		g.storingBinding(&q, namespace)
	}
	return q
}

func (g *generator) storingRole(w *world, q *question, id access.Identity, namespace string, rules []rbacv1.PolicyRule) {
	if g.chance(2) {
		q.Resource, q.Namespace, q.Object = "roles", namespace, role(namespace, q.Name, rules...)
		if q.Verb == "update" {
			q.Old = role(namespace, q.Name, append(g.rules(false), urls("", "/never"))...)
		}
		return
	}
	o, old := clusterRole(q.Name, rules...), clusterRole(q.Name, g.rules(true)...)
	old.Labels = map[string]string{"before": ""} // what does not change is stored whoever sends it
	for _, r := range []*rbacv1.ClusterRole{o, old} {
		if !g.chance(8) {
			continue
		}
		r.AggregationRule = &rbacv1.AggregationRule{}
		if g.chance(2) {
			r.AggregationRule.ClusterRoleSelectors = []metav1.LabelSelector{{MatchLabels: map[string]string{"x": "y"}}}
		}
		g.grant(w, id, rbacv1.PolicyRule{Verbs: []string{"*"}, APIGroups: []string{"*"}, Resources: []string{"*"}},
			rbacv1.PolicyRule{Verbs: []string{"*"}, NonResourceURLs: []string{g.of([]string{"*", "/*"})}})
	}
	q.Resource, q.Object = "clusterroles", o
	if q.Verb == "update" {
		q.Old = old
	}
}

func (g *generator) storingBinding(q *question, namespace string) {
	ref := g.roleRef()
	wide := func(subjects ...rbacv1.Subject) *rbacv1.ClusterRoleBinding {
		b := clusterRoleBinding(q.Name, "", subjects...)
		b.RoleRef = ref
		return b
	}
	narrow := func(subjects ...rbacv1.Subject) *rbacv1.RoleBinding {
		b := roleBinding(namespace, q.Name, "", "", subjects...)
		b.RoleRef = ref
		return b
	}
	if g.chance(2) {
		q.Resource, q.Object = "clusterrolebindings", wide(user("joe"))
		if q.Verb == "update" {
			q.Old = wide()
		}
		return
	}
	q.Resource, q.Namespace, q.Object = "rolebindings", namespace, narrow(user("joe"))
	if q.Verb == "update" {
		q.Old = narrow()
	}
}
