package plan_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// TestFixesSayWhatTheyBreak makes every fix of the rules' examples, those that are
// second choice as well: one that changes what pods are made from, who may do what, or
// what reaches what, says what that may break.
func TestFixesSayWhatTheyBreak(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../rules/*/testdata/*/fail*.yaml")
	if err != nil || len(files) < 100 {
		t.Fatalf("there are %d examples, %v", len(files), err)
	}
	judged := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		id := filepath.Base(filepath.Dir(file))
		c := view(t, string(text))
		fixer := audit.NewFixer(c)
		for _, f := range audit.Run(c, rules.All()).Findings() {
			if f.Rule.ID != id {
				continue
			}
			for _, way := range fixer.Fixes(f) {
				touched := touches(t, c, f.Subject, way)
				if touched == "" {
					continue
				}
				judged++
				if way.Risk == "" && harmless()[id] == "" {
					t.Errorf("%s: %q changes %s and does not say what that may break", id, way.Title, touched)
				}
				if way.Risk != "" && !strings.HasSuffix(way.Risk, ".") {
					t.Errorf("%s: the risk of %q is no sentence: %s", id, way.Title, way.Risk)
				}
			}
		}
	}
	if judged < 150 {
		t.Errorf("%d fixes were looked at", judged)
	}
}

// harmless says why fixes of rules have no risk: all that they do is to have the pods
// made again, which every plan says.
func harmless() map[string]string {
	return map[string]string{
		"apparmor-annotation-unknown-container": "the annotation is about no container",
		"deprecated-service-account-field":      "the pods run as the same account",
		"duplicate-env-var":                     "the programs see the same variables",
		"probe-uses-port-number":                "the same port is probed",
	}
}

// touches names what a fix changes of what a cluster does; "" for what it only says.
func touches(t *testing.T, c *kube.Cluster, subject kube.Ref, f audit.Fix) string {
	t.Helper()
	changes, err := fix.Outcome(c, subject, f)
	if err != nil {
		t.Errorf("%s: %v", subject, err)
		return ""
	}
	after, err := c.With(changes...)
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range changes {
		ref := change.Resource.Ref(change.Namespace, change.Name)
		switch change.Resource {
		case kube.Roles, kube.ClusterRoles, kube.RoleBindings, kube.ClusterRoleBindings, kube.ServiceAccounts:
			return "who may do what"
		case kube.Services, kube.Ingresses, kube.NetworkPolicies:
			return "what reaches what"
		}
		if was, is := c.Workload(ref), after.Workload(ref); was != nil && is != nil && !reflect.DeepEqual(was.Pod, is.Pod) {
			return "what pods are made from"
		}
	}
	return ""
}
