package fix_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/kube"
)

func set(path string, value any) audit.Edit {
	return audit.Edit{Op: audit.Set, Path: path, Value: value}
}

func remove(path string) audit.Edit { return audit.Edit{Op: audit.Remove, Path: path} }

func appendTo(path string, value any) audit.Edit {
	return audit.Edit{Op: audit.Append, Path: path, Value: value}
}

const deployment = `# the shop's front
apiVersion: apps/v1
kind: Deployment # not a pod
metadata:
  name: "web"
spec:
  replicas: 1   # one is enough
  template:
    spec:
      containers:
        # the server
        - name: web
          image: 'web:1'
          ports: [{containerPort: 80}]
        - name: log # sidecar
          securityContext: {}
      volumes:
        - name: data
          emptyDir: {}

# the end
`

type m = map[string]any

func TestApply(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text  string
		edits []audit.Edit
		diff  string // with no context but the lines that change
	}{
		"set a number, comment and columns stay": {
			deployment,
			[]audit.Edit{set("spec.replicas", 2)},
			"-  replicas: 1   # one is enough\n+  replicas: 2   # one is enough\n",
		},
		"set a text in its quotes": {
			deployment,
			[]audit.Edit{set("spec.template.spec.containers[0].image", "web:2"), set("metadata.name", "www")},
			"-  name: \"web\"\n+  name: \"www\"\n-          image: 'web:1'\n+          image: 'web:2'\n",
		},
		"create parents": {
			deployment,
			[]audit.Edit{set("spec.template.spec.containers[0].securityContext.capabilities.drop", []string{"ALL"})},
			"+          securityContext:\n+            capabilities:\n+              drop:\n+                - ALL\n",
		},
		"an empty map becomes a block": {
			deployment,
			[]audit.Edit{set("spec.template.spec.containers[1].securityContext.privileged", false)},
			"-          securityContext: {}\n+          securityContext:\n+            privileged: false\n",
		},
		"into a flow map": {
			deployment,
			[]audit.Edit{set("spec.template.spec.containers[0].ports[0].name", "http")},
			"-          ports: [{containerPort: 80}]\n+          ports: [{containerPort: 80, name: http}]\n",
		},
		"append to a flow list": {
			deployment,
			[]audit.Edit{appendTo("spec.template.spec.containers[0].ports", m{"containerPort": 81})},
			"-          ports: [{containerPort: 80}]\n+          ports: [{containerPort: 80}, {containerPort: 81}]\n",
		},
		"append to a block list": {
			deployment,
			[]audit.Edit{appendTo("spec.template.spec.volumes", m{"name": "tmp", "emptyDir": m{}})},
			"+        - name: tmp\n+          emptyDir: {}\n",
		},
		"append to a list that is missing": {
			deployment,
			[]audit.Edit{appendTo("spec.template.spec.containers[1].args", "-v")},
			"+          args:\n+            - -v\n",
		},
		"remove a field and its comment": {
			deployment,
			[]audit.Edit{remove("spec.replicas")},
			"-  replicas: 1   # one is enough\n",
		},
		"remove the first field of an element": {
			deployment,
			[]audit.Edit{remove("spec.template.spec.containers[1].name")},
			"-        - name: log # sidecar\n-          securityContext: {}\n+        - securityContext: {}\n",
		},
		"remove what is not there": {deployment, []audit.Edit{remove("spec.paused"), remove("spec.template.spec.containers[7]")}, ""},
		"remove empties parents": {
			"spec:\n  a:\n    b:\n      c: 1\n  d: 2\n",
			[]audit.Edit{remove("spec.a.b.c")},
			"-  a:\n-    b:\n-      c: 1\n",
		},
		"an empty selector says something": {
			"spec:\n  podSelector:\n    matchLabels: {a: b}\n",
			[]audit.Edit{remove("spec.podSelector.matchLabels.a")},
			"-  podSelector:\n-    matchLabels: {a: b}\n+  podSelector: {}\n",
		},
		"remove elements": {
			"drop:\n- A # a\n- B\n- C\nadd: [X, Y, Z]\n",
			[]audit.Edit{remove("drop[1]"), remove("add[2]"), remove("add[0]"), remove("drop[0]")},
			"-- A # a\n-- B\n-add: [X, Y, Z]\n+add: [Y]\n",
		},
		"remove the only element": {
			"add:\n- X\nb: 1\n", []audit.Edit{remove("add[0]")}, "-add:\n-- X\n+add: []\n",
		},
		"JSON": {
			"{\n  \"kind\": \"Pod\",\n  \"spec\": {\n    \"hostPID\": true\n  }\n}\n",
			[]audit.Edit{set("spec.hostIPC", false), set("spec.name", "yes"), set("spec.os", m{"name": "linux"}), remove("spec.hostPID")},
			"-    \"hostPID\": true\n+    \"hostIPC\": false,\n+    \"name\": \"yes\",\n+    \"os\": {\"name\": \"linux\"}\n",
		},
		"the last line has no end": {
			"a: 1\nb:\n  c: x",
			[]audit.Edit{set("b.d", "y"), set("e", nil)},
			"-  c: x\n\\ No newline at end of file\n+  c: x\n+  d: \"y\"\n+e: null\n\\ No newline at end of file\n",
		},
		"CRLF": {
			"a: 1\r\nb:\r\n- c\r\n",
			[]audit.Edit{appendTo("b", "d"), set("e.f", 1)},
			"+- d\r\n+e:\r\n+  f: 1\r\n",
		},
		"byte order mark": {"\ufeffa: 1\n", []audit.Edit{set("a", 2)}, "-\ufeffa: 1\n+\ufeffa: 2\n"},
		"comment on the key's line stays": {
			"a: null # why\nb: 1 # so\n",
			[]audit.Edit{set("a.c", 1), set("b", []int{1})},
			"-a: null # why\n-b: 1 # so\n+a: # why\n+  c: 1\n+b: # so\n+- 1\n",
		},
		"keys with dots": {
			"metadata:\n  labels: {}\n",
			[]audit.Edit{set(`metadata.labels["a.b/c"]`, "true")},
			"-  labels: {}\n+  labels:\n+    a.b/c: \"true\"\n",
		},
		"text of several lines": {
			"data:\n  a: |\n    x\n    y\n  b: 1\n",
			[]audit.Edit{set("data.c", "p\nq\n"), set("data.a", "z")},
			"-  a: |\n-    x\n-    y\n+  a: z\n+  c: |\n+    p\n+    q\n",
		},
		"an alias is written out where it is edited": {
			"x: &l {a: b}\ny: *l\n",
			[]audit.Edit{set("y.a", "c")},
			"-y: *l\n+y:\n+  a: c\n",
		},
		"a merged key is overridden": {
			"x: &l {a: b}\ny:\n  <<: *l\n", []audit.Edit{set("y.a", "c")}, "+  a: c\n",
		},
		"an element after the last": {
			"a:\n- b\n", []audit.Edit{set("a[1].c", 1)}, "+- c: 1\n",
		},
		"after pairs within brackets": {
			"a: [b: c, d: e]\n",
			[]audit.Edit{set("x", 1), appendTo("a", "f"), set("a[0].b", "g")},
			"-a: [b: c, d: e]\n+a: [b: g, d: e, f]\n+x: 1\n",
		},
		"an empty document": {"# nothing\n", []audit.Edit{set("a.b", 1)}, "+a:\n+  b: 1\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := fix.Apply([]byte(test.text), test.edits)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.diff, changedLines(fix.Diff("x", []byte(test.text), got))); diff != "" {
				t.Errorf("changes (-want +got):\n%s\nin\n%s", diff, got)
			}
		})
	}
}

