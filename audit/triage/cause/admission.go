package cause

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// admissionPatterns are why the API server does not create pods.
func admissionPatterns() []*Pattern { return []*Pattern{quota, webhookOutage, admissionPolicy} }

const createRefused = "create-refused"

var quota = &Pattern{
	ID: "quota", Family: "admission", Title: "a quota or a LimitRange refuses pods",
	Signals: []string{createRefused}, Explains: []string{"quota-full"}, Mechanism: change.CreateRefused, Reads: []kube.Resource{kube.ResourceQuotas},
	Speaks:      "the API server names the quota (decisive); it is used up, or the containers lack what it asks for (structural); it changed, or something scaled up (temporal); a rollout needs more pods for a while (weak)",
	Contradicts: "by its status there is room in the quota (−10)",
	Unchecked:   "who else in the namespace could do with less",
	gate: func(q *inquiry, s *subject) bool {
		return q.only(s, func(x *triage.Watched) bool {
			switch message.Create(x.Raw).Kind {
			case message.QuotaExceeded, message.QuotaUnspecified, message.QuotaUncovered, message.LimitRangeExceeded:
				return true
			default:
				return false
			}
		})
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		what := message.Create(s.signal.Raw)
		w.isDecisive("the API server says: %s", quotaLine(what))
		switch what.Kind {
		case message.QuotaExceeded:
			q.quotaRoom(s, what, w)
			if r, rolling := triage.Rolling(s.workload); rolling && q.best(change.CreateRefused, rolledOut(s.workload)) != nil {
				w.isWeak("a rollout is under way (%d/%d), which needs more pods for a while", r.Updated, r.Desired)
			}
		case message.QuotaUnspecified:
			w.isStructural("its containers do not declare %s", strings.Join(slices.Sorted(maps.Keys(what.Missing)), ", "))
		case message.LimitRangeExceeded:
			if ranges := q.Cluster.LimitRanges.In(s.namespace()); len(ranges) > 0 {
				w.isStructural("LimitRange %s holds in the namespace", ranges[0].Name)
			}
		default:
		}
		w.isTemporal(q, q.best(change.CreateRefused, func(r *change.Ranked) bool {
			return kinds(change.Policy, change.Scale, change.Autoscale)(r) || rolledOut(s.workload, change.Resources)(r)
		}))
	},
	title: func(_ *inquiry, s *subject) string {
		switch what := message.Create(s.signal.Raw); what.Kind {
		case message.QuotaExceeded:
			return fmt.Sprintf("quota %s has no room for pods of %s: %s", what.Name, s.name(), strings.Join(slices.Sorted(maps.Keys(what.Requested)), ", "))
		case message.QuotaUnspecified:
			return fmt.Sprintf("quota %s refuses pods of %s, which do not declare what it counts", what.Name, s.name())
		case message.QuotaUncovered:
			return "no quota covers the pods of " + s.name()
		default:
			return "a LimitRange refuses pods of " + s.name()
		}
	},
	fix: func(_ *inquiry, s *subject) string {
		switch what := message.Create(s.signal.Raw); what.Kind {
		case message.QuotaExceeded:
			if _, rolling := triage.Rolling(s.workload); !rolling {
				return "Raise quota " + what.Name + ", free some of it, or scale " + s.name() + " to what it has room for."
			}
			return "Raise quota " + what.Name + ", free some of it, or roll out with maxSurge 0."
		case message.QuotaUnspecified:
			return "Declare requests and limits in " + s.name() + ", or give the namespace a LimitRange with defaults."
		default:
			return "Bring requests and limits of " + s.name() + " within what is allowed."
		}
	},
	commands: func(q *inquiry, s *subject) []Command {
		all := []Command{q.describeAll(kube.ResourceQuotas, s.namespace(), "how much of each quota is used")}
		if message.Create(s.signal.Raw).Kind == message.LimitRangeExceeded {
			all = []Command{q.describeAll(kube.LimitRanges, s.namespace(), "what is allowed")}
		}
		return append(all, q.describe(q.creator(s), "the refusal, in its events"),
			q.list(kube.Pods, s.namespace(), "who came last", "--sort-by=.metadata.creationTimestamp"))
	},
}

