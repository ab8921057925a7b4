// Package policy is what people have decided about an audit before it is made:
// which rules are on and how grave they are, which namespaces belong together,
// what a scan has to reach, and which findings are accepted.
//
// # Design
//
// A [Policy] is read from the text of a file by [Parse], which is strict: what it
// does not understand is an error that names file and line, and all errors are
// told together. A policy has a profile, which is a list of rules and severities
// kept in profiles/, and what the file changes of it.
//
// [Policy.Apply] turns categories into those that the policy wants: rules that
// are off are left out, severities and parameters are changed in copies. Nothing
// that judges knows of a policy. What depends on findings is done by a
// [Reviewer], after judging and before scoring.
//
// This package reads no file and knows no clock.
package policy