// changedLines keeps the lines of a diff that are not context.
func changedLines(diff []byte) string {
	var kept strings.Builder
	for i, line := range strings.SplitAfter(string(diff), "\n") {
		if i >= 2 && line != "" && strings.ContainsAny(line[:1], `+-\`) {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

func TestApplyRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		edit audit.Edit
		want string
		is   error
	}{
		"anchor used elsewhere": {"a: 1\nx: &l\n  k: b\ny: *l\n", set("x.k", "c"), "editing x.k (line 3): it cannot be edited without changing something else", fix.ErrEntangled},
		"below a text":          {"a:\n  b: c\n", set("a.b.d", 1), "editing a.b.d (line 2): it is no map", nil},
		"into a map by index":   {"a:\n  b: c\n", set("a[0]", 1), "editing a[0] (line 1): it is no list", nil},
		"append to a map":       {"a:\n  b: c\n", appendTo("a", 1), "editing a (line 1): it is no list", nil},
		"far element":           {"a: [b]\n", set("a[2]", 1), "editing a[2] (line 1): the list has no such element", nil},
		"no field":              {"a: [b]\n", set("", 1), "editing: the path names no field", nil},
		"no path":               {"a: [b]\n", set("a[", 1), `editing: parsing field path "a[": expected the index of an element at "["`, nil},
		"no YAML":               {"a: [b\n", set("a", 1), "editing a: yaml: line 1: did not find expected ',' or ']'", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := fix.Apply([]byte(test.text), []audit.Edit{test.edit})
			if err == nil || err.Error() != test.want {
				t.Errorf("error is %v, want %s", err, test.want)
			}
			if test.is != nil && !errors.Is(err, test.is) {
				t.Errorf("error %v is not %v", err, test.is)
			}
		})
	}
}

func TestFile(t *testing.T) {
	t.Parallel()
	text := "kind: A\n---\nkind: List\nitems:\n- kind: B\n  spec: {}\n"
	b, other := kube.Ref{Kind: "B", Name: "b"}, kube.Ref{Kind: "A", Name: "a"}
	places := map[kube.Ref]fix.Place{b: {Document: 1, Path: "items[0]"}, other: {Document: 0}}
	find := func(ref kube.Ref) (fix.Place, bool) { p, ok := places[ref]; return p, ok }
	f := audit.Fix{
		Edits: []audit.Edit{set("spec.x", 1), {Object: other, Path: "spec.y", Value: true}},
		New:   []audit.Object{{"kind": "PodDisruptionBudget", "apiVersion": "policy/v1", "spec": m{"minAvailable": 1}, "metadata": m{"name": "b"}}},
	}
	got, err := fix.File([]byte(text), b, f, find)
	if err != nil {
		t.Fatal(err)
	}
	want := "kind: A\nspec:\n  \"y\": true\n---\nkind: List\nitems:\n- kind: B\n  spec:\n    x: 1\n" +
		"---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: b\nspec:\n  minAvailable: 1\n"
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("file (-want +got):\n%s", diff)
	}
	if _, err := fix.File([]byte(text), kube.Ref{Kind: "C", Name: "c"}, f, find); !errors.Is(err, fix.ErrNotHere) {
		t.Errorf("error is %v, want ErrNotHere", err)
	}
}
