// Package reach answers questions about who gets where in a graph: how near a
// source is to a sink, what would close the way, what lies on all ways. It has
// algorithms alone and knows nothing of Kubernetes, so that each of them can be
// held against trying everything on small graphs, which the tests do.
//
// # The graph
//
// A vertex is something that an attacker may control. An edge says that who
// controls its tail also gets its head, at a cost of 0 (free) to 4 (hardly worth
// trying). A label is what a person can take away: a grant, a field of a pod. A
// [Builder] collects edges and makes a [Graph], compact and immutable.
//
// What makes an edge hold is its [Support]: a conjunction of requirements, each of
// which is met while at least one of its labels is left. Creating a binding to
// cluster-admin needs two rights, and each may be granted twice:
//
//	(create-bindings-by-a or create-bindings-by-b) and (bind-by-c)
//
// Taking away c breaks the edge; of a and b both must go. One label may stand in
// many supports, and a support on many edges.
//
// The API server asks whether one requester has all the rights that a request
// needs. So a conjunction is a matter of one edge, out of the one subject that has
// them all, and not of a vertex that waits for several attackers to meet: whoever
// builds the graph draws the edge for each subject that holds every part, and
// gives it the support. Reaching it then takes that subject alone. Two subjects of
// which each holds a part make no edge. Where an attack does work by halves, such
// as one who creates a signing request and another who approves it, each subject
// that controls both by way of others must be given an edge of its own; nothing
// here finds it.
//
// # Questions
//
//   - Who gets there, and how easily? [Graph.Towards], [Distances.Count]
//   - Which way would an attacker go? [Distances.Path], [Distances.Paths]
//   - Does it suffice to fix that way? [Distances.Alternates]
//   - What if this were taken away? [Distances.WhatIf]
//   - What is unavoidable, and for how many? [WhatIf.Gains] for labels,
//     [Distances.Dominators] for vertices
//   - Where would one look first? [Distances.Ranking]
//   - Which few changes close the most? [Distances.Greedy]
//   - What is the cheapest way to close everything? [Distances.MinCut]
//   - What falls with this? [Graph.Radius]
//
// Everything is deterministic, and what is long takes a context and gives up when
// it ends. A [WhatIf] belongs to one goroutine; all else may be shared.
//
// # What is exact
//
// Distances, paths, what-if, gains, dominators and radius are exact. A ranking is
// a heuristic with one proved property: no label closes more sources than its
// rank. That is why gains are complete though few labels are tried. A greedy plan
// tells exactly what it closes, but another might close more.
//
// A cheapest cut of labels is another matter. With single labels on single edges
// it is the classical minimum cut; when a label may stand on any edges the question
// is NP-hard. [Distances.MinCut] makes a network in which each label is one gate,
// as wide as its price, that all edges of the label pass: the gates of several
// requirements lie one behind the other, those of alternative labels side by
// side. The network may have more ways than the graph, never fewer, so its minimum
// cut (Dinic's algorithm) closes every way. Then the flow is taken apart. As much
// of it as goes by paths that the graph has is a lower bound for every cut, and if
// that is all, the cut is proved to be minimal. It is so wherever all tails of a
// label's edges lead to all of its heads, which is how a binding works: each
// subject gets everything that it grants. Otherwise labels that the cut does not
// need are dropped, and the gap is closed from below. First, paths of the graph
// are added to the flow by real paths, until each has a label that is full. Then
// the cheapest choice of labels that hits every path found so far is sought by
// branch and bound; it is a cut, and so the cheapest, or leaves a path open that is
// the next to be hit. That ends after a fixed effort, and if [Cut.Bound] is then
// less than [Cut.Cost], nothing is claimed. What is returned closes what it says
// in every case.
//
// # Cost
//
// On two shared cores, one of them used, for the cluster of 150,000 pods of
// BenchmarkBuild (70,675 vertices, 343,010 edges): 8.7 MiB; building 25 ms, of which
// 14 sort what was collected; distances 4 ms; dominators 17 ms; radius of all
// vertices over 1,000 targets 9 ms; what-if 9 µs for a grant on average, 1 ms for
// the most used, 18 ms for all that are used at once; ranking 10 ms; exact gains of
// all grants for 20,000 accounts 0.3 s; five paths of a source 3 ms; a greedy plan
// of three steps 0.3 s; the cheapest cut of 178 exposed sources 0.08 s where six
// labels do, and 1.6 s on a busy machine where prices make it a hundred.
package reach
