package enforce_test

import (
	"strings"
	"testing"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/custom"
	"github.com/seaworthy-dev/seaworthy/audit/enforce"
)

// ofPeople are rules as people write them, without what explains them.
func ofPeople(t *testing.T, lines string) *custom.Rule {
	t.Helper()
	rules, err := custom.Read("rules.yaml", []byte("id: own\ntitle: Own\nseverity: low\nrationale: R\nremediation: F\n"+lines))
	if err != nil {
		t.Fatal(err)
	}
	return rules[0]
}

// TestRulesOfPeople holds the policies of rules that people wrote against the rules.
func TestRulesOfPeople(t *testing.T) {
	t.Parallel()
	m := newMutator(t, 7)
	c := view(t, nil, m.manifests(t, "any", 150, m.objects)+cluster)
	for name, lines := range map[string]string{
		"pods and parameters": `
params: {registry: registry.example/, ports: {least: 1024, names: [a, b]}}
match: {kinds: [workloads], namespaces: ["*", "!kube-*"]}
variables:
- {name: foreign, expression: "podSpec.containers.filter(c, !c.?image.orValue('').startsWith(params.registry))"}
validations:
- expression: variables.foreign.size() == 0
  messageExpression: "'podSpec and params: ' + variables.foreign.map(c, c.name).join(', ')"
- {expression: "params.ports.names.size() == 2 && params.ports.least == 1024"}
`,
		"objects":    "match: {kinds: [apps/v1/Deployment, v1/Service]}\nvalidations: [{expression: \"has(object.metadata.labels)\"}]\n",
		"labels":     "match: {kinds: [workloads], labels: 'app in (web, db)'}\nvalidations: [{expression: 'false'}]\n",
		"namespaces": "match: {kinds: [v1/Pod], namespaces: ['r?nd*', '[s-t]hop', '!shop']}\nvalidations: [{expression: 'false'}]\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := agree(t, c, exported(t, ofPeople(t, lines).Rule))
			if len(out.Refused) == 0 {
				t.Error("nothing would be refused")
			}
		})
	}
}

const cluster = `
---
{apiVersion: v1, kind: Pod, metadata: {name: dns, namespace: kube-system, labels: {app: db}}, spec: {containers: [{name: dns, image: dns}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: thop, labels: {app: web}}, spec: {containers: [{name: web, image: web}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: shop}}, spec: {containers: [{name: web, image: web}]}}
`

func TestWhatPoliciesDoNotKnow(t *testing.T) {
	t.Parallel()
	r := ofPeople(t, "match: {kinds: [workloads]}\nvalidations: [{expression: workload.kind != 'Pod'}]\n")
	if err := enforce.Can(r.Rule); err == nil || !strings.Contains(err.Error(), "it cannot be an admission policy") {
		t.Errorf("a rule about what makes pods: %v", err)
	}
}

// TestParametersOfPeople takes what a configuration says for what the rule does.
func TestParametersOfPeople(t *testing.T) {
	t.Parallel()
	r := ofPeople(t, "params: {team: a, deep: {on: true}}\nmatch: {kinds: [v1/Service]}\nvalidations: [{expression: params.team == 'b'}]\n")
	set, err := r.With(map[string]any{"team": "it's \"b\""})
	if err != nil {
		t.Fatal(err)
	}
	e, err := enforce.Of(set, enforce.Options{Action: admissionregistrationv1.Warn})
	if err != nil {
		t.Fatal(err)
	}
	want := []admissionregistrationv1.Variable{{
		Name: "params", Expression: `dyn({'deep': dyn({'on': dyn(true)}), 'team': dyn("it's \"b\"")})`,
	}}
	if diff := cmp.Diff(want, e.Policy.Spec.Variables); diff != "" {
		t.Errorf("variables (-want +got):\n%s", diff)
	}
	if _, err := e.Judge(view(t, nil, cluster)); err != nil {
		t.Error(err)
	}
}
