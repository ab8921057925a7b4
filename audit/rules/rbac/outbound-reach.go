package rbac

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/audit/access/scope"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var outboundReach = &audit.Rule{
	ID:       "outbound-reach",
	Title:    "A ServiceAccount leads to the whole cluster",
	Severity: audit.Low,
	Rationale: "An intruder does not stop at what a token may do: with it they take another identity, a pod that breaks out " +
		"of its node, a role that they bind. This is how near the cluster is to who has a token of this namespace.",
	Remediation: "Take away one of the grants that the way needs, or close it with Pod Security, and look whether another way " +
		"is left: seaworthy access paths tells.",
	Controls: []string{"CIS-5.1.1", "OWASP22-K03", "OWASP25-K02", "MITRE-T1078"},
	Since:    "3",
	Subjects: []kube.Resource{kube.Namespaces},
	Reads:    readRBAC(),
	Consults: scope.WaysDependOn(),
	Wide:     true, // ways lead through other namespaces
	Weight:   0.35,
	Check:    eachScoped(judgeReach),
}

const (
	perStep   = 0.85 // what is left of the extent with each unit of cost
	idleShare = 0.25 // what counts of a ServiceAccount whose token no pod carries
)

// reached is a way out as it counts.
type reached struct {
	scope.Outlet
	live bool
	x    float64
}

// reachedFrom returns the ways out of a namespace, nearest first.
func reachedFrom(c *kube.Cluster, namespace string) []reached {
	var all []reached
	for _, out := range scope.OutwardOf(c).Outlets(namespace) {
		r := reached{out, !idle.Of(c, out.Who), math.Pow(perStep, float64(out.Cost))}
		if !r.live {
			r.x *= idleShare
		}
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b reached) int {
		return cmp.Or(cmp.Compare(b.x, a.x), access.CompareSubjects(a.Who, b.Who))
	})
	return all
}

func judgeReach(p *audit.Pass, namespace string, s *scope.Space) {
	m := measure{unread: notInView(s.Unread), consulted: scope.WaysDependOn()}
	if all := reachedFrom(p.Cluster, namespace); len(all) > 0 {
		first := all[0]
		way := scope.OutwardOf(p.Cluster).Route(first.Outlet)
		m.extent = first.x
		m.message = fmt.Sprintf("%s leads to %s in %s (%s)", first.Who, way.End, counted(way.Steps, "step"), way.Confidence)
		m.detail = way.Story + "."
		if !first.live {
			m.detail += " No pod is known to carry its token, so that it counts a quarter."
		}
		if len(all) > 1 && all[1].x >= least {
			m.detail += fmt.Sprintf(" Next is %s, at %.2f.", all[1].Who, all[1].x)
		}
	}
	m.report(p)
}
