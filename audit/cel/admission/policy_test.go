package admission_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/cel"
	"github.com/seaworthy-dev/seaworthy/audit/cel/admission"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

// view reads manifests as those of a live cluster.
func view(t *testing.T, text string) *kube.Cluster {
	t.Helper()
	source := manifest.New([]string{manifest.Stdin}, manifest.Options{Stdin: strings.NewReader(text), Info: &kube.Info{Name: "test"}})
	c, err := kube.Load(context.Background(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range source.Problems() {
		t.Fatal(problem)
	}
	return c
}

const objects = `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {tier: front}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {replicas: 3, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web}]}}}
`

// bound is a policy with a binding, made of parts of their specs.
func bound(policy, binding string) string {
	return objects + `
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: p}
spec: ` + policy + `
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: b}
spec: {policyName: p, validationActions: [Deny], ` + binding + "}\n"
}

const (
	everything = `matchConstraints: {resourceRules: [{apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["*"]}]}`
	never      = `validations: [{expression: "false", message: never}]`
)

// said is what the policies of a view say of the Deployment, in a line each.
func said(t *testing.T, c *kube.Cluster) []string {
	t.Helper()
	web, _ := c.Deployments.Get("shop", "web")
	o := admission.Of(c).Judge(c, &admission.Request{
		Resource: kube.Deployments, Namespace: "shop", Name: "web", Labels: web.Labels,
		Object: cel.ObjectOf(c, kube.Deployments, web),
	})
	lines := []string{}
	for _, v := range o.Violations {
		line := v.Message
		if v.Fails {
			line = "fails: " + line
		}
		if v.Denies() {
			line = "denied: " + line
		}
		lines = append(lines, line)
	}
	for _, why := range o.Unknown {
		lines = append(lines, "unknown: "+why)
	}
	if o.Judged == 0 {
		lines = append(lines, "not judged")
	}
	return lines
}

// TestMatching is what matches whom, as the reference of the API describes it.
func TestMatching(t *testing.T) {
	t.Parallel()
	rule := func(text string) string {
		return `{matchConstraints: {resourceRules: [{` + text + `}]}, ` + never + `}`
	}
	constraint := func(text string) string {
		return `{matchConstraints: {resourceRules: [{apiGroups: ["*"], apiVersions: ["*"], operations: ["*"], resources: ["*"]}], ` + text + `}, ` + never + `}`
	}
	denied, none := []string{"denied: never"}, []string{"not judged"}
	open := []string{"unknown: whether ValidatingAdmissionPolicy p applies cannot be told"}
	tests := map[string]struct {
		policy, binding string
		want            []string
	}{
		"everything":               {`{` + everything + `, ` + never + `}`, "", denied},
		"its resource":             {rule(`apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]`), "", denied},
		"another resource":         {rule(`apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [daemonsets]`), "", none},
		"another group":            {rule(`apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [deployments]`), "", none},
		"another version":          {rule(`apiGroups: [apps], apiVersions: [v1beta1], operations: [CREATE], resources: [deployments]`), "", none},
		"another operation":        {rule(`apiGroups: [apps], apiVersions: [v1], operations: [UPDATE], resources: [deployments]`), "", none},
		"a subresource":            {rule(`apiGroups: [apps], apiVersions: [v1], operations: ["*"], resources: [deployments/scale]`), "", none},
		"any subresource and none": {rule(`apiGroups: [apps], apiVersions: [v1], operations: ["*"], resources: ["deployments/*"]`), "", denied},
		"its name":                 {rule(`apiGroups: [apps], apiVersions: [v1], operations: ["*"], resources: ["*"], resourceNames: [a, web]`), "", denied},
		"another name":             {rule(`apiGroups: [apps], apiVersions: [v1], operations: ["*"], resources: ["*"], resourceNames: [a]`), "", none},
		"in namespaces":            {rule(`apiGroups: [apps], apiVersions: [v1], operations: ["*"], resources: ["*"], scope: Namespaced`), "", denied},
		"outside of namespaces":    {rule(`apiGroups: [apps], apiVersions: [v1], operations: ["*"], resources: ["*"], scope: Cluster`), "", none},
		"excluded":                 {constraint(`excludeResourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}]`), "", none},
		"another is excluded":      {constraint(`excludeResourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [jobs]}]`), "", denied},
		"its labels":               {constraint(`objectSelector: {matchLabels: {app: web}}`), "", denied},
		"other labels":             {constraint(`objectSelector: {matchExpressions: [{key: app, operator: NotIn, values: [web]}]}`), "", none},
		"its namespace":            {constraint(`namespaceSelector: {matchLabels: {tier: front}}`), "", denied},
		"another namespace":        {constraint(`namespaceSelector: {matchExpressions: [{key: tier, operator: DoesNotExist}]}`), "", none},
		"the binding's rules":      {`{` + everything + `, ` + never + `}`, `matchResources: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: ["*"], resources: [pods]}]}`, none},
		"the binding's namespace":  {`{` + everything + `, ` + never + `}`, `matchResources: {namespaceSelector: {matchLabels: {tier: front}}}`, denied},
		"no condition":             {`{` + everything + `, matchConditions: [{name: a, expression: "true"}], ` + never + `}`, "", denied},
		"a condition that is not compiled": {
			`{` + everything + `, matchConditions: [{name: a, expression: object.spec.absent}, {name: b, expression: object.spec.replicas > 7}], ` + never + `}`, "",
			[]string{"unknown: ValidatingAdmissionPolicy p: match condition a: the result is dyn, not bool"},
		},
		"a condition that is false":   {`{` + everything + `, matchConditions: [{name: a, expression: object.spec.absent == 1}, {name: b, expression: object.spec.replicas > 7}], ` + never + `}`, "", none},
		"a condition that fails":      {`{` + everything + `, matchConditions: [{name: a, expression: object.spec.absent == 1}], ` + never + `}`, "", []string{"denied: fails: no such key: absent"}},
		"conditions see no namespace": {`{` + everything + `, matchConditions: [{name: a, expression: namespaceObject == null}], ` + never + `}`, "", denied},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, said(t, view(t, bound(test.policy, test.binding)))); diff != "" {
				t.Errorf("said (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("a namespace that is not known", func(t *testing.T) {
		t.Parallel()
		text := bound(constraint(`namespaceSelector: {matchLabels: {tier: front}}`), "")
		if diff := cmp.Diff(open, said(t, view(t, strings.Replace(text, "kind: Namespace\nmetadata: {name: shop", "kind: Namespace\nmetadata: {name: other", 1)))); diff != "" {
			t.Errorf("said (-want +got):\n%s", diff)
		}
	})
}

// TestValidating is what becomes of validations: what cannot be told is no pass.
func TestValidating(t *testing.T) {
	t.Parallel()
	policy := func(expression string) string {
		return `{` + everything + `, validations: [{expression: "` + expression + `"}]}`
	}
	tests := map[string]struct {
		policy, binding string
		want            []string
	}{
		"it holds":       {policy("object.spec.replicas == 3 && request.operation == 'CREATE' && oldObject == null"), "", []string{}},
		"it does not":    {policy("object.spec.replicas == 4"), "", []string{"denied: failed expression: object.spec.replicas == 4"}},
		"it fails":       {policy("object.spec.absent == 4"), "", []string{"denied: fails: no such key: absent"}},
		"no compilation": {policy("objekt.spec"), "", []string{"unknown: ValidatingAdmissionPolicy p: validation 0: column 1 of the expression: undeclared reference to 'objekt' (in container '')"}},
		"it fails, and that is ignored": {
			`{failurePolicy: Ignore, ` + everything + `, validations: [{expression: object.spec.absent == 4}]}`, "",
			[]string{"unknown: ValidatingAdmissionPolicy p: no such key: absent"},
		},
		"status":   {policy("!has(object.status.replicas)"), "", []string{"unknown: ValidatingAdmissionPolicy p: object.status is not known here"}},
		"the user": {policy("request.userInfo.username != 'x'"), "", []string{"unknown: ValidatingAdmissionPolicy p: request.userInfo is not known here"}},
		"an authorizer": {
			policy("authorizer.group('').resource('pods').check('get').allowed()"), "",
			[]string{"unknown: ValidatingAdmissionPolicy p: authorizer is not known here"},
		},
		"params": {
			`{paramKind: {apiVersion: v1, kind: ConfigMap}, ` + everything + `, validations: [{expression: "params.data.x == '3'"}, {expression: object.spec.replicas > 3, message: few}]}`,
			`paramRef: {name: x, parameterNotFoundAction: Deny}`,
			[]string{"denied: few", "unknown: ValidatingAdmissionPolicy p: params is not known here"},
		},
		"no params":                  {`{paramKind: {apiVersion: v1, kind: ConfigMap}, ` + everything + `, validations: [{expression: params == null}]}`, "", []string{}},
		"params of a policy without": {policy("params == null"), `paramRef: {name: x, parameterNotFoundAction: Deny}`, []string{}},
		"a message that fails":       {`{` + everything + `, validations: [{expression: "false", message: " fixed ", messageExpression: string(object.spec.absent)}]}`, "", []string{"denied: fixed"}},
		"a message of lines":         {`{` + everything + `, validations: [{expression: "false", messageExpression: "'a\\nb'"}]}`, "", []string{"denied: failed expression: false"}},
		"variables": {
			`{` + everything + `, variables: [{name: a, expression: object.spec.replicas}, {name: b, expression: variables.a + 1}], validations: [{expression: variables.b == 5, messageExpression: "'it is ' + string(variables.b)"}]}`, "",
			[]string{"denied: it is 4"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, said(t, view(t, bound(test.policy, test.binding)))); diff != "" {
				t.Errorf("said (-want +got):\n%s", diff)
			}
		})
	}
}

func BenchmarkJudge(b *testing.B) {
	source := manifest.New([]string{manifest.Stdin}, manifest.Options{Info: &kube.Info{}, Stdin: strings.NewReader(bound(
		`{`+everything+`, validations: [{expression: "object.spec.template.spec.containers.all(c, !has(c.securityContext) || c.securityContext.privileged != true)"}]}`, ""))})
	c, err := kube.Load(b.Context(), source, nil)
	if err != nil {
		b.Fatal(err)
	}
	web, _ := c.Deployments.Get("shop", "web")
	b.ReportAllocs()
	for b.Loop() {
		o := admission.Of(c).Judge(c, &admission.Request{
			Resource: kube.Deployments, Namespace: "shop", Name: "web", Labels: web.Labels,
			Object: cel.ObjectOf(c, kube.Deployments, web),
		})
		if o.Judged != 1 || len(o.Violations) > 0 {
			b.Fatal(o)
		}
	}
}
