// Package podproto reads pods from their protobuf encoding, and of each only
// what a view keeps.
//
// # Design
//
// Pods are the bulk of every cluster, and replicas differ in little more than
// their names. So the encoded spec of a pod is never decoded if one like it was:
// it is stripped of what is a pod's own (node, host name, the random suffix of
// the token volume), hashed, and looked up among the specs that are held. Labels,
// annotations and owners are looked up by their encoded form in the same way;
// managed fields, addresses and container IDs are skipped without a look.
//
// Objects with a pod template are decoded as client-go does, but for the pod spec:
// that is cut out of the message. After admission the spec of a pod is no longer that
// of its template, but its parts are: containers but for their mounts, and within
// them probes, ports, resources and security contexts, so each is decoded and held
// once. A container is a copy of a struct, so they are counted instead of held
// weakly.
//
// The encoding is that of k8s.io/api/core/v1 (generated.proto): field numbers
// are part of the API and never change their meaning, and what this package does
// not know it skips. That the result is the same as by the generated decoder is
// held by a fuzz test.
//
// It reads nothing but pods and templates, asks no server and keeps no pod. Specs are held
// weakly: one that no pod has any more is collected.
package podproto
