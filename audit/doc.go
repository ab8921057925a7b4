// Package audit judges a cluster: rules, what they find, and how they are run.
//
// # Design
//
// A [Rule] is a value: what it is called, why it matters, how bad it is, what
// it reads, and a Check that looks at a [kube.Cluster] through a [Pass]. A
// [Category] is a list of rules with a weight; each category is a package under
// audit/rules, each rule a file there. [Run] applies categories to a cluster
// and returns a [Result]: the findings, and for each rule and namespace how
// many subjects it applied to. The packages under audit turn a Result into
// something for people: score, fix, report.
//
// An [Auditor] follows a source through its views and does the work that a
// change asks for. Rules about the same subjects form a group, which keeps for
// every subject a record: the verdict of each rule, and the findings. A new view
// is compared with the last one, pointer by pointer. A subject that is another
// value than before is judged by all rules of its group; one that is the same,
// by the rules that read something which changed in its namespace. Rules that
// look at several namespaces, or at the clock, say so ([Rule.Wide],
// [Rule.Timed]) and are judged as a whole: [Auditor.Glance] leaves them for
// later, so that who follows a busy cluster can run them once in a while. A
// namespace about which nothing new was said is the same value in the next
// Result, and nobody has to score, sort or show it again.
//
// Most rules count what fails. One with a [Rule.Weight] measures a namespace as a
// whole, and the [Tally] has how far it found something to go: a finding says what,
// and is no larger for it.
//
// A large cluster has half a million findings, and memory is what they cost. What
// they are about, their texts and the verdicts on subjects that fail nothing are
// held once, and a Result has no fixes: [Fixer] asks the rule again for those of
// the finding that somebody looks at.
//
// What a rule may look at is what it declares; a test runs every rule through
// random upheavals and compares an Auditor that followed them with one that sees
// each view as its first.
//
// Judging is pure: the same view gives the same findings in the same order.
// Nothing under audit reads a file, asks a server or knows the time other than
// that of the view; the Severity of a finding is the rule's unless the rule has
// a reason to depart from it for one subject.
//
// What could not be read is never a pass. A rule names the resources it reads;
// where one of them is blind in a namespace, the rule is unknown there, which
// the [Tally] says and the coverage of a score reflects.
//
// To add a rule, run make new-rule; to add a category, add a folder under
// audit/rules with a doc.go. Lists are generated.
package audit
