package starting

import (
	"fmt"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var initStuck = &triage.Detector{
	ID:    "init-stuck",
	Title: "A pod does not get past an init container",
	About: "An init container runs for more than ten minutes, or failed twice and is started again: the containers behind it have to wait (state PodInitializing). " +
		"Sidecars, which are init containers with restartPolicy Always, are none here (KEP-753). Migrations may well take longer, and only a person can tell.",
	Reads: []kube.Resource{kube.Pods},
	Helps: []kube.Resource{kube.Events},
	Rung:  triage.Revisions,
	Paged: mixinWaiting,
	Check: func(p *triage.Pass) {
		for _, pod := range p.Living() {
			for c, status := range triage.Containers(pod) {
				if c.Kind != kube.Init {
					continue
				}
				if t := status.Terminated(); t != nil && t.ExitCode == 0 {
					continue
				}
				s := triage.Signal{Object: pod.Ref(), Least: triage.S3, Container: c.Name}
				ended := status.LastTerminated()
				if t := status.Terminated(); t != nil && t.ExitCode != 0 {
					ended = t
				}
				since, runs := status.Running()
				waiting := status.Waiting()
				backsOff := waiting != nil && waiting.Reason == "CrashLoopBackOff"
				switch {
				case ended != nil && ended.ExitCode != 0 && (status.Restarts >= 2 || backsOff):
					s.Cause, s.Raw = "crashing", ended.Message
					s.Since, s.Estimated = triage.CrashingSince(pod, status, ended, p.PodEvents(pod))
					s.Message = fmt.Sprintf("init container exits %d, restarted %d times", ended.ExitCode, status.Restarts)
				case runs:
					s.Cause, s.Since, s.After = "running", since.Time, 10*time.Minute
					s.Message = "init container does not come to an end"
				default:
					continue
				}
				p.Report(s)
			}
		}
	},
}
