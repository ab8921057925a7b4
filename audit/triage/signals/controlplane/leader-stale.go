package controlplane

import (
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Nobody leads if a lease was not renewed for this many times its duration, or for
// this long.
const (
	missedTerms = 4
	leaderless  = time.Minute
	// operators may be slower: they are scaled down, moved and upgraded.
	leaderlessOperator = 5 * time.Minute
)

var leaderStale = &triage.Detector{
	ID:    "leader-stale",
	Title: "Nobody leads",
	About: "The Lease by which replicas of kube-controller-manager, of kube-scheduler or of an operator elect their leader is held, and was not renewed for four times " +
		"its duration (client-go/tools/leaderelection renews it many times in that). Without a controller manager nothing is reconciled, without a scheduler no pod gets a node. " +
		"A lease without a holder was given back in order, the identities of API servers are no leaders, and clouds may hide the leases of their control plane. " +
		"What counts is when the server stored the renewal.",
	Reads: []kube.Resource{kube.Leases},
	Rung:  triage.ControlPlane,
	Wide:  true,
	Check: func(p *triage.Pass) {
		for _, lease := range p.Cluster.Leases.In(kube.LeaderLeases) {
			renewed := lease.Renewed
			if !lease.Written.IsZero() {
				renewed = lease.Written
			}
			if lease.Holder == "" || renewed.IsZero() || lease.Duration == 0 || identity(lease.Name) {
				continue
			}
			s := triage.Signal{
				Object: kube.Leases.Ref(lease.Namespace, lease.Name), Severity: triage.S3, Cause: "operator",
				Since:   renewed.Add(max(missedTerms*lease.Duration, leaderlessOperator)),
				Message: "was last renewed at " + renewed.UTC().Format(time.RFC3339) + " by " + lease.Holder,
			}
			if lease.Name == "kube-controller-manager" || lease.Name == "kube-scheduler" {
				s.Severity, s.Cause, s.Since = triage.S1, lease.Name, renewed.Add(max(missedTerms*lease.Duration, leaderless))
			}
			p.Report(s)
		}
	},
}

// identity reports whether a lease says that an API server lives, and none leads
// by it (KEP-1965: apiserver-HASH).
func identity(name string) bool {
	return len(name) > len("apiserver-") && name[:len("apiserver-")] == "apiserver-"
}
