package custom_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/custom"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// rule is a rule of some lines.
func rule(lines ...string) string {
	return "id: it\ntitle: T\nseverity: low\nrationale: R\nremediation: F\n" + strings.Join(lines, "\n") + "\n"
}

const holds = "validations: [{expression: 'true'}]"

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want []string
	}{
		"nothing":       {"# nothing\n", []string{"1: there is no rule in it"}},
		"no YAML":       {"id: [\n", []string{"1: did not find expected node content"}},
		"empty":         {"{}", []string{"1: the rule has no id", "1: the rule has no title", "1: the rule has no severity", "1: the rule has no rationale", "1: the rule has no remediation", "1: the rule has no match.kinds: name workloads, or kinds as in apps/v1/Deployment", "1: the rule has no validations"}},
		"twice":         {rule("title: U", "match: {kinds: [workloads]}", holds), []string{"6: mapping key \"title\" already defined at line 2"}},
		"unknown field": {rule("match: {kinds: [workloads], names: [a]}", holds, "test: 1"), []string{"6: a rule has no field names here", "8: a rule has no field test here"}},
		"not a text":    {rule("match: {kinds: [workloads]}", holds, "category: [a]"), []string{"8: expected a text"}},
		"no list":       {rule("match: {kinds: workloads}", holds), []string{"6: expected something else than !!str"}},
		"kinds":         {rule("match:", "  kinds:", "  - Deployment", "  - apps/v1/Widget", "  - apps/v1beta1/Deployment", "  - metrics.k8s.io/v1beta1/PodMetrics", holds), []string{"8: Deployment is no kind: write apps/v1/Deployment, v1/Service or workloads", "9: apps/v1/Widget is not among the kinds that are read", "10: apps/v1beta1/Deployment is read as v1: write apps/v1/Deployment", "11: metrics.k8s.io/v1beta1/PodMetrics is not among the kinds that are read"}},
		"mixed":         {rule("match: {kinds: [workloads, v1/Service]}", holds), []string{"6: workloads stands alone: object is a pod there, and another object elsewhere"}},
		"labels":        {rule("match: {kinds: [workloads], labels: 'a in'}", holds), []string{"6: reading labels: "}},
		"namespaces":    {rule("match: {kinds: [workloads], namespaces: ['[', '']}", holds), []string{`6: "[" is no pattern of namespaces`, `6: "" is no pattern of namespaces`}},
		"params":        {rule("match: {kinds: [workloads]}", holds, "params: [a]"), []string{"8: params are names with values"}},
		"podSpec":       {rule("match: {kinds: [v1/Service]}", "validations:", "- expression: podSpec == null"), []string{"8: compiling the expression: column 1 of the expression: undeclared reference to 'podSpec'"}},
		"variables":     {rule("match: {kinds: [workloads]}", "variables:", "- {name: a, expression: '1'}", "- {name: a, expression: '1'}", "- {name: b-c, expression: '1'}", "- {name: d, expression: variables.e}", holds), []string{"9: defining variable a: there are two of it", `10: defining variable "b-c": the name is no identifier of CEL`, "11: defining variable d: column 10 of the expression: undefined field 'e'"}},
		"path":          {rule("match: {kinds: [workloads]}", "validations: [{expression: 'true', path: 'a..b'}]"), []string{`7: parsing field path "a..b"`}},
		"message":       {rule("match: {kinds: [workloads]}", "validations: [{expression: 'true', messageExpression: '1'}]"), []string{"7: compiling the message: the result is int, not string"}},
		"patch": {rule("match: {kinds: [workloads]}", holds, "fix:", "  title: do", "  patch:", "  - {op: move, path: /a}", "  - {op: add, path: a, value: 1}", "  - {op: add, path: /a}", "  - {op: add, path: /a/0, value: 1}", "  - {op: replace, path: /a/-, value: 1}"), []string{
			`11: reading the patch: "move" is none of add, replace, remove`, `12: reading the patch: the path "a" does not begin with a slash`,
			"13: reading the patch: add of /a has no value", "14: reading the patch: an element can be added at the end of a list only: /a/-",
			"15: reading the patch: there is nothing at the end of a list that could be replaced",
		}},
		"examples": {rule("match: {kinds: [workloads]}", holds, "examples:", "  pass: [[]]", "  fail:", "  - {manifest: {kind: Pod}}", "  - {manifest: {kind: Pod}, want: ['(']}"), []string{
			"9: the example has no manifest", "11: the example has no want: say what is found", "12: reading want: error parsing regexp",
		}},
		"second document": {rule("match: {kinds: [workloads]}", holds, "---", "id: other"), []string{
			"9: the rule has no title", "9: the rule has no severity", "9: the rule has no rationale", "9: the rule has no remediation", "9: the rule has no match.kinds", "9: the rule has no validations",
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := custom.Read("r.yaml", []byte(test.text))
			if err == nil {
				t.Fatal("nothing is refused")
			}
			got := strings.Split(err.Error(), "\n")
			for _, want := range test.want {
				if !strings.Contains(err.Error(), "r.yaml:"+want) {
					t.Errorf("it does not say %s", want)
				}
			}
			if len(got) != len(test.want) {
				t.Errorf("%d mistakes, want %d", len(got), len(test.want))
			}
			if t.Failed() {
				t.Log(err)
			}
		})
	}
}

