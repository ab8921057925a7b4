package platform_test

import (
	"testing"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// TestMonitorsOfOthers holds that what no Prometheus selects is not called unread where
// something else may read it, or where a Prometheus may be out of sight.
func TestMonitorsOfOthers(t *testing.T) {
	t.Parallel()
	const (
		rule = `
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: orders, namespace: shop}
---`
		prometheus = `
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: k8s, namespace: monitoring}
spec: {ruleNamespaceSelector: {}}
---`
		byLabel = `
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: labelled, namespace: monitoring}
spec: {ruleSelector: {}, ruleNamespaceSelector: {matchLabels: {a: b}}}
---`
		broken = `
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: broken, namespace: monitoring}
spec: {ruleSelector: {matchExpressions: [{key: a, operator: Like}]}}
---`
		agent = `
apiVersion: operator.victoriametrics.com/v1beta1
kind: VMAgent
metadata: {name: vm, namespace: monitoring}
---`
		alloy = `
apiVersion: v1
kind: Pod
metadata: {name: alloy, namespace: monitoring}
spec: {containers: [{name: alloy, image: "docker.io/grafana/alloy:v1.9.0"}]}
---`
	)
	for name, test := range map[string]struct {
		objects, want string
		info          kube.Info
	}{
		"nobody who selects":      {objects: rule, want: none},
		"no selector":             {objects: rule + prometheus, want: fails},
		"VictoriaMetrics":         {objects: rule + prometheus + agent, want: "VictoriaMetrics may read it"},
		"Alloy":                   {objects: rule + prometheus + alloy, want: "Grafana Alloy may read it"},
		"manifests":               {objects: rule + prometheus, info: kube.Info{Offline: true}, want: "a Prometheus that was not looked at may select it"},
		"some namespaces":         {objects: rule + prometheus, info: kube.Info{Scope: []string{"shop"}}, want: "a Prometheus that was not looked at may select it"},
		"labels nobody knows":     {objects: rule + byLabel, want: "the labels of namespace shop are not known"},
		"a selector of no kind":   {objects: rule + broken, want: `reading spec.ruleSelector of Prometheus monitoring/broken: "Like" is not a valid label selector operator`},
		"labels of the namespace": {objects: rule + byLabel + "\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {a: b}}\n---", want: passes},
	} {
		if got := judge(t, "monitor-not-selected", "shop", test.objects, test.info); got != test.want {
			t.Errorf("%s: it is %q, want %q", name, got, test.want)
		}
	}
}
