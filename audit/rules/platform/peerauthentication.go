package platform

import (
	"cmp"
	"slices"
	"strconv"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// The modes of a PeerAuthentication. UNSET, like no mode, leaves it to the next above.
const (
	strict     = "STRICT"
	permissive = "PERMISSIVE" // plain text too: the default of all
	disabled   = "DISABLE"    // plain text alone
)

// peerPolicy is what matters of a PeerAuthentication
// (https://istio.io/latest/docs/reference/config/security/peer_authentication/).
type peerPolicy struct {
	Metadata metav1.ObjectMeta `json:"metadata"`
	Spec     struct {
		Selector struct {
			MatchLabels map[string]string `json:"matchLabels"`
		} `json:"selector"`
		MTLS          peerTLS            `json:"mtls"`
		PortLevelMTLS map[string]peerTLS `json:"portLevelMtls"` // by port of the pod
	} `json:"spec"`
}

type peerTLS struct {
	Mode string `json:"mode"`
}

// or returns the mode, or another where it is not set.
func (t peerTLS) or(inherited string) string {
	if t.Mode == "" || t.Mode == "UNSET" {
		return inherited
	}
	return t.Mode
}

// peerPolicies are the PeerAuthentications of a cluster. The oldest of each rank counts
// (pilot/pkg/security/authn of github.com/istio/istio).
type peerPolicies struct {
	in     map[string][]*peerPolicy // by namespace, the oldest first
	unread string                   // why one of them cannot be read; "" if all can
}

var peerPoliciesOf = kube.Derive(func(c *kube.Cluster) *peerPolicies {
	all := &peerPolicies{in: map[string][]*peerPolicy{}}
	for o := range c.Custom(kube.PeerAuthentications).All() {
		policy, err := kube.Decode[peerPolicy](o)
		if err != nil {
			all.unread = err.Error()
			continue
		}
		all.in[o.GetNamespace()] = append(all.in[o.GetNamespace()], &policy)
	}
	for _, policies := range all.in {
		slices.SortStableFunc(policies, func(a, b *peerPolicy) int {
			return a.Metadata.CreationTimestamp.Compare(b.Metadata.CreationTimestamp.Time)
		})
	}
	return all
}).From(kube.PeerAuthentications)

// peerMode is how the proxy of a pod takes connections.
type peerMode struct {
	mode  string
	by    *peerPolicy // nil where nobody says so
	ports []string    // that take plain text, though the others do not
	meant bool        // it is what the namespace or the pod's own policy says, not the mesh
}

// of returns the mode of a pod: its own policy's, or the namespace's, or the mesh's, which
// is in the root namespace. There, policies with selectors count for nobody. Ambient mode
// passes by those that disable mutual TLS.
func (all *peerPolicies) of(p *kube.Pod, root string, ambient bool) peerMode {
	m := peerMode{mode: permissive}
	counts := func(policy *peerPolicy) bool { return !ambient || policy.Spec.MTLS.Mode != disabled }
	take := func(policy *peerPolicy, meant bool) {
		if mode := policy.Spec.MTLS.or(""); mode != "" {
			m.mode, m.by, m.meant = mode, policy, meant
		}
	}
	wide := func(namespace string, meant bool) {
		for _, policy := range all.in[namespace] {
			if len(policy.Spec.Selector.MatchLabels) == 0 && counts(policy) {
				take(policy, meant)
				return
			}
		}
	}
	wide(root, false)
	if p.Namespace == root {
		return m
	}
	wide(p.Namespace, true)
	for _, policy := range all.in[p.Namespace] {
		if len(policy.Spec.Selector.MatchLabels) == 0 || !labels.SelectorFromSet(policy.Spec.Selector.MatchLabels).Matches(labels.Set(p.Labels)) || !counts(policy) {
			continue
		}
		take(policy, true)
		m.ports = policy.plainPorts(m.mode)
		if len(m.ports) > 0 && m.by != policy {
			m.by = policy
		}
		break
	}
	return m
}

// plainPorts returns the ports that take plain text though the mode is strict.
func (policy *peerPolicy) plainPorts(mode string) []string {
	var ports []string
	for port, tls := range policy.Spec.PortLevelMTLS {
		if mode == strict && tls.or(mode) != strict {
			ports = append(ports, port)
		}
	}
	slices.SortFunc(ports, func(a, b string) int {
		x, _ := strconv.Atoi(a)
		y, _ := strconv.Atoi(b)
		return cmp.Or(cmp.Compare(x, y), cmp.Compare(a, b))
	})
	return ports
}

// rootNamespace returns the namespace of mesh-wide policies: that of istiod, where nobody
// has set another (meshConfig.rootNamespace, in a ConfigMap whose values nobody reads). It
// is why one cannot tell where there is none, or several.
func rootNamespace(planes []controlPlane) (root, why string) {
	if len(planes) == 0 {
		return "", "no istiod is seen, so that nobody can tell which PeerAuthentication is of the whole mesh"
	}
	for _, plane := range planes {
		if plane.namespace != planes[0].namespace {
			return "", "istiod runs in " + planes[0].namespace + " and " + plane.namespace + ", so that nobody can tell which PeerAuthentication is of the whole mesh"
		}
	}
	return planes[0].namespace, ""
}
