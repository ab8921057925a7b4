package patch_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix/patch"
	"github.com/seaworthy-dev/seaworthy/kube"
)

func object(t *testing.T, text string) audit.Object {
	t.Helper()
	var o audit.Object
	if err := yaml.Unmarshal([]byte(text), &o); err != nil {
		t.Fatal(err)
	}
	return o
}

func encoded(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const deployment = `
spec:
  replicas: 1
  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1}}
  template:
    spec:
      containers:
      - {name: a, image: a, args: [x], env: [{name: A, value: "1"}, {name: B, value: "2"}]}
      - {name: b, image: b, securityContext: {capabilities: {add: [NET_ADMIN, SYS_TIME]}}}
      volumes: [{name: v, emptyDir: {}}]
`

func TestOf(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ from, to, strategic, json string }{
		"a field of a container": {
			from: "name: b, image: b,", to: "name: b, image: c,",
			strategic: `{"spec":{"template":{"spec":{"containers":[{"image":"c","name":"b"}]}}}}`,
			json: `[{"op":"test","path":"/spec/template/spec/containers/1/name","value":"b"},` +
				`{"op":"replace","path":"/spec/template/spec/containers/1/image","value":"c"}]`,
		},
		"a field that goes": {
			from: "replicas: 1", to: "paused: true",
			strategic: `{"spec":{"paused":true,"replicas":null}}`,
			json:      `[{"op":"add","path":"/spec/paused","value":true},{"op":"remove","path":"/spec/replicas"}]`,
		},
		"an element that goes": {
			from: `{name: A, value: "1"}, `, to: "",
			strategic: `{"spec":{"template":{"spec":{"containers":[{"env":[{"$patch":"delete","name":"A"}],"name":"a"}]}}}}`,
			json: `[{"op":"test","path":"/spec/template/spec/containers/0/name","value":"a"},` +
				`{"op":"replace","path":"/spec/template/spec/containers/0/env","value":[{"name":"B","value":"2"}]}]`,
		},
		"a list without keys": {
			from: "add: [NET_ADMIN, SYS_TIME]", to: "drop: [ALL]",
			strategic: `{"spec":{"template":{"spec":{"containers":[{"name":"b","securityContext":{"capabilities":{"add":null,"drop":["ALL"]}}}]}}}}`,
			json: `[{"op":"test","path":"/spec/template/spec/containers/1/name","value":"b"},` +
				`{"op":"remove","path":"/spec/template/spec/containers/1/securityContext/capabilities/add"},` +
				`{"op":"add","path":"/spec/template/spec/containers/1/securityContext/capabilities/drop","value":["ALL"]}]`,
		},
		"a volume more": {
			from: "volumes: [", to: "volumes: [{name: w, emptyDir: {}}, ",
			strategic: `{"spec":{"template":{"spec":{"volumes":[{"emptyDir":{},"name":"w"}]}}}}`,
			json: `[{"op":"test","path":"/spec/template/spec/volumes/0/name","value":"v"},` +
				`{"op":"replace","path":"/spec/template/spec/volumes/0/name","value":"w"},` +
				`{"op":"add","path":"/spec/template/spec/volumes/-","value":{"emptyDir":{},"name":"v"}}]`,
		},
		"another order, which a strategic patch cannot say": {
			from: `{name: A, value: "1"}, {name: B, value: "2"}`, to: `{name: B, value: "1"}, {name: A, value: "1"}`,
			json: `[{"op":"test","path":"/spec/template/spec/containers/0/name","value":"a"},` +
				`{"op":"test","path":"/spec/template/spec/containers/0/env/0/name","value":"A"},` +
				`{"op":"replace","path":"/spec/template/spec/containers/0/env/0/name","value":"B"},` +
				`{"op":"test","path":"/spec/template/spec/containers/0/env/1/name","value":"B"},` +
				`{"op":"replace","path":"/spec/template/spec/containers/0/env/1/name","value":"A"},` +
				`{"op":"replace","path":"/spec/template/spec/containers/0/env/1/value","value":"1"}]`,
		},
		"nothing": {from: "image: a", to: "image: a", json: "null"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(deployment, tc.from) {
				t.Fatalf("there is no %q", tc.from)
			}
			p, err := patch.Of(kube.Deployments, object(t, deployment), object(t, strings.Replace(deployment, tc.from, tc.to, 1)))
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if p.Strategic != nil {
				got = encoded(t, p.Strategic)
			}
			if got != tc.strategic {
				t.Errorf("strategic patch is %s\nwant %s", got, tc.strategic)
			}
			if got := encoded(t, p.JSON); got != tc.json {
				t.Errorf("JSON patch is %s\nwant %s", got, tc.json)
			}
			if p.Empty() != (name == "nothing") {
				t.Errorf("empty is %v", p.Empty())
			}
		})
	}
}