func load(t *testing.T, text string, live bool) *kube.Cluster {
	t.Helper()
	options := manifest.Options{Stdin: strings.NewReader(text)}
	if live {
		options.Info = &kube.Info{Name: "test"}
	}
	c, err := kube.Load(context.Background(), manifest.New([]string{manifest.Stdin}, options), nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// results judges manifests by a rule: what is found and how many are unknown.
func results(t *testing.T, r *audit.Rule, text string) []string {
	t.Helper()
	result := audit.Run(load(t, text, true), []audit.Category{{ID: "custom", Rules: []*audit.Rule{r}}})
	lines := []string{}
	for _, f := range result.Findings() {
		lines = append(lines, fmt.Sprintf("%s %s: %s", f.Subject, f.Path, f.Message))
	}
	for _, tally := range result.Tallies() {
		if tally.Unknown > 0 {
			lines = append(lines, fmt.Sprintf("%d unknown in %s: %s", tally.Unknown, tally.Namespace, tally.Why))
		}
	}
	return lines
}

const cluster = `
{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {tier: front}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: kube-system}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop, labels: {app: web}}, spec: {type: NodePort}}
---
{apiVersion: v1, kind: Service, metadata: {name: dns, namespace: kube-system}, spec: {type: ClusterIP}}
---
{apiVersion: v1, kind: Service, metadata: {name: lost, namespace: elsewhere}, spec: {type: ClusterIP}}
---
{apiVersion: v1, kind: Secret, metadata: {name: key, namespace: shop}, data: {a: Yg==}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: night, namespace: shop}
spec: {jobTemplate: {spec: {template: {metadata: {labels: {job: night}}, spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}}}
---
apiVersion: v1
kind: Pod
metadata: {name: bare, namespace: shop, labels: {job: night}}
spec: {nodeName: n1, containers: [{name: a, image: b}]}
`

func TestJudging(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		rule string
		want []string
	}{
		"kinds": {rule("match: {kinds: [v1/Service, v1/Namespace]}", "validations: [{expression: 'false', message: no}]"), []string{
			"Service elsewhere/lost : no", "Namespace kube-system : no", "Service kube-system/dns : no", "Namespace shop : no", "Service shop/web : no",
		}},
		"namespaces":       {rule("match: {kinds: [v1/Service], namespaces: ['!kube-*', '!else*']}", "validations: [{expression: 'false', message: no}]"), []string{"Service shop/web : no"}},
		"named namespaces": {rule("match: {kinds: [v1/Service], namespaces: [kube-*]}", "validations: [{expression: 'false', message: no}]"), []string{"Service kube-system/dns : no"}},
		"labels":           {rule("match: {kinds: [v1/Service], labels: 'app in (web, x)'}", "validations: [{expression: 'false', message: no}]"), []string{"Service shop/web : no"}},
		"the namespace": {rule("match: {kinds: [v1/Service]}", "validations: [{expression: \"!has(namespaceObject.metadata.labels) || namespaceObject.metadata.labels['tier'] != 'front'\", message: no}]"), []string{
			"Service shop/web : no", "1 unknown in elsewhere: namespaceObject is not known here",
		}},
		"what is never read": {rule("match: {kinds: [v1/Secret]}", "validations: [{expression: '!has(object.data)', message: no}]"), []string{"1 unknown in shop: object.data is not known here"}},
		"an error":           {rule("match: {kinds: [v1/Service], namespaces: [shop]}", "validations: [{expression: 'object.spec.x == 1'}]"), []string{"1 unknown in shop: no such key: x"}},
		"an error and a failure": {rule("match: {kinds: [v1/Service], namespaces: [shop]}", "validations: [{expression: 'object.spec.x == 1'}, {expression: \"object.spec.type == 'ClusterIP'\", path: spec.type}]"), []string{
			"Service shop/web spec.type: failed expression: object.spec.type == 'ClusterIP'",
		}},
		"two at one place": {rule("match: {kinds: [v1/Service], namespaces: [shop]}", "validations: [{expression: 'false', message: a}, {expression: 'false', message: b}, {expression: 'false', message: c, path: spec}]"), []string{
			"Service shop/web : a; b", "Service shop/web spec: c",
		}},
		"workloads": {rule("match: {kinds: [workloads], labels: job=night}", "validations: [{expression: \"podSpec.containers[0].image != 'b' || workload.kind == 'x'\", messageExpression: 'string(workload.kind)', path: 'spec.containers[0].image'}]"), []string{
			"CronJob shop/night spec.jobTemplate.spec.template.spec.containers[0].image: CronJob", "Pod shop/bare spec.containers[0].image: Pod",
		}},
		"pods as they are created": {rule("match: {kinds: [workloads]}", "validations: [{expression: '!has(object.spec.nodeName)'}]"), []string{"1 unknown in shop: object.spec.nodeName is not known here"}},
		"the object itself":        {rule("match: {kinds: [batch/v1/CronJob]}", "validations: [{expression: 'has(object.spec.schedule) && object.spec.schedule != \"\"', message: no}]"), []string{"CronJob shop/night : no"}},
		"request":                  {rule("match: {kinds: [v1/Namespace], namespaces: [shop]}", "validations: [{expression: \"request.namespace == 'shop' && request.name == 'shop' && namespaceObject == null && request.resource.resource == 'namespaces'\"}]"), []string{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, results(t, read(t, test.rule).Rule, cluster)); diff != "" {
				t.Errorf("results (-want +got):\n%s", diff)
			}
		})
	}
}

