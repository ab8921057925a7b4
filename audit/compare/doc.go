// Package compare says what became of each finding between two assessments: the same
// cluster at two moments, or two clusters that should be alike.
//
// # Design
//
// A finding is looked for in the other assessment by what it says about its object: by
// its ID and message, then by its ID, then by rule, object, container and the shape of
// its message, for the place of a container in a list is no news. What is found so is
// the same, or has become worse, better, accepted, or open again.
//
// What is not found is never fixed for that reason alone. It may be that the other side
// could not see it: its rule is off there, its namespace is outside of what was looked
// at, something that the rule reads was refused, or the subject stayed without a
// verdict. Then it is unknown, and why is said. If its object or its namespace is not
// there any more, it is gone, which nobody has to be praised for. Only what was judged
// again and not found is fixed.
//
// Each of these has its mirror: what is found for the first time is new, or came with
// an object that was not there, or is revealed because it could not be seen before. To
// compare the other way round gives the mirrored changes, and of the findings of both
// sides each stands in one change or is counted as the same. Tests hold this.
//
// An object that is gone and one that came may be the same under another name, in
// another namespace, or of another kind. Their findings are one that moved if rule,
// container and shape of the message agree, two of the three names do, and no other
// finding is a candidate. Where there is a doubt both stand as they are.
//
// Both sides are judged by this program, so that the version of the rules and of the
// score is the same; what else would make a comparison unfair (other clusters, scopes,
// profiles, rules) is told ([Comparison.Apart]) and does not keep anybody from looking.
//
// Nothing here has a clock, and the order of the changes follows from what they are.
// Namespaces that two assessments share, as those of one source do where nothing
// happened, cost nothing.
package compare
