package access_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// large returns a view of 20,000 bindings to 2,000 roles in 1,000 namespaces.
func large(b *testing.B) *kube.Cluster {
	b.Helper()
	builder := kube.NewBuilder(kube.Info{})
	set := func(r kube.Resource, o kube.Object) {
		if err := builder.Set(r, o); err != nil {
			b.Fatal(err)
		}
	}
	for n := range 1000 {
		namespace := fmt.Sprintf("team-%d", n)
		for i := range 2 {
			set(kube.Roles, role(namespace, fmt.Sprintf("role-%d", i),
				allow("", list("get", "list", "watch"), list("pods", "services", "configmaps")),
				allow("apps", list("get", "patch"), list("deployments", "statefulsets"))))
		}
		for i := range 20 {
			set(kube.RoleBindings, roleBinding(namespace, fmt.Sprintf("binding-%d", i), "Role", fmt.Sprintf("role-%d", i%2),
				account(namespace, fmt.Sprintf("account-%d", i)), group(fmt.Sprintf("group-%d", i))))
		}
	}
	return builder.Build(time.Unix(0, 0))
}

func BenchmarkOf(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		c := large(b)
		b.StartTimer()
		if got := len(access.Of(c).Bindings); got != 20_000 {
			b.Fatalf("there are %d bindings", got)
		}
	}
}

func BenchmarkWho(b *testing.B) {
	c := large(b)
	q := access.Question{Verb: "patch", Resource: access.ResourcesNamed(c, "deploy")[0]}
	for b.Loop() {
		if got := len(access.Of(c).Who(q)); got != 40_000 {
			b.Fatalf("%d may", got)
		}
	}
}

func BenchmarkRights(b *testing.B) {
	c := large(b)
	for b.Loop() {
		if got := len(access.Rights(c, access.User("jane", "group-1"))); got != 5_000 {
			b.Fatalf("there are %d rights", got)
		}
	}
}

func BenchmarkCan(b *testing.B) {
	c := large(b)
	id := access.ServiceAccount("team-7", "account-3")
	r := access.Request{Verb: "patch", Group: "apps", Resource: "deployments", Namespace: "team-7", Name: "x"}
	access.Of(c)
	for b.Loop() {
		if _, ok := access.Of(c).Can(id, r); !ok {
			b.Fatal("it may not")
		}
	}
}
