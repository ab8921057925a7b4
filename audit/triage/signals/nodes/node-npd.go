package nodes

import (
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var nodeProblem = &triage.Detector{
	ID:    "node-npd",
	Title: "A node's problem detector reports a problem",
	About: "A condition that Kubernetes itself does not know says that something is wrong: node-problem-detector and the agents of clouds set them. " +
		"Only the name tells which status is the bad one: KernelDeadlock, ReadonlyFilesystem or FrequentKubeletRestart are bad when True, " +
		"names that end in Ready or Healthy when False. Others are left alone rather than guessed.",
	Reads: []kube.Resource{kube.Nodes},
	Rung:  triage.Nodes,
	After: 2 * time.Minute,
	Wide:  true,
	Check: func(p *triage.Pass) {
		for n := range p.Cluster.Nodes.All() {
			var worst *corev1.NodeCondition
			var names []string
			for i := range n.Status.Conditions {
				c := &n.Status.Conditions[i]
				if standard(c.Type) || !says(c) {
					continue
				}
				names = append(names, string(c.Type)+"="+string(c.Status))
				if worst == nil || c.LastTransitionTime.Before(&worst.LastTransitionTime) {
					worst = c
				}
			}
			if worst == nil {
				continue
			}
			p.Report(triage.Signal{
				Object: kube.Nodes.Ref("", n.Name), Since: worst.LastTransitionTime.Time, Raw: worst.Message, Severity: triage.S3,
				Cause: strings.ToLower(string(worst.Type)), Message: "reports " + strings.Join(names, ", ") + maintenance(n),
			})
		}
	},
}

// standard reports whether a condition is one of Kubernetes itself, which other
// detectors read (core/v1 NodeConditionType).
func standard(of corev1.NodeConditionType) bool {
	return of == corev1.NodeReady || of == corev1.NodeNetworkUnavailable ||
		slices.ContainsFunc(pressures(), func(p pressure) bool { return p.condition == of }) || triage.MaintenanceCondition(of)
}

// says reports whether a condition says that something is wrong, as far as its
// name tells.
func says(c *corev1.NodeCondition) bool {
	name := string(c.Type)
	for _, good := range []string{"Ready", "Healthy"} {
		if strings.HasSuffix(name, good) && !strings.HasSuffix(name, "NotReady") && !strings.HasSuffix(name, "Unhealthy") {
			return c.Status == corev1.ConditionFalse
		}
	}
	for _, bad := range []string{
		"Problem", "Failure", "Deadlock", "Readonly", "ReadOnly", "Corrupt", "Frequent", "Unhealthy", "NotReady", "Oops", "Pressure", "Exhausted", "Lost", "Hang", "Stuck",
	} {
		if strings.Contains(name, bad) {
			return c.Status == corev1.ConditionTrue
		}
	}
	return false
}
