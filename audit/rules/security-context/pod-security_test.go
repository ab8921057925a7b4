package securitycontext_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"

	"github.com/seaworthy-dev/seaworthy/audit"
	securitycontext "github.com/seaworthy-dev/seaworthy/audit/rules/security-context"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// verdicts says which rules together report what a check of the Pod Security
// Standards forbids.
var verdicts = map[policy.CheckID][]string{
	"privileged":                 {"privileged-container"},
	"allowPrivilegeEscalation":   {"allow-privilege-escalation"},
	"runAsNonRoot":               {"run-as-non-root-not-enforced"},
	"runAsUser":                  {"run-as-user-zero"},
	"capabilities_baseline":      {"capabilities-added-beyond-baseline"},
	"capabilities_restricted":    {"capabilities-not-dropped-all", "capabilities-added-beyond-restricted", "capabilities-added-beyond-baseline"},
	"hostNamespaces":             {"host-pid", "host-ipc", "host-network"},
	"hostPathVolumes":            {"host-path-volume"},
	"hostPorts":                  {"host-port", "host-network"},
	"procMount":                  {"proc-mount-unmasked"},
	"procMount_restricted":       {"proc-mount-unmasked", "proc-mount-unmasked-in-user-namespace"},
	"restrictedVolumes":          {"restricted-volume-types"},
	"seLinuxOptions":             {"selinux-options-forbidden"},
	"seccompProfile_baseline":    {"seccomp-unconfined"},
	"seccompProfile_restricted":  {"seccomp-profile-missing", "seccomp-unconfined"},
	"appArmorProfile":            {"apparmor-unconfined"},
	"sysctls":                    {"unsafe-sysctls"},
	"hostProbesAndHostLifecycle": {"probe-or-lifecycle-host-set"},
	"windowsHostProcess":         {"windows-host-process"},
}

// servers are versions on both sides of each change of a check.
var servers = []struct {
	version string
	policy  api.Version
}{
	{"v1.18.20", api.MajorMinorVersion(1, 18)},
	{"v1.21.14", api.MajorMinorVersion(1, 21)},
	{"v1.24.17-eks-5e0fdde", api.MajorMinorVersion(1, 24)},
	{"v1.28.9+k3s1", api.MajorMinorVersion(1, 28)},
	{"v1.30.4-gke.1348000", api.MajorMinorVersion(1, 30)},
	{"v1.34.1", api.MajorMinorVersion(1, 34)},
	{"v1.35.0", api.MajorMinorVersion(1, 35)},
	{"v1.37.1", api.MajorMinorVersion(1, 37)},
	{"v1.99.0", api.MajorMinorVersion(1, 99)},
	{"", api.LatestVersion()},
}

// pods is how many random pods each version judges.
const pods = 600

func TestVerdictsAreThoseOfPodSecurityAdmission(t *testing.T) {
	t.Parallel()
	for _, server := range servers {
		t.Run("server "+server.version, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(1, uint64(len(server.version))))
			all := randomPods(random)
			failing := failingRules(t, server.version, all)
			for _, check := range policy.DefaultChecks() {
				rules, reported := verdicts[check.ID]
				if !reported {
					t.Errorf("no rule reports check %s", check.ID)
					continue
				}
				forbids := alone(t, check, server.policy)
				forbidden := 0
				for _, pod := range all {
					want := forbids(pod)
					if want {
						forbidden++
					}
					if got := reports(failing[pod.Name], check, server.policy, pod, rules); got != want {
						t.Errorf("check %s forbids the pod: %t, rules %v: %t, for\n%s", check.ID, want, rules, got, pod.Spec.String())
					}
				}
				known := !server.policy.Older(check.Versions[0].MinimumVersion)
				if forbidden == len(all) || known && forbidden == 0 {
					t.Errorf("check %s forbids %d of %d pods: the test proves nothing", check.ID, forbidden, len(all))
				}
			}
		})
	}
}

// reports says whether one of the rules fails, as far as they speak for the check.
func reports(failing map[string]bool, check policy.Check, server api.Version, pod *corev1.Pod, rules []string) bool {
	if server.Older(check.Versions[0].MinimumVersion) {
		return false // what other checks forbid, the rules report as well
	}
	if pod.Spec.OS != nil && check.Level == api.LevelRestricted && exemptsWindows(check.ID) && !server.Older(api.MajorMinorVersion(1, 25)) {
		return false // exempt as Windows pods
	}
	for _, rule := range rules {
		if rule == "host-network" && check.ID == "hostPorts" && !declaresHostPort(pod) {
			continue // host-network stands for the ports that are declared
		}
		if failing[rule] {
			return true
		}
	}
	return false
}

// exemptsWindows reports whether a check passes over Windows pods while its rules
// report what baseline forbids these as well.
func exemptsWindows(id policy.CheckID) bool {
	return id == "capabilities_restricted" || id == "seccompProfile_restricted"
}

func declaresHostPort(pod *corev1.Pod) bool {
	for c := range kube.ContainersOf(&pod.Spec, "spec") {
		for _, port := range c.Ports {
			if port.HostPort != 0 {
				return true
			}
		}
	}
	return false
}

