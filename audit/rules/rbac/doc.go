// Package rbac judges who may do what: bindings, roles and the tokens that pods carry.
//
// # Design
//
// Each rule is a file that bears the rule's ID, with its examples in the
// folder of that name under testdata; rules_gen.go lists them. Rules here never
// keep state and read nothing but the view they are given.
//
// Most rules warn of a power: something dangerous that a role may allow. Roles
// alone are no risk, so powers are judged through bindings, which charge.go
// derives once for each view: whose namespace a binding counts in, what powers
// its role gives, and how far its subjects are from being taken over. A binding
// is charged once: power.go says which powers come with a stronger one. The
// finding of the weaker is then implied by that of the stronger, and this must
// stay true: what is implied never costs more than its cause.
//
// Some powers take more than a role says in one rule: the verb bind is nothing
// without the right to write bindings. A holder (holder.go) is asked for the rest,
// in the role or in any other binding that reaches the subject, and the power is
// held where both halves are. Whether a namespace runs programs with power over
// the cluster, so that taking it over is taking over those, privileged.go says.
// Nothing here matches verbs and resources itself: package access does, as the
// API server would.
//
// A fix is offered only where it is known whom it hits. A role is edited if one
// binding has it and nothing is gathered from it (narrowing.go); otherwise the binding
// is what changes: it goes (unbinding.go), or grants in the namespaces of its
// ServiceAccounts instead (confining.go). What a program needs of a role that allows
// everything nobody can see from here, so that no fix guesses it.
//
// Six rules measure a namespace as a whole ([audit.Rule] has a Weight): together they
// are its scope score. What they measure is package scope's; a rule here says it in
// words, by measure.go. They charge nobody: what is behind a measure has a rule of
// its own, whose severity caps the score.
//
// To warn of another power, define it in the file of its rule and add it to the
// list in power.go. Rules about subjects or references judge charges as well;
// rules about the tokens of pods start from token.go.
package rbac

import "github.com/seaworthy-dev/seaworthy/audit"

// Category returns the category with its rules.
func Category() audit.Category {
	return audit.Category{
		ID:       "rbac",
		Title:    "RBAC scope",
		Label:    "RBAC",
		Weight:   20,
		Heart:    true,
		About:    "Who may do what: the reach of roles and bindings, and the API tokens that pods carry without need.",
		Rules:    rules,
		Examples: examples,
	}
}
