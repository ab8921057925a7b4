package running

import (
	"cmp"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var probeStartup = &triage.Detector{
	ID:    "probe-startup",
	Title: "A container does not start in the time that it has",
	About: "The kubelet killed a container for its startup probe (event Killing, \"failed startup probe\"): it was not up within initialDelaySeconds and failureThreshold times periodSeconds (KEP-950). " +
		"Failures before that are how a startup probe works, and count for nothing. Without events it cannot be seen. What a command wrote is not shown.",
	Reads: []kube.Resource{kube.Pods, kube.Events},
	Rung:  triage.Revisions,
	Hold:  restartHold,
	Check: func(p *triage.Pass) {
		for _, pod := range p.Living() {
			events := p.PodEvents(pod)
			for c := range triage.Containers(pod) {
				kill := killOf(events, c.Name, message.KilledByStartup)
				if kill == nil {
					continue
				}
				failed, how := failureOf(events, c.Name, "startup")
				s := triage.Signal{
					Object: pod.Ref(), Least: triage.S3, Container: c.Name, Cause: cmp.Or(string(how.Cause), "unsaid"), Raw: said(failed, how),
					Since: triage.Began(kill), Until: triage.Happened(kill).Add(restartHold),
					Message: "killed" + often(kill) + " by its startup probe",
				}
				if c.StartupProbe != nil {
					s.Message += ": not up within " + triage.Span(budget(c.StartupProbe))
				}
				s.Message += answer(how)
				p.Report(s)
			}
		}
	},
}
