package access_test

import (
	"math/rand/v2"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/component-helpers/auth/rbac/validation"

	"github.com/seaworthy-dev/seaworthy/audit/access"
)

func rule(verbs, groups, resources, names []string) rbacv1.PolicyRule {
	return rbacv1.PolicyRule{Verbs: verbs, APIGroups: groups, Resources: resources, ResourceNames: names}
}

func urls(verb string, urls ...string) rbacv1.PolicyRule {
	return rbacv1.PolicyRule{Verbs: []string{verb}, NonResourceURLs: urls}
}

func TestAllows(t *testing.T) {
	t.Parallel()
	one := func(s ...string) []string { return s }
	core := one("")
	get := func(resource, subresource, name string) access.Request {
		return access.Request{Verb: "get", Resource: resource, Subresource: subresource, Name: name, Namespace: "a"}
	}
	for _, test := range []struct {
		name    string
		rule    rbacv1.PolicyRule
		request access.Request
		want    bool
	}{
		{"exact", rule(one("get"), core, one("pods"), nil), get("pods", "", "p"), true},
		{"other verb", rule(one("list"), core, one("pods"), nil), get("pods", "", "p"), false},
		{"all verbs", rule(one("*"), core, one("pods"), nil), get("pods", "", "p"), true},
		{"other group", rule(one("get"), one("apps"), one("pods"), nil), get("pods", "", "p"), false},
		{"the core group has no name", rule(one("get"), one("core", "v1"), one("pods"), nil), get("pods", "", "p"), false},
		{"all groups", rule(one("get"), one("*"), one("pods"), nil), get("pods", "", "p"), true},
		{"a resource does not cover its subresources", rule(one("get"), core, one("pods"), nil), get("pods", "exec", "p"), false},
		{"a subresource does not cover its resource", rule(one("get"), core, one("pods/exec"), nil), get("pods", "", "p"), false},
		{"subresource", rule(one("get"), core, one("pods/exec"), nil), get("pods", "exec", "p"), true},
		{"all resources cover subresources", rule(one("get"), core, one("*"), nil), get("pods", "exec", "p"), true},
		{"a subresource of all resources", rule(one("get"), core, one("*/exec"), nil), get("pods", "exec", "p"), true},
		{"a subresource of all covers no resource", rule(one("get"), core, one("*/exec"), nil), get("pods", "", "p"), false},
		{"pods/* is no wildcard", rule(one("*"), one("*"), one("pods/*"), nil), get("pods", "exec", "p"), false},
		{"pods/* covers no pods either", rule(one("*"), one("*"), one("pods/*"), nil), get("pods", "", "p"), false},
		{"a trailing slash", rule(one("get"), core, one("pods/"), nil), get("pods", "", "p"), false},
		{"part of a name", rule(one("get"), core, one("po*"), nil), get("pods", "", "p"), false},
		{"named", rule(one("get"), core, one("pods"), one("p", "q")), get("pods", "", "q"), true},
		{"named otherwise", rule(one("get"), core, one("pods"), one("p")), get("pods", "", "q"), false},
		{"a star is a name like others", rule(one("get"), core, one("pods"), one("*")), get("pods", "", "q"), false},
		{"a request without name", rule(one("create"), core, one("pods"), one("p")), access.Request{Verb: "create", Resource: "pods"}, false},
		{"path", urls("get", "/healthz"), access.Request{Verb: "get", Path: "/healthz"}, true},
		{"path prefix", urls("get", "/healthz/*"), access.Request{Verb: "get", Path: "/healthz/etcd"}, true},
		{"a prefix does not cover its parent", urls("get", "/healthz/*"), access.Request{Verb: "get", Path: "/healthz"}, false},
		{"an inner star is literal", urls("get", "/api*/v1"), access.Request{Verb: "get", Path: "/apis/v1"}, false},
		{"all paths", urls("*", "*"), access.Request{Verb: "post", Path: "/x"}, true},
		{"all resources are no path", rule(one("*"), one("*"), one("*"), nil), access.Request{Verb: "get", Path: "/x"}, false},
		{"all paths are no resource", urls("*", "*"), get("pods", "", "p"), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := access.Allows(&test.rule, test.request); got != test.want {
				t.Errorf("Allows(%v, %+v) = %v, want %v", test.rule, test.request, got, test.want)
			}
		})
	}
}

// A rule allows a request exactly if it covers the rule that allows nothing but
// that request, which upstream decides for escalation checks.
func TestAllowsAgreesWithCovers(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	some := func(from ...string) []string {
		var chosen []string
		for range 1 + random.IntN(2) {
			chosen = append(chosen, from[random.IntN(len(from))])
		}
		return chosen
	}
	pick := func(from ...string) string { return from[random.IntN(len(from))] }
	allowed := 0
	const rounds = 50_000
	for range rounds {
		r := rule(
			some("get", "list", "create", "*"),
			some("", "apps", "*"),
			some("pods", "pods/exec", "pods/*", "*/exec", "nodes", "nodes/exec", "*", "*/", "pods/"),
			nil,
		)
		if random.IntN(2) == 0 {
			r.ResourceNames = some("a", "b", "*")
		}
		request := access.Request{
			Verb: pick("get", "list", "create"), Group: pick("", "apps"), Resource: pick("pods", "nodes"),
			Subresource: pick("", "exec", "log"), Name: pick("", "a", "b"),
		}
		atom := rule([]string{request.Verb}, []string{request.Group}, []string{request.Resource}, nil)
		if request.Subresource != "" {
			atom.Resources[0] += "/" + request.Subresource
		}
		if request.Name != "" {
			atom.ResourceNames = []string{request.Name}
		}
		if random.IntN(8) == 0 {
			r = urls(pick("get", "*"), some("/a", "/a/*", "/a*", "*", "/*/b")...)
			request = access.Request{Verb: pick("get", "post"), Path: pick("/a", "/a/b", "/ab", "/b")}
			atom = urls(request.Verb, request.Path)
		}
		want, _ := validation.Covers([]rbacv1.PolicyRule{r}, []rbacv1.PolicyRule{atom})
		got := access.Allows(&r, request)
		if got != want {
			t.Fatalf("Allows(%v, %+v) = %v, want %v", r, request, got, want)
		}
		if got {
			allowed++
		}
	}
	if allowed < rounds/20 || allowed > rounds*19/20 {
		t.Errorf("%d of %d requests are allowed: the sample proves little", allowed, rounds)
	}
}
