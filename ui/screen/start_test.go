package screen_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// TestStartsAreReadAgain writes every kind of start as an address, and reads it.
func TestStartsAreReadAgain(t *testing.T) {
	t.Parallel()
	account := access.Subject{Kind: "ServiceAccount", Namespace: "ci", Name: "runner"}
	tests := map[string]struct {
		address nav.Address
		want    screen.Start
	}{
		"paths/sa:ci/runner":            {screen.PathsFromObject(kube.ServiceAccounts.Ref("ci", "runner")), screen.Start{Subject: account}},
		"paths/user:a:b%3F":             {screen.PathsFrom(access.Subject{Kind: "User", Name: "a:b?"}), screen.Start{Subject: access.Subject{Kind: "User", Name: "a:b?"}}},
		"paths/group:system:masters":    {screen.PathsFrom(access.Subject{Kind: "Group", Name: "system:masters"}), screen.Start{Subject: access.Subject{Kind: "Group", Name: "system:masters"}}},
		"paths/entry:any%20pod":         {screen.PathsFromEntry("any pod"), screen.Start{Entry: "any pod"}},
		"paths/ns:payments":             {screen.PathsFromObject(kube.Namespaces.Ref("", "payments")), screen.Start{Object: kube.Namespaces.Ref("", "payments")}},
		"paths/clusterrolebinding:a:b":  {screen.PathsFromObject(kube.ClusterRoleBindings.Ref("", "a:b")), screen.Start{Object: kube.ClusterRoleBindings.Ref("", "a:b")}},
		"paths/deployment:payments/api": {screen.PathsFromObject(kube.Deployments.Ref("payments", "api")), screen.Start{Object: kube.Deployments.Ref("payments", "api")}},
		"paths/node:node-1":             {screen.PathsFromObject(kube.Nodes.Ref("", "node-1")), screen.Start{Object: kube.Nodes.Ref("", "node-1")}},
		"paths":                         {nav.Address{Screen: "paths"}, screen.Start{}},
	}
	for text, test := range tests {
		if test.address.String() != text {
			t.Errorf("the address is %q, want %q", test.address, text)
		}
		parsed, err := nav.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		got, err := screen.ParseStart(parsed.Target)
		if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
			t.Errorf("reading %q: %v (-want +got):\n%s", text, err, diff)
		}
	}
	// Every kind that a finding can be about is read as the object that it is.
	for _, r := range kube.Resources() {
		namespace := ""
		if r.Namespaced {
			namespace = "shop"
		}
		ref := r.Ref(namespace, "web")
		got, err := screen.ParseStart(screen.PathsFromObject(ref).Target)
		isAccount := r == kube.ServiceAccounts && got.Subject.Name == "web"
		if err != nil || !isAccount && got.Object.Kind != ref.Kind || !isAccount && got.Object.Name != "web" {
			t.Errorf("%s is read as %+v (%v)", ref, got, err)
		}
	}
	if _, err := screen.ParseStart("sa:ci"); err == nil {
		t.Error("half a ServiceAccount is read")
	}
}