// quotaLine says in short what the API server says at length.
func quotaLine(what message.Refusal) string {
	switch what.Kind {
	case message.QuotaExceeded:
		var parts []string
		for _, r := range slices.Sorted(maps.Keys(what.Requested)) {
			parts = append(parts, fmt.Sprintf("%s: %s asked for, %s of %s used", r, what.Requested[r], what.Used[r], what.Limited[r]))
		}
		return "quota " + what.Name + " is exceeded (" + strings.Join(parts, "; ") + ")"
	case message.QuotaUnspecified:
		return "quota " + what.Name + " must specify " + strings.Join(slices.Sorted(maps.Keys(what.Missing)), ", ")
	default:
		return clip(message.Scrub(cmp.Or(what.Text, string(what.Kind))))
	}
}

// quotaRoom sets what was asked for against the quota as it is now.
func (q *inquiry) quotaRoom(s *subject, what message.Refusal, w *weighing) {
	held, ok := q.Cluster.ResourceQuotas.Get(s.namespace(), what.Name)
	if !ok {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(what.Requested)) {
		asked, err := quantity(what.Requested[name])
		if err != nil {
			continue
		}
		for resource, hard := range held.Status.Hard {
			if string(resource) != name {
				continue
			}
			used := held.Status.Used[resource]
			asked.Add(used)
			if asked.Cmp(hard) > 0 {
				w.isStructural("quota %s has %s of %s used for %s", what.Name, used.String(), hard.String(), name)
				return
			}
			w.hardly("by now quota %s has %s of %s used for %s: there is room", what.Name, used.String(), hard.String(), name)
		}
	}
}

// creator is the object whose events tell why pods are not created: the newest
// ReplicaSet of a Deployment, or else the subject's workload.
func (q *inquiry) creator(s *subject) kube.Ref {
	if s.workload == nil {
		return s.signal.Object
	}
	newest, ref := "", s.workload.Ref
	for _, set := range q.Cluster.ReplicaSets.In(ref.Namespace) {
		if set.Owner.Kind != s.workload.Ref.Kind || set.Owner.Name != s.workload.Ref.Name {
			continue
		}
		if number := set.Annotations["deployment.kubernetes.io/revision"]; newer(number, newest) {
			newest, ref = number, kube.ReplicaSets.Ref(set.GetNamespace(), set.Name)
		}
	}
	return ref
}

