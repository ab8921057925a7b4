// Package fixplan is the screen that plans fixes: what they lead to together, what has to
// be made again for them, whom the changed objects belong to, and what is left. It shows
// the plan of what is marked, or of what is found in a namespace or in the cluster; or the
// fastest way to a score.
//
// # Design
//
// A plan is made by package plan in the background, of the assessment that is newest when
// it begins, and made again when that is another: a plan of a cluster that never rests
// takes a tenth of the time at the most. It is of the worst findings where there are more
// than a person reads ([most]), and says so.
//
// The screen writes nothing: the root is asked to have a plan written down, and to have
// the server say what it would answer to each change (dryrun.go). A verdict stays beside
// its object as long as later plans change that in the same way.
//
// A filter only hides rows (filter.go): what the server is asked about, and what is written
// down, is the plan, whose changes hang together.
//
// What a row says is in rows.go, what stands above and below them in tell.go.
package fixplan
