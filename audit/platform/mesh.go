package platform

import (
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// serviceMesh is of the last level: it decides who may talk to whom by who they are, which
// is of use to those who know what runs, and can bring it back.
func serviceMesh() Capability {
	return Capability{
		ID:     "service-mesh",
		Title:  "Workloads prove to each other who they are",
		Level:  Governed,
		About:  "An address says nothing of who calls: by mutual TLS a stolen pod is no other than itself, and nobody reads along.",
		Advice: "Have Istio, Linkerd or Cilium give workloads identities, take every namespace of applications in, and then ask for mutual TLS of all.",
		Reads: slices.Concat([]kube.Resource{
			kube.Pods, kube.PeerAuthentications, kube.DestinationRules, kube.MeshTLSAuthentications, kube.CiliumNetworkPolicies, kube.CiliumClusterwideNetworkPolicies,
		}, componentResources()),
		Hidden: "control planes of managed meshes run outside of the cluster",
		Rules:  []string{"mesh-mtls-permissive", "mesh-proxy-missing"},
		Others: []string{"mesh-proxy-skew", "mesh-tls-disabled"},
		Find: func(c *kube.Cluster) []Trace {
			traces := slices.Concat(members(c), demanded(c))
			for _, r := range []struct {
				what string
				kind kube.Resource
			}{{"Istio", kube.PeerAuthentications}, {"Istio", kube.DestinationRules}, {"Linkerd", kube.MeshTLSAuthentications}} {
				if n := c.Custom(r.kind).Len(); n > 0 {
					traces = append(traces, Trace{What: r.what, Says: counted(n, r.kind.Kind)})
				}
			}
			return append(traces, installed(c,
				component{what: "Consul", images: []string{"hashicorp/consul-k8s-control-plane"}},
				component{what: "Istio", images: []string{"istio/pilot", "pilot"}},
				component{what: "Istio ambient mode", images: []string{"istio/ztunnel", "ztunnel"}, everywhere: true},
				component{what: "Istio CNI", images: []string{"istio/install-cni", "install-cni"}, everywhere: true},
				component{what: "Kuma", images: []string{"kumahq/kuma-cp"}},
				component{what: "Linkerd", images: []string{"linkerd/controller"}},
				component{what: "SPIRE", images: []string{"spiffe/spire-server"}},
			)...)
		},
	}
}

// members says how many workloads of applications are in a mesh, by their pods.
func members(c *kube.Cluster) []Trace {
	in, all := map[kube.DataPlane]int{}, 0
	for _, namespace := range c.NamespaceNames() {
		if kube.Platform(namespace) {
			continue
		}
		for _, w := range c.WorkloadsIn(namespace) {
			pods := c.PodsOf(w)
			i := slices.IndexFunc(pods, goesOn)
			if i < 0 {
				continue
			}
			all++
			in[pods[i].DataPlane()]++
		}
	}
	var traces []Trace
	for _, plane := range []kube.DataPlane{kube.IstioSidecar, kube.IstioAmbient, kube.LinkerdSidecar} {
		if in[plane] > 0 {
			traces = append(traces, Trace{What: plane.String(), Says: fmt.Sprintf("the pods of %d of %s of applications are in it", in[plane], counted(all, "workload"))})
		}
	}
	return traces
}

// demanded says how many policies of Cilium ask for mutual authentication. It holds for
// connections that they are about; nothing says of each whether both sides could
// (https://docs.cilium.io/en/stable/network/servicemesh/mutual-authentication/mutual-authentication/).
func demanded(c *kube.Cluster) []Trace {
	n := 0
	for _, r := range []kube.Resource{kube.CiliumNetworkPolicies, kube.CiliumClusterwideNetworkPolicies} {
		for o := range c.Custom(r).All() {
			if demands(o) {
				n++
			}
		}
	}
	if n == 0 {
		return nil
	}
	return []Trace{{What: "Cilium", Says: counted(n, "policy") + " with mutual authentication required"}}
}

// demands reports whether a rule of a policy of Cilium has authentication.mode required.
func demands(o *unstructured.Unstructured) bool {
	policy, err := kube.Decode[struct {
		Spec  ciliumRules   `json:"spec"`
		Specs []ciliumRules `json:"specs"`
	}](o)
	return err == nil && slices.ContainsFunc(append(policy.Specs, policy.Spec), func(r ciliumRules) bool {
		return slices.ContainsFunc(slices.Concat(r.Ingress, r.Egress), func(p ciliumPeers) bool { return p.Authentication.Mode == "required" })
	})
}

type ciliumRules struct {
	Ingress []ciliumPeers `json:"ingress"`
	Egress  []ciliumPeers `json:"egress"`
}

type ciliumPeers struct {
	Authentication struct {
		Mode string `json:"mode"`
	} `json:"authentication"`
}
