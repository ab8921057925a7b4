package message

import "strings"

// ProbeCause is why a probe failed.
type ProbeCause string

// The causes (pkg/probe: http, tcp, grpc, exec).
const (
	// ProbeStatus: HTTP answered with the status in Status.
	ProbeStatus ProbeCause = "http-status"
	// ProbeRefused: nothing listens at the port.
	ProbeRefused ProbeCause = "refused"
	// ProbeTimedOut: there was no answer within timeoutSeconds.
	ProbeTimedOut ProbeCause = "timeout"
	// ProbeNetwork: it was not reached, or the connection was cut.
	ProbeNetwork ProbeCause = "network"
	// ProbeTLS: TLS was not agreed upon, or was not expected.
	ProbeTLS ProbeCause = "tls"
	// ProbeName: the host's name could not be resolved.
	ProbeName ProbeCause = "dns"
	// ProbeUnhealthy: gRPC answered that the service is not serving.
	ProbeUnhealthy ProbeCause = "grpc-unhealthy"
	// ProbeUnimplemented: gRPC answered, and has no health service.
	ProbeUnimplemented ProbeCause = "grpc-unimplemented"
	// ProbeOutput: what a command wrote, which is not kept: it may hold anything.
	ProbeOutput ProbeCause = "output"
	// ProbeRuntime: the runtime could not run the command.
	ProbeRuntime ProbeCause = "runtime"
)

// ProbeFailure is a probe that failed.
type ProbeFailure struct {
	// Probe is "liveness", "readiness" or "startup"; "" if the message is no probe's.
	Probe string
	// Errored says that the probe could not be made, as opposed to a bad answer.
	Errored bool
	// Warning says that the answer was taken for a good one.
	Warning bool
	Cause   ProbeCause // "" of a message that is no probe's
	Status  int        // of ProbeStatus, else 0
}

// Probe reads the events Unhealthy and ProbeWarning: "Readiness probe failed: …",
// "Liveness probe errored and resulted in UNKNOWN state: …" ("errored: " before)
// (pkg/kubelet/prober/prober.go). Only what the kubelet itself writes first is read,
// since a command may write the same.
func Probe(message string) ProbeFailure {
	message = bounded(message)
	name, rest, is := strings.Cut(message, " probe ")
	var p ProbeFailure
	switch {
	case !is:
		return p
	case name == "Liveness", name == "Readiness", name == "Startup":
		p.Probe = strings.ToLower(name)
	default:
		return p
	}
	if output, is := strings.CutPrefix(rest, "failed:"); is {
		p.Cause, p.Status = probeCause(strings.TrimSpace(output))
		return p
	}
	if output, is := strings.CutPrefix(rest, "errored"); is {
		p.Errored = true
		p.Cause = ProbeRuntime
		if holds(output, "code = DeadlineExceeded", "timed out", "timeout", "deadline exceeded") {
			p.Cause = ProbeTimedOut
		}
		return p
	}
	if strings.HasPrefix(rest, "warning:") {
		p.Warning = true
		p.Cause = ProbeOutput
		return p
	}
	return ProbeFailure{}
}

func probeCause(output string) (cause ProbeCause, status int) {
	if digits, is := strings.CutPrefix(output, "HTTP probe failed with statuscode: "); is { // pkg/probe/http/http.go
		status, rest, found := number(digits)
		if found && rest == "" {
			return ProbeStatus, status
		}
		return ProbeOutput, 0
	}
	switch {
	case strings.HasPrefix(output, `Get "http`), strings.HasPrefix(output, "dial tcp "): // net/http, pkg/probe/tcp
		return ofNetwork(output), 0
	case strings.HasPrefix(output, "command ") && strings.Contains(output, " timed out"): // pkg/probe/exec, ErrCommandTimedOut
		return ProbeTimedOut, 0
	case strings.HasPrefix(output, "service unhealthy (responded with "): // pkg/probe/grpc/grpc.go
		return ProbeUnhealthy, 0
	case strings.HasPrefix(output, "error: this server does not implement the grpc health protocol"):
		return ProbeUnimplemented, 0
	case strings.HasPrefix(output, "timeout: failed to connect service "), strings.HasPrefix(output, "error: failed to connect service at "):
		if cause := ofNetwork(output); cause != ProbeNetwork {
			return cause, 0
		}
		if strings.HasPrefix(output, "timeout: ") {
			return ProbeTimedOut, 0
		}
		return ProbeNetwork, 0
	case strings.HasPrefix(output, "timeout: health rpc did not complete within "):
		return ProbeTimedOut, 0
	case strings.HasPrefix(output, "error: health rpc probe failed: "):
		return ofNetwork(output), 0
	}
	return ProbeOutput, 0
}

func ofNetwork(output string) ProbeCause {
	switch callCause(output) {
	case Refused:
		return ProbeRefused
	case TimedOut:
		return ProbeTimedOut
	case Certificate, Handshake:
		return ProbeTLS
	case NameUnknown:
		return ProbeName
	default:
		return ProbeNetwork
	}
}

// KillCause is why the kubelet stops a container.
type KillCause string

// The causes (pkg/kubelet/kuberuntime/kuberuntime_manager.go, computePodActions).
const (
	KilledByLiveness KillCause = "liveness"
	KilledByStartup  KillCause = "startup"
	// KilledForDefinition: its definition in the pod changed, as the image may.
	KilledForDefinition KillCause = "definition"
	// KilledForResize: a resize in place asks for a restart.
	KilledForResize KillCause = "resize"
	// KilledForHook: its postStart hook failed.
	KilledForHook KillCause = "post-start-hook"
	// KilledForState: the runtime did not know its state.
	KilledForState KillCause = "state"
	// Stopped: the pod is stopped, and the message does not say why.
	Stopped KillCause = "stopped"
	// UnparsedKill: the message is another one.
	UnparsedKill KillCause = Unparsed
)

// Kill is a container that the kubelet stops.
type Kill struct {
	Container string // "" if it is not said
	Cause     KillCause
	Restart   bool // it will be started again
	Text      string
}

// Killing reads the event Killing: "Container web failed liveness probe, will be
// restarted", "Stopping container web".
func Killing(message string) Kill {
	message = bounded(message)
	k := Kill{Cause: UnparsedKill, Text: Scrub(message)}
	said, restart := strings.CutSuffix(message, ", will be restarted")
	k.Restart = restart
	if name, is := strings.CutPrefix(said, "Stopping container "); is {
		k.Container, k.Cause = name, Stopped
		return k
	}
	if said == "FailedPostStartHook" {
		k.Cause = KilledForHook
		return k
	}
	tail, is := strings.CutPrefix(said, "Container ")
	if !is {
		tail, is = strings.CutPrefix(said, "Init container ")
	}
	if !is {
		return k
	}
	name, why, _ := strings.Cut(tail, " ")
	switch {
	case why == "failed liveness probe":
		k.Cause = KilledByLiveness
	case why == "failed startup probe":
		k.Cause = KilledByStartup
	case strings.HasPrefix(why, "definition changed"):
		k.Cause = KilledForDefinition
	case why == "resize requires restart":
		k.Cause = KilledForResize
	case name == "is" && strings.HasSuffix(why, "state, try killing it before restart"):
		k.Cause = KilledForState
		return k
	default:
		return k
	}
	k.Container = name
	return k
}
