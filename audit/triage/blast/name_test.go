package blast_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit/triage/blast"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// TestNames holds which texts name a Service, as a workload of the namespace shop is
// told them.
func TestNames(t *testing.T) {
	t.Parallel()
	orders, db := kube.Services.Ref("shop", "orders"), kube.Services.Ref("shop", "db")
	for _, test := range []struct {
		text string
		of   kube.Ref
		want bool
	}{
		{"http://orders", orders, true},
		{"https://orders/path?x=1", orders, true},
		{"grpc://orders:50051", orders, true},
		{"orders:8080", orders, true},
		{"--addr=orders:8080", orders, true},
		{"tcp(orders:3306)/base", orders, true},
		{"a:1,orders:9092,b:2", orders, true},
		{"orders.shop", orders, true},
		{"orders.shop.svc", orders, true},
		{"orders.shop.svc.cluster.local.", orders, true},
		{"postgres://user:secret@orders:5432/base", orders, true},
		{"postgres://user:secret@orders/base", orders, true},
		{"orders-0.orders:9092", orders, true},
		{"orders-0.orders.shop.svc.cluster.local", orders, true},
		{"orders-0.orders.shop", orders, true},
		{"amqp://orders", orders, true},
		{"http://db.shop.svc/x", db, true},

		{"orders", orders, false},
		{"--queue=orders", orders, false},
		{"orders:", orders, false},
		{"orders:1.25", orders, false},
		{"orders:99999", orders, false},
		{"orders:8080x", orders, false},
		{"orders:0", orders, false},
		{"my_orders:80", orders, false},
		{"Xorders:80", orders, false},
		{"orders_total:80", orders, false},
		{"my-orders:80", orders, false},
		{"/var/orders:80", orders, false},
		{"/var/lib/orders.shop", orders, false},
		{"mail@orders.shop", orders, false},
		{"${orders.shop}", orders, false},
		{"orders://elsewhere", orders, false},
		{"--to=orders://elsewhere", orders, false},
		{"http://orders:secret@elsewhere/", orders, false},
		{"http://elsewhere/orders:80", orders, false},
		{"orders.example.com:443", orders, false},
		{"orders.bank", orders, false},
		{"http://orders.bank/", orders, false},
		{"https://Orders.shop", orders, false},
		{"éorders:80", orders, false},
		{"db:5432", db, false},
		{"http://db/", db, false},
		{"db.shop", db, false},
		{"127.0.0.1:80", kube.Services.Ref("shop", "127"), false},
		{"http://localhost:80", kube.Services.Ref("shop", "localhost"), false},
		{"http://config:80", kube.Services.Ref("shop", "config"), false},
		{"", orders, false},
		{"...", orders, false},
		{"://", orders, false},
		{"@", orders, false},
	} {
		if got := names(t, fmt.Sprintf("args: [%q]", test.text), test.of); got != test.want {
			t.Errorf("%q names %s: %t, want %t", test.text, test.of, got, test.want)
		}
	}
}

// names reports whether a pod of the namespace shop is told the name of a Service by a
// field of its container.
func names(t *testing.T, field string, service kube.Ref) bool {
	t.Helper()
	c := viewOf(t, []byte(`
apiVersion: v1
kind: Pod
metadata: {name: caller, namespace: shop}
spec:
  containers:
  - name: main
    image: registry.example/app:1
    `+field))
	r := blast.Of(c, []kube.Ref{service}, nil)
	return slices.ContainsFunc(r.Dependents, func(d blast.Dependent) bool { return d.Relation == blast.Names && d.Certainty == blast.Hint })
}

func TestNamesInTheEnvironment(t *testing.T) {
	t.Parallel()
	orders := kube.Services.Ref("shop", "orders")
	for _, test := range []struct {
		env  string
		want bool
	}{
		{`[{name: DB_HOST, value: orders}, {name: DB_PORT, value: "5432"}]`, true},
		{`[{name: DB_ADDR, value: orders}, {name: DB_PORT, valueFrom: {configMapKeyRef: {name: c, key: k}}}]`, true},
		{`[{name: URL, value: "http://orders"}]`, true},
		{`[{name: DB_HOST, value: orders}, {name: OTHER_PORT, value: "5432"}]`, false},
		{`[{name: DB_NAME, value: orders}, {name: DB_PORT, value: "5432"}]`, false},
		{`[{name: DB_HOST, value: orders}]`, false},
		{`[{name: DB_HOST, value: "orders and more"}, {name: DB_PORT, value: "5432"}]`, false},
		{`[{name: "ORDERS", valueFrom: {secretKeyRef: {name: orders, key: url}}}]`, false},
	} {
		if got := names(t, "env: "+test.env, orders); got != test.want {
			t.Errorf("%s names %s: %t, want %t", test.env, orders, got, test.want)
		}
	}
}

// A text of a megabyte costs no more than its length.
func FuzzNames(f *testing.F) {
	for _, text := range []string{"http://orders:80", "user:pass@orders.shop", "//@//@", strings.Repeat("//a", 1000), strings.Repeat("@", 1000)} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := told(t, text)
		r := blast.Of(c, []kube.Ref{kube.Services.Ref("shop", "orders")}, nil)
		if len(r.Dependents) > 1 {
			t.Errorf("%q: one workload is %d dependents", text, len(r.Dependents))
		}
		if len(r.Dependents) == 1 && !strings.Contains(text, "orders") {
			t.Errorf("%q does not say orders", text)
		}
	})
}
