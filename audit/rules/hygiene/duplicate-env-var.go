package hygiene

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var duplicateEnvVar = &audit.Rule{
	ID:       "duplicate-env-var",
	Title:    "A container sets an environment variable twice",
	Severity: audit.Low,
	Rationale: "The last entry wins, and whoever changes the other one wonders why nothing happens. " +
		"Tools that merge the list by name drop one of them, not always the same.",
	Remediation: "Keep one entry of each name: the last is the one that counts today.",
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Container: "[c.?env.orValue([]).map(e, e.name)].exists(all, all.exists(n, all.indexOf(n) != all.lastIndexOf(n)))",
	},
	Check: audit.EachContainer(func(p *audit.Pass, _ *kube.Workload, c kube.Container) bool {
		if len(c.Env) == 0 {
			return false
		}
		overridden := overriddenIn(c.Env)
		if len(overridden) == 0 {
			return true
		}
		var names []string
		for _, i := range overridden {
			if name := c.Env[i].Name; !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		p.Report(audit.Finding{
			Container: c.Name,
			Path:      envPath(c, overridden[0]),
			Message:   c.Kind.String() + " " + c.Name + " sets " + strings.Join(names, ", ") + " more than once",
			Detail:    "Of entries with one name the last counts; those before it have no effect on the program.",
			Fixes:     overriddenFixes(c, overridden),
		})
		return true
	}),
}

// overriddenIn returns the indexes of the entries that a later one of the same
// name overrides.
func overriddenIn(env []corev1.EnvVar) []int {
	last := make(map[string]int, len(env))
	for i := range env {
		last[env[i].Name] = i
	}
	if len(last) == len(env) {
		return nil
	}
	var overridden []int
	for i := range env {
		if last[env[i].Name] != i {
			overridden = append(overridden, i)
		}
	}
	return overridden
}

func envPath(c kube.Container, i int) string { return c.Field(fmt.Sprintf("env[%d]", i)) }

// overriddenFixes proposes to remove entries that are overridden, last first so
// that the others keep their index; none where an entry may be made of one of
// them, by $(NAME).
func overriddenFixes(c kube.Container, overridden []int) []audit.Fix {
	fix := audit.Fix{Title: "remove the entries that have no effect"}
	for _, i := range slices.Backward(overridden) {
		if slices.ContainsFunc(c.Env, func(e corev1.EnvVar) bool { return strings.Contains(e.Value, "$("+c.Env[i].Name+")") }) {
			return nil
		}
		fix.Edits = append(fix.Edits, audit.Edit{Op: audit.Remove, Path: envPath(c, i)})
	}
	return []audit.Fix{fix}
}
