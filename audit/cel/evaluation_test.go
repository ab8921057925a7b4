package cel_test

import (
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit/cel"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// pod is a pod as a server would have it.
func pod() map[string]any {
	return map[string]any{
		"apiVersion": "v1", "kind": "Pod",
		"metadata": map[string]any{
			"name": "web", "namespace": "shop",
			"labels": map[string]any{"app": "web", "tier": "front"},
		},
		"spec": map[string]any{
			"hostNetwork": false,
			"containers": []any{
				map[string]any{
					"name": "web", "image": "registry.example/web:1.2.3",
					"resources": map[string]any{"limits": map[string]any{"cpu": "500m", "memory": "1Gi"}},
				},
				map[string]any{"name": "log", "image": "registry.example/log:2.0.0"},
			},
		},
	}
}

// TestLanguage is what the documentation of admission policies promises, by one
// example each: https://kubernetes.io/docs/reference/using-api/cel/.
func TestLanguage(t *testing.T) {
	t.Parallel()
	tests := []struct {
		expression string
		want       bool
	}{
		{"object.spec.containers.all(c, c.image.startsWith('registry.example/'))", true},
		{"object.spec.containers.exists(c, c.name == 'absent')", false},
		{"object.spec.containers.exists_one(c, c.name == 'log')", true},
		{"object.spec.containers.map(c, c.name) == ['web', 'log']", true},
		{"object.spec.containers.filter(c, has(c.resources)).size() == 1", true},
		{"has(object.metadata.labels) && 'app' in object.metadata.labels", true},
		{"has(object.metadata.annotations)", false},
		{"has(object.spec.hostPID) && object.spec.hostPID", false},
		{"!has(object.spec.hostPID) || object.spec.hostPID == false", true},
		{"oldObject == null", true},
		{"params == null", true},
		{"request.operation == 'CREATE' && request.namespace == 'shop'", true},
		{"request.kind.kind == 'Pod' && request.resource.resource == 'pods' && request.resource.group == ''", true},
		{"has(request.subResource)", false},
		{"request.dryRun", false},
		{"!object.?spec.hostPID.orValue(true)", false},
		{"object.spec.?containers[0].?name.value() == 'web'", true},
		{"object.spec.?containers[7].hasValue()", false},
		{"object.metadata.?annotations['a.b/c'].orValue('none') == 'none'", true},
		{"optional.of('x').optMap(x, x + 'y').value() == 'xy'", true},
		{"quantity('500m').isLessThan(quantity('1'))", true},
		{"isQuantity('1.5x')", false},
		{"quantity(object.spec.containers[0].resources.limits.memory).compareTo(quantity('1024Mi')) == 0", true},
		{"quantity('1').add(quantity('500m')).asApproximateFloat() == 1.5", true},
		{"quantity('50k').sub(20).isGreaterThan(quantity('49k'))", true},
		{"'a1b22'.find('[0-9]+') == '1' && 'a1b22'.findAll('[0-9]+') == ['1', '22']", true},
		{"'web-01'.matches('^[a-z]+-[0-9]{2}$')", true},
		{"'a,b'.split(',') == ['a', 'b'] && ['a', 'b'].join('-') == 'a-b'", true},
		{"'Hello'.lowerAscii() == 'hello' && 'x'.upperAscii() == 'X' && ' x '.trim() == 'x'", true},
		{"'%s has %d'.format(['web', 2]) == 'web has 2'", true},
		{"[1, 2, 3].sum() == 6 && [3, 1].min() == 1 && [3, 1].max() == 3 && [1, 2].isSorted()", true},
		{"[1, 2, 1].indexOf(2) == 1 && [1, 2, 1].lastIndexOf(1) == 2", true},
		{"[3, 1, 2].sort() == [1, 2, 3] && [1, 1].distinct() == [1] && [[1], [2]].flatten() == [1, 2]", true},
		{"lists.range(3) == [0, 1, 2] && [1, 2, 3].slice(1, 2) == [2] && [1, 2].reverse() == [2, 1]", true},
		{"sets.contains([1, 2], [1]) && sets.intersects([1], [1, 2]) && sets.equivalent([1, 1], [1])", true},
		{"ip('10.0.0.1').family() == 4 && ip('::1').isLoopback() && isIP('10.0.0.256') == false", true},
		{"cidr('10.0.0.0/8').containsIP('10.1.2.3') && !cidr('10.0.0.0/8').containsCIDR('11.0.0.0/16')", true},
		{"cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8') && cidr('10.0.0.0/8').prefixLength() == 8", true},
		{"format.dns1123Label().validate('web') == optional.none()", true},
		{"format.dns1123Label().validate('Web').hasValue()", true},
		{"!format.named('uuid').value().validate('x').value().isSorted()", false},
		{"semver('1.2.3').isLessThan(semver('1.10.0')) && semver('v1.2', true).minor() == 2", true},
		{"isSemver('1.2')", false},
		{"url('https://a.example:80/p?q=1').getHostname() == 'a.example' && isURL('::') == false", true},
		{"duration('1h') > duration('59m') && timestamp('2026-01-01T00:00:00Z').getFullYear() == 2026", true},
		{"[1, 2].all(i, v, i < v) && {'a': 1}.exists(k, v, k == 'a' && v == 1)", true},
		{"[1, 2].transformList(i, v, i + v) == [1, 3] && {'a': 1}.transformMap(k, v, v + 1) == {'a': 2}", true},
		{"1 < 1.5 && 2u > 1", true},
		{"[dyn(1), dyn('a')][1] == 'a'", true},
		{"type(object.spec.containers) == list && type(object) == map && type(1) == int", true},
		{"object.spec.containers.size() == 2 && size(object.metadata.labels) == 2", true},
	}
	for _, test := range tests {
		t.Run(test.expression, func(t *testing.T) {
			t.Parallel()
			got, err := evaluate(t, test.expression, &cel.Input{Object: cel.Value{Of: pod()}})
			if err != nil || got != test.want {
				t.Errorf("it is %t, %v, want %t", got, err, test.want)
			}
		})
	}
}

func evaluate(t *testing.T, expression string, input *cel.Input) (bool, error) {
	t.Helper()
	scope := cel.NewScope()
	x, err := scope.Compile(expression, cel.Bool)
	if err != nil {
		t.Fatal(err)
	}
	if input.Request.Operation == "" {
		input.Request = cel.Creation(kube.Pods, "shop", "web")
	}
	return scope.Evaluate(input).Bool(x)
}
