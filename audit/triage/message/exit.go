package message

import (
	"fmt"
	"slices"
)

// EndKind is how a container ended.
type EndKind string

// The ends of a container.
const (
	// Completed: the process ended by itself, without an error.
	Completed EndKind = "completed"
	// Failed: the process ended by itself, with an error of its own.
	Failed EndKind = "failed"
	// BadUsage: exit code 2, by which shells and many programs mean their arguments.
	BadUsage EndKind = "usage"
	// NotStarted: the runtime did not start it.
	NotStarted EndKind = "not-started"
	// NotExecutable and CommandMissing: a shell could not run what it was given.
	NotExecutable  EndKind = "not-executable"
	CommandMissing EndKind = "command-missing"
	// ContainerMemory: it used more memory than its limit.
	ContainerMemory EndKind = "container-memory"
	// NodeMemory: the node had no memory left.
	NodeMemory EndKind = "node-memory"
	// Memory: for memory, and it is not known whose limit was reached.
	Memory EndKind = "memory"
	// ProbeKilled: the kubelet killed it for its liveness or startup probe.
	ProbeKilled EndKind = "probe"
	// GraceExceeded: it did not stop in the time that it was given.
	GraceExceeded EndKind = "grace-exceeded"
	// StoppedAsAsked: it was asked to stop, and did.
	StoppedAsAsked EndKind = "stopped"
	// KilledUnknown: somebody killed it.
	KilledUnknown EndKind = "killed"
	// Signalled: a fault of its own ended it by a signal, such as SIGSEGV.
	Signalled EndKind = "signal"
	// StatusLost: the node or the runtime lost it, so that nothing is known of its end.
	StatusLost EndKind = "lost"
	// RestartRule: a restart rule of the pod ended all its containers.
	RestartRule EndKind = "restart-rule"
	// OutOfRange: the exit code 255, which stands for any that is not one.
	OutOfRange EndKind = "out-of-range"
)

// Whether is what is known of a fact: an event that was not seen may have been
// dropped, or is older than an hour.
type Whether int

// What is known of a fact.
const (
	NotKnown Whether = iota
	No
	Yes
)

// Termination is what is known of a container that has ended: the fields of
// ContainerStateTerminated, and what other objects say.
type Termination struct {
	Code   int32
	Signal int32  // as the runtime gives it, mostly 0
	Reason string // "" if there is none
	// MemoryLimit says whether the container has a limit of memory, its own or the pod's.
	MemoryLimit Whether
	// NodeOOM says whether an event SystemOOM of its node came within 60 s of its end.
	NodeOOM Whether
	// Probe is the probe for which an event Killing says that it was stopped:
	// KilledByLiveness, KilledByStartup, or "" for none.
	Probe KillCause
	// Events says whether the events of the pod could be read, for its time.
	Events Whether
	// Deleting says whether the pod was being deleted when it ended.
	Deleting Whether
}

// Ending is what a termination means.
type Ending struct {
	Kind EndKind
	// Sentence says it, without the container's name: "It was killed …".
	Sentence string
	// Unknown has what is not known and could tell otherwise; nil for nothing.
	Unknown []string
}

// Signals, by their numbers on Linux (signal(7)); 128 is added by the shell's
// convention, which runtimes follow.
const (
	signalled = 128
	kill      = 9
	terminate = 15
)

// Exit says what the end of a container means. The reason decides before the code:
// runtimes write OOMKilled whenever the kernel killed a process of the container for
// memory, with whatever code the main one then ended.
func Exit(t Termination) Ending {
	switch t.Reason {
	case "OOMKilled": // containerd and CRI-O
		return outOfMemory(t)
	case "ContainerStatusUnknown": // kubelet/container/runtime.go, ContainerReasonStatusUnknown, with code 137
		return Ending{Kind: StatusLost, Sentence: "The kubelet no longer found it: its code 137 stands for any end."}
	case "RestartingAllContainers": // kubelet/kubelet_pods.go
		return Ending{Kind: RestartRule, Sentence: "A restart rule of the pod ended all its containers."}
	case "StartError", "ContainerCannotRun": // containerd, errorStartReason; Docker
		return Ending{Kind: NotStarted, Sentence: "The runtime could not start it; the message says why."}
	case "Unknown":
		return Ending{Kind: StatusLost, Sentence: "The runtime did not see it end, as after a reboot of the node."}
	}
	signal := t.Signal
	if signal <= 0 && t.Code > signalled && t.Code < 255 {
		signal = t.Code - signalled
	}
	switch {
	case signal == kill:
		return killed(t)
	case signal == terminate:
		return terminated(t)
	case signal > 0:
		return faulted(signal)
	}
	return byCode(t)
}

