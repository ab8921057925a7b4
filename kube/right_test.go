package kube_test

import (
	"testing"

	"github.com/seaworthy-dev/seaworthy/kube"
)

func TestRightsInWords(t *testing.T) {
	t.Parallel()
	for want, right := range map[string]kube.Right{
		"create pods/exec in shop":           {Verb: "create", Resource: "pods", Subresource: "exec", Namespace: "shop"},
		"get pods/log web-1 in shop":         {Verb: "get", Resource: "pods", Subresource: "log", Namespace: "shop", Name: "web-1"},
		"list pods in all namespaces":        {Verb: "list", Resource: "pods"},
		"patch nodes n1":                     {Verb: "patch", Resource: "nodes", Name: "n1"},
		"list controllerrevisions.apps in a": {Verb: "list", Group: "apps", Resource: "controllerrevisions", Namespace: "a"},
		"get /readyz":                        {Verb: "get", Path: "/readyz"},
	} {
		if got := right.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for want, p := range map[string]kube.Permission{"permitted": kube.Permitted, "denied": kube.Denied, "unknown": kube.Permission(9)} {
		if got := p.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
