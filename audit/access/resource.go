package access

import (
	_ "embed" // for the resources of the server
	"iter"
	"regexp"
	"slices"
	"strings"
	"sync"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Scope is where the objects of a resource live, which decides whether a
// RoleBinding can grant anything of them.
type Scope int

// The scopes of resources.
const (
	// UnknownScope is that of a resource which only some rule or definition names.
	UnknownScope Scope = iota
	InNamespaces
	OfCluster
)

// APIResource is a resource of the server under the names that people use.
type APIResource struct {
	Group    string // API group, "" for the core group
	Plural   string // as rules name it
	Singular string // in lower case; "" if unknown
	Kind     string // "" if unknown, or if there are no objects of it
	Short    []string
	Scope    Scope
	// Subresources are those that are known; others may exist where Scope is
	// unknown.
	Subresources []string
}

// String returns "deployments.apps", or "pods" for the core group.
func (r APIResource) String() string {
	if r.Group == "" {
		return r.Plural
	}
	return r.Plural + "." + r.Group
}

// Everything reports whether the resource is "*", all of one group or of all.
func (r APIResource) Everything() bool { return r.Plural == all }

// served is what kube-apiserver 1.37 serves: group, plural, singular, kind, short
// names, scope and subresources, in the order in which names are looked up there. A
// test compares it with the discovery of a running server, and writes it with
// -update.
//
//go:embed resources.tsv
var served string

// builtIn returns the resources that every server has.
var builtIn = sync.OnceValue(func() []APIResource {
	var resources []APIResource
	list := func(s string) []string {
		return strings.FieldsFunc(s, func(r rune) bool { return r == ',' })
	}
	for line := range strings.Lines(served) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		r := APIResource{f[0], f[1], f[2], f[3], list(f[4]), OfCluster, list(f[6])}
		if f[5] == "Namespaced" {
			r.Scope = InNamespaces
		}
		r.Subresources = append(r.Subresources, unserved(r.Group, r.Plural)...)
		resources = append(resources, r)
	}
	return append(resources,
		APIResource{Plural: "users", Singular: "user", Scope: OfCluster},
		APIResource{Plural: "groups", Singular: "group", Scope: OfCluster},
		APIResource{Group: groupCertificates, Plural: "signers", Singular: "signer", Scope: OfCluster},
		APIResource{Group: groupAuthentication, Plural: "uids", Singular: "uid", Scope: OfCluster},
		APIResource{Group: groupAuthentication, Plural: "userextras", Scope: OfCluster},
		APIResource{Group: groupAuthentication, Plural: "users", Scope: OfCluster},
		APIResource{Group: groupAuthentication, Plural: "groups", Scope: OfCluster},
		APIResource{Group: groupAuthentication, Plural: "nodes", Scope: OfCluster},
		APIResource{Group: groupAuthentication, Plural: "serviceaccounts", Scope: InNamespaces},
	)
})

// unserved returns the subresources that are asked of authorizers alone: for parts of
// a kubelet's API (KubeletFineGrainedAuthz) and of the status of claims.
func unserved(group, plural string) []string {
	switch {
	case group == "" && plural == "nodes":
		return []string{"checkpoint", "configz", "healthz", "log", "metrics", "pods", "spec", "stats"}
	case group == "resource.k8s.io" && plural == "resourceclaims":
		return []string{"binding", "driver"}
	}
	return nil
}

// ServerResources returns the resources that every server has, whatever a view
// holds. The caller must not change them.
func ServerResources() []APIResource { return builtIn() }

