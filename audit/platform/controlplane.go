package platform

import (
	"cmp"

	"github.com/seaworthy-dev/seaworthy/kube"
)

func controlPlane() Capability {
	return Capability{
		ID:    "control-plane",
		Title: "The control plane protects itself, and keeps a record",
		Level: Governed,
		About: "What the API server lets pass no rule about workloads can make up for.",
		Advice: "Let who looks read /flagz and /statusz (ClusterRole system:monitoring), which servers have since 1.36, " +
			"or the pods of kube-system where the control plane runs in them.",
		Reads:  []kube.Resource{kube.Flagz, kube.Pods},
		Hidden: "it is theirs to set, and their servers do not tell how they are",
		Rules: []string{
			"api-server-admission-plugins", "api-server-anonymous-auth", "api-server-audit-log-missing",
			"api-server-authorization-mode", "api-server-etcd-unprotected", "api-server-kubelet-unverified",
			"api-server-profiling", "api-server-static-tokens", "api-server-tls-weak",
		},
		Others: []string{"api-server-emulated-version", "api-server-unhealthy", "secret-encryption-at-rest"},
		Find:   findControlPlane,
	}
}

// findControlPlane says what is known of API servers, and by what.
func findControlPlane(c *kube.Cluster) []Trace {
	var traces []Trace
	for _, s := range c.APIServers() {
		t := Trace{What: "kube-apiserver", Ref: s.Ref, Objects: 1, Says: "its flags are known as they were given"}
		if s.Ref.Kind == kube.Flagz.Kind {
			t.Says = "it says itself which flags it runs with"
		}
		if s.Elsewhere != "" {
			t.Says = s.Elsewhere
		}
		traces = append(traces, t)
	}
	if len(traces) == 0 && !c.Info.Offline { // every cluster has one
		why := cmp.Or(Unread(c, kube.Flagz), "none of its pods is seen, and it has no page of its flags")
		traces = append(traces, Trace{What: "kube-apiserver", Says: why})
	}
	return traces
}
