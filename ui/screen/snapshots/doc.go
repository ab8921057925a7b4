// Package snapshots is the screen that compares two moments, A and B: what was found
// since, what was fixed, what cannot be seen any more, and what that did to the scores.
//
// A moment is the start of this session, now, or the last one of a recording. The
// address names both: snapshots/start..now, snapshots/monday.seaworthy..now,
// snapshots/old/a.seaworthy..old/b.seaworthy; snapshots/monday.seaworthy compares with
// now, and snapshots alone the start of the session with now. A recording is read and
// judged in the background, by the same rules and policy as the cluster, and so is the
// comparison (package compare says what it means). This package only shows it: it has
// no disk, and asks for recordings through [screen.Snapshots], which also writes down
// what changed.
//
// Beside the changes there is the history (snapshots?tab=history): what the recordings of
// the cluster that is looked at were worth, and now. A recording says itself which
// cluster it is of, so that each is read once in a session ([Past]), one after the other
// and newest first; those of other clusters are not judged. All are judged by the rules
// and policy of today: a line of scores by different rules would tell of the rules.
package snapshots
