// Package rbac is the screens that explore who can do what: six views of a cluster's
// roles and bindings, one subject with all that it can do, and one aggregated role
// with where its rules come from.
//
// # Design
//
// What is said here is what seaworthy access says, and comes from the same words
// (package answer). Each view is a sheet of rows, made in the background out of the
// newest assessment: at once for what the user asked for, and no more than once a
// second for news of the cluster. To filter and sort a sheet is a job of its own.
// The ways to cluster-admin are measured beside, once for each attack graph, and
// come into the rows when they are there; what stands beside the table is looked up
// for the row under the cursor. So no key waits for a cluster of 20,000 bindings,
// and no frame looks at more than the rows in sight.
//
// With 150,000 pods and 20,000 bindings (BenchmarkExplorer in package ui, on two
// cores) a key takes 0.1 to 0.7 ms to its frame at the median and at most 14 ms at the
// 99th percentile; 13,500 grants are sorted in 20 ms, another question is answered
// within 0.8 s, and the 37,000 subjects are there 0.6 s after they were first asked
// for.
//
// The screens judge nothing: what is wrong with a grant, the rules say, and their
// findings are shown where a view is about them. No figure of use is shown, for no
// view knows what is used.
//
// A further view is a file with a function that makes its sheet, and a line in
// views.
package rbac
