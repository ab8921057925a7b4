// Package graph is the attack graph of a view: what leads from something that an
// attacker controls to something more.
//
// # Design
//
// A vertex is a thing that may be controlled, an edge a way from one to another
// that Kubernetes, or a kernel, offers to who controls the first. Each edge is of
// a [Family], which says in one sentence how the way goes, what it costs and how
// sure it is, and has a label: the rule of a role that a binding grants, or the
// field of an object, without which it would not be there. What one must not do
// is as telling: writing RoleBindings without the verb bind, "pods/*", the token
// Secret that does not exist and the pod that carries no token make no edge, and
// the files in testdata hold this for each.
//
// Nothing is quadratic. Pods that are alike to an attacker are one vertex: of a
// namespace and a ServiceAccount, with the same ways out, on the same pools of
// nodes ([Workload]); how many replicas there are plays no part, nor where the
// scheduler put them, for it may put them elsewhere tomorrow. Nodes are pools by
// their taints. There, "some node" and "a node of one's choosing" are two
// vertices: code that breaks out of a DaemonSet's pod meets the other DaemonSets
// for certain, and another workload only if it runs on the same node
// (NODE_POOL_EXPAND, which costs more where a pool has several nodes). Between
// subjects and what they may reach stand hubs: a namespace's new pods, its
// containers, its Secrets, its ServiceAccounts, each of which also exists for all
// namespaces, so that a grant in the whole cluster is one edge.
//
// A way that needs several grants (to write bindings, and to bind) is a chain over
// vertices of kind [Partly] that only that subject reaches, a step for each grant,
// with an edge for each rule that grants it. It exists only where all of them are
// held. So whoever takes labels away, step by step or all of a kind, is right
// about what is left without knowing of conjunctions.
//
// What an attacker would bind is a [BoundRole]: a vertex with the ways that a
// subject bound to it has.
//
// Rights are read as the authorizer of the API server reads them, by package
// access; a role is compiled once for all that are alike ([compile]). Servers of
// different versions honour different rights, which is gated by Info.Version, and
// Pod Security by the namespace's label. What is not known is assumed as new
// clusters have it: an unknown server is the newest.
//
// A graph is made of [inputs] and nothing else of a view, and kept while they say
// the same; a namespace is read again only if one of its rows changed. With
// 150,000 pods, 20,000 ServiceAccounts and 20,000 bindings it has 84,000 vertices
// and 300,000 edges, takes 0.6 s to make on two cores and 35 MB to keep; to see
// that it need not be made again after a pod has changed takes 15 ms
// (BenchmarkBuild, BenchmarkFollow).
//
// # Proof
//
// What the API server decides is replayed on a real one, with controllers
// (TestClaimsAreTrue): for each family the least world is made there, subjects
// with the grants and subjects who nearly have them do the calls that the way
// consists of, and what the server lets each of them do must be what the graph of
// the same objects says of them. On Kubernetes 1.37.1 that was 156 claims with
// 411 attempts, 172 of which pass, in 12 s after the cluster had started. So it
// is known that who patches a Secret reads it, that deletecollection tells in a
// dry run what it would delete, that whoever approves a certificate fetches it
// without the verb get, that the status and the finalizers of a Namespace take
// new labels, and that nobody changes the pod of a Job. Who decides on the other
// families stands in coverage.tsv ([Decider]).
//
// # Costs
//
// What an edge costs is what it takes beside the grant or the field that makes it:
//
//	0  nothing: it is held already, or follows from how Kubernetes works
//	1  requests that always work, or a command in a container that does; whoever
//	   reads the audit log may notice
//	2  more than one thing, of which one is usually as it must be, or something of
//	   one's own that has to run: the endpoint of a webhook, a repository
//	3  what all can see and somebody may undo, or what must be waited for or found
//	   out first: the label of a namespace, an exploit
//	4  luck
//
// They add up along a way, and who may do more never pays more for it: a pod of
// one's own costs 1, whether pods may be created or everything may be done in the
// namespace, and a lower Pod Security level 3, as it contains the pod and its
// privileges. So whoever has everything in a namespace without a level is 5 away
// from the cluster: a pod (1) that is privileged (1) on a node of the control plane
// (2) whose keys are used (1). With the level restricted it is 6, because that right
// reaches the label; who may only create pods there has no way. The way of
// cluster-admin is 0. How bad a way is is another matter: [Family.Severity].
//
// It knows no distances: paths, cuts and what-ifs are found on [Graph.Edges].
//
// coverage.tsv lists the ways that people have written down, which of them are
// edges here, and why the others are not ([Coverage]). To add one, put a Family
// into the file of its kind, say in right.go what right it needs, and where it
// leads in [powers] (one right) or [build.conjoin] (several), or in exam.go what
// field opens it; write a story in testdata, its line in coverage.tsv, and, if the API
// server decides on it, a claim for the replay.
package graph
