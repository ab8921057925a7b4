package cel_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit/cel"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// FuzzExpression: whatever the expression and the object, there is a result, an
// error or something that is not known; and where nothing is known of the object,
// no expression that depends on it has a result.
func FuzzExpression(f *testing.F) {
	for _, expression := range []string{
		"object.spec.containers.all(c, c.image.startsWith('registry.example/'))",
		"object.metadata.labels.exists(k, v, k == v) || has(object.status)",
		"quantity(object.spec.x).isGreaterThan(quantity('1')) && ip(object.y).family() == 4",
		"object.?metadata.annotations['a'].orValue('b').matches('^[a-z]+$')",
		"'%s'.format([object]) == string(object.metadata) + \"\\u0000\"",
		"object == object && {'a': object}.all(k, [object].exists(o, o == object))",
		"variables.v.map(x, [x, variables.w]).flatten().size() > 0",
	} {
		f.Add(expression, []byte(`{"metadata":{"labels":{"a":"b"},"annotations":{"a":1.5}},"spec":{"x":"1Gi","containers":[{"image":"a"},null]},"y":"::1"}`))
	}
	f.Fuzz(func(t *testing.T, expression string, object []byte) {
		var of any
		if json.Unmarshal(object, &of) != nil {
			return
		}
		scope := cel.NewScope()
		if err := errors.Join(scope.Define("v", "object.spec.containers"), scope.Define("w", "variables.v.size()")); err != nil {
			t.Fatal(err)
		}
		x, err := scope.Compile(expression, cel.Bool)
		if err != nil {
			return
		}
		gaps := &cel.Gaps{Fields: map[string]*cel.Gaps{
			"status": {All: true}, "metadata": {Elements: &cel.Gaps{All: true}, Fields: map[string]*cel.Gaps{"labels": nil}},
			"spec": {Fields: map[string]*cel.Gaps{"containers": {Elements: &cel.Gaps{Fields: map[string]*cel.Gaps{"image": {All: true}}}}}},
		}}
		request := cel.Creation(kube.Pods, "shop", "web")
		for _, object := range []cel.Value{{Of: of}, {Of: of, Gaps: gaps}, cel.Unknown()} {
			evaluation := scope.Evaluate(&cel.Input{Object: object, Request: request})
			first, err := evaluation.Bool(x)
			again, errAgain := evaluation.Bool(x)
			if err == nil && errAgain == nil && first != again {
				t.Errorf("%q is %t, and then %t", expression, first, again)
			}
		}
	})
}

func BenchmarkEvaluate(b *testing.B) {
	scope := cel.NewScope()
	if err := scope.Define("images", "object.spec.containers.map(c, c.image)"); err != nil {
		b.Fatal(err)
	}
	x, err := scope.Compile("variables.images.all(i, i.startsWith('registry.example/'))", cel.Bool)
	if err != nil {
		b.Fatal(err)
	}
	input := &cel.Input{Object: cel.Value{Of: pod()}, Request: cel.Creation(kube.Pods, "shop", "web")}
	b.ReportAllocs()
	for b.Loop() {
		if holds, err := scope.Evaluate(input).Bool(x); err != nil || !holds {
			b.Fatal(holds, err)
		}
	}
}
