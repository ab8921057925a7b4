package graph

import "github.com/seaworthy-dev/seaworthy/audit"

// Ways out of a container that its security context opens.
var (
	privilegedContainer = &Family{
		ID: "CE_PRIVILEGED", Title: "Privileged container",
		Story: "{from} runs privileged, so code in it mounts the disk of its node and is root on {to} ({evidence})",
		Cost:  1, Severity: audit.Critical, Confidence: Conditional, Source: "kubernetes.io/docs/concepts/security/pod-security-standards, Privileged Containers",
	}
	enterNamespaces = &Family{
		ID: "CE_NSENTER", Title: "Privileged container that sees the node's processes",
		Story: "{from} runs privileged beside the node's processes, so code in it enters those of PID 1 on {to} ({evidence})",
		Cost:  1, Severity: audit.Critical, Confidence: Conditional, Source: "nsenter(1); pod field hostPID",
	}
	loadModule = &Family{
		ID: "CE_MODULE_LOAD", Title: "Container that may load kernel modules",
		Story: "{from} has the capability SYS_MODULE, so code in it loads a module into the kernel of {to} ({evidence})",
		Cost:  1, Severity: audit.Critical, Confidence: Conditional, Source: "capabilities(7), CAP_SYS_MODULE",
	}
	traceProcesses = &Family{
		ID: "CE_SYS_PTRACE", Title: "Container that may trace the node's processes",
		Story: "{from} sees the node's processes and has SYS_PTRACE, so code in it takes over one of root's on {to} unless AppArmor confines it ({evidence})",
		Cost:  2, Severity: audit.Critical, Confidence: Conditional, Source: "ptrace(2); capabilities(7), CAP_SYS_PTRACE",
	}
	administerSystem = &Family{
		ID: "CE_SYS_ADMIN", Title: "Container with SYS_ADMIN",
		Story: "{from} has the capability SYS_ADMIN, so code in it mounts a cgroup and has the kernel of {to} run a program ({evidence})",
		Cost:  2, Severity: audit.High, Confidence: Conditional, Source: "cgroups(7), release_agent; capabilities(7), CAP_SYS_ADMIN",
	}
	openByHandle = &Family{
		ID: "CE_DAC_READ_SEARCH", Title: "Container that reads files past permissions",
		Story: "{from} has the capability DAC_READ_SEARCH, so code in it opens {to} by handle ({evidence})",
		Cost:  2, Severity: audit.High, Confidence: Conditional, Source: "open_by_handle_at(2)",
	}
	rawDevices = &Family{
		ID: "CE_RAWIO_MKNOD", Title: "Container with raw access to devices",
		Story: "{from} has the capability SYS_RAWIO, so code in it reaches the memory and devices of {to} ({evidence})",
		Cost:  3, Severity: audit.Medium, Confidence: Inferred, Source: "capabilities(7), CAP_SYS_RAWIO",
	}
	inspectKernel = &Family{
		ID: "CE_BPF_PERFMON", Title: "Container that inspects the kernel",
		Story: "{from} has a capability that looks into the kernel, so code in it may read what {to} hold ({evidence})",
		Cost:  3, Severity: audit.Medium, Confidence: Inferred, Source: "capabilities(7), CAP_BPF, CAP_PERFMON",
	}
	unmaskedProc = &Family{
		ID: "CE_PROCMOUNT", Title: "Container with an unmasked /proc",
		Story: "{from} sees all of /proc as root, so code in it changes settings of the kernel of {to} ({evidence})",
		Cost:  2, Severity: audit.Medium, Confidence: Conditional, Source: "KEP-4265, procMount",
	}
	hostProcesses = &Family{
		ID: "CE_HOST_PID", Title: "Container that sees the node's processes",
		Story: "{from} sees the node's processes, so code in it as root reads the environment of {to} and signals them ({evidence})",
		Cost:  3, Severity: audit.Medium, Confidence: Inferred, Source: "pod field hostPID; proc(5)",
	}
	hostProcess = &Family{
		ID: "CE_WINDOWS_HOSTPROCESS", Title: "Windows HostProcess container",
		Story: "{from} runs in the host's own context, so code in it is SYSTEM on {to} ({evidence})",
		Cost:  0, Severity: audit.Critical, Confidence: Conditional, Source: "KEP-1981",
	}
	containerAccount = &Family{
		ID: "CONTAINER_SA", Title: "Pods carry the token of their ServiceAccount",
		Story: "{from} carries the token of {to} ({evidence})",
		Cost:  0, Severity: audit.Info, Confidence: Proven, Source: "kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin, bound tokens",
	}
	defaultAccount = &Family{
		ID: "DEFAULT_SA_BOUND", Title: "Pods run as the default ServiceAccount",
		Story: "{from} names no ServiceAccount of its own and carries the token of {to} ({evidence})",
		Cost:  0, Severity: audit.High, Confidence: Proven, Source: "kubernetes.io/docs/tasks/configure-pod-container/configure-service-account",
	}
	containerSecret = &Family{
		ID: "CONTAINER_OTHER_SA", Title: "Pods mount the token of another ServiceAccount",
		Story: "{from} has {to}, which is a token ({evidence})",
		Cost:  0, Severity: audit.High, Confidence: Proven, Source: "kubernetes.io/docs/concepts/configuration/secret, ServiceAccount token Secrets",
	}
)

var containerFamilies = []*Family{
	privilegedContainer, enterNamespaces, loadModule, traceProcesses, administerSystem, openByHandle, rawDevices,
	inspectKernel, unmaskedProc, hostProcesses, hostProcess, containerAccount, defaultAccount, containerSecret,
}

// powersOfCapability are the capabilities by which a container gets out. MKNOD is
// not among them: the device cgroup of an unprivileged container stops it.
var powersOfCapability = []struct {
	family  *Family
	names   []string
	hostPID bool // only beside the node's processes
}{
	{loadModule, []string{"SYS_MODULE"}, false},
	{traceProcesses, []string{"SYS_PTRACE"}, true},
	{administerSystem, []string{"SYS_ADMIN"}, false},
	{openByHandle, []string{"DAC_READ_SEARCH"}, false},
	{rawDevices, []string{"SYS_RAWIO"}, false},
	{inspectKernel, []string{"BPF", "PERFMON"}, false},
}

// escapes tells where a way out of a container leads on each node that it may
// run on.
func escapes(f *Family) (Kind, bool) {
	switch f {
	case privilegedContainer, enterNamespaces, loadModule, traceProcesses, administerSystem, rawDevices, unmaskedProc, hostProcess, gitRepository:
		return Node, true
	case openByHandle:
		return NodeFiles, true
	case hostProcesses, inspectKernel:
		return NodePods, true
	}
	return hostEscapes(f)
}
