// Package scenario holds triage to what a real control plane writes.
//
// # Design
//
// Each folder of testdata is a scenario: a small shop that is well, and one thing
// that breaks it, or nothing that does. scenario.yaml says how, for the program in kube/testbed that
// plays it; expect.yaml says what triage must make of it; recording.seaworthy is
// what an API server told while it was played. Tests replay the recordings, which
// takes no control plane; README.md is the table of all, and is written by them.
//
// # What is real
//
// The API server with its admission and quota, the scheduler and all controllers:
// what they write into conditions, events, ReplicaSets, EndpointSlices, budgets,
// autoscalers, taints and terminating namespaces is theirs, word for word. Only the
// kubelets are played, by stages of kwok that say what a kubelet would (kwok.go and
// kubelet.go in kube/testbed): an annotation on the pod's template decides that its
// containers are killed for want of memory or crash, with the kubelet's back-off, that its image is not
// found, in the words of containerd, that a key of a ConfigMap is missing, or that
// its readiness probe fails. No container ever runs, and no traffic flows. A node
// that is lost is one whose lease nobody renews; what the node controller then
// does is real. The metrics of the autoscaler's scenario are made up by kwok and
// pass through a real metrics-server.
//
// Times are moved as cmd/internal/record says: what is well has been so for
// six hours, and everything breaks at the same moment. Conditions that count only
// after minutes are not waited for: the replay lets time pass over the last view, in
// which only the leases are renewed that were alive.
//
// Where triage falls short, expect.yaml still says what is right, and lists under
// wrong what comes instead: the test fails as soon as that is mended and the list is
// not.
//
// # To add one
//
// A folder with scenario.yaml and expect.yaml, and then
//
//	make scenarios NAMES=the-folder
//	go test ./audit/triage/scenario -update
//
// A recording is made again in the same way, when the testbed's Kubernetes moves on
// or the view keeps more of an object.
package scenario
