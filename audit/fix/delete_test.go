package fix_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/document"
)

func secretRef(name string) kube.Ref { return kube.Secrets.Ref("shop", name) }

// deletion applies a fix that deletes objects, which are found by name.
func deletion(text string, places map[string]fix.Place, names ...string) ([]byte, error) {
	f := audit.Fix{}
	for _, name := range names {
		f.Delete = append(f.Delete, secretRef(name))
	}
	return fix.File([]byte(text), kube.Ref{}, f, func(ref kube.Ref) (fix.Place, bool) {
		place, ok := places[ref.Name]
		return place, ok
	})
}

func TestDelete(t *testing.T) {
	t.Parallel()
	places := map[string]fix.Place{"a": {Document: 0}, "b": {Document: 1}, "c": {Document: 2}}
	const three = "name: a\n---\n# b's\nname: b\n---\nname: c\n"
	tests := map[string]struct {
		text   string
		places map[string]fix.Place
		gone   []string
		want   string
	}{
		"the first":           {three, places, []string{"a"}, "# b's\nname: b\n---\nname: c\n"},
		"one between":         {three, places, []string{"b"}, "name: a\n---\nname: c\n"},
		"the last":            {three, places, []string{"c"}, "name: a\n---\n# b's\nname: b\n"},
		"several":             {three, places, []string{"c", "a"}, "# b's\nname: b\n"},
		"all":                 {three, places, []string{"a", "b", "c"}, ""},
		"twice":               {three, places, []string{"a", "a"}, "# b's\nname: b\n---\nname: c\n"},
		"the marker that was": {"---\nname: a\n---\nname: b\n", places, []string{"a"}, "---\nname: b\n"},
		"a licence stays":     {"# (c)\n\n# a's\nname: a\n---\nname: b\n", places, []string{"a"}, "# (c)\n\n---\nname: b\n"},
		"elements of a List": {
			"kind: List\nitems:\n- name: a\n- name: b # b\n- name: c\n",
			map[string]fix.Place{"a": {Path: "items[0]"}, "b": {Path: "items[1]"}, "c": {Path: "items[2]"}},
			[]string{"a", "c"},
			"kind: List\nitems:\n- name: b # b\n",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := deletion(test.text, test.places, test.gone...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, string(got)); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
		})
	}
	if _, err := deletion(three, places, "moon"); !errors.Is(err, fix.ErrNotHere) {
		t.Errorf("deleting what is not there: %v, want ErrNotHere", err)
	}
}

// What is left of a file says what it said before.
func TestDeleteLeavesTheRest(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 3))
		n := 1 + r.IntN(5)
		var text strings.Builder
		places := map[string]fix.Place{}
		var gone []string
		var want []any
		for i := range n {
			if i > 0 || r.IntN(2) == 0 {
				text.WriteString("---" + pick(r, "\n", " # next\n", "\r\n"))
			}
			value := map[string]any{"value": randomMap(r, 2, 3), "name": fmt.Sprint(i)}
			document := strings.TrimPrefix(written(r, value, nil).text.String(), "\ufeff")
			if !strings.HasSuffix(document, "\n") {
				document += "\n"
			}
			text.WriteString(document)
			places[fmt.Sprint(i)] = fix.Place{Document: i}
			if r.IntN(2) == 0 {
				gone = append(gone, fmt.Sprint(i))
			} else {
				want = append(want, tree(t, []byte(document)))
			}
		}
		if len(document.Split([]byte(text.String()))) != n {
			continue // a text block that looks like a marker
		}
		got, err := deletion(text.String(), places, gone...)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		var left []any
		for _, d := range document.Split(got) {
			if value := tree(t, d.Text); value != nil {
				left = append(left, value)
			}
		}
		if diff := cmp.Diff(want, left); diff != "" {
			t.Fatalf("seed %d: what is left of\n%s\nwithout %v (-want +got):\n%s", seed, text.String(), gone, diff)
		}
	}
}

func TestCommands(t *testing.T) {
	t.Parallel()
	binding := kube.ClusterRoleBindings
	for want, ref := range map[string]kube.Ref{
		"kubectl delete clusterrolebinding/system:x":        binding.Ref("", "system:x"),
		"kubectl delete secret/token -n shop":               secretRef("token"),
		"kubectl delete clusterrolebinding/--all":           binding.Ref("", "--all"),
		`kubectl delete 'clusterrolebinding/$(it'\''s) me'`: binding.Ref("", "$(it's) me"),
	} {
		if got := fix.DeleteCommand(ref); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	undo := fix.Undo(audit.Fix{
		Delete: []kube.Ref{binding.Ref("", "ops")},
		New: []audit.Object{{
			"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": map[string]any{"name": "ops", "namespace": "ci"},
		}},
	})
	want := []string{
		"before the change, kubectl get clusterrolebinding/ops -o yaml > undo.yaml", "kubectl create -f undo.yaml",
		"kubectl delete rolebinding/ops -n ci",
	}
	if diff := cmp.Diff(want, undo); diff != "" {
		t.Errorf("undo (-want +got):\n%s", diff)
	}
}
