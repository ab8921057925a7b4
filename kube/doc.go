// Package kube is the immutable view of a cluster that everything else reads.
//
// # Design
//
// A [Source] (a live cluster, manifests on disk, a recording) feeds a
// [Builder]; the Builder publishes numbered [Cluster] values. A Cluster never
// changes after it was published: rules, screens and reports read it without
// locks, two of them can be compared, and a new one shares every table that did
// not change with the one before it.
//
// The view holds what rules need and nothing else. Pods are small rows
// ([Pod]); their specs are content-addressed, so that ten thousand replicas
// share one [k8s.io/api/core/v1.PodSpec]. Secrets and ConfigMaps are held as
// metadata only, whatever a Source was given.
//
// Work follows the change. A Builder holds each table as it was last published and
// what changed since: the next one is merged from both, so that one event among
// 150,000 pods costs a copy of the pointers of its namespace. The workloads of a namespace are found
// again only if something they are made of changed there; a workload of the same
// object is the same value, which is how a reader sees that nothing happened to
// it. A view knows no view before it.
//
// Labels, annotations and what pods say of themselves are held once for all that
// bear them: a [Pod] has for itself its name, its node, an ID and times in as few
// bytes as say them exactly, and how its containers fare. ReplicaSets, of which
// there are several a Deployment, keep no more than their controller does not say.
//
// What components of a cluster write down for themselves and for each other ([Records]:
// past revisions, leases, attachments, which storage drivers there are, requests for certificates) is read to tell what
// happened. No rule judges it, so that a score does not depend on who may read it.
//
// What workloads used over some time is part of the view as well, although no server
// has it: a [Measurement] is an object like the others. Who measures beside a source
// adds it with [Cluster.WithMeasurements].
//
// What could not be read is part of the view: every (resource, namespace) has
// a [State], and [Cluster.Blind] tells a reader that an empty table proves
// nothing.
//
// What many readers ask of a view is a [Derivation]: worked out when first asked
// for, once, by namespace or key where that keeps it small ([KeyedDerivation]),
// and taken over by the next view while the tables it comes from are the same
// ([Derivation.From]), or made from that of an earlier view ([Revise]). No rule tries every pair of objects: whoever selects,
// scales or binds another is found in such an index.
//
// This package never talks to a server, reads no file and knows no clock: it
// imports only k8s.io/api and k8s.io/apimachinery. A new kind of object is a
// line in resource.go, a field in [Cluster] and a line in shelf.go; if it has a row of its
// own, a case in Builder.lean, [NewObject] and [APIOf]; a new custom
// kind is two lines in custom.go; a new place
// to read from is a package beside live, manifest and recording.
package kube
