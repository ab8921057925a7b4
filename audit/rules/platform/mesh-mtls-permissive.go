package platform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var meshMTLSPermissive = &audit.Rule{
	ID:       "mesh-mtls-permissive",
	Title:    "Workloads of the mesh take plain text",
	Severity: audit.Medium,
	Rationale: "Whoever reaches the pod without a proxy is let in without showing who it is, and what it sends can be read on the way. " +
		"PERMISSIVE, which is what Istio does where nothing is said, is meant for the time until every caller is in the mesh.",
	Remediation: "When all who call are in the mesh (Istio's metrics tell: connection_security_policy of istio_requests_total), set a PeerAuthentication with mtls.mode STRICT, " +
		"for the namespace first, and then for the mesh in the namespace of istiod. An AuthorizationPolicy that asks for principals refuses plain text as well; it is not read here.",
	Since:    "3",
	Subjects: []kube.Resource{kube.Namespaces},
	Reads:    []kube.Resource{kube.PeerAuthentications, kube.Pods, kube.Deployments},
	Wide:     true, // the mesh-wide policy, and istiod, are elsewhere
	Check:    audit.EachNamespace(judgePeers),
}

// judgePeers judges a namespace by the workloads of it that are in Istio's mesh and take
// connections.
func judgePeers(p *audit.Pass, namespace string) {
	policies := peerPoliciesOf.Of(p.Cluster)
	root, unclear := rootNamespace(istiods.Of(p.Cluster))
	l := lax{by: map[string][]string{}}
	for _, w := range p.Cluster.WorkloadsIn(namespace) {
		pod, ambient := memberOf(p.Cluster, w)
		if pod == nil {
			continue
		}
		l.all++
		if m := policies.of(pod, root, ambient); m.meant || unclear == "" {
			l.add(w, m)
		} else {
			l.untold = unclear
		}
	}
	switch {
	case l.all == 0:
		p.NotApplicable()
	case policies.unread != "":
		p.Unknown(policies.unread)
	case l.open+l.parts > 0:
		p.Report(l.finding())
	case l.untold != "":
		p.Unknown(l.untold)
	}
}

// memberOf returns a pod of a workload that is in Istio's mesh and takes connections
// through its proxy, and whether that is the proxy of the node; nil if there is none.
// Gateways take what their Gateway says.
func memberOf(c *kube.Cluster, w *kube.Workload) (pod *kube.Pod, ambient bool) {
	if w.RunsToCompletion() || w.Pod.Spec.HostNetwork {
		return nil, false
	}
	for _, pod := range c.PodsOf(w) {
		switch plane := pod.DataPlane(); {
		case pod.Finished() || gateway(pod):
		case plane == kube.IstioSidecar || plane == kube.IstioAmbient:
			return pod, plane == kube.IstioAmbient
		}
	}
	return nil, false
}

// gateway reports whether a proxy is all that the pod is for: a gateway, a waypoint, or
// that of a node.
func gateway(p *kube.Pod) bool {
	proxy := p.Proxy()
	return proxy != nil && len(proxy.Args) > 1 && proxy.Args[0] == "proxy" && proxy.Args[1] != "sidecar"
}

// lax are the workloads of a namespace that take plain text.
type lax struct {
	all, open, parts, closed int    // in the mesh; of them with all ports, with some, and that take nothing else
	untold                   string // why nobody can tell of another; "" if one can
	by                       map[string][]string
}

func (l *lax) add(w *kube.Workload, m peerMode) {
	how := "Istio does so where no PeerAuthentication says otherwise"
	if m.by != nil {
		how = "PeerAuthentication " + m.by.Metadata.Namespace + "/" + m.by.Metadata.Name + " says " + m.mode
	}
	switch {
	case m.mode != strict:
		l.open++
		if m.mode == disabled {
			l.closed++
		}
	case len(m.ports) > 0:
		l.parts++
		how = "PeerAuthentication " + m.by.Metadata.Namespace + "/" + m.by.Metadata.Name + " leaves out port " + strings.Join(m.ports, ", ")
	default:
		return
	}
	l.by[how] = append(l.by[how], w.Ref.Name)
}

// finding words what was found: the ports alone are often left to who measures.
func (l *lax) finding() audit.Finding {
	f := audit.Finding{Message: fmt.Sprintf("%d of %d workloads in the mesh take plain text", l.open, l.all)}
	switch {
	case l.open == 0:
		f.Severity, f.Message = audit.Low, fmt.Sprintf("ports of %d of %d workloads in the mesh take plain text", l.parts, l.all)
	case l.closed > 0:
		f.Severity, f.Message = audit.High, fmt.Sprintf("%s, %d of them nothing else", f.Message, l.closed)
	}
	var details []string
	for how, names := range l.by {
		slices.Sort(names)
		details = append(details, how+": "+fewOf(names)+".")
	}
	slices.Sort(details)
	f.Detail = strings.Join(details, " ")
	return f
}

// fewOf names the first few of some.
func fewOf(names []string) string {
	const few = 5
	if len(names) <= few {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:few], ", "), len(names)-few)
}
