package workloadhealth

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
)

// oomKilled is the reason for which the kubelet says that a container ended when
// it ran out of memory. No package of the API declares it.
const oomKilled = "OOMKilled"

// ending says how a run of a container ended: "exit code 143 (SIGTERM)". The
// message that the container left is not repeated: programs put anything there.
func ending(t *corev1.ContainerStateTerminated) string {
	meaning := t.Reason
	if meaning == "" || meaning == "Error" || meaning == "Completed" {
		meaning = exitMeaning(t.ExitCode)
	}
	if meaning == "" {
		return fmt.Sprintf("exit code %d", t.ExitCode)
	}
	return fmt.Sprintf("exit code %d (%s)", t.ExitCode, meaning)
}

// exitMeaning says what an exit code tells by itself: 126 and 127 come from the
// shell, 128 and up from a signal; "" for those that only the program knows.
func exitMeaning(code int32) string {
	switch code {
	case 126:
		return "the command cannot be executed"
	case 127:
		return "the command was not found"
	case 130:
		return "SIGINT"
	case 132:
		return "SIGILL"
	case 134:
		return "SIGABRT"
	case 135:
		return "SIGBUS"
	case 136:
		return "SIGFPE"
	case 137:
		return "SIGKILL"
	case 139:
		return "SIGSEGV"
	case 141:
		return "SIGPIPE"
	case 143:
		return "SIGTERM"
	}
	return ""
}