func outOfMemory(t Termination) Ending {
	e := Ending{Kind: Memory, Sentence: "The kernel killed it, or a process of it, for memory."}
	switch {
	case t.NodeOOM == Yes:
		e.Kind, e.Sentence = NodeMemory, "The kernel killed it since the node had no memory left."
	case t.MemoryLimit == No:
		e.Kind, e.Sentence = NodeMemory, "The kernel killed it for memory, and it has no limit of its own: the node, or a group above it, had none left."
	case t.MemoryLimit == Yes:
		e.Kind, e.Sentence = ContainerMemory, "The kernel killed it, or a process of it, when it reached its limit of memory."
		if t.NodeOOM == NotKnown {
			e.Unknown = []string{"whether the node was out of memory at the time"}
		}
	default:
		e.Unknown = []string{"whether it has a limit of memory"}
	}
	return e
}

// killed is SIGKILL without a reason, code 137.
func killed(t Termination) Ending {
	switch {
	case t.Probe != "":
		return Ending{Kind: ProbeKilled, Sentence: fmt.Sprintf("The kubelet killed it since its %s probe failed, and it did not stop when asked to.", t.Probe)}
	case t.Deleting == Yes:
		return Ending{Kind: GraceExceeded, Sentence: "Its pod was being deleted, and it did not stop within the grace period."}
	case t.NodeOOM == Yes:
		return Ending{
			Kind: NodeMemory, Sentence: "It was killed, and its node had no memory left at the time.",
			Unknown: []string{"whether it was among the victims"},
		}
	}
	// singleProcessOOMKill of the kubelet, and cgroup v1, kill one process alone.
	unknown := []string{"who sent SIGKILL", "whether a process of it was out of memory"}
	return Ending{
		Kind: KilledUnknown, Sentence: "It was killed (SIGKILL).",
		Unknown: append(unknown, missing(t)...),
	}
}

// terminated is SIGTERM, code 143.
func terminated(t Termination) Ending {
	switch {
	case t.Probe != "":
		return Ending{Kind: ProbeKilled, Sentence: fmt.Sprintf("The kubelet stopped it since its %s probe failed.", t.Probe)}
	case t.Deleting == Yes:
		return Ending{Kind: StoppedAsAsked, Sentence: "Its pod was being deleted, and it stopped when asked to."}
	}
	return Ending{Kind: StoppedAsAsked, Sentence: "It stopped when asked to (SIGTERM).", Unknown: append([]string{"who asked"}, missing(t)...)}
}

// missing returns what could not be looked at.
func missing(t Termination) []string {
	var unknown []string
	if t.Events != Yes {
		unknown = append(unknown, "whether a probe failed: its events are not known")
	}
	if t.Deleting == NotKnown {
		unknown = append(unknown, "whether the pod was being deleted")
	}
	return unknown
}

type fault struct {
	number         int32
	name, sentence string
}

// faults are signals that a process mostly brings upon itself.
var faults = [...]fault{
	{2, "SIGINT", "It was interrupted"},
	{3, "SIGQUIT", "It was told to quit"},
	{4, "SIGILL", "It met an instruction that the processor does not have, as of another architecture"},
	{5, "SIGTRAP", "It met a breakpoint or an assertion"},
	{6, "SIGABRT", "It gave up by itself, as by an assertion or a damaged heap"},
	{7, "SIGBUS", "It read memory that is not there, as of a full disk or shared memory"},
	{8, "SIGFPE", "It divided by zero"},
	{11, "SIGSEGV", "It used memory that is not its own"},
	{13, "SIGPIPE", "It wrote where nobody reads any more"},
	{24, "SIGXCPU", "It used up its time of the processor"},
	{25, "SIGXFSZ", "It wrote a larger file than it may"},
	{31, "SIGSYS", "It made a system call that it may not, as by seccomp"},
}

func faulted(signal int32) Ending {
	at := slices.IndexFunc(faults[:], func(f fault) bool { return f.number == signal })
	if at < 0 {
		return Ending{Kind: Signalled, Sentence: fmt.Sprintf("It ended by signal %d, or with the exit code %d of its own.", signal, signalled+signal)}
	}
	return Ending{Kind: Signalled, Sentence: fmt.Sprintf("%s (%s).", faults[at].sentence, faults[at].name)}
}

func byCode(t Termination) Ending {
	switch t.Code {
	case 0:
		return Ending{Kind: Completed, Sentence: "It ended by itself, without an error."}
	case 2:
		return Ending{Kind: BadUsage, Sentence: "It ended with code 2, which mostly means wrong arguments.", Unknown: []string{"what its log says"}}
	case 125:
		return Ending{Kind: NotStarted, Sentence: "The runtime refused to run it (code 125).", Unknown: []string{"whether the code is its own"}}
	case 126:
		return Ending{Kind: NotExecutable, Sentence: "Its command is no program, or may not be run (code 126)."}
	case 127:
		return Ending{Kind: CommandMissing, Sentence: "Its command, or a library of it, was not found (code 127)."}
	case 128:
		return Ending{Kind: NotStarted, Sentence: "The runtime could not start it (code 128)."}
	case 255:
		return Ending{Kind: OutOfRange, Sentence: "It ended with code 255, which stands for any that is not one, or the runtime did not see its end.", Unknown: []string{"what its log says"}}
	}
	return Ending{Kind: Failed, Sentence: fmt.Sprintf("It ended by itself, with code %d.", t.Code), Unknown: []string{"what its log says"}}
}
