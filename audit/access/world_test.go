package access_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// world is a set of roles and bindings, in the form in which the authorizer of the
// testbed takes them, and questions about it.
type world struct {
	ClusterRoles        []*rbacv1.ClusterRole        `json:"clusterRoles"`
	Roles               []*rbacv1.Role               `json:"roles"`
	ClusterRoleBindings []*rbacv1.ClusterRoleBinding `json:"clusterRoleBindings"`
	RoleBindings        []*rbacv1.RoleBinding        `json:"roleBindings"`
	Questions           []question                   `json:"questions"`
}

type question struct {
	User        string   `json:"user"`
	Groups      []string `json:"groups"`
	Verb        string   `json:"verb,omitempty"`
	APIGroup    string   `json:"apiGroup,omitempty"`
	Resource    string   `json:"resource,omitempty"`
	Subresource string   `json:"subresource,omitempty"`
	Namespace   string   `json:"namespace,omitempty"`
	Name        string   `json:"name,omitempty"`
	Path        string   `json:"path,omitempty"`
	Signer      string   `json:"signer,omitempty"`
	As          *person  `json:"as,omitempty"`
	Object      any      `json:"object,omitempty"`
	Old         any      `json:"old,omitempty"`
}

type person struct {
	User   string              `json:"user,omitempty"`
	Groups []string            `json:"groups,omitempty"`
	UID    string              `json:"uid,omitempty"`
	Extra  map[string][]string `json:"extra,omitempty"`
}

type answers struct {
	Allowed []bool         `json:"allowed"`
	Became  map[int]person `json:"became"`
}

// words are what a generator writes rules, subjects and questions with. Those of
// the questions are what a server can be asked; rules may say anything.
type words struct {
	verbs, groups, resources, names, paths       []string
	namespaces, users, userGroups, accounts      []string
	askedResources, askedSubresources, askedPath []string
}

// wide has everything that the matching of rules is known to turn on.
func wide() words {
	return words{
		verbs: []string{
			"get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "*", "bind", "escalate",
			"impersonate", "approve", "sign", "attest", "use", "post", "associated-node:update",
			"impersonate:user-info", "impersonate:serviceaccount", "impersonate:arbitrary-node", "impersonate-on:user-info:list",
			"impersonate-on:serviceaccount:list", "impersonate-on:arbitrary-node:list", "Get", "",
		},
		groups: []string{"", "apps", "rbac.authorization.k8s.io", "certificates.k8s.io", "authentication.k8s.io", "*", "core", "v1", "app*"},
		resources: []string{
			"pods", "pods/exec", "pods/status", "pods/*", "*/exec", "*/status", "*/*", "*/", "*", "pods/", "/exec", "po*", "",
			"deployments", "deployments/scale", "*/scale", "nodes", "nodes/proxy", "namespaces", "namespaces/finalize",
			"secrets", "signers", "users", "groups", "uids", "userextras/example.com/scopes", "userextras/*", "serviceaccounts",
			"serviceaccounts/token", "roles", "clusterroles", "resourceclaims/binding", "PODS",
		},
		names: []string{"x", "y", "a", "b", "", "*", "x*", "kubernetes.io/*", "kubernetes.io/kubelet", "example.com/*", "jane", "joe", "devs", "n1"},
		paths: []string{"/", "/healthz", "/healthz/*", "/healthz*", "/heal*h", "*", "/api", "/api/*", "/api**", "/apis/*/v1", "healthz", "", "/metrics/"},

		namespaces: []string{"a", "b", "kube-system"},
		users: []string{
			"jane", "joe", "*", "system:anonymous", "system:node:n1", "system:serviceaccount:a:x", "system:serviceaccount:b:x",
			"system:serviceaccount:a:x:y", "system:serviceaccount:a", "system:serviceaccount::x", "System:serviceaccount:a:x",
		},
		userGroups: []string{
			"devs", "ops", "*", "system:authenticated", "system:unauthenticated", "system:serviceaccounts",
			"system:serviceaccounts:a", "system:serviceaccounts:b", "system:nodes", "system:masters",
		},
		accounts: []string{"x", "y", "default"},

		askedResources:    []string{"pods", "deployments", "nodes", "namespaces", "secrets", "signers", "serviceaccounts", "roles", "clusterroles", "resourceclaims"},
		askedSubresources: []string{"", "", "exec", "status", "scale", "proxy", "token", "finalize", "binding", "*"},
		askedPath:         []string{"/", "/healthz", "/healthz/etcd", "/healthzx", "/api", "/api/v1", "/apis/apps/v1", "/metrics", "/metrics/", "/heal*h"},
	}
}

// generator makes worlds: each is decided by the seed and its number.
type generator struct {
	words
	*rand.Rand
}

func newGenerator(w words, seed, number uint64) *generator {
	return &generator{w, rand.New(rand.NewPCG(seed, number))}
}

func (g *generator) of(from []string) string { return from[g.IntN(len(from))] }

