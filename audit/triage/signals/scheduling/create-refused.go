package scheduling

import (
	"maps"
	"slices"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// refusalShown is for how long an event tells that creation is refused, where no
// condition does: controllers try again after 1,000 s at the latest
// (client-go/util/workqueue, DefaultTypedControllerRateLimiter).
const refusalShown = 17 * time.Minute

var createRefused = &triage.Detector{
	ID:    "create-refused",
	Title: "The API server refuses to create pods",
	About: "A workload is short of pods since none can be created: condition ReplicaFailure of a Deployment, which is that of its ReplicaSet and goes once creation works, or the event FailedCreate of a ReplicaSet, StatefulSet, DaemonSet, Job or CronJob, and ReplicaSetCreateError of a Deployment " +
		"(pkg/controller/controller_utils.go; pkg/controller/deployment/progress.go). An event counts while the workload is short, and until its controller must have tried again. " +
		"Who refused stands in the message: a quota, a LimitRange, Pod Security, an admission policy, a webhook that denied, or one that did not answer, which is another matter. " +
		"In a namespace that is being deleted nothing can be created, by design.",
	Reads: []kube.Resource{kube.Deployments, kube.ReplicaSets, kube.StatefulSets, kube.DaemonSets, kube.Jobs, kube.CronJobs},
	Helps: []kube.Resource{kube.Events, kube.Pods, kube.LimitRanges, kube.ValidatingWebhookConfigurations, kube.MutatingWebhookConfigurations},
	Rung:  triage.Capacity,
	After: 30 * time.Second,
	Check: func(p *triage.Pass) {
		if triage.Ending(p.Cluster, p.Namespace) {
			return
		}
		refused := map[kube.Ref]triage.Signal{}
		for _, d := range p.Cluster.Deployments.In(p.Namespace) {
			for i := range d.Status.Conditions {
				c := &d.Status.Conditions[i]
				if c.Type == appsv1.DeploymentReplicaFailure && c.Status == corev1.ConditionTrue && c.Reason != "FailedDelete" && d.DeletionTimestamp == nil {
					refused[kube.Deployments.Ref(d.Namespace, d.Name)] = triage.Signal{Raw: c.Message, Since: c.LastTransitionTime.Time}
				}
			}
		}
		for _, e := range p.Cluster.Events.In(p.Namespace) {
			if e.Reason != "FailedCreate" && e.Reason != "ReplicaSetCreateError" {
				continue
			}
			owner, short := shortOwner(p.Cluster, e)
			if s, known := refused[owner]; !short || known && (s.Until.IsZero() || s.Until.After(triage.Happened(e).Add(refusalShown))) {
				continue
			}
			refused[owner] = triage.Signal{Raw: e.Message, Since: triage.Began(e), Until: triage.Happened(e).Add(refusalShown)}
		}
		for _, owner := range slices.SortedFunc(maps.Keys(refused), kube.CompareRefs) {
			s := refused[owner]
			what := message.Create(s.Raw)
			if what.Kind == message.NamespaceTerminating {
				continue
			}
			s.Object, s.Workload, s.Least = owner, owner, triage.S3
			s.Cause, s.Message, s.Keys = string(what.Kind), refusalLine(what), refusalKeys(p, what)
			p.Report(s)
		}
	},
}