// alone returns what the library says by way of an evaluator of this check alone.
func alone(t *testing.T, check policy.Check, server api.Version) func(*corev1.Pod) bool {
	t.Helper()
	evaluator, err := policy.NewEvaluator([]policy.Check{check}, nil)
	if err != nil {
		t.Fatal(err)
	}
	at := api.LevelVersion{Level: check.Level, Version: server}
	return func(pod *corev1.Pod) bool {
		results := evaluator.EvaluatePod(at, &pod.ObjectMeta, &pod.Spec)
		return !policy.AggregateCheckResults(results).Allowed
	}
}

// failingRules judges pods by every rule, and checks what holds for all findings.
func failingRules(t *testing.T, version string, all []*corev1.Pod) map[string]map[string]bool {
	t.Helper()
	b := kube.NewBuilder(kube.Info{Version: version})
	for _, pod := range all {
		if err := b.Set(kube.Pods, pod.DeepCopy()); err != nil {
			t.Fatal(err)
		}
	}
	result := audit.Run(b.Build(time.Time{}), []audit.Category{securitycontext.Category()})
	failing := map[string]map[string]bool{}
	for _, f := range result.Findings() {
		if failing[f.Subject.Name] == nil {
			failing[f.Subject.Name] = map[string]bool{}
		}
		failing[f.Subject.Name][f.Rule.ID] = true
	}
	for _, f := range result.Findings() {
		if f.Implied != "" && !failing[f.Subject.Name][f.Implied] {
			t.Errorf("%s is implied by %s, which does not fail", f.ID(), f.Implied)
		}
		if f.Implied != "" && len(f.Fixes) > 0 {
			t.Errorf("%s is implied by %s and proposes a fix of its own", f.ID(), f.Implied)
		}
		// Before 1.19 seccomp was set by annotations, which have no field to blame.
		if strings.Contains(f.Message, "refused by Pod Security") && version != "v1.18.20" {
			t.Errorf("%s blames no field: %s", f.ID(), f.Detail)
		}
	}
	return failing
}

func randomPods(random *rand.Rand) []*corev1.Pod {
	all := make([]*corev1.Pod, pods)
	for i := range all {
		g := generator{random}
		all[i] = &corev1.Pod{
			ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: fmt.Sprintf("pod-%d", i), Annotations: g.annotations()},
			Spec:       g.spec(),
		}
	}
	return all
}

// generator makes pods in which each field is now and then set, for good or bad.
type generator struct{ *rand.Rand }

func (g generator) one(in int) bool { return g.IntN(in) == 0 }

func pick[T any](g generator, values ...T) T { return values[g.IntN(len(values))] }

// maybe returns one of the values in one of three cases, else nil.
func maybe[T any](g generator, values ...T) *T {
	if !g.one(3) {
		return nil
	}
	return new(pick(g, values...))
}

func (g generator) annotations() map[string]string {
	if !g.one(6) {
		return nil
	}
	const appArmor = "container.apparmor.security.beta.kubernetes.io/"
	return map[string]string{
		appArmor + pick(g, "main-0", "init-0", "gone"):        pick(g, "unconfined", "runtime/default", "localhost/x", ""),
		"seccomp.security.alpha.kubernetes.io/pod":            pick(g, "unconfined", "runtime/default"),
		"container.seccomp.security.alpha.kubernetes.io/main": "unconfined",
	}
}

func (g generator) spec() corev1.PodSpec {
	spec := corev1.PodSpec{
		HostNetwork: g.one(6), HostPID: g.one(6), HostIPC: g.one(6),
		HostUsers: maybe(g, true, false), SecurityContext: g.podSecurityContext(),
	}
	if g.one(6) {
		spec.OS = &corev1.PodOS{Name: corev1.Windows}
	}
	for i := range g.IntN(3) {
		spec.InitContainers = append(spec.InitContainers, g.container(fmt.Sprintf("init-%d", i)))
		if g.one(2) {
			spec.InitContainers[i].RestartPolicy = new(corev1.ContainerRestartPolicyAlways)
		}
	}
	for i := range 1 + g.IntN(2) {
		spec.Containers = append(spec.Containers, g.container(fmt.Sprintf("main-%d", i)))
	}
	if g.one(4) {
		spec.EphemeralContainers = append(spec.EphemeralContainers, corev1.EphemeralContainer{
			EphemeralContainerCommon: corev1.EphemeralContainerCommon(g.container("debug")),
		})
	}
	for i := range g.IntN(3) {
		v := corev1.Volume{Name: fmt.Sprintf("v%d", i)}
		if g.one(3) {
			v.HostPath = &corev1.HostPathVolumeSource{Path: pick(g, "/", "/srv", "/etc/localtime", "/run/docker.sock", "/run/containerd", "/var")}
		}
		spec.Volumes = append(spec.Volumes, v)
	}
	return spec
}

