// Package framework answers for whole frameworks what rules answer for clusters:
// which of their controls pass, which fail, and which nobody looked at.
//
// A framework is a YAML file: its controls, each with a title, and where it is not
// for a program, why. A control is judged by the rules that name its ID among
// their controls; where a framework has no numbers of its own, the file lists the
// rules, of which all bear the framework's mark (Rule.Controls again), so that
// nothing is claimed in one place alone.
//
// A control fails if one of its rules has a finding that nobody accepted. It
// passes only if every one of its rules could be judged everywhere. All else is
// not evaluated, with the reason.
package framework
