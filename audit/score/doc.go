// Package score turns findings into scores from 0 to 100, and says of each
// point where it went.
//
// # Design
//
// For a check with f failing of n applicable subjects in a namespace:
//
//	p = f/n                                    prevalence: fair to size
//	x = 1 − (1−p)·(1 − a·(1 − 2^−f))           one critical among 500 is not diluted away
//	P = Σ w·x − 10·Σ m·ln(max(0.01, 1−y))      over the checks and the measures of a category
//	S = 100·e^(−P/10), at least 2              the category
//	Score = 100·Π (S/100)^(v/Σv)               the namespace: categories that apply
//
// An open critical caps a namespace at 69, an open high at 89. A check is a
// rule at one severity: where a rule departs from its own severity for some
// subjects, those are counted apart. Findings that another one implies cost
// nothing.
//
// A measure is a rule with a weight m ([audit.Rule]): it does not count subjects,
// but says of the namespace how far something goes there, y from 0 to 1. Its term
// multiplies the score of its category by (1−y)^m. Each has at most one finding in
// a namespace, which is what the term costs. The measures of the category rbac
// together are the scope score of a namespace: 100·Π max(0.01, 1−y)^m.
//
// The form is log-additive, so the points lost split exactly: among the
// categories by v·−ln S, within a category by the terms of P, within a check
// evenly over its subjects. What a cap takes goes to the findings that hold it. The points
// of a namespace's findings, in hundredths, add up to 100 minus its score.
//
// Accepted findings cost nothing either: their subjects count as passing. What
// the score would be without that stands beside it.
//
// A gain is never read off that split: it is the score evaluated again without
// the finding, including what the finding had implied.
//
// The score of the cluster is the mean of its scored namespaces, weighted by
// log₂(1+subjects). Platform namespaces ([kube.Platform]) are a group of their
// own, with a mean of their own. Grants that no namespace holds (a
// ClusterRoleBinding to a user), and objects of the cluster as such, are scored in
// a row named [ClusterWide], which may lower the mean and never raises it.
//
// An [Assessor] follows a source as [audit.Auditor] does: a namespace about
// which nothing new was said keeps its scores.
//
// This package knows no rule: a new one changes nothing here.
package score