var webhookOutage = &Pattern{
	ID: "webhook-outage", Family: "admission", Title: "an admission webhook does not answer",
	Signals: []string{createRefused, "webhook-down"}, Mechanism: change.CreateRefused, Reads: []kube.Resource{kube.Services, kube.EndpointSlices},
	Speaks:      "the API server could not call it (decisive); its Service is missing or has no endpoints (structural); pods of several namespaces or workloads are refused (contrast); its backend or its configuration changed (temporal); its rules match pods (weak)",
	Contradicts: "its Service has endpoints (−10)",
	Unchecked:   "the logs of the webhook's own pods",
	gate: func(q *inquiry, s *subject) bool {
		return q.only(s, func(x *triage.Watched) bool {
			return x.Detector.ID == "webhook-down" || message.Create(x.Raw).Kind == message.WebhookFailed
		})
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		refused := map[string]bool{}
		for _, x := range s.signals {
			if x.Detector.ID == createRefused {
				refused[x.Object.Namespace] = true
				w.isDecisive("the API server says: failed calling webhook %s%s", webhookOf(s), callLine(message.Create(x.Raw).Webhook))
			}
		}
		namespace, service := serviceOf(s)
		o, workload := q.backend(namespace, service)
		switch {
		case service == "":
			w.unknown("what it calls: a URL outside of the cluster")
		case o == nil:
			w.isStructural("its Service %s/%s does not exist", namespace, service)
		default:
			if ready, known := q.endpoints(o); known && ready == 0 {
				w.isStructural("its Service %s/%s has no endpoint that is ready", namespace, service)
			} else if known {
				w.hardly("its Service %s/%s has %d endpoints: it is slow, or its port or certificate is wrong", namespace, service, ready)
			}
		}
		if n := refusals(s); len(refused) > 1 || n > 2 {
			w.isContrast("pods of %d workloads in %d namespaces are refused alike", n, len(refused))
		}
		w.isTemporal(q, q.best(change.CreateRefused, func(r *change.Ranked) bool {
			return r.Change.Kind == change.Policy || workload != nil && (r.Change.Object == workload.Ref || r.Change.Owner == workload.Ref)
		}))
		for _, x := range s.signals {
			if x.Detector.ID == "webhook-down" && strings.Contains(x.Message, "pod") {
				w.isWeak("%s", x.Message)
				break
			}
		}
	},
	title: func(_ *inquiry, s *subject) string {
		namespace, service := serviceOf(s)
		if service == "" {
			return "webhook " + webhookOf(s) + " does not answer"
		}
		return fmt.Sprintf("webhook %s does not answer: nobody is behind svc/%s in %s", webhookOf(s), service, namespace)
	},
	fix: func(q *inquiry, s *subject) string {
		namespace, service := serviceOf(s)
		text := "Bring back what answers for the webhook"
		if _, workload := q.backend(namespace, service); workload != nil {
			text = "Bring " + workload.Ref.String() + " back"
		}
		return text + ". Only if that takes too long: failurePolicy Ignore, which lets everything in that it is to keep out."
	},
	commands: func(q *inquiry, s *subject) []Command {
		both := q.kubectl("", "which webhooks there are", "get", "validatingwebhookconfigurations,mutatingwebhookconfigurations").
			needs(may("list", kube.ValidatingWebhookConfigurations, "", ""), may("list", kube.MutatingWebhookConfigurations, "", ""))
		namespace, service := serviceOf(s)
		if service == "" {
			return []Command{both, q.describe(q.creator(s), "the refusal, in its events"), q.raw("/readyz?verbose", "whether the API server itself is well")}
		}
		all := []Command{q.kubectl(namespace, "whether anything answers for it", "get", "pods,endpointslices").
			needs(may("list", kube.Pods, namespace, ""), may("list", kube.EndpointSlices, namespace, ""))}
		if _, workload := q.backend(namespace, service); workload != nil {
			all = append(all, q.describe(workload.Ref, "why its backend has no pods that are ready"))
		}
		return append(all, both, q.describe(orPod(s), "the refusal"))
	},
}

// refusals returns how many workloads have pods refused.
func refusals(s *subject) int {
	n := 0
	for _, x := range s.signals {
		if x.Detector.ID == createRefused {
			n++
		}
	}
	return n
}

// webhookOf returns the webhook that the subject is about.
func webhookOf(s *subject) string {
	names := keysOf(s, triage.ByWebhook)
	if len(names) == 0 {
		return message.Create(s.signal.Raw).Name
	}
	if _, webhook, found := strings.Cut(names[0], "/"); found {
		return webhook
	}
	return names[0]
}

// serviceOf returns the Service of the webhook or the aggregated API that the subject is
// about, "" if it is called by a URL.
func serviceOf(s *subject) (namespace, name string) {
	for _, key := range keysOf(s, triage.ByService) {
		namespace, name, _ = strings.Cut(key, "/")
		return namespace, name
	}
	return "", ""
}

// callLine says why a webhook could not be called.
func callLine(f message.WebhookFailure) string {
	why := map[message.CallCause]string{
		message.NoEndpoints: "no endpoints available", message.ServiceMissing: "its Service does not exist", message.Refused: "connection refused",
		message.TimedOut: "no answer in time", message.Unreachable: "it cannot be reached", message.NameUnknown: "its name is unknown",
		message.Certificate: "its certificate is not trusted", message.Handshake: "TLS fails", message.Answered: "it answers with an error",
	}[f.Cause]
	if why == "" {
		return ""
	}
	return ": " + why
}

