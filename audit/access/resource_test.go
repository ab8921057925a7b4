package access_test

import (
	"flag"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

var update = flag.Bool("update", false, "write resources.tsv as the server serves it")

// discovered is the aggregated discovery of a server (apidiscovery.k8s.io/v2).
type discovered struct {
	Items []struct {
		Metadata struct{ Name string }
		Versions []struct {
			Resources []struct {
				Resource, SingularResource, Scope string
				ShortNames                        []string
				ResponseKind                      struct{ Kind string }
				Subresources                      []struct{ Subresource string }
			}
		}
	}
}

// The resources that are compiled in are those that a server serves.
func TestResourcesAreServed(t *testing.T) {
	t.Parallel()
	s := newServer(t, kubetest.SharedTestbed(t))
	var lines []string
	at := map[string]int{}
	for _, path := range []string{"/api", "/apis"} {
		var d discovered
		s.Must(t, call{Method: http.MethodGet, Path: path, Header: map[string][]string{
			"Accept": {"application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"},
		}}, &d)
		for _, group := range d.Items {
			for _, version := range group.Versions {
				for _, r := range version.Resources {
					var subresources []string
					for _, sub := range r.Subresources {
						subresources = append(subresources, sub.Subresource)
					}
					slices.Sort(subresources)
					line := strings.Join([]string{
						group.Metadata.Name, r.Resource, r.SingularResource, r.ResponseKind.Kind,
						strings.Join(r.ShortNames, ","), r.Scope, strings.Join(subresources, ","),
					}, "\t") + "\n"
					// Of several versions the preferred comes first.
					if key := group.Metadata.Name + "/" + r.Resource; at[key] == 0 {
						lines = append(lines, line)
						at[key] = len(lines)
					}
				}
			}
		}
	}
	got := strings.Join(lines, "")
	if *update {
		if err := os.WriteFile("resources.tsv", []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("resources.tsv")
	if err != nil {
		t.Fatal(err)
	}
	// Custom resources of other tests are no part of a server.
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("resources.tsv is not what the server serves (-want +got; -update writes it):\n%s", diff)
	}
}

func TestResourcesNamed(t *testing.T) {
	t.Parallel()
	c := view(t, kube.Info{}, clusterRole("own", rule(list("get"), list("shop.example", "apps"), list("orders/status", "pods"), nil)))
	for name, want := range map[string]string{
		"pods": "pods pods.metrics.k8s.io", "po": "pods", "pod": "pods", "Pod": "pods",
		"deploy": "deployments.apps", "deployments.apps": "deployments.apps", "deployment.v1.apps": "deployments.apps",
		"deployments.batch": "", "ev": "events events.events.k8s.io", "events.events.k8s.io": "events.events.k8s.io",
		"pods.v1": "pods", "orders": "orders.shop.example", "orders.shop.example": "orders.shop.example",
		"widgets": "", "": "", "*": "*.*", "*.apps": "*.apps", "signers": "signers.certificates.k8s.io",
		"users": "users users.authentication.k8s.io", "cert": "certificates.cert-manager.io",
	} {
		var got []string
		for _, r := range access.ResourcesNamed(c, name) {
			got = append(got, r.String())
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}

func TestRequestOfResource(t *testing.T) {
	t.Parallel()
	c := view(t, kube.Info{})
	named := func(name string) access.APIResource { return access.ResourcesNamed(c, name)[0] }
	for _, test := range []struct {
		resource, verb, namespace, name string
		want                            string // the namespace of the request
	}{
		{"pods", "get", "shop", "x", "shop"},
		{"pods", "list", "", "", ""},
		{"nodes", "get", "shop", "n", ""},
		{"namespaces", "get", "", "shop", "shop"},
		{"namespaces", "patch", "other", "shop", "shop"},
		{"namespaces", "list", "", "shop", ""},
		{"clusterroles", "bind", "shop", "edit", "shop"},
		{"clusterroles", "escalate", "shop", "edit", ""},
	} {
		if got := named(test.resource).Request(test.verb, "", test.namespace, test.name).Namespace; got != test.want {
			t.Errorf("%s %s in %q named %q is asked in %q, want %q", test.verb, test.resource, test.namespace, test.name, got, test.want)
		}
	}
}

func TestParseSubject(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"jane": "User jane", "user:jane": "User jane", "user:group:x": "User group:x", "group:devs": "Group devs",
		"group:system:masters": "Group system:masters", "system:masters": "Group system:masters",
		"sa:ci/runner": "ServiceAccount ci/runner", "system:serviceaccount:ci:runner": "ServiceAccount ci/runner",
		"user:system:serviceaccount:ci:runner": "ServiceAccount ci/runner",
		"system:serviceaccounts:ci":            "Group system:serviceaccounts:ci", "system:anonymous": "User system:anonymous",
		"system:node:n1": "User system:node:n1", "oidc:jane": "User oidc:jane",
		"": "", "sa:ci": "", "sa:ci/": "", "sa:/x": "", "sa:a/b/c": "", "group:": "", "user:": "", "sa:": "",
	} {
		got, err := access.ParseSubject(text)
		if (err != nil) != (want == "") {
			t.Errorf("%q: %v, %v", text, got, err)
		} else if err == nil && got.String() != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}

func TestIdentityOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"jane":                         {access.GroupAuthenticated, "extra"},
		"sa:ci/runner":                 {access.GroupServiceAccounts, "system:serviceaccounts:ci", access.GroupAuthenticated, "extra"},
		"system:node:n1":               {access.GroupAuthenticated, "system:nodes", "extra"},
		"system:anonymous":             {access.GroupUnauthenticated, "extra"},
		"group:devs":                   {access.GroupAuthenticated, "extra"},
		"system:serviceaccounts:ci":    {access.GroupServiceAccounts, access.GroupAuthenticated, "extra"},
		"group:system:authenticated":   {"extra"},
		"system:unauthenticated":       {"extra"},
		"group:system:serviceaccounts": {access.GroupAuthenticated, "extra"},
	} {
		s, err := access.ParseSubject(text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, access.IdentityOf(s, "extra").Groups); diff != "" {
			t.Errorf("groups of %s (-want +got):\n%s", text, diff)
		}
	}
	for _, id := range []access.Identity{access.User("jane", access.GroupMasters), access.Member(access.GroupMasters)} {
		if !id.Masters() {
			t.Errorf("%+v is not in system:masters", id)
		}
	}
	if access.User("jane").Masters() {
		t.Error("jane is in system:masters")
	}
}

// A binding to a role of a kind that there is not grants nothing.
func TestUnknownRoleKind(t *testing.T) {
	t.Parallel()
	b := clusterRoleBinding("b", "all", user("jane"))
	b.RoleRef.Kind = "Robot"
	c := view(t, kube.Info{}, clusterRole("all", rule(list("*"), list("*"), list("*"), nil)), b)
	if got := access.Of(c).Bindings[0]; got.Resolution != access.Missing || len(got.Rules) > 0 {
		t.Errorf("it is %+v", got)
	}
	if _, ok := access.Of(c).Can(access.User("jane"), get("pods", "a")); ok {
		t.Error("it grants")
	}
	var none []rbacv1.PolicyRule
	if diff := cmp.Diff(none, access.Of(c).RulesOf(access.User("jane"), "")); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
}
