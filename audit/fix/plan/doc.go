// Package plan makes of many findings one set of changes, and says what that would
// do: what becomes of the scores, which findings go and come, which pods are made
// again, and whom the changed objects belong to.
//
// # Design
//
// Fixes are worked out for one view and one finding each. Those that say different
// things about the same field, that move the elements of a list which another one
// counts, or that create two budgets for the same pods, cannot be made together. So
// a plan is made in rounds: of the fixes of a view those are taken, worst finding
// first, that are independent of each other; the outcome is judged again, and what
// is still found has its fix worked out anew. Two findings contradict each other
// where the fix of one brings the other back: then the worse one is fixed and the
// other is a [Conflict]. A fix after which its finding is still there is left out
// as well. Where a finding has several fixes, the next one takes the place of one that is
// left out, and the plan says so (alternatives.go). The end of it is one [audit.Fix] of the first view, and a plan of the
// view after it is empty.
//
// What a change means depends on what is changed: [Target] says so for the objects
// of a view ([View]), and the command does for manifests, which are text. Nothing is
// applied here. The same view gives the same plan.
//
// What a server would say of the changes, [DryRun] asks one that is given to it, a few at a
// time; package kube has the words of its answers.
//
// [Fastest] chooses for somebody who has a score to reach: greedily, by what the scores
// would be without findings ([score.Trial]), and then makes the plan of just those.
//
// A further way to see whom an object belongs to is a case in owner.go, a further
// way for fixes to get into each other's way one in compose.go.
package plan
