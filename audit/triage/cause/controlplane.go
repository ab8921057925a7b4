package cause

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// controlPlanePatterns are why what everything depends on does not work, or holds
// something up.
func controlPlanePatterns() []*Pattern {
	return []*Pattern{namespaceFinalizer, disruptionBudget, controllersDown, expiredCertificate}
}

var namespaceFinalizer = &Pattern{
	ID: "namespace-finalizer", Family: "control plane", Title: "a finalizer, or an API that does not answer, holds up a namespace",
	Signals:     []string{"ns-stuck"},
	Speaks:      "a condition of the namespace names it (decisive); the aggregated API that it waits for is down (structural)",
	Contradicts: "it has been less than ten minutes (no signal)",
	Unchecked:   "whether the controller of the finalizer still exists",
	gate:        func(*inquiry, *subject) bool { return true },
	weigh: func(q *inquiry, s *subject, w *weighing) {
		what := q.remaining(s)
		w.isDecisive("the namespace says: %s", clip(message.Scrub(what.Text)))
		for _, x := range q.anywhere("apiservice-down") {
			if s.signal.Cause == "discovery" {
				w.isStructural("%s is not available", x.Object)
			}
		}
		if len(what.Finalizers) > 0 {
			w.isStructural("objects in it still bear the finalizer %s", what.Finalizers[0].Name)
		}
	},
	title: func(q *inquiry, s *subject) string {
		what := q.remaining(s)
		name := "namespace " + s.signal.Object.Name
		switch {
		case s.signal.Cause == "discovery" && len(q.anywhere("apiservice-down")) > 0:
			return name + " cannot be deleted while " + q.anywhere("apiservice-down")[0].Object.Name + " is down"
		case len(what.Finalizers) > 0:
			return name + " waits for the finalizer " + what.Finalizers[0].Name
		}
		return name + " " + s.signal.Message
	},
	fix: func(_ *inquiry, s *subject) string {
		if s.signal.Cause == "discovery" {
			return "Bring the aggregated API back, or delete its APIService if nothing serves it any more; the namespace then goes by itself."
		}
		return "Bring back the controller that takes the finalizer off. To strip it by hand comes last: what it protects is then left behind."
	},
	commands: func(q *inquiry, s *subject) []Command {
		all := []Command{q.get(s.signal.Object, "what it waits for, in its conditions", "-o", "yaml")}
		what := q.remaining(s)
		if len(what.Resources) > 0 {
			left := kube.Resource{Group: what.Resources[0].Group, Plural: what.Resources[0].Resource, Namespaced: true}
			name := left.Plural
			if left.Group != "" {
				name += "." + left.Group
			}
			all = append(all, q.kubectl(s.signal.Object.Name, "which objects are left, and their finalizers", "get", name, "-o", "custom-columns=NAME:.metadata.name,FINALIZERS:.metadata.finalizers").
				needs(may("list", left, s.signal.Object.Name, "")))
		}
		return append(all, q.list(kube.APIServices, "", "which aggregated APIs are not available"), q.describe(s.signal.Object, "its state"))
	},
}

// remaining is what the conditions of a namespace say that is being deleted, joined;
// Text is what the most telling of them says.
func (q *inquiry) remaining(s *subject) message.Deletion {
	n, ok := q.Cluster.Namespaces.Get("", s.signal.Object.Name)
	if !ok {
		return message.NamespaceDeletion(s.signal.Raw)
	}
	all := message.Deletion{Text: s.signal.Raw}
	for i := range n.Status.Conditions {
		c := &n.Status.Conditions[i]
		if c.Status != corev1.ConditionTrue {
			continue
		}
		said := message.NamespaceDeletion(c.Message)
		all.Resources = append(all.Resources, said.Resources...)
		all.Finalizers = append(all.Finalizers, said.Finalizers...)
		all.Versions = append(all.Versions, said.Versions...)
		if s.signal.Cause != "discovery" || len(said.Versions) > 0 {
			all.Text = c.Message
		}
	}
	return all
}

