package answer_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/answer"
	"github.com/seaworthy-dev/seaworthy/kube"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]answer.Asking{
		"delete secrets in payments":       {Verb: "delete", What: "secrets", Namespaces: []string{"payments"}},
		" GET  Pods/exec ":                 {Verb: "get", What: "Pods/exec"},
		"get secrets db -n payments,,ci":   {Verb: "get", What: "secrets", Name: "db", Namespaces: []string{"payments", "ci"}},
		"get secrets in a in b":            {Verb: "get", What: "secrets", Namespaces: []string{"a", "b"}},
		"get /metrics":                     {Verb: "get", What: "/metrics"},
		"* *":                              {Verb: "*", What: "*"},
		"get in":                           {Verb: "get", What: "in"},
		"":                                 {},
		"delete":                           {},
		"delete secrets in":                {},
		"delete secrets a b":               {},
		"get /metrics in payments":         {},
		"get /metrics metrics":             {},
		"delete secrets in payments quick": {Verb: "delete", What: "secrets", Name: "quick", Namespaces: []string{"payments"}},
	} {
		got, err := answer.Parse(text)
		if (err != nil) != (want.Verb == "") {
			t.Errorf("parsing %q gives %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("parsing %q (-want +got):\n%s", text, diff)
		}
	}
}

func TestQuestion(t *testing.T) {
	t.Parallel()
	view := kube.NewBuilder(kube.Info{Name: "test"}).Build(time.Unix(0, 0))
	for text, want := range map[string]string{
		"get deploy":          "deployments.apps",
		"get pods/exec":       "pods exec",
		"get /metrics":        "/metrics",
		"get secretz":         `there is no resource "secretz"; did you mean "secrets"?`,
		"get pods/exce":       `pods has no subresource "exce"; did you mean "exec"?`,
		"get pods/":           "pods/ names no subresource",
		"list nodes in other": "nodes",
	} {
		asking, err := answer.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		q, remarks, err := asking.Question(view)
		got := q.Path
		switch {
		case err != nil:
			got = err.Error()
		case q.Subresource != "":
			got = q.Resource.String() + " " + q.Subresource
		case q.Path == "":
			got = q.Resource.String()
		}
		if got != want {
			t.Errorf("%q asks for %q, want %q", text, got, want)
		}
		if narrows := "nodes are in no namespace: a namespace does not narrow the question, and no RoleBinding grants them"; slices.Contains(remarks, narrows) != (text == "list nodes in other") {
			t.Errorf("%q has the remarks %q", text, remarks)
		}
	}
	if got := answer.Unnamed(view, "lst"); got != `no rule names the verb "lst"; did you mean "list"?` {
		t.Errorf("of the verb lst it says %q", got)
	}
}

// TestSubjectIsReadAgain goes through every kind of subject.
func TestSubjectIsReadAgain(t *testing.T) {
	t.Parallel()
	for _, s := range []access.Subject{
		{Kind: "ServiceAccount", Namespace: "ci", Name: "runner"},
		{Kind: "User", Name: "jane@example.com"},
		{Kind: "User", Name: "a:b/c"},
		{Kind: "Group", Name: "system:masters"},
		{Kind: "User", Name: "system:anonymous"},
		{Kind: "Group", Name: "sa:x"},
	} {
		got, err := access.ParseSubject(answer.Subject(s))
		if err != nil || got != s {
			t.Errorf("%q is read as %+v (%v), want %+v", answer.Subject(s), got, err, s)
		}
	}
}
