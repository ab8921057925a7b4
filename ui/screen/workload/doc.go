// Package workload is the screen of one workload: how it is, what it costs the score,
// its pods and containers, what exposes it, who it runs as, and what covers it.
//
// # Design
//
// All that is told is gathered in the background (facts.go) out of the view's indexes:
// what it takes depends on the workload and on its namespace, and never on how large the
// cluster is. Facts never change; a frame draws what is in sight of them. Text is held as
// entries (entry.go), which are drawn for a width when that changes.
//
// Each pane has its own cursor, and one has the focus. Where there is room for it all,
// panes stand beside each other; elsewhere one is shown below a line with the names of
// all.
//
// The screen tells what the view knows. It judges nothing, and what was not measured it
// does not guess: the trend of use is that of the samples which came while the screen
// was open.
//
// A new pane is a name in the list of panes, a function that tells its entries, and its
// place in view.go.
package workload
