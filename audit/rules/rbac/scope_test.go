package rbac_test

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/rules/rbac"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// scopeIn returns the scope score of a namespace: the product of its measures, 0 to
// 100. Of a namespace to which none applies it is 100.
func scopeIn(r *audit.Result, namespace string) float64 {
	score := 100.0
	for _, t := range r.Tallies() {
		if t.Namespace == namespace && t.Rule.Weight > 0 {
			score *= math.Pow(max(0.01, 1-t.Extent), t.Rule.Weight)
		}
	}
	return score
}

// extents are what the measures of a namespace found, by rule.
func extents(r *audit.Result, namespace string) map[string]float64 {
	found := map[string]float64{}
	for _, t := range r.Tallies() {
		if t.Namespace == namespace && t.Extent > 0 {
			found[t.Rule.ID] = t.Extent
		}
	}
	return found
}

// town is a cluster of twenty namespaces, the first of which is ci, with a program
// that runs as a ServiceAccount of its own. Label is that of ci.
func town(label string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `
{apiVersion: v1, kind: Node, metadata: {name: control, labels: {node-role.kubernetes.io/control-plane: ""}},
  spec: {taints: [{key: node-role.kubernetes.io/control-plane, effect: NoSchedule}]}}
---
{apiVersion: v1, kind: Node, metadata: {name: worker}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: ci, labels: {%s}}}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {namespace: ci, name: robot}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {namespace: ci, name: robot}
spec:
  selector: {matchLabels: {app: robot}}
  template:
    metadata: {labels: {app: robot}}
    spec: {serviceAccountName: robot, containers: [{name: app, image: robot}]}
`, label)
	for i := range 19 {
		fmt.Fprintf(&b, "---\n{apiVersion: v1, kind: Namespace, metadata: {name: team-%d}}\n", i)
	}
	return b.String()
}

// grant binds a ClusterRole with some rules; in a namespace, or with "" in all.
func grant(name, namespace, subject, rules string) string {
	kind, where := "ClusterRoleBinding", ""
	if namespace != "" {
		kind, where = "RoleBinding", ", namespace: "+namespace
	}
	return fmt.Sprintf(`
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: %s}, rules: [%s]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: %s
metadata: {name: %s%s}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: %s}
subjects: [%s]
`, name, rules, kind, name, where, name, subject)
}

const (
	restricted = "pod-security.kubernetes.io/enforce: restricted"
	robot      = "{kind: ServiceAccount, namespace: ci, name: robot}"
	anything   = `{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}`
	viewing    = `{apiGroups: ["", apps, batch, networking.k8s.io], resources: [pods, pods/log, configmaps, services, endpoints, events,
  persistentvolumeclaims, serviceaccounts, deployments, statefulsets, daemonsets, jobs, cronjobs, ingresses, networkpolicies], verbs: [get, list, watch]}`
	editing = `{apiGroups: ["", apps, batch], resources: [pods, pods/exec, secrets, services, configmaps, serviceaccounts, deployments, jobs], verbs: [get, list, watch, create, update, patch, delete]}`
)

// The figures for which the weights were chosen. Two are not what was first worked
// out: all of a namespace is no less a way out of one that Pod Security restricts,
// since the label of the Namespace is within it; where it is not, the figure is
// as worked out. And view weighs as little as it does only where it is granted in
// the namespace itself.
func TestScopeScores(t *testing.T) {
	t.Parallel()
	const (
		authenticated   = "{kind: Group, name: system:authenticated}"
		unauthenticated = "{kind: Group, name: system:unauthenticated}"
		noLabels        = `{apiGroups: ["", apps, batch, networking.k8s.io, autoscaling], resources: ["*"], verbs: [get, list, watch, delete]}`
	)
	for _, test := range []struct {
		name string
		text string
		want float64
	}{
		{"no bindings", town(""), 100},
		{"cluster-admin of an operator", town("") + grant("admin", "", robot, anything), 6},
		{"all of its namespace", town("") + grant("all", "ci", robot, anything), 79},
		{"all of its namespace, restricted", town(restricted) + grant("all", "ci", robot, anything), 82.4},
		{"no way out of its namespace", town(restricted) + grant("all", "ci", robot, noLabels), 98.5},
		{"view for everybody", town("") + grant("viewer", "ci", authenticated, viewing), 95},
		{"edit for anybody", town("") + grant("editor", "ci", unauthenticated, editing), 40},
		{"for the members of system:masters", town("") + grant("admin", "", "{kind: Group, name: system:masters}", anything), 100},
		{"all of its namespace, of one person", town("") + grant("all", "ci", "{kind: User, name: jane}", anything), 97.2},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := judge(t, live(), test.text)
			if got := scopeIn(r, "ci"); math.Abs(got-test.want) > 0.6 {
				t.Errorf("scope score %.2f, want %v: %v", got, test.want, extents(r, "ci"))
			}
			for _, tally := range r.Tallies() {
				if tally.Rule.Weight > 0 && tally.Coverage < 1 {
					t.Errorf("%s in %q is unknown: %s", tally.Rule.ID, tally.Namespace, tally.Why)
				}
			}
		})
	}
}