var disruptionBudget = &Pattern{
	ID: "disruption-budget", Family: "control plane", Title: "a disruption budget blocks a drain",
	Signals: []string{"pdb-blocking"}, Explains: []string{"node-cordoned", "pdb-impossible"}, Mechanism: change.Eviction, Reads: []kube.Resource{kube.Nodes, kube.Pods},
	Speaks:      "its status allows no disruption (decisive); a node that is cordoned has its pods (structural); the budget changed before, or the node was cordoned then (temporal); pods of it are not healthy (weak)",
	Contradicts: "no node that is cordoned has its pods (−35)",
	Unchecked:   "whether anybody drains the node",
	gate:        func(*inquiry, *subject) bool { return true },
	weigh: func(q *inquiry, s *subject, w *weighing) {
		w.isDecisive("its status says that it %s", tail(s.signal.Message))
		w.isTemporal(q, q.best(change.Eviction, ofObject(s.signal.Object)))
		nodes := keysOf(s, triage.ByNode)
		if len(nodes) > 0 {
			w.isStructural("node %s is cordoned and has its pods", nodes[0])
			w.isTemporal(q, q.best(change.Eviction, ofObject(kube.Nodes.Ref("", nodes[0]))))
		} else {
			w.strongly("no node that is cordoned has its pods")
		}
		if s.signal.Cause == "unhealthy" {
			w.isWeak("some of its pods are not healthy; under IfHealthyBudget, the default, not even those may be evicted")
		}
	},
	title: func(_ *inquiry, s *subject) string {
		if nodes := keysOf(s, triage.ByNode); len(nodes) > 0 {
			return s.signal.Object.Short() + " blocks the drain of node " + nodes[0]
		}
		return s.signal.Object.Short() + " lets no pod be evicted"
	},
	fix: func(_ *inquiry, s *subject) string {
		if s.signal.Cause == "unhealthy" {
			return "Mend the pods that are not healthy; unhealthyPodEvictionPolicy AlwaysAllow lets broken ones go."
		}
		return "Add a replica or let the budget allow one disruption, as long as the drain takes."
	},
	commands: func(q *inquiry, s *subject) []Command {
		all := []Command{q.describe(s.signal.Object, "how many pods it has, and how many it asks for")}
		if s.workload != nil {
			all = append(all, q.podsOf(s.workload, "which of its pods are not ready, and where"))
		}
		return append(all, q.list(kube.PodDisruptionBudgets, "", "which other budgets allow nothing"), q.list(kube.Nodes, "", "which nodes are cordoned"))
	},
}

// tail is what follows the first colon of a message that has one.
func tail(text string) string {
	if _, rest, found := strings.Cut(text, ": "); found {
		return rest
	}
	return text
}

var controllersDown = &Pattern{
	ID: "controllers-down", Family: "control plane", Title: "the controller-manager or the scheduler does not work",
	Signals:     []string{"observed-stale", "leader-stale", "pod-no-scheduler"},
	Speaks:      "its lease is not renewed (decisive); three objects or more wait for their controllers, or pods are never looked at (structural); of different kinds or namespaces (contrast)",
	Contradicts: "its lease is renewed (−35); one object alone waits (−10); pods wait for a scheduler of another name (−35)",
	Unchecked:   "its logs",
	gate:        func(*inquiry, *subject) bool { return true },
	weigh: func(q *inquiry, s *subject, w *weighing) {
		var stale, unseen, spaces []string
		for _, x := range s.signals {
			switch x.Detector.ID {
			case "leader-stale":
				w.isDecisive("%s", sentenceOf(x))
			case "observed-stale":
				stale = append(stale, x.Object.String())
			case "pod-no-scheduler":
				unseen = append(unseen, x.Object.String())
			}
			if x.Detector.ID != "leader-stale" && !slices.Contains(spaces, x.Object.Namespace) {
				spaces = append(spaces, x.Object.Namespace)
			}
		}
		waiting := len(stale) + len(unseen)
		switch {
		case len(stale) > 2:
			w.isStructural("%d objects changed and no controller has looked at them, such as %s", len(stale), stale[0])
		case len(unseen) > 2:
			w.isStructural("%d pods were never looked at by a scheduler, such as %s", len(unseen), unseen[0])
		case waiting == 1:
			w.hardly("one object alone waits")
		}
		if len(spaces) > 1 {
			w.isContrast("in %d namespaces alike, so it is not one workload", len(spaces))
		}
		if s.signal.Detector.ID == "pod-no-scheduler" {
			q.leader("kube-scheduler", w)
		} else {
			q.leader("kube-controller-manager", w)
		}
		if s.pod != nil && s.pod.Spec.SchedulerName != "" && s.pod.Spec.SchedulerName != "default-scheduler" {
			w.strongly("they wait for the scheduler %s, which is another one", s.pod.Spec.SchedulerName)
		}
	},
	title: func(_ *inquiry, s *subject) string {
		if s.signal.Detector.ID == "pod-no-scheduler" {
			return "the scheduler does not work: pods are never looked at"
		}
		return "the controller-manager does not work: nothing that changes takes effect"
	},
	fix: func(*inquiry, *subject) string {
		return "Bring the component back on the control plane's nodes, or call whoever runs it. Until then nothing heals itself."
	},
	commands: func(q *inquiry, _ *subject) []Command {
		leases := q.kubectl(metaSystem, "who holds the leases, and when they were renewed", "get", "leases", "-o", "custom-columns=NAME:.metadata.name,HOLDER:.spec.holderIdentity,RENEWED:.spec.renewTime").
			needs(kube.Right{Verb: "list", Group: "coordination.k8s.io", Resource: "leases", Namespace: metaSystem})
		return []Command{leases, q.raw("/readyz?verbose", "whether the API server itself is well"), q.list(kube.Pods, metaSystem, "whether its pods run, where they are pods", "-l", "tier=control-plane", "-o", "wide")}
	},
}

