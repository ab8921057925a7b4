package network

import (
	"fmt"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/isolation"
)

// peer is one of those that a NetworkPolicy allows traffic from or to.
type peer struct {
	*networkingv1.NetworkPolicyPeer
	path string
}

// peersOf returns the peers of a policy, in the directions that it is about.
func peersOf(spec *networkingv1.NetworkPolicySpec) []peer {
	var peers []peer
	add := func(of []networkingv1.NetworkPolicyPeer, format string, rule int) {
		for i := range of {
			peers = append(peers, peer{&of[i], fmt.Sprintf(format, rule, i)})
		}
	}
	if isolation.Applies(spec, isolation.Ingress) {
		for i, r := range spec.Ingress {
			add(r.From, "spec.ingress[%d].from[%d]", i)
		}
	}
	if isolation.Applies(spec, isolation.Egress) {
		for i, r := range spec.Egress {
			add(r.To, "spec.egress[%d].to[%d]", i)
		}
	}
	return peers
}

// judgePeers has judge report what is wrong with each peer that it applies to. It
// returns whether it does, and why it cannot tell.
func judgePeers(p *audit.Pass, n *networkingv1.NetworkPolicy, judge func(peer) (applies bool, why string)) {
	applies, doubt := false, ""
	for _, one := range peersOf(&n.Spec) {
		applied, why := judge(one)
		applies = applies || applied
		if why != "" {
			doubt = why
		}
	}
	switch {
	case doubt != "":
		p.Unknown(doubt)
	case !applies:
		p.NotApplicable()
	}
}