func (g generator) podSecurityContext() *corev1.PodSecurityContext {
	if g.one(3) {
		return nil
	}
	sc := &corev1.PodSecurityContext{
		RunAsNonRoot: maybe(g, true, false), RunAsUser: maybe(g, int64(0), 1000), RunAsGroup: maybe(g, int64(0), 1000),
		SeccompProfile: g.seccomp(), AppArmorProfile: g.appArmor(), SELinuxOptions: g.seLinux(), WindowsOptions: g.windows(),
	}
	for range g.IntN(3) {
		sc.Sysctls = append(sc.Sysctls, corev1.Sysctl{Value: "1", Name: pick(g,
			"net.ipv4.tcp_syncookies", "net.ipv4.tcp_rmem", "net.ipv4.tcp_notsent_lowat", "net.ipv4.tcp_keepalive_time",
			"net.ipv4.ip_local_reserved_ports", "kernel.msgmax")})
	}
	return sc
}

func (g generator) container(name string) corev1.Container {
	c := corev1.Container{Name: name, SecurityContext: g.securityContext()}
	if g.one(4) {
		c.Ports = []corev1.ContainerPort{{ContainerPort: 80, HostPort: pick(g, int32(0), 8080)}}
	}
	if g.one(3) {
		c.VolumeMounts = []corev1.VolumeMount{{Name: pick(g, "v0", "v1"), ReadOnly: g.one(2), SubPath: pick(g, "", "etc")}}
	}
	host := pick(g, "", "", "other.example")
	switch g.IntN(8) {
	case 0:
		c.LivenessProbe = &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Host: host}}}
	case 1:
		c.StartupProbe = &corev1.Probe{ProbeHandler: corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Host: host}}}
	case 2:
		c.Lifecycle = &corev1.Lifecycle{PostStart: &corev1.LifecycleHandler{TCPSocket: &corev1.TCPSocketAction{Host: host}}}
	case 3:
		c.Lifecycle = &corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{HTTPGet: &corev1.HTTPGetAction{Host: host}}}
	}
	return c
}

func (g generator) securityContext() *corev1.SecurityContext {
	if g.one(4) {
		return nil
	}
	sc := &corev1.SecurityContext{
		Privileged: maybe(g, true, false), AllowPrivilegeEscalation: new(g.one(3)),
		RunAsNonRoot: maybe(g, true, true, false), RunAsUser: maybe(g, int64(0), 1000), RunAsGroup: maybe(g, int64(0), 1000),
		ReadOnlyRootFilesystem: maybe(g, true, false), ProcMount: maybe(g, corev1.DefaultProcMount, corev1.UnmaskedProcMount),
		SeccompProfile: g.seccomp(), AppArmorProfile: g.appArmor(), SELinuxOptions: g.seLinux(), WindowsOptions: g.windows(),
	}
	if !g.one(3) {
		sc.Capabilities = &corev1.Capabilities{Drop: []corev1.Capability{pick(g, corev1.Capability("ALL"), "ALL", "all", "NET_RAW")}}
		for range g.IntN(3) {
			sc.Capabilities.Add = append(sc.Capabilities.Add,
				pick(g, corev1.Capability("NET_BIND_SERVICE"), "CHOWN", "SYS_ADMIN", "CAP_CHOWN", "ALL"))
		}
	}
	return sc
}

func (g generator) seccomp() *corev1.SeccompProfile {
	return maybe(g,
		corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault},
		corev1.SeccompProfile{Type: corev1.SeccompProfileTypeUnconfined})
}

func (g generator) appArmor() *corev1.AppArmorProfile {
	return maybe(g,
		corev1.AppArmorProfile{Type: corev1.AppArmorProfileTypeRuntimeDefault},
		corev1.AppArmorProfile{Type: corev1.AppArmorProfileTypeUnconfined})
}

func (g generator) seLinux() *corev1.SELinuxOptions {
	return maybe(g,
		corev1.SELinuxOptions{Level: "s0"}, corev1.SELinuxOptions{Type: "container_t"}, corev1.SELinuxOptions{Type: "container_engine_t"},
		corev1.SELinuxOptions{Type: "spc_t"}, corev1.SELinuxOptions{User: "system_u"}, corev1.SELinuxOptions{Role: "r"})
}

func (g generator) windows() *corev1.WindowsSecurityContextOptions {
	if !g.one(4) {
		return nil
	}
	return &corev1.WindowsSecurityContextOptions{HostProcess: maybe(g, true, false)}
}

func TestRulesJudgeOnlyWhatTheServerKnows(t *testing.T) {
	t.Parallel()
	pod := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: "web"},
		Spec: corev1.PodSpec{Containers: []corev1.Container{{
			Name:          "web",
			LivenessProbe: &corev1.Probe{ProbeHandler: corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Host: "other"}}},
		}}},
	}
	got := map[string]bool{}
	for _, version := range []string{"v1.33.4", "v1.34.0", "no version"} {
		got[version] = failingRules(t, version, []*corev1.Pod{pod})["web"]["probe-or-lifecycle-host-set"]
	}
	want := map[string]bool{"v1.33.4": false, "v1.34.0": true, "no version": true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("probe-or-lifecycle-host-set fails by server version (-want +got):\n%s", diff)
	}
}
