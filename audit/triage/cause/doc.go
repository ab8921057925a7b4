// Package cause says what is likely to have caused an incident, how far to trust
// that, what speaks for it and what against, how to mend it, and which commands to
// type next.
//
// # Design
//
// A [Pattern] is one way in which clusters break, as a value: a gate that must hold,
// points that the evidence earns, a fix and commands. The patterns of the field are
// listed in README.md, which the tests write. [Diagnose] weighs all of them and
// shows the best; the second as well if it is hardly behind.
//
// The points are few and the same for all patterns, so that two of them can be
// compared:
//
//	decisive    50   a component states the cause: the text of a quota, OOMKilled, a key that is missing
//	structural  35   a mismatch that the objects prove: the Secret is not there, no node is large enough
//	contrast    25   it fails here and not there: in the new revision and not in the old, on one node and no other
//	temporal   ≤20   a change shortly before, by its relevance ([change.Rank])
//	weak         8   a hint, twice at the most
//	against          a veto, or −35, or −10
//
// From 80 points on it is the cause, provided that a component states it, or that
// structure and contrast agree; from 60 on it is likely, from 40 on possible, and
// below that not determined: then the best check is named. No more than 95 points
// speak for a cause, and what speaks against it is taken off those: much evidence does
// not outweigh a contradiction. What could not be read gives no points and caps the
// result at 79, and so does every pattern whose proof is in logs, which no view has.
// Nothing is ever called confirmed, and each cause says at least one thing that speaks
// against it or was not looked at.
//
// What is read: the view, the signals and the changes. Nothing has a clock; the same
// case gives the same bytes. All texts but the commands quote the cluster: whoever
// shows them makes them harmless first (package printable). Commands are made of
// printable ASCII, whatever the names in them.
//
// A pattern looks at one subject, which its gate picks: the pods, the workload, the
// node of the signals it is about. What several patterns ask is a small function in
// revisions.go, spread.go, references.go, drivers.go, leases.go or room.go. To add a
// pattern, write it beside those of its family, name it in [Patterns] and give it an
// example in testdata; a counterexample as well if it has a veto.
package cause
