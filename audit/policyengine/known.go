package policyengine

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// Known returns the IDs of the rules that judge what a policy judges, by the name under
// which it is published: of github.com/kyverno/policies by that of the policy, of
// github.com/open-policy-agent/gatekeeper-library by the kind of the constraint. It is nil
// for policies that people wrote themselves. Rules and policies have exceptions of their
// own: where one finds something and the other does not, that is worth a look.
func Known(policy string) []string {
	kind, _, _ := strings.Cut(policy, "/")
	return published()[kind]
}

// Published returns the names of the policies of which it is known which rules judge the
// same, sorted.
func Published() []string { return slices.Sorted(maps.Keys(published())) }

// published is the table of policies that are known.
var published = sync.OnceValue(func() map[string][]string {
	return map[string][]string{
		// Pod Security Standards by Kyverno: baseline, then restricted.
		"disallow-capabilities":          {"capabilities-added-beyond-baseline"},
		"disallow-host-namespaces":       {"host-network", "host-pid", "host-ipc"},
		"disallow-host-path":             {"host-path-volume"},
		"disallow-host-ports":            {"host-port"},
		"disallow-host-ports-range":      {"host-port"},
		"disallow-host-process":          {"windows-host-process"},
		"disallow-privileged-containers": {"privileged-container"},
		"disallow-proc-mount":            {"proc-mount-unmasked"},
		"disallow-selinux":               {"selinux-options-forbidden"},
		"restrict-apparmor-profiles":     {"apparmor-unconfined"},
		"restrict-seccomp":               {"seccomp-unconfined"},
		"restrict-sysctls":               {"unsafe-sysctls"},
		"disallow-capabilities-strict":   {"capabilities-not-dropped-all", "capabilities-added-beyond-restricted"},
		"disallow-privilege-escalation":  {"allow-privilege-escalation"},
		"require-run-as-non-root-user":   {"run-as-user-zero"},
		"require-run-as-nonroot":         {"run-as-non-root-not-enforced"},
		"restrict-seccomp-strict":        {"seccomp-profile-missing"},
		"restrict-volume-types":          {"restricted-volume-types"},

		// Best practices and others of Kyverno.
		"disallow-container-sock-mounts": {"container-runtime-socket-mounted"},
		"disallow-cri-sock-mount":        {"container-runtime-socket-mounted"},
		"disallow-default-namespace":     {"default-namespace-used"},
		"disallow-empty-ingress-host":    {"ingress-wildcard-or-empty-host"},
		"disallow-latest-tag":            {"image-tag-latest", "image-tag-missing"},
		"drop-all-capabilities":          {"capabilities-not-dropped-all"},
		"drop-cap-net-raw":               {"capabilities-net-raw-not-dropped"},
		"require-drop-all":               {"capabilities-not-dropped-all"},
		"require-drop-cap-net-raw":       {"capabilities-net-raw-not-dropped"},
		"require-image-checksum":         {"image-not-pinned-by-digest"},
		"require-pod-probes":             {"liveness-probe-missing", "readiness-probe-missing"},
		"require-requests-limits":        {"cpu-request-missing", "memory-request-missing", "memory-limit-missing"},
		"require-ro-rootfs":              {"read-only-root-filesystem"},
		"restrict-automount-sa-token":    {"service-account-token-automounted"},
		"restrict-image-registries":      {"image-registry-not-allowed"},
		"restrict-nodeport":              {"service-node-port"},
		"restrict-external-ips":          {"service-external-ips"},
		"restrict-binding-clusteradmin":  {"cluster-admin-bound"},
		"restrict-wildcard-verbs":        {"wildcard-verbs"},

		// The pod security policies of Gatekeeper's library.
		"K8sPSPAllowPrivilegeEscalationContainer": {"allow-privilege-escalation"},
		"K8sPSPAllowedUsers":                      {"run-as-non-root-not-enforced", "run-as-user-zero"},
		"K8sPSPAppArmor":                          {"apparmor-unconfined", "apparmor-profile-missing"},
		"K8sPSPAutomountServiceAccountTokenPod":   {"service-account-token-automounted"},
		"K8sPSPCapabilities":                      {"capabilities-added-beyond-baseline", "capabilities-not-dropped-all"},
		"K8sPSPForbiddenSysctls":                  {"unsafe-sysctls"},
		"K8sPSPHostFilesystem":                    {"host-path-volume"},
		"K8sPSPHostNamespace":                     {"host-pid", "host-ipc"},
		"K8sPSPHostNetworkingPorts":               {"host-network", "host-port"},
		"K8sPSPPrivilegedContainer":               {"privileged-container"},
		"K8sPSPProcMount":                         {"proc-mount-unmasked"},
		"K8sPSPReadOnlyRootFilesystem":            {"read-only-root-filesystem"},
		"K8sPSPSELinuxV2":                         {"selinux-options-forbidden"},
		"K8sPSPSeccomp":                           {"seccomp-profile-missing", "seccomp-unconfined"},
		"K8sPSPSeccompV2":                         {"seccomp-profile-missing", "seccomp-unconfined"},
		"K8sPSPVolumeTypes":                       {"restricted-volume-types"},

		// Its general policies.
		"K8sAllowedRepos":         {"image-registry-not-allowed"},
		"K8sBlockLoadBalancer":    {"service-load-balancer"},
		"K8sBlockNodePort":        {"service-node-port"},
		"K8sBlockWildcardIngress": {"ingress-wildcard-or-empty-host"},
		"K8sContainerLimits":      {"cpu-limit-missing", "memory-limit-missing"},
		"K8sContainerRatios":      {"limit-request-ratio-too-high"},
		"K8sContainerRequests":    {"cpu-request-missing", "memory-request-missing"},
		"K8sDisallowAnonymous":    {"anonymous-subject-bound", "authenticated-group-bound"},
		"K8sDisallowedTags":       {"image-tag-latest", "image-tag-missing"},
		"K8sExternalIPs":          {"service-external-ips"},
		"K8sHttpsOnly":            {"ingress-without-tls"},
		"K8sImageDigests":         {"image-not-pinned-by-digest"},
		"K8sRequiredProbes":       {"liveness-probe-missing", "readiness-probe-missing"},
		"K8sUniqueIngressHost":    {"ingress-duplicate-host-path"},
	}
})
