package nodes

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var nodeEvicting = &triage.Detector{
	ID:    "node-evicting",
	Title: "A node evicts one pod after the other",
	About: "The kubelet of a node evicted at least three pods within an hour, by the pods that it left behind (status.reason Evicted). " +
		"Such pods stay until a controller of theirs or the garbage collector removes them, so that only those that ended within the hour count.",
	Reads: []kube.Resource{kube.Pods},
	Rung:  triage.Nodes,
	Wide:  true,
	Check: func(p *triage.Pass) {
		evictions := map[string][]time.Time{}
		for _, pod := range p.Pods() {
			if pod.Status.Reason == "Evicted" && pod.Node != "" {
				evictions[pod.Node] = append(evictions[pod.Node], triage.EndOf(pod))
			}
		}
		for node, times := range evictions {
			slices.SortFunc(times, func(a, b time.Time) int { return cmp.Compare(b.Unix(), a.Unix()) })
			within := 0
			for within < len(times) && times[0].Sub(times[within]) < evictionWindow {
				within++
			}
			if within < fewestEvictions {
				continue
			}
			p.Report(triage.Signal{
				Object: kube.Nodes.Ref("", node), Severity: triage.S2,
				Since: times[within-fewestEvictions], Until: times[fewestEvictions-1].Add(evictionWindow),
				Message: fmt.Sprintf("evicted %d pods within an hour", within),
			})
		}
	},
}

const (
	evictionWindow  = time.Hour
	fewestEvictions = 3
)
