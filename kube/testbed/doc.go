// Command testbed runs a real Kubernetes control plane, without containers and
// without downloading a binary, so that tests meet a kube-apiserver and not an
// imitation of one.
//
// # Where the binaries come from
//
// Everything is compiled from Go modules. Three module graphs that cannot be
// merged pin the versions, each in a folder with a go.mod: etcd;
// kubernetes (kube-apiserver, kube-controller-manager, kube-scheduler); nodes
// (kwok, which plays the kubelets, and metrics-server). To move to another
// release, change the go.mod and nothing else: versions are read from there. A
// binary is built once and kept in a cache outside the checkout, in a folder
// named after its version ($SEAWORTHY_TESTBED_CACHE, or seaworthy/testbed in the
// user's cache directory). $SEAWORTHY_TESTBED_ASSETS names a folder of ready
// binaries to use instead; $KUBEBUILDER_ASSETS does so for etcd and
// kube-apiserver. See build.go.
//
// # What runs
//
// etcd and kube-apiserver always; with --controllers the controller manager and
// the scheduler; with --nodes N kwok and N nodes, on which pods run as far as the
// API can tell; with --metrics the metrics API. All listen on free ports of
// 127.0.0.1 and live in one temporary directory, which goes when they go. Data is
// not flushed to disk: a testbed is never restarted.
//
// Annotations on pods decide what kwok makes of them. Some behaviours are there at
// once and stay (kwok.go), others are played over time as a kubelet would, with its
// back-off and its events (kubelet.go):
//
//	testbed.seaworthy.dev/behaviour: crash | oom | unready | image-pull
//	testbed.seaworthy.dev/behaviour: crash-loop | oom-loop | pull-fails | config-error | probe-fails | slow
//	testbed.seaworthy.dev/cpu, testbed.seaworthy.dev/memory: what metrics report
//
// # How it breaks
//
// A scenario is a file: objects that are well, what breaks them, and what to wait
// for, step by step (scenario.go, wait.go). "scenario" plays one on a running
// cluster; by hand
//
//	go run -C kube/testbed . up -controllers -nodes 4 -zones 2
//	go run -C kube/testbed . scenario -kubeconfig FILE ../../audit/triage/scenario/testdata/node-lost/scenario.yaml
//
// Nothing waits for a time to pass where it can wait for something to be so, but
// once: between what is well and what breaks it, because the API's times are whole
// seconds.
//
// # Who may do what
//
// The kubeconfig has three contexts. "admin", the current one, is in
// system:masters. "reader" may get, list and watch everything and change nothing.
// "viewer" has only what every authenticated user has: discovery and the
// self-reviews. Each has a bearer token as well, printed by up.
//
// # What it can prove
//
// The audit log has every request of every user but the testbed's own components.
// Reads are logged with their metadata and writes with their body, so a log
// without writes of a user shows that the user wrote nothing. Requests for
// Secrets and ConfigMaps are logged with the response: for get and list its kind
// tells a PartialObjectMetadataList from a SecretList. A watch is a stream and the
// API server records none of its response and no Accept header (k8s.io/apiserver
// v0.37.1, pkg/endpoints/handlers/watch.go has no audit call), so the audit log
// cannot tell a metadata watch from a full one. --record is for that: requests
// then pass through a recording proxy, which writes down the Accept header and
// whether any of the values given with --canary was in the bytes that came back
// (record.go).
//
// The API server's code itself answers, too: "authorize" runs its RBAC authorizer,
// its checks against escalation and its filter of impersonation over roles and
// bindings from standard input (kubernetes/authorizer), thousands of times faster
// than a server could be asked.
//
// # How it ends
//
// By a signal, or when standard input closes. A test holds the other end of that
// pipe: however the test process ends, the pipe closes. Should this program be
// killed outright, Linux kills its children with it.
//
// The program knows nothing of seaworthy and must import nothing of it. It uses
// the standard library and one YAML reader, so that starting a cluster never waits
// for client-go to compile. To run another component: a line in binaries, a file
// with its flags, and its start in controlplane.go.
package main