// What has no strategy has a JSON patch alone.
func TestOfCustomResource(t *testing.T) {
	t.Parallel()
	p, err := patch.Of(kube.CiliumNetworkPolicies, object(t, "spec: {a~b/c: 1}"), object(t, "spec: {a~b/c: 2}"))
	if err != nil || p.Strategic != nil {
		t.Fatalf("%v, %v", p.Strategic, err)
	}
	if got := encoded(t, p.JSON); got != `[{"op":"replace","path":"/spec/a~0b~1c","value":2}]` {
		t.Errorf("JSON patch is %s", got)
	}
}

// Random changes of a Deployment: both patches lead where they should.
func TestPatchesLeadToTheOutcome(t *testing.T) {
	t.Parallel()
	both := 0
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 1))
		before, after := object(t, deployment), object(t, deployment)
		for range 1 + r.IntN(3) {
			mutate(r, after)
		}
		p, err := patch.Of(kube.Deployments, before, after)
		if err != nil {
			t.Fatal(err)
		}
		want := encoded(t, after)
		var got any
		if err := json.Unmarshal([]byte(encoded(t, before)), &got); err != nil {
			t.Fatal(err)
		}
		for _, o := range p.JSON {
			if got, err = applied(got, strings.Split(o.Path, "/")[1:], o); err != nil {
				t.Fatalf("seed %d: %+v: %v", seed, o, err)
			}
		}
		if diff := cmp.Diff(want, encoded(t, got)); diff != "" {
			t.Errorf("seed %d: JSON patch (-want +got):\n%s", seed, diff)
		}
		if p.Strategic == nil {
			continue
		}
		both++
		merged, err := strategicpatch.StrategicMergePatch([]byte(encoded(t, before)), []byte(encoded(t, p.Strategic)), appsv1.Deployment{})
		if err != nil {
			t.Fatal(err)
		}
		var outcome any
		if err := json.Unmarshal(merged, &outcome); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, encoded(t, outcome)); diff != "" {
			t.Errorf("seed %d: strategic patch (-want +got):\n%s", seed, diff)
		}
	}
	if both < 200 {
		t.Errorf("only %d changes have a strategic patch", both)
	}
}

// mutate changes something of an object.
func mutate(r *rand.Rand, o audit.Object) {
	spec := o["spec"].(map[string]any)
	pod := spec["template"].(map[string]any)["spec"].(map[string]any)
	containers := pod["containers"].([]any)
	c := containers[r.IntN(len(containers))].(map[string]any)
	switch r.IntN(7) {
	case 0:
		spec["replicas"] = float64(r.IntN(9))
	case 1:
		delete(spec, "strategy")
	case 2:
		c["args"] = []any{"x", strconv.Itoa(r.IntN(5))}
	case 3:
		delete(c, "env")
	case 4:
		volumes, _ := pod["volumes"].([]any)
		pod["volumes"] = append(volumes, map[string]any{"name": fmt.Sprint("w", r.IntN(50)), "emptyDir": map[string]any{}})
	case 5:
		c["securityContext"] = map[string]any{"runAsNonRoot": true, "capabilities": map[string]any{"drop": []any{"ALL"}}}
	default:
		delete(pod, "volumes")
	}
}

// applied makes one operation, said once more and apart from what makes them.
func applied(value any, path []string, o patch.Operation) (any, error) {
	if len(path) == 0 {
		if o.Op == "test" && !reflect.DeepEqual(value, o.Value) {
			return nil, fmt.Errorf("it is %v", value)
		}
		if o.Op == "test" {
			return value, nil
		}
		return o.Value, nil
	}
	key := strings.NewReplacer("~1", "/", "~0", "~").Replace(path[0])
	switch v := value.(type) {
	case map[string]any:
		if o.Op == "remove" && len(path) == 1 {
			delete(v, key)
			return v, nil
		}
		child, err := applied(v[key], path[1:], o)
		v[key] = child
		return v, err
	case []any:
		if key == "-" {
			return append(v, o.Value), nil
		}
		i, err := strconv.Atoi(key)
		if err != nil {
			return nil, err
		}
		v[i], err = applied(v[i], path[1:], o)
		return v, err
	}
	return nil, fmt.Errorf("%v has no %s", value, key)
}
