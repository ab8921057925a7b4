package change

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// holder is the aspect of a lease that changes: who leads by it.
const holder = "holder"

// leads reports whether a lease elects a leader. Those of nodes and of API servers
// (KEP-1965: apiserver-HASH) say that somebody lives.
func leads(namespace, name string) bool {
	return namespace == kube.LeaderLeases && !strings.HasPrefix(name, "apiserver-")
}

// tellLeases returns who came to lead, as the leases remember it, by the clock of the
// holder. One that never changed hands tells nothing.
func tellLeases(c *kube.Cluster, namespace string, _, _ *space) []*told {
	if namespace != kube.LeaderLeases {
		return nil
	}
	var found []*told
	for _, lease := range c.Leases.In(namespace) {
		if lease.Holder == "" || lease.Acquired.IsZero() || lease.Transitions == 0 || !leads(namespace, lease.Name) {
			continue
		}
		found = append(found, &told{Change: Change{
			Time: lease.Acquired, Certainty: Stated, Kind: Leader, Object: kube.Leases.Ref(namespace, lease.Name),
			Aspect: holder, Title: "leader changed, now " + clip(lease.Holder, 60),
		}})
	}
	return found
}

// elected returns that another one leads. Leases are renewed every few seconds: most
// of what is seen of them is nothing new.
func elected(after *kube.Cluster, pair kube.Change) []Change {
	was, held := pair.Before.(*kube.Lease)
	is, holds := pair.After.(*kube.Lease)
	if !held || !holds || was.Holder == is.Holder || !leads(pair.Namespace, pair.Name) {
		return nil
	}
	ch := Change{
		Time: after.Time, Certainty: Live, Kind: Leader, Object: kube.Leases.Ref(pair.Namespace, pair.Name), Aspect: holder, Compared: true,
		Differences: []Difference{{Path: "spec.holderIdentity", Before: clip(was.Holder, 60), After: clip(is.Holder, 60), Field: Other}},
	}
	if !is.Acquired.IsZero() && is.Holder != "" {
		ch.Time = is.Acquired
	}
	ch.Title = "leader " + leaderOf(was.Holder) + " → " + leaderOf(is.Holder)
	return []Change{ch}
}

func leaderOf(who string) string {
	if who == "" {
		return "nobody"
	}
	return clip(who, 60)
}