// chance is true once in n times.
func (g *generator) chance(n int) bool { return g.IntN(n) == 0 }

// some returns a few words, mostly one or two.
func (g *generator) some(from []string) []string {
	var chosen []string
	for range 1 + g.IntN(1+g.IntN(4)) {
		if word := g.of(from); !slices.Contains(chosen, word) {
			chosen = append(chosen, word)
		}
	}
	return chosen
}

func (g *generator) rules(paths bool) []rbacv1.PolicyRule {
	var rules []rbacv1.PolicyRule
	for range g.IntN(4) {
		r := rbacv1.PolicyRule{Verbs: g.some(g.verbs)}
		switch {
		case paths && g.chance(4):
			r.NonResourceURLs = g.some(g.paths)
		case g.chance(40):
			r.NonResourceURLs, r.APIGroups, r.Resources = g.some(g.paths), g.some(g.groups), g.some(g.resources)
		default:
			r.APIGroups, r.Resources = g.some(g.groups), g.some(g.resources)
			if g.chance(3) {
				r.ResourceNames = g.some(g.names)
			}
		}
		rules = append(rules, r)
	}
	return rules
}

func (g *generator) subjects() []rbacv1.Subject {
	var subjects []rbacv1.Subject
	for range g.IntN(4) {
		switch g.IntN(8) {
		case 0, 1, 2:
			subjects = append(subjects, rbacv1.Subject{Kind: "ServiceAccount", Namespace: g.of(append(g.namespaces, "")), Name: g.of(g.accounts)})
		case 3, 4:
			subjects = append(subjects, rbacv1.Subject{Kind: "User", APIGroup: rbacv1.GroupName, Name: g.of(g.users)})
		case 5, 6:
			subjects = append(subjects, rbacv1.Subject{Kind: "Group", Name: g.of(g.userGroups)})
		default:
			subjects = append(subjects, rbacv1.Subject{Kind: g.of([]string{"Robot", "", "user"}), Namespace: "a", Name: g.of(g.users)})
		}
	}
	return subjects
}

func (g *generator) roleRef() rbacv1.RoleRef {
	kind := g.of([]string{"ClusterRole", "ClusterRole", "ClusterRole", "Role", "Role"})
	if g.chance(40) {
		kind = g.of([]string{"", "role", "Robot"})
	}
	return rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: kind, Name: g.of([]string{"r0", "r1", "r2", "r3", "gone"})}
}

// world makes the objects, without questions.
func (g *generator) world() *world {
	w := &world{}
	for i := range 4 {
		name := fmt.Sprintf("r%d", i)
		if !g.chance(5) {
			w.ClusterRoles = append(w.ClusterRoles, clusterRole(name, g.rules(true)...))
		}
		for _, namespace := range g.namespaces {
			if g.chance(2) {
				w.Roles = append(w.Roles, role(namespace, name, g.rules(false)...))
			}
		}
		if g.chance(2) {
			b := clusterRoleBinding(name, "", g.subjects()...)
			b.RoleRef = g.roleRef()
			w.ClusterRoleBindings = append(w.ClusterRoleBindings, b)
		}
		for _, namespace := range g.namespaces {
			if g.chance(2) {
				b := roleBinding(namespace, name, "", "", g.subjects()...)
				b.RoleRef = g.roleRef()
				w.RoleBindings = append(w.RoleBindings, b)
			}
		}
	}
	return w
}

// view returns the view that has the objects of the world.
func (w *world) view(t *testing.T) *kube.Cluster {
	t.Helper()
	var objects []kube.Object
	for _, namespace := range []string{"a", "b", "kube-system"} {
		objects = append(objects, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}})
	}
	for _, o := range w.ClusterRoles {
		objects = append(objects, o)
	}
	for _, o := range w.Roles {
		objects = append(objects, o)
	}
	for _, o := range w.ClusterRoleBindings {
		objects = append(objects, o)
	}
	for _, o := range w.RoleBindings {
		objects = append(objects, o)
	}
	return view(t, kube.Info{}, objects...)
}

// boundRules returns a subject of the world and, of the rules that are bound to it,
// one, with the namespace of the binding; false if there is none.
func (g *generator) boundRule(w *world) (s rbacv1.Subject, rule rbacv1.PolicyRule, namespace string, ok bool) {
	subjects, ref := []rbacv1.Subject(nil), rbacv1.RoleRef{}
	if len(w.ClusterRoleBindings) > 0 && g.chance(2) {
		b := w.ClusterRoleBindings[g.IntN(len(w.ClusterRoleBindings))]
		subjects, ref = b.Subjects, b.RoleRef
	} else if len(w.RoleBindings) > 0 {
		b := w.RoleBindings[g.IntN(len(w.RoleBindings))]
		subjects, ref, namespace = b.Subjects, b.RoleRef, b.Namespace
	}
	var rules []rbacv1.PolicyRule
	for _, r := range w.ClusterRoles {
		if ref.Kind == "ClusterRole" && r.Name == ref.Name {
			rules = r.Rules
		}
	}
	for _, r := range w.Roles {
		if ref.Kind == "Role" && r.Name == ref.Name && r.Namespace == namespace {
			rules = r.Rules
		}
	}
	if len(subjects) == 0 || len(rules) == 0 {
		return s, rule, namespace, false
	}
	s = subjects[g.IntN(len(subjects))]
	if s.Kind == "ServiceAccount" && s.Namespace == "" {
		s.Namespace = namespace
	}
	return s, rules[g.IntN(len(rules))], namespace, true
}