// known are the resources that people may ask for in a view.
var known = kube.Derive(func(c *kube.Cluster) []APIResource {
	resources := slices.Clone(builtIn())
	seen, complete, plurals := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, r := range resources {
		seen[r.String()] = true
		complete[r.Group] = true
		plurals[r.Plural] = true
	}
	add := func(r APIResource) {
		if !seen[r.String()] && r.Plural != "" {
			seen[r.String()] = true
			resources = append(resources, r)
		}
	}
	for _, r := range append(kube.CustomResources(), kube.PodMetrics, kube.NodeMetrics) {
		if r.Page() != "" || r == kube.Constraints { // no resource of a server, or many
			continue
		}
		custom := APIResource{Group: r.Group, Plural: r.Plural, Singular: strings.ToLower(r.Kind), Kind: r.Kind, Scope: OfCluster}
		if r.Namespaced {
			custom.Scope = InNamespaces
		}
		if r.Short != "" {
			custom.Short = []string{r.Short}
		}
		custom.Subresources = []string{"scale", "status"}
		add(custom)
	}
	for o := range c.Custom(kube.CustomResourceDefinitions).All() {
		plural, group, _ := strings.Cut(o.GetName(), ".")
		add(APIResource{Group: group, Plural: plural})
	}
	for rule := range rulesIn(c) {
		for _, group := range rule.APIGroups {
			for _, resource := range rule.Resources {
				plural, _, _ := strings.Cut(resource, "/")
				// A rule about several groups names pairs that nobody means.
				guess := len(rule.APIGroups) > 1 && plurals[plural]
				if !complete[group] && group != all && plural != all && !guess {
					add(APIResource{Group: group, Plural: plural})
				}
			}
		}
	}
	return resources
}).From(kube.Roles, kube.ClusterRoles, kube.CustomResourceDefinitions)

// rulesIn yields the rules of all roles of a view.
func rulesIn(c *kube.Cluster) iter.Seq[*rbacv1.PolicyRule] {
	return func(yield func(*rbacv1.PolicyRule) bool) {
		for role := range c.ClusterRoles.All() {
			for i := range role.Rules {
				if !yield(&role.Rules[i]) {
					return
				}
			}
		}
		for role := range c.Roles.All() {
			for i := range role.Rules {
				if !yield(&role.Rules[i]) {
					return
				}
			}
		}
	}
}

// APIResources returns the resources that can be asked for in a view: those of
// every server first, then custom ones that are well known, defined, or named by a
// rule. The caller must not change them.
func APIResources(c *kube.Cluster) []APIResource { return known.Of(c) }

// apiVersion is a version as it may stand between a resource and its group.
var apiVersion = regexp.MustCompile(`^v[0-9]+((alpha|beta)[0-9]+)?$`)

// ResourcesNamed returns the resources that a name means as kubectl reads it: plural,
// singular or short name, or the kind, each with or without the group
// ("deploy", "deployments.apps", "deployment.v1.apps"). The first is what kubectl
// takes; there are more where several groups have the name, and none for a name
// that is unknown. "*" is every resource, "*.apps" every one of a group.
func ResourcesNamed(c *kube.Cluster, name string) []APIResource {
	name, group, qualified := strings.Cut(strings.ToLower(name), ".")
	if version, rest, _ := strings.Cut(group, "."); apiVersion.MatchString(version) {
		group = rest // "" is the core group: pods.v1
	}
	if name == all {
		if !qualified {
			group = all
		}
		return []APIResource{{Group: group, Plural: all}}
	}
	var named []APIResource
	for _, r := range APIResources(c) {
		same := r.Plural == name || r.Singular == name && name != "" || strings.ToLower(r.Kind) == name && name != "" || slices.Contains(r.Short, name)
		if same && (!qualified || r.Group == group) {
			named = append(named, r)
		}
	}
	return named
}

// Request returns the request for an object of the resource as the server makes it
// of a URL: a cluster-scoped object has no namespace, but a Namespace is in
// itself, so that a RoleBinding in it grants what is done to it.
func (r APIResource) Request(verb, subresource, namespace, name string) Request {
	q := Request{Verb: verb, Group: r.Group, Resource: r.Plural, Subresource: subresource, Namespace: namespace, Name: name}
	switch {
	case r.isNamespaces() && !collective(verb):
		q.Namespace = name
	case r.Scope == OfCluster && !r.boundInNamespace(verb):
		q.Namespace = ""
	}
	return q
}

// collective reports whether a verb is asked for on a collection: the URL of such a
// request names no object.
func collective(verb string) bool {
	return slices.Contains([]string{"create", "list", "watch", "deletecollection"}, verb)
}

func (r APIResource) isNamespaces() bool { return r.Group == "" && r.Plural == kube.Namespaces.Plural }

// boundInNamespace reports whether a verb on cluster-scoped objects is asked for in
// a namespace all the same: bind on ClusterRoles is, in that of the binding.
func (r APIResource) boundInNamespace(verb string) bool {
	return verb == "bind" && r.Group == groupRBAC && r.Plural == kube.ClusterRoles.Plural
}