var expiredCertificate = &Pattern{
	ID: "expired-certificate", Family: "control plane", Title: "a certificate is expired or not trusted",
	Signals: []string{"cert-expiring", "webhook-down", createRefused, "apiservice-down"}, Mechanism: change.CreateRefused,
	Speaks:      "x509 in the message (decisive); the certificate's end has passed (structural); a certificate or its configuration changed (temporal)",
	Contradicts: "nobody is behind the Service (−35)",
	Unchecked:   "the certificate that the server really presents, and the clocks of the nodes",
	gate: func(q *inquiry, s *subject) bool {
		return q.only(s, func(x *triage.Watched) bool {
			if x.Detector.ID == "cert-expiring" {
				return x.Cause == "expired"
			}
			return message.Create(x.Raw).Webhook.Cause == message.Certificate || strings.Contains(x.Raw, "x509: ")
		})
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		for _, x := range s.signals {
			switch {
			case strings.Contains(x.Raw, "x509: "):
				_, words, _ := strings.Cut(x.Raw, "x509: ")
				w.isDecisive("the API server says: x509: %s", clip(message.Scrub(words)))
			case x.Detector.ID == "cert-expiring":
				w.isDecisive("the certificate says so itself: %s", x.Message)
			default:
				w.isDecisive("the API server does not trust the certificate of %s", webhookOf(s))
			}
		}
		for _, x := range q.anywhere("cert-expiring") {
			if x.Cause == "expired" {
				w.isStructural("%s: %s", x.Object, x.Message)
			}
		}
		if namespace, name := serviceOf(s); name != "" {
			if o, _ := q.backend(namespace, name); o != nil {
				if n, known := q.endpoints(o); known && n == 0 {
					w.strongly("nobody is behind Service %s/%s", namespace, name)
				}
			}
		}
		w.isTemporal(q, q.best(change.CreateRefused, kinds(change.Certificate, change.Policy)))
	},
	title: func(q *inquiry, s *subject) string {
		for _, x := range q.anywhere("cert-expiring") {
			switch {
			case x.Cause != "expired":
			case x.Object.Kind == kube.Services.Kind: // no Service has one, but for that of the API server
				return "the certificate of the API server has expired"
			default:
				return fmt.Sprintf("%s has expired", x.Object)
			}
		}
		if name := webhookOf(s); name != "" {
			return "the certificate of webhook " + name + " is expired or not trusted"
		}
		return "the certificate of " + s.signal.Object.Short() + " is expired or not trusted"
	},
	fix: func(*inquiry, *subject) string {
		return "Renew the certificate and, where it is kept beside it, the caBundle; then let the renewal run by itself again."
	},
	commands: func(q *inquiry, s *subject) []Command {
		look := q.describe(s.signal.Object, "what it says of its certificate")
		requests := q.kubectl("", "which requests for certificates wait", "get", "csr").
			needs(kube.Right{Verb: "list", Group: "certificates.k8s.io", Resource: "certificatesigningrequests"})
		return []Command{q.list(kube.Certificates, "", "which certificates are not ready, or expired"), look, requests}
	},
}
