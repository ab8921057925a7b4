// Package compliance is the screens of frameworks: all of them, with how many of
// their controls pass, and one of them, control by control, with the evidence.
//
// What is said here is what scan --framework says. Judging the controls goes
// through all findings, so it is done in the background, and anew no more than
// once a second however busy the cluster is. A control that no rule answers for is
// never a pass: it says why.
package compliance
