package message

import "strings"

// SandboxKind is why a pod has no sandbox.
type SandboxKind string

// The kinds.
const (
	// NoAddress: the network plugin has no address left to give.
	NoAddress SandboxKind = "no-address"
	// NetworkFailed: the network plugin Plugin failed.
	NetworkFailed SandboxKind = "network"
	// NetworkUninitialized: no network plugin is set up on the node.
	NetworkUninitialized SandboxKind = "network-uninitialized"
	// PauseImage: the sandbox's own image could not be pulled.
	PauseImage SandboxKind = "image"
	// HandlerMissing: the runtime has no handler for the pod's RuntimeClass.
	HandlerMissing SandboxKind = "runtime-handler"
	// NameTaken: the runtime still has, or is making, a sandbox for the pod.
	NameTaken SandboxKind = "name-taken"
	// SandboxTimedOut: the runtime did not answer in time.
	SandboxTimedOut SandboxKind = "timeout"
	// RuntimeUnreachable: the kubelet did not reach the runtime.
	RuntimeUnreachable SandboxKind = "runtime-unreachable"
	// UnparsedSandbox: in Text alone.
	UnparsedSandbox SandboxKind = Unparsed
)

// SandboxProblem is why a pod has no sandbox.
type SandboxProblem struct {
	Kind   SandboxKind
	Plugin string // the type of the network plugin, "" if it is not said
	Text   string
}

// sandboxKinds are the words of a kind, in the order in which they are looked for.
var sandboxKinds = [...]struct {
	words string
	kind  SandboxKind
}{
	{"no IP addresses available in range set", NoAddress},      // containernetworking/plugins, host-local
	{"failed to assign an IP address to container", NoAddress}, // amazon-vpc-cni-k8s
	{"cni plugin not initialized", NetworkUninitialized},       // containerd/go-cni
	{"cni config uninitialized", NetworkUninitialized},         // dockershim's words, which some runtimes kept
	{"network plugin is not ready", NetworkUninitialized},
	{"network is not ready", NetworkUninitialized}, // kubelet/errors.go, NetworkNotReadyErrorMsg
	{"failed to get sandbox image", PauseImage},    // containerd, internal/cri/server/podsandbox
	{"failed to reserve sandbox name", NameTaken},  // containerd, internal/cri/server/sandbox_run.go
	{"failed to setup network for sandbox", NetworkFailed},
	{"failed to create pod network sandbox", NetworkFailed}, // CRI-O
	{"plugin type=", NetworkFailed},                         // containernetworking/cni, libcni/api.go, pluginDescription
	{"networkPlugin cni failed", NetworkFailed},
	{"code = DeadlineExceeded", SandboxTimedOut},
	{"context deadline exceeded", SandboxTimedOut},
	{"code = Unavailable", RuntimeUnreachable},
	{"connection refused", RuntimeUnreachable},
}

// Sandbox reads the events FailedCreatePodSandBox ("Failed to create pod sandbox: …",
// kubelet/kuberuntime/kuberuntime_manager.go) and NetworkNotReady.
func Sandbox(message string) SandboxProblem {
	message = bounded(message)
	s := SandboxProblem{Kind: UnparsedSandbox, Plugin: quotedAfter(message, "plugin type="), Text: Scrub(message)}
	if strings.Contains(message, "no runtime for ") && strings.Contains(message, " is configured") { // containerd, internal/cri/config
		s.Kind = HandlerMissing
		return s
	}
	for i := range sandboxKinds {
		if strings.Contains(message, sandboxKinds[i].words) {
			s.Kind = sandboxKinds[i].kind
			return s
		}
	}
	return s
}
