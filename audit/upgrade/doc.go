// Package upgrade says what stands in the way of a cluster's next minor release, in the
// order in which somebody has to act on it: before the control plane, while nodes are
// drained, and as they come back.
//
// # Design
//
// All judging is done by rules ([Concern.Rules]); the package joins their findings, orders
// them, and says which of them have to be gone first ([Judge.Blocks]) and which are worth
// knowing. A finding that somebody accepted, or that is the consequence of another, is not
// told again.
//
// That nothing was found is said only of what was read: a concern of which a rule is off,
// could not judge everything, or reads what nobody could or did read, has a [Concern.Why],
// and without findings nobody can tell. That goes for manifests and for some namespaces of
// a cluster, too. It never says that a cluster is ready: nobody sees the files and charts
// that will be applied next, what is stored by an operator, or how add-ons like the release.
//
// The target is the next minor release and no other: a control plane goes one at a time
// (https://kubernetes.io/releases/version-skew-policy/). What is deprecated in a later one
// the rule deprecated-api-used-for-target-version tells, by its parameter.
//
// To add something, put its rule into a concern of stages.go and an example into testdata.
package upgrade
