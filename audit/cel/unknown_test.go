package cel_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/cel"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/credential"
)

// deployed is a Deployment in a view, and the same with gaps for expressions.
func deployed(t *testing.T) *cel.Input {
	t.Helper()
	builder := kube.NewBuilder(kube.Info{})
	for r, o := range map[kube.Resource]kube.Object{
		kube.Namespaces: &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "shop", Labels: map[string]string{"tier": "front"}}},
		kube.Deployments: &appsv1.Deployment{
			ObjectMeta: metav1.ObjectMeta{
				Name: "web", Namespace: "shop", ResourceVersion: "7", Labels: map[string]string{"app": "web"},
				Annotations: map[string]string{"a.b/c": "d", corev1.LastAppliedConfigAnnotation: "{}"},
			},
			Spec:   appsv1.DeploymentSpec{Replicas: new(int32(3))},
			Status: appsv1.DeploymentStatus{ReadyReplicas: 2},
		},
	} {
		if err := builder.Set(r, o); err != nil {
			t.Fatal(err)
		}
	}
	c := builder.Build(noon)
	web, _ := c.Deployments.Get("shop", "web")
	return &cel.Input{
		Object: cel.ObjectOf(c, kube.Deployments, web), Namespace: cel.NamespaceOf(c, "shop"),
		Request: cel.Creation(kube.Deployments, "shop", "web"), Params: cel.Unknown(),
	}
}

// TestWhoLooksAtAGapKnowsNothing tells what looks at a gap from what does not.
func TestWhoLooksAtAGapKnowsNothing(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{ // expression → what is not known; nil if it is true
		"object.kind == 'Deployment' && object.apiVersion == 'apps/v1'":                         nil,
		"object.spec.replicas == 3 && object.status.readyReplicas == 2":                         nil,
		"'a.b/c' in object.metadata.annotations && object.metadata.annotations.size() > 0":      {"object.metadata.annotations"},
		"'a.b/c' in object.metadata.annotations":                                                nil,
		"!('x' in object.metadata.annotations)":                                                 nil,
		"object.metadata.annotations.exists(k, k == 'a.b/c')":                                   nil, // the first decides
		"object.metadata.annotations.all(k, k.startsWith('a'))":                                 {"object.metadata.annotations"},
		"object.metadata.annotations == {'a.b/c': 'd'}":                                         {"object.metadata.annotations"},
		"{'a.b/c': 'd'} == object.metadata.annotations":                                         {"object.metadata.annotations"},
		"has(object.metadata.resourceVersion)":                                                  {"object.metadata.resourceVersion"},
		"object.?metadata.resourceVersion.hasValue()":                                           {"object.metadata.resourceVersion"},
		"object.metadata.?managedFields.orValue([]).size() == 0":                                {"object.metadata.managedFields"},
		"true || has(object.metadata.resourceVersion)":                                          nil,
		"has(object.metadata.resourceVersion) || true":                                          {"object.metadata.resourceVersion"},
		"object.spec == object.spec && object.metadata == object.metadata":                      {"object.metadata"},
		"[object.metadata].all(m, m.name == 'web')":                                             nil,
		"[object.metadata][0].selfLink == ''":                                                   {"object.metadata.selfLink"},
		"object.metadata in [{'name': 'web'}]":                                                  {"object.metadata"},
		"'generateName' in object.metadata":                                                     {"object.metadata.generateName"},
		"object.metadata[dyn('generateName')] == ''":                                            {"object.metadata.generateName"},
		"object.metadata.transformList(k, v, k).size() > 0":                                     {"object.metadata"},
		"type(object.metadata) == map":                                                          nil,
		"request.userInfo.username == 'admin'":                                                  {"request.userInfo"},
		"has(request.options)":                                                                  {"request.options"},
		"request.operation == 'CREATE' && request.name == 'web'":                                nil,
		"params.limit == 3":                                                                     {"params"},
		"params == null":                                                                        {"params"},
		"namespaceObject.metadata.labels['tier'] == 'front'":                                    nil,
		"namespaceObject.metadata.name == 'shop' && has(namespaceObject.metadata.generateName)": {"namespaceObject.metadata.generateName"},
		"authorizer.group('').resource('pods').check('get').allowed()":                          {"authorizer"},
		"authorizer.requestResource.check('get').allowed()":                                     {"authorizer.requestResource"},
	}
	for expression, want := range tests {
		t.Run(expression, func(t *testing.T) {
			t.Parallel()
			holds, err := evaluate(t, expression, deployed(t))
			var unknown *cel.UnknownError
			switch {
			case errors.As(err, &unknown):
				if !slices.Equal(unknown.Paths, want) {
					t.Errorf("%v is not known, want %v", unknown.Paths, want)
				}
			case err != nil:
				t.Error(err)
			case want != nil:
				t.Errorf("it is %t, and %v is not known", holds, want)
			case !holds:
				t.Error("it is false")
			}
		})
	}
}