// asker returns who asks: somebody at random, or whom a subject means.
func (g *generator) asker(s rbacv1.Subject) access.Identity {
	switch s.Kind {
	case "ServiceAccount":
		return access.ServiceAccount(s.Namespace, s.Name)
	case "User":
		return access.User(s.Name)
	case "Group":
		return access.User(g.of(g.users), s.Name)
	}
	switch g.IntN(6) {
	case 0:
		return access.User(g.of(g.users), g.of(g.userGroups))
	case 1:
		return access.Identity{Subject: userSubject(g.of(g.users))} // a user in no group
	case 2, 3:
		return access.User(g.of(g.users))
	}
	return access.ServiceAccount(g.of(g.namespaces), g.of(g.accounts))
}

func userSubject(name string) access.Subject {
	s, _ := access.SubjectOf(rbacv1.Subject{Kind: "User", Name: name}, "")
	return s
}

func userName(s access.Subject) string {
	if s.Kind == "ServiceAccount" {
		return "system:serviceaccount:" + s.Namespace + ":" + s.Name
	}
	return s.Name
}

// plain makes a question about a request: most are what a rule that is
// bound to the asker says, with a part of it changed now and then.
func (g *generator) plain(w *world) question {
	s, rule, namespace, near := g.boundRule(w)
	for range 3 {
		if !near {
			s, rule, namespace, near = g.boundRule(w)
		}
	}
	if !near || g.chance(4) {
		s, near = rbacv1.Subject{}, false
	}
	id := g.asker(s)
	q := question{User: userName(id.Subject), Groups: id.Groups}
	if !near {
		rule = rbacv1.PolicyRule{}
	}
	if len(rule.NonResourceURLs) > 0 || g.chance(12) {
		if g.path(&q, rule); q.Path != "" {
			return q
		}
	}
	q.Verb, q.APIGroup, q.Resource = g.of(g.verbs), g.of(g.groups), g.of(g.askedResources)
	q.Subresource, q.Namespace, q.Name = g.of(g.askedSubresources), g.of(append(g.namespaces, "")), g.of(g.names)
	if len(rule.Resources) > 0 {
		g.near(&q, rule, namespace)
		g.change(&q)
	}
	return q
}

// path asks for a path, mostly one that a rule may be meant for.
func (g *generator) path(q *question, rule rbacv1.PolicyRule) {
	q.Verb, q.Path = g.of(append(g.verbs[:4:4], "post")), g.of(g.askedPath)
	if len(rule.NonResourceURLs) == 0 || g.chance(4) {
		return
	}
	q.Verb = g.meant(rule.Verbs, g.verbs)
	if path := g.of(rule.NonResourceURLs); path != "" && !g.chance(3) {
		q.Path = strings.Replace(path, "*", g.of([]string{"", "x", "/x"}), 1)
		if g.chance(4) {
			q.Path = strings.TrimSuffix(path, "/*")
		}
	}
}

// near asks for what a rule says that is bound in a namespace.
func (g *generator) near(q *question, rule rbacv1.PolicyRule, namespace string) {
	q.Verb, q.APIGroup = g.meant(rule.Verbs, g.verbs), g.meant(rule.APIGroups, g.groups)
	resource, subresource, _ := strings.Cut(g.of(rule.Resources), "/")
	if q.Resource = resource; resource == "*" || resource == "" {
		q.Resource = g.of(g.askedResources)
	}
	if q.Subresource = subresource; subresource == "*" {
		q.Subresource = g.of(g.askedSubresources)
	}
	if len(rule.ResourceNames) > 0 {
		q.Name = g.of(rule.ResourceNames)
	}
	if namespace != "" {
		q.Namespace = namespace
	}
}

// meant returns one of a rule's words; any for its "*".
func (g *generator) meant(of, every []string) string {
	if word := g.of(of); word != "*" {
		return word
	}
	return g.of(every)
}

// change makes a near miss of every other question.
func (g *generator) change(q *question) {
	switch g.IntN(16) {
	case 0:
		q.Verb = g.of(g.verbs)
	case 1:
		q.APIGroup = g.of(g.groups)
	case 2:
		q.Resource = g.of(g.askedResources)
	case 3:
		q.Subresource = g.of(g.askedSubresources)
	case 4:
		q.Namespace = g.of(append(g.namespaces, ""))
	case 5, 6:
		q.Name = g.of(g.names)
	}
}