var admissionPolicy = &Pattern{
	ID: "admission-policy", Family: "admission", Title: "a policy refuses the pods",
	Signals: []string{createRefused}, Mechanism: change.CreateRefused,
	Speaks:      "the API server names the policy, the webhook or the Pod Security level (decisive); it is in the cluster (structural); it, the namespace's labels or the template changed (temporal); the revision before runs (contrast)",
	Contradicts: "pods of the same template were created since it changed (−10)",
	Unchecked:   "what else the policy would refuse",
	gate: func(q *inquiry, s *subject) bool {
		return q.only(s, func(x *triage.Watched) bool {
			switch message.Create(x.Raw).Kind {
			case message.PodSecurity, message.WebhookDenied, message.PolicyDenied:
				return true
			default:
				return false
			}
		})
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		what := message.Create(s.signal.Raw)
		w.isDecisive("the API server says: %s: %s", policyOf(what), clip(message.Scrub(what.Text)))
		q.policyHeld(s, what, w)
		q.contrast(s, w)
		ruled := q.best(change.CreateRefused, kinds(change.Policy))
		w.isTemporal(q, ruled)
		w.isTemporal(q, q.best(change.CreateRefused, rolledOut(s.workload)))
		if ruled != nil && s.workload != nil {
			for _, pod := range q.Cluster.PodsOf(s.workload) {
				if pod.Created().After(ruled.Change.Time) {
					w.hardly("%s was created since %s changed", pod.Ref().Short(), ruled.Change.Object.Short())
					break
				}
			}
		}
	},
	title: func(_ *inquiry, s *subject) string {
		return policyOf(message.Create(s.signal.Raw)) + " refuses pods of " + s.name()
	},
	fix: func(_ *inquiry, s *subject) string {
		return "Change the template of " + s.name() + " as the message asks, or exempt it on purpose."
	},
	commands: func(q *inquiry, s *subject) []Command {
		namespace := q.get(kube.Namespaces.Ref("", s.namespace()), "which Pod Security level the namespace enforces", "--show-labels")
		all := []Command{q.describe(q.creator(s), "the refusal, in its events")}
		switch message.Create(s.signal.Raw).Kind {
		case message.PodSecurity:
			all = append(all, namespace)
		case message.PolicyDenied:
			all = append(all, q.list(kube.ValidatingAdmissionPolicyBindings, "", "where which policy holds"))
		default:
			all = append(all, q.list(kube.ValidatingWebhookConfigurations, "", "which webhooks there are"))
		}
		return append(append(all, q.rollback(s.workload)...), namespace)
	},
}

// policyHeld notes that the view holds what refuses.
func (q *inquiry) policyHeld(s *subject, what message.Refusal, w *weighing) {
	switch what.Kind {
	case message.PodSecurity:
		if n, ok := q.Cluster.Namespaces.Get("", s.namespace()); ok && n.Labels["pod-security.kubernetes.io/enforce"] == what.Name {
			w.isStructural("namespace %s enforces the level %s", s.namespace(), what.Name)
		}
	case message.PolicyDenied:
		if q.presence(kube.ValidatingAdmissionPolicies.Ref("", what.Name)) == present {
			w.isStructural("ValidatingAdmissionPolicy %s holds in the cluster", what.Name)
		}
	case message.WebhookDenied:
		for _, key := range keysOf(s, triage.ByWebhook) {
			if configuration, _, found := strings.Cut(key, "/"); found {
				w.isStructural("webhook configuration %s has it", configuration)
			}
		}
	default:
	}
}

// policyOf names what refuses.
func policyOf(what message.Refusal) string {
	switch what.Kind {
	case message.PodSecurity:
		return "Pod Security level " + what.Name
	case message.PolicyDenied:
		return "admission policy " + what.Name
	default:
		return "webhook " + what.Name
	}
}