// TestVariables: they are computed once, and pass on what they have looked at.
func TestVariables(t *testing.T) {
	t.Parallel()
	scope := cel.NewScope()
	for _, v := range [][2]string{
		{"replicas", "object.spec.replicas"},
		{"twice", "variables.replicas * 2"},
		{"written", "object.metadata.managedFields.size()"},
		{"broken", "object.spec.absent"},
	} {
		if err := scope.Define(v[0], v[1]); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct{ expression, want string }{
		{"variables.twice == 6", ""},
		{"variables.written > 0", "object.metadata.managedFields is not known here"},
		{"variables.written == 0", "object.metadata.managedFields is not known here"},
		{"variables.broken == 1", "variable broken: no such key: absent"},
		{"variables.twice == 6 || variables.broken == 1", ""},
	}
	evaluation := scope.Evaluate(deployed(t))
	for range 2 {
		for _, test := range tests {
			x, err := scope.Compile(test.expression, cel.Bool)
			if err != nil {
				t.Fatal(err)
			}
			holds, err := evaluation.Bool(x)
			if test.want == "" && (err != nil || !holds) || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("%s is %t, %v, want %q", test.expression, holds, err, test.want)
			}
		}
	}
}

func TestCompileRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		expression string
		kind       cel.Kind
		want       string
	}{
		{"object.", cel.Bool, "column 8 of the expression: "},
		{"true &&\n  nothing", cel.Bool, "line 2, column 3 of the expression: undeclared reference to 'nothing'"},
		{"object.spec.hostNetwork", cel.Bool, "the result is dyn, not bool"},
		{"1", cel.Text, "the result is int, not string"},
		{"variables.absent", cel.Any, "undefined field 'absent'"},
		{"request.absent == ''", cel.Bool, "undefined field 'absent'"},
		{"'a'.matches('[')", cel.Bool, "invalid matches argument"},
		{strings.Repeat("(", 1<<17), cel.Bool, "compiling an expression of 131072 bytes"},
		{strings.Repeat("(", 400) + "true" + strings.Repeat(")", 400), cel.Bool, "recursion"},
	}
	for _, test := range tests {
		_, err := cel.NewScope().Compile(test.expression, test.kind)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("compiling %.40s: %v, want %s", test.expression, err, test.want)
		}
	}
}

// TestCostsAreLimited holds expressions to what a server spends on them.
func TestCostsAreLimited(t *testing.T) {
	t.Parallel()
	costly := "lists.range(200).all(a, lists.range(200).all(b, lists.range(200).all(c, a + b + c >= 0)))"
	if _, err := evaluate(t, costly, deployed(t)); err == nil || !strings.Contains(err.Error(), "cost limit") {
		t.Errorf("it costs nothing: %v", err)
	}
	scope := cel.NewScope()
	x, err := scope.Compile("lists.range(200).all(a, lists.range(200).all(b, a + b >= 0))", cel.Bool)
	if err != nil {
		t.Fatal(err)
	}
	evaluation := scope.Evaluate(deployed(t))
	for range 1000 {
		if _, err = evaluation.Bool(x); err != nil {
			break
		}
	}
	if err == nil || !strings.Contains(err.Error(), "than a server would spend") {
		t.Errorf("together they cost nothing: %v", err)
	}
}

// TestWhatWasRedactedIsNotKnown: "in" knows that there is a value, and "has", which asks
// for it, does not.
func TestWhatWasRedactedIsNotKnown(t *testing.T) {
	t.Parallel()
	hidden := credential.Hidden(1, "")
	template := corev1.PodTemplateSpec{
		ObjectMeta: metav1.ObjectMeta{Annotations: map[string]string{"owner": hidden, "scrape": "true"}},
		Spec: corev1.PodSpec{Containers: []corev1.Container{
			{Name: "web", Args: []string{"--fast"}, Env: []corev1.EnvVar{{Name: "MODE", Value: hidden}, {Name: "LEVEL", Value: "true"}}},
		}},
	}
	for _, redacted := range []bool{false, true} {
		builder := kube.NewBuilder(kube.Info{Redacted: redacted})
		web := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: "shop"}, Spec: appsv1.DeploymentSpec{Template: template}}
		if err := builder.Set(kube.Deployments, web); err != nil {
			t.Fatal(err)
		}
		c := builder.Build(noon)
		held, _ := c.Deployments.Get("shop", "web")
		for expression, want := range map[string]string{ // what is not known of what was redacted
			"'owner' in object.spec.template.metadata.annotations":                         "",
			"has(object.spec.template.metadata.annotations.owner)":                         "object.spec.template.metadata.annotations.owner",
			"object.spec.template.metadata.annotations.size() == 2":                        "",
			"object.spec.template.metadata.annotations.scrape == 'true'":                   "",
			"object.spec.template.metadata.annotations['owner'].contains('redacted')":      "object.spec.template.metadata.annotations.owner",
			"object.spec.template.spec.containers[0].args == ['--fast']":                   "",
			"object.spec.template.spec.containers.all(c, c.env.exists(e, has(e.value)))":   "object.spec.template.spec.containers[0].env[0].value",
			"object.spec.template.spec.containers.all(c, c.env.all(e, e.value != 'slow'))": "object.spec.template.spec.containers[0].env[0].value",
		} {
			in := &cel.Input{Object: cel.ObjectOf(c, kube.Deployments, held)}
			_, err := evaluate(t, expression, in)
			var unknown *cel.UnknownError
			if errors.As(err, &unknown) != (redacted && want != "") || unknown != nil && !slices.Contains(unknown.Paths, want) {
				t.Errorf("redacted %v: %s: %v, want %q not known", redacted, expression, err, want)
			}
		}
	}
}