// TestParamsCanBeConfigured: params of simple types are parameters like those of
// other rules.
func TestParamsCanBeConfigured(t *testing.T) {
	t.Parallel()
	written := read(t, rule("match: {kinds: [v1/Service], namespaces: [shop]}",
		"params: {types: [ClusterIP], limit: 3, deep: {a: 1}}",
		"validations: [{expression: 'object.spec.type in params.types && params.limit == 3 && params.deep.a == 1', message: no}]")).Rule
	if diff := cmp.Diff([]string{"Service shop/web : no"}, results(t, written, cluster)); diff != "" {
		t.Errorf("as written (-want +got):\n%s", diff)
	}
	configured, err := written.With(map[string]any{"types": []string{"NodePort"}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{}, results(t, configured, cluster)); diff != "" {
		t.Errorf("as configured (-want +got):\n%s", diff)
	}
}

func TestJoin(t *testing.T) {
	t.Parallel()
	text := rule("match: {kinds: [workloads]}", holds)
	in := func(category, id string) *custom.Rule {
		return read(t, strings.Replace(text, "id: it", "category: "+category+"\nid: "+id, 1))
	}
	before := len(rules.All())
	joined, err := custom.Join(rules.All(), []*custom.Rule{in("custom", "z"), in("custom", "a"), in("hygiene", "own")})
	if err != nil {
		t.Fatal(err)
	}
	last := joined[len(joined)-1]
	if len(joined) != before+1 || last.ID != "custom" || len(last.Rules) != 2 || last.Rules[0].ID != "a" {
		t.Errorf("the last of %d categories is %s with %d rules", len(joined), last.ID, len(last.Rules))
	}
	for _, wrong := range []*custom.Rule{in("absent", "a"), in("custom", "privileged-container"), in("custom", "No")} {
		if _, err := custom.Join(rules.All(), []*custom.Rule{wrong}); err == nil {
			t.Errorf("%s of %s is taken", wrong.ID, wrong.Category)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(registry))
	f.Add([]byte(rule("match: {kinds: [v1/Service]}", holds, "---", "id: &a [*a]")))
	f.Fuzz(func(t *testing.T, text []byte) {
		read, err := custom.Read("r.yaml", text)
		if err != nil {
			return
		}
		for _, r := range read {
			r.Test(t.Context())
		}
	})
}

// BenchmarkWorkload measures what a rule costs a workload, with all that judging
// takes.
func BenchmarkWorkload(b *testing.B) {
	written, err := custom.Read("r.yaml", []byte(registry))
	if err != nil {
		b.Fatal(err)
	}
	var text strings.Builder
	const workloads = 1000
	for i := range workloads {
		fmt.Fprintf(&text, "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p%d}\nspec: {containers: [{name: a, image: registry.example/a}, {name: b, image: registry.example/b}]}\n", i)
	}
	c, err := kube.Load(b.Context(), manifest.New([]string{manifest.Stdin}, manifest.Options{Stdin: strings.NewReader(text.String())}), nil)
	if err != nil {
		b.Fatal(err)
	}
	categories := []audit.Category{{ID: "custom", Rules: []*audit.Rule{written[0].Rule}}}
	for b.Loop() {
		if n := audit.Run(c, categories).Count(); n > 0 {
			b.Fatal(n)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/workloads, "µs/workload")
}
