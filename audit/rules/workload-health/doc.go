// Package workloadhealth judges whether what runs does run: pods, the workloads
// they belong to, scheduled jobs, and the nodes below them.
//
// Each rule is a file that bears the rule's ID, with its examples in the
// folder of that name under testdata; rules_gen.go lists them. Rules here never
// keep state and read nothing but the view they are given.
//
// # Design
//
// Other categories judge how things are declared, this one how they are at the
// moment of the view, so it has no weight: a bad hour is not bad posture. Three
// things follow for its rules. A state is a finding only once it has lasted, by
// times that the objects themselves bear, for what is a parameter: rollouts,
// restarts of nodes and first starts look like failures while they last. What
// replicas have in common is one finding of their workload, with an example.
// And texts name the moment since when something holds, never for how long: a
// finding that stays as it is says the same in every view.
//
// A pod without a phase says nothing: manifests are not applicable. What
// pods have to tell is gathered once for each view ([rosters]); a rule that is
// about pods starts from there.
package workloadhealth

import "github.com/seaworthy-dev/seaworthy/audit"

// Category returns the category with its rules.
func Category() audit.Category {
	return audit.Category{
		ID:       "workload-health",
		Title:    "Workload health",
		Label:    "Health",
		About:    "Whether what runs does run: pods that crash, wait or are not ready, rollouts that stall, jobs that fail, nodes in trouble. It tells the state of the moment and costs no points.",
		Rules:    rules,
		Examples: examples,
	}
}