// Everything that a cluster comes with has no scope of its own, whatever its
// controllers may do. That ordinary pods carry the token of the default
// ServiceAccount is no doing of the server.
func TestTheScopeOfAStockCluster(t *testing.T) {
	t.Parallel()
	system, err := os.ReadFile("../../access/graph/testdata/stock/system.yaml")
	if err != nil {
		t.Fatal(err)
	}
	r := judge(t, live(), defaults(t)+"\n---\n"+string(system))
	for _, n := range r.Namespaces {
		for rule, x := range extents(r, n.Name) {
			if rule != "token-exposure" || n.Name != "shop" {
				t.Errorf("%s in %s is %.2f", rule, n.Name, x)
			}
		}
	}
	if got := extents(r, "shop")["token-exposure"]; got != 0.3 {
		t.Errorf("the token of a pod that runs as default weighs %v, want 0.3", got)
	}
	// Without the label the controllers are somebody's own.
	own := judge(t, live(), strings.ReplaceAll(defaults(t), "kubernetes.io/bootstrapping: rbac-defaults", "a: b")+"\n---\n"+string(system))
	if got := scopeIn(own, "kube-system"); got > 75 {
		t.Errorf("the scope score of kube-system without the label is %.1f, want little", got)
	}
}

// What could not be read is no pass, and what was found all the same is told.
func TestTheScopeOfWhatIsNotReadIsUnknown(t *testing.T) {
	t.Parallel()
	blind := func(r kube.Resource, text string) *audit.Result {
		c := judge(t, live(), text).Cluster
		b := kube.NewBuilder(c.Info)
		for _, resource := range kube.Resources() {
			for _, o := range c.Objects(resource) {
				if err := b.Set(resource, o); err != nil {
					t.Fatal(err)
				}
			}
		}
		b.SetState(kube.State{Resource: r, Phase: kube.Forbidden, Verb: "list", Reason: "cannot list " + r.Plural})
		return audit.Run(b.Build(time.Unix(0, 0)), []audit.Category{rbac.Category()})
	}
	unreadRole := strings.Replace(grant("unread", "", robot, viewing), "kind: ClusterRole,", "kind: ConfigMap,", 1)
	all := []string{"blast-share", "inbound-width", "outbound-reach", "stale-grants", "token-exposure", "unbounded-rules"}
	for _, test := range []struct {
		name    string
		result  *audit.Result
		unknown []string // of ci
		found   []string
	}{
		{"all is read", judge(t, live(), town("")), nil, nil},
		{"ClusterRoleBindings", blind(kube.ClusterRoleBindings, town("")), all, nil},
		{"Secrets", blind(kube.Secrets, town("")), []string{"outbound-reach", "token-exposure"}, nil},
		{
			"Secrets, and there is a way", blind(kube.Secrets, town("")+grant("admin", "", robot, anything)),
			[]string{"token-exposure"},
			[]string{"blast-share", "outbound-reach", "unbounded-rules"},
		},
		{"Deployments", blind(kube.Deployments, town("")+grant("viewer", "ci", robot, viewing)), []string{"outbound-reach", "token-exposure"}, nil},
		{
			"a role that is not in the manifests", judge(t, nil, town("")+unreadRole),
			[]string{"blast-share", "outbound-reach", "stale-grants", "token-exposure", "unbounded-rules"},
			nil,
		},
	} {
		var unknown, found []string
		for _, tally := range test.result.Tallies() {
			if tally.Rule.Weight == 0 || tally.Namespace != "ci" {
				continue
			}
			if tally.Coverage == 0 {
				unknown = append(unknown, tally.Rule.ID)
				if tally.Why == "" {
					t.Errorf("%s: nothing says why %s is unknown", test.name, tally.Rule.ID)
				}
			}
			if tally.Extent > 0 {
				found = append(found, tally.Rule.ID)
			}
		}
		if diff := cmp.Diff(test.unknown, unknown); diff != "" {
			t.Errorf("%s: unknown (-want +got):\n%s", test.name, diff)
		}
		if diff := cmp.Diff(test.found, found); diff != "" {
			t.Errorf("%s: found (-want +got):\n%s", test.name, diff)
		}
	}
}

// A namespace to which nothing was added is as good as can be, however wide others
// are open.
func TestAFreshNamespaceHasNoScope(t *testing.T) {
	t.Parallel()
	r := judge(t, live(), town("")+grant("admin", "", robot, anything)+"---\n{apiVersion: v1, kind: ServiceAccount, metadata: {namespace: team-1, name: default}}\n")
	if got := scopeIn(r, "team-1"); got != 100 {
		t.Errorf("scope score %v, want 100: %v", got, extents(r, "team-1"))
	}
	for _, tally := range r.Tallies() {
		if tally.Namespace == "team-1" && tally.Rule.Weight > 0 && tally.Applicable > 0 {
			t.Errorf("%s applies to a namespace in which nothing is", tally.Rule.ID)
		}
	}
}
