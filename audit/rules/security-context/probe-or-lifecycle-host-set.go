package securitycontext

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var probeOrLifecycleHostSet = &audit.Rule{
	ID:       "probe-or-lifecycle-host-set",
	Title:    "Probe or hook goes to another host",
	Severity: audit.Medium,
	Rationale: "The kubelet sends the request, from the network of the node. Whoever writes the manifest can make it knock " +
		"on addresses that the pod itself could never reach.",
	Remediation: "Leave host empty so that the pod itself is asked. A virtual host belongs in a Host header of httpHeaders.",
	Controls:    []string{"PSS-baseline", "OWASP22-K01", "OWASP25-K01"},
	Since:       "1",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Container: `[c.?livenessProbe, c.?readinessProbe, c.?startupProbe, c.?lifecycle.postStart, c.?lifecycle.preStop].exists(h, h.?httpGet.host.orValue('') != '' || h.?tcpSocket.host.orValue('') != '')`,
	},
	Check: podSecurityCheck("hostProbesAndHostLifecycle", func(s standard) (found []audit.Finding) {
		for c := range s.workload.Containers() {
			for _, h := range handlers(c) {
				if !s.forbidsContainer(h.alone()) {
					continue
				}
				f := inContainer(c, h.field+".host", fmt.Sprintf("has the kubelet connect to %s", h.host()))
				f.Detail = fmt.Sprintf("%s.host is %s: the kubelet sends the request there, not to the pod.", h.field, h.host())
				fixable(&f, c, h.fixes(c)...)
				found = append(found, f)
			}
		}
		return found
	}),
}

// handler is a request that the kubelet makes for a container: one of http and
// tcp is set.
type handler struct {
	field string // below the container
	http  *corev1.HTTPGetAction
	tcp   *corev1.TCPSocketAction
}

// handlers returns the requests of a container's probes and hooks.
func handlers(c kube.Container) (all []handler) {
	add := func(field string, http *corev1.HTTPGetAction, tcp *corev1.TCPSocketAction) {
		if http != nil {
			all = append(all, handler{field: field + ".httpGet", http: http})
		}
		if tcp != nil {
			all = append(all, handler{field: field + ".tcpSocket", tcp: tcp})
		}
	}
	probe := func(field string, p *corev1.Probe) {
		if p != nil {
			add(field, p.HTTPGet, p.TCPSocket)
		}
	}
	hook := func(field string, h *corev1.LifecycleHandler) {
		if h != nil {
			add(field, h.HTTPGet, h.TCPSocket)
		}
	}
	probe("livenessProbe", c.LivenessProbe)
	probe("readinessProbe", c.ReadinessProbe)
	probe("startupProbe", c.StartupProbe)
	if c.Lifecycle != nil {
		hook("lifecycle.postStart", c.Lifecycle.PostStart)
		hook("lifecycle.preStop", c.Lifecycle.PreStop)
	}
	return all
}

// alone returns a container that makes this request only.
func (h handler) alone() *corev1.Container {
	return &corev1.Container{LivenessProbe: &corev1.Probe{
		ProbeHandler: corev1.ProbeHandler{HTTPGet: h.http, TCPSocket: h.tcp},
	}}
}

func (h handler) host() string {
	if h.http != nil {
		return h.http.Host
	}
	return h.tcp.Host
}

func (h handler) fixes(c kube.Container) []audit.Fix {
	fixes := []audit.Fix{removeField("ask the pod itself", c.Field(h.field+".host"),
		"If the host stood for a virtual host, the program needs it in a Host header.")}
	if h.http == nil || slices.ContainsFunc(h.http.HTTPHeaders, func(header corev1.HTTPHeader) bool { return header.Name == "Host" }) {
		return fixes
	}
	return append(fixes, audit.Fix{
		Title: "ask the pod itself, for this virtual host",
		Edits: []audit.Edit{
			{Op: audit.Remove, Path: c.Field(h.field + ".host")},
			{Op: audit.Append, Path: c.Field(h.field + ".httpHeaders"), Value: map[string]any{"name": "Host", "value": h.http.Host}},
		},
		Risk: "If the host stood for another machine, its failures no longer show.",
	})
}
