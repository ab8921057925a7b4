package isolation_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/isolation"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

const web = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: shop}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web, tier: front}}
spec: {serviceAccountName: web, containers: [{name: web, image: web}]}
`

// view reads manifests, a pod among them.
func view(t *testing.T, documents ...string) *kube.Cluster {
	t.Helper()
	text := strings.Join(append([]string{web}, documents...), "\n---\n")
	c, err := kube.Load(context.Background(), manifest.New([]string{manifest.Stdin}, manifest.Options{Stdin: strings.NewReader(text)}), nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func policy(kind, name, spec string) string {
	head := map[string]string{
		"NetworkPolicy": "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: %, namespace: shop}",
		"Cilium":        "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: %, namespace: shop}",
		"CiliumWide":    "apiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: {name: %}",
		"Calico":        "apiVersion: crd.projectcalico.org/v1\nkind: NetworkPolicy\nmetadata: {name: %, namespace: shop}",
		"Global":        "apiVersion: crd.projectcalico.org/v1\nkind: GlobalNetworkPolicy\nmetadata: {name: %}",
		"Admin":         "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: %}",
		"Baseline":      "apiVersion: policy.networking.k8s.io/v1alpha1\nkind: BaselineAdminNetworkPolicy\nmetadata: {name: %}",
		"Cluster":       "apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: %}",
	}[kind]
	return strings.ReplaceAll(head, "%", name) + "\nspec: " + spec
}

func TestOf(t *testing.T) {
	t.Parallel()
	const (
		open, all, some, none = isolation.Open, isolation.AllowsAll, isolation.Restricted, isolation.Denied
	)
	np := func(spec string) string { return policy("NetworkPolicy", "one", spec) }
	for name, test := range map[string]struct {
		policies        []string
		ingress, egress isolation.Level
	}{
		"nothing":                           {nil, open, open},
		"deny all":                          {[]string{np(`{podSelector: {}, policyTypes: [Ingress, Egress]}`)}, none, none},
		"no types, no rules":                {[]string{np(`{podSelector: {}}`)}, none, open},
		"no types, egress rules":            {[]string{np(`{podSelector: {}, egress: [{to: [{podSelector: {}}]}]}`)}, none, some},
		"egress alone":                      {[]string{np(`{podSelector: {}, policyTypes: [Egress], ingress: [{}]}`)}, open, none},
		"ports from everywhere":             {[]string{np(`{podSelector: {}, ingress: [{ports: [{port: 80}]}]}`)}, some, open},
		"allow all":                         {[]string{np(`{podSelector: {}, ingress: [{}]}`)}, all, open},
		"the union of denial and all":       {[]string{np(`{podSelector: {}}`), policy("NetworkPolicy", "two", `{podSelector: {}, ingress: [{}]}`)}, all, open},
		"two labels of the pod":             {[]string{np(`{podSelector: {matchLabels: {app: web, tier: front}}}`)}, none, open},
		"one label of another":              {[]string{np(`{podSelector: {matchLabels: {app: web, tier: back}}}`)}, open, open},
		"an expression":                     {[]string{np(`{podSelector: {matchExpressions: [{key: app, operator: In, values: [web, cart]}]}}`)}, none, open},
		"a peer is not selected":            {[]string{np(`{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}`)}, open, open},
		"Cilium: the empty entry denies":    {[]string{policy("Cilium", "one", `{endpointSelector: {}, ingress: [{}]}`)}, none, open},
		"Cilium: all entities":              {[]string{policy("Cilium", "one", `{endpointSelector: {}, egress: [{toEntities: [all]}]}`)}, open, all},
		"Cilium: all entities at a port":    {[]string{policy("Cilium", "one", `{endpointSelector: {}, egress: [{toEntities: [all], toPorts: [{ports: [{port: "80"}]}]}]}`)}, open, some},
		"Cilium: denial wins":               {[]string{policy("Cilium", "one", `{endpointSelector: {matchLabels: {"k8s:app": web}}, ingress: [{fromEntities: [all]}], ingressDeny: [{fromEntities: [world]}]}`)}, some, open},
		"Cilium: no default denial":         {[]string{policy("Cilium", "one", `{endpointSelector: {}, enableDefaultDeny: {egress: false}, egress: [{toEndpoints: [{}]}]}`)}, open, open},
		"Cilium: for nodes":                 {[]string{policy("CiliumWide", "one", `{nodeSelector: {}, ingress: [{}]}`)}, open, open},
		"Cilium: by namespace":              {[]string{policy("CiliumWide", "one", `{endpointSelector: {matchLabels: {"k8s:io.kubernetes.pod.namespace": shop}}, ingress: [{}]}`)}, none, open},
		"Cilium: by a namespace's label":    {[]string{policy("CiliumWide", "one", `{endpointSelector: {matchLabels: {io.cilium.k8s.namespace.labels.team: shop}}, ingress: [{}]}`)}, none, open},
		"Cilium: by account":                {[]string{policy("CiliumWide", "one", `{endpointSelector: {matchLabels: {io.cilium.k8s.policy.serviceaccount: web}}, ingress: [{}]}`)}, none, open},
		"Cilium: reserved labels":           {[]string{policy("CiliumWide", "one", `{endpointSelector: {matchLabels: {"reserved:ingress": ""}}, ingress: [{}]}`)}, open, open},
		"Calico: no rules":                  {[]string{policy("Calico", "one", `{selector: "app == 'web'"}`)}, none, open},
		"Calico: egress rules alone":        {[]string{policy("Calico", "one", `{selector: all(), egress: [{action: Allow}]}`)}, open, all},
		"Calico: first denial, then all":    {[]string{policy("Calico", "one", `{types: [Ingress], ingress: [{action: Deny, source: {nets: [10.0.0.0/8]}}, {action: Allow}]}`)}, some, open},
		"Calico: an earlier one decides":    {[]string{policy("Global", "one", `{order: 10, types: [Ingress], ingress: [{action: Deny}]}`), np(`{podSelector: {}, ingress: [{}]}`)}, none, open},
		"Calico: a later one does not":      {[]string{policy("Global", "one", `{order: 2000, types: [Ingress], ingress: [{action: Deny}]}`), np(`{podSelector: {}, ingress: [{}]}`)}, all, open},
		"Calico: other namespaces":          {[]string{policy("Global", "one", `{namespaceSelector: "projectcalico.org/name != 'shop'", types: [Ingress]}`)}, open, open},
		"Calico: a log is no rule":          {[]string{policy("Calico", "one", `{types: [Ingress], ingress: [{action: Log}]}`)}, none, open},
		"Calico: for hosts":                 {[]string{policy("Global", "one", `{preDNAT: true, types: [Ingress]}`)}, open, open},
		"administrators deny":               {[]string{policy("Admin", "one", `{priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}`)}, some, open},
		"administrators pass first":         {[]string{policy("Admin", "one", `{priority: 2, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}`), policy("Admin", "two", `{priority: 1, subject: {namespaces: {}}, ingress: [{action: Pass, from: [{namespaces: {}}]}]}`)}, open, open},
		"administrators allow":              {[]string{np(`{podSelector: {}}`), policy("Admin", "one", `{priority: 1, subject: {namespaces: {}}, ingress: [{action: Allow, from: [{namespaces: {}}]}]}`)}, all, open},
		"administrators allow what is open": {[]string{policy("Admin", "one", `{priority: 1, subject: {namespaces: {}}, ingress: [{action: Allow, from: [{namespaces: {}}]}]}`)}, open, open},
		"administrators allow somebody":     {[]string{np(`{podSelector: {}}`), policy("Admin", "one", `{priority: 1, subject: {namespaces: {}}, ingress: [{action: Allow, from: [{namespaces: {matchLabels: {a: b}}}]}]}`)}, none, open},
		"administrators of another":         {[]string{policy("Admin", "one", `{priority: 1, subject: {namespaces: {matchLabels: {team: pay}}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}`)}, open, open},
		"baseline denies":                   {[]string{policy("Baseline", "default", `{subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}}, egress: [{action: Deny, to: [{namespaces: {}}]}]}`)}, open, some},
		"baseline is not asked":             {[]string{np(`{podSelector: {}, egress: [{}]}`), policy("Baseline", "default", `{subject: {namespaces: {}}, egress: [{action: Deny, to: [{namespaces: {}}]}]}`)}, none, all},
		"a ClusterNetworkPolicy, baseline":  {[]string{policy("Cluster", "one", `{tier: Baseline, priority: 1, subject: {namespaces: {}}, egress: [{action: Deny, to: [{namespaces: {}}]}]}`)}, open, some},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := view(t, test.policies...)
			i, ok := isolation.Of(c, c.Workloads()[0])
			got, want := []any{ok, i.Ingress.Level, i.Egress.Level, i.Of(isolation.Egress).Doubt}, []any{true, test.ingress, test.egress, ""}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("wrong isolation (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOfDoubt(t *testing.T) {
	t.Parallel()
	definition := "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: networkpolicies.crd.antrea.io}"
	for doubt, policies := range map[string][]string{
		"NetworkPolicy shop/one is not understood":                                    {policy("Calico", "one", `{selector: "app ="}`)},
		"CiliumNetworkPolicy shop/one is not understood":                              {policy("Cilium", "one", `{endpointSelector: 3}`)},
		"GlobalNetworkPolicy one selects by labels of ServiceAccounts":                {policy("Global", "one", `{serviceAccountSelector: "a == 'b'"}`)},
		"the order of tier security, which NetworkPolicy shop/one is in, is not read": {policy("Calico", "one", `{tier: security}`)},
		"networkpolicies.crd.antrea.io are not read":                                  {definition},
	} {
		t.Run(doubt, func(t *testing.T) {
			t.Parallel()
			c := view(t, policies...)
			i, _ := isolation.Of(c, c.Workloads()[0])
			if i.Ingress.Doubt != doubt || i.Ingress.Level != isolation.Open {
				t.Errorf("doubt %q at level %d, want %q", i.Ingress.Doubt, i.Ingress.Level, doubt)
			}
		})
	}
}

func TestOfNamespace(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		policies []string
		isolated bool
	}{
		"none":                {nil, false},
		"one for some pods":   {[]string{policy("NetworkPolicy", "one", `{podSelector: {matchLabels: {app: web}}}`)}, false},
		"one for all pods":    {[]string{policy("NetworkPolicy", "one", `{podSelector: {}}`)}, true},
		"one that allows all": {[]string{policy("NetworkPolicy", "one", `{podSelector: {}, ingress: [{}]}`)}, false},
		"Cilium":              {[]string{policy("CiliumWide", "one", `{endpointSelector: {}, ingress: [{}]}`)}, true},
		"Calico":              {[]string{policy("Global", "one", `{namespaceSelector: "team == 'shop'", types: [Ingress]}`)}, true},
		"Calico by label":     {[]string{policy("Global", "one", `{selector: "projectcalico.org/namespace not in {'kube-system'}", types: [Ingress]}`)}, true},
		"Calico some pods":    {[]string{policy("Global", "one", `{selector: "has(app)", types: [Ingress]}`)}, false},
		"Calico elsewhere":    {[]string{policy("Global", "one", `{namespaceSelector: "team == 'pay'", types: [Ingress]}`)}, false},
		"baseline":            {[]string{policy("Baseline", "default", `{subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}]}]}`)}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := isolation.OfNamespace(view(t, test.policies...), "shop").Ingress.Isolates(); got != test.isolated {
				t.Errorf("isolated: %t, want %t", got, test.isolated)
			}
		})
	}
}
