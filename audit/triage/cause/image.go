package cause

import (
	"slices"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// imagePatterns are why images are not pulled.
func imagePatterns() []*Pattern {
	return []*Pattern{wrongTag, pullCredentials, registryTrouble, pullOnOneNode}
}

var wrongTag = &Pattern{
	ID: "wrong-tag", Family: "image", Title: "the image does not exist",
	Signals: []string{"image-pull"}, Mechanism: change.ImagePull,
	Speaks:      "the registry says that there is no such tag (decisive); the rollout brought the image (structural); the revision before runs (contrast); when that was (temporal)",
	Contradicts: "other images of the registry fail as well (−35)",
	Unchecked:   "what the registry holds",
	gate: func(q *inquiry, s *subject) bool {
		return q.only(s, causedBy(string(message.TagMissing), string(message.InvalidName), string(message.NeverPulled)))
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		image, registry := imageOf(s), triage.RegistryOf(imageOf(s))
		switch message.PullCause(s.signal.Cause) {
		case message.InvalidName:
			w.isDecisive("the kubelet cannot read the name %s", image)
		case message.NeverPulled:
			w.isDecisive("the node does not have %s, and imagePullPolicy Never forbids to pull it", image)
		default:
			w.isDecisive("the registry says that %s does not exist", image)
		}
		if d, brought := q.difference(s.workload, change.ImagePull, change.Image); brought {
			w.isStructural("the rollout brought it: %s", d)
		}
		q.contrast(s, w)
		w.isTemporal(q, q.best(change.ImagePull, rolledOut(s.workload, change.Image)))
		if running := q.runningWith(s, image); running > 0 {
			w.unknown("%d pods run with it: it was there once", running)
		} else if s.workload != nil {
			w.isStructural("no pod of %s runs with it", s.name())
		}
		for _, other := range q.anywhere("image-pull") {
			if other.Cause == string(message.TagMissing) || other.Workload == s.signal.Workload || message.PullCause(other.Cause) == message.Access {
				continue
			}
			if slices.Contains(registriesOf(q, other), registry) {
				w.strongly("other images of %s are not pulled either: %s", registry, sentenceOf(other))
				break
			}
		}
	},
	title: func(_ *inquiry, s *subject) string {
		return "image " + imageOf(s) + " of " + s.name() + " does not exist"
	},
	fix: func(_ *inquiry, s *subject) string {
		return "Correct the tag of " + imageOf(s) + ", push it, or go back to the revision before. The back-off goes up to five minutes: what is mended may look broken for as long."
	},
	commands: func(q *inquiry, s *subject) []Command {
		all := []Command{q.describe(orPod(s), "what the registry answers, in the events")}
		return append(append(all, q.rollback(s.workload)...), q.podsOrNone(s)...)
	},
}

var pullCredentials = &Pattern{
	ID: "pull-credentials", Family: "image", Title: "the registry does not accept the credentials",
	Signals: []string{"image-pull"}, Mechanism: change.ImagePull, Reads: []kube.Resource{kube.Secrets},
	Speaks:      "the registry says unauthorized, forbidden or denied (decisive); a pull secret that the pods name is not there (structural), or changed (temporal); no pull secret is named (weak)",
	Contradicts: "the same pull secret works for pods made since (−10)",
	Unchecked:   "what the pull secret says; to those who may not read it a registry does not tell a repository that does not exist from one that does",
	gate:        func(q *inquiry, s *subject) bool { return q.only(s, causedBy(string(message.Access))) },
	weigh: func(q *inquiry, s *subject, w *weighing) {
		w.isDecisive("the registry refuses access to %s", imageOf(s))
		secrets := pullSecrets(s)
		if len(secrets) == 0 {
			w.isWeak("the pods name no pull secret, and their ServiceAccount gave them none")
		}
		for _, ref := range secrets {
			switch q.presence(ref) {
			case absent:
				w.isStructural("%s, with which it is pulled, is not there", ref)
			case present:
				w.isTemporal(q, q.best(change.ImagePull, ofObject(ref)))
				if other := q.pulledSince(ref, s); other != nil {
					w.hardly("%s works for %s, which was made since", ref, other.Ref())
				}
			case unknownPresence:
			}
		}
		w.isTemporal(q, q.best(change.ImagePull, rolledOut(s.workload, change.Image, change.ServiceAccount, change.Volume)))
		q.contrast(s, w)
	},
	title: func(_ *inquiry, s *subject) string {
		return s.name() + " may not pull " + imageOf(s)
	},
	fix: func(q *inquiry, s *subject) string {
		for _, ref := range pullSecrets(s) {
			if q.presence(ref) == absent {
				return "Create " + ref.String() + " again (type kubernetes.io/dockerconfigjson), or name another one."
			}
		}
		return "Check the name of the repository, then renew the credentials: imagePullSecrets of the pods or of their ServiceAccount."
	},
	commands: func(q *inquiry, s *subject) []Command {
		var all []Command
		for _, ref := range pullSecrets(s) {
			all = append(all, q.whoWrote(ref))
		}
		if spec := s.spec(); spec != nil {
			account := spec.ServiceAccountName
			if account == "" {
				account = "default"
			}
			all = append(all, q.get(kube.ServiceAccounts.Ref(s.namespace(), account), "which pull secrets it gives its pods", "-o", "yaml"))
		}
		all = append(all, q.describe(orPod(s), "what the registry answers, in the events"))
		return append(all, q.podsOrNone(s)...)
	},
}

var registryTrouble = &Pattern{
	ID: "registry", Family: "image", Title: "the registry does not answer, or limits the rate",
	Signals: []string{"image-pull"}, Mechanism: change.ImagePull,
	Speaks:      "429, a timeout, DNS or TLS in the message (decisive); several workloads on several nodes alike (contrast); three workloads or more of one registry (weak)",
	Contradicts: "one node only, while others pull (−35)",
	Unchecked:   "whether the registry can be reached from elsewhere",
	gate: func(q *inquiry, s *subject) bool {
		return q.only(s, causedBy(string(message.RateLimited), string(message.RegistryName), string(message.RegistryCertificate),
			string(message.RegistryNetwork), string(message.RegistryError)))
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		host := registryOf(s)
		w.isDecisive("%s: %s", host, map[message.PullCause]string{
			message.RateLimited: "it limits the rate", message.RegistryName: "its name cannot be resolved",
			message.RegistryCertificate: "TLS with it fails", message.RegistryNetwork: "it does not answer",
			message.RegistryError: "it answers with an error of its own",
		}[message.PullCause(s.signal.Cause)])
		all := q.alike(s, host)
		spread, hit := q.spread(all), len(owners(all))
		switch {
		case spread.oneNode():
			w.strongly("only on node %s: %d pods of the same workloads serve on others", spread.nodes[0], spread.wellElsewhere)
		case hit > 1 && len(spread.nodes) > 1:
			w.isContrast("%d workloads on %d nodes fail alike, so it is neither one image nor one node", hit, len(spread.nodes))
		}
		if hit > 2 {
			w.isWeak("%d workloads pull from it", hit)
		}
		w.unknown("images that a node has already go on working: what serves now proves nothing")
	},
	title: func(_ *inquiry, s *subject) string {
		host := registryOf(s)
		if message.PullCause(s.signal.Cause) == message.RateLimited {
			return "registry " + host + " limits the rate of pulls"
		}
		return "registry " + host + " cannot be used"
	},
	fix: func(_ *inquiry, s *subject) string {
		switch message.PullCause(s.signal.Cause) {
		case message.RateLimited:
			return "Pull with an account of its own limit, or through a mirror; it goes on by itself when the limit is over."
		case message.RegistryCertificate:
			return "Renew the registry's certificate, or give the nodes its CA."
		default:
		}
		return "Bring the registry back, or pull through a mirror. Do not restart pods meanwhile: those that run need no image."
	},
	commands: func(q *inquiry, s *subject) []Command {
		return []Command{
			q.events("", "who else cannot pull, and why", "reason=Failed"),
			q.zones(),
			q.list(kube.Pods, "kube-system", "whether cluster DNS is well", "-l", "k8s-app=kube-dns", "-o", "wide"),
		}
	},
}

var pullOnOneNode = &Pattern{
	ID: "pull-on-one-node", Family: "image", Title: "one node cannot pull or start pods",
	Signals: []string{"image-pull", "pod-sandbox-failed", "pod-creating-stuck"}, Mechanism: change.NodeTrouble,
	Speaks:      "all of it is on one node while the same workloads serve on others (contrast); that node is short of disk, or says that it is not well (structural); its disk is full by the runtime's words (decisive)",
	Contradicts: "pods on other nodes fail alike (−35)",
	Unchecked:   "the node's own logs (kubelet, containerd)",
	gate: func(q *inquiry, s *subject) bool {
		full := slices.ContainsFunc(s.signals, func(x *triage.Watched) bool { return x.Cause == string(message.DiskFull) })
		found := q.spread(s)
		return s.node != "" && (full || found.oneNode())
	},
	weigh: func(q *inquiry, s *subject, w *weighing) {
		found := q.spread(s)
		if found.oneNode() {
			w.isContrast("%d pods fail on node %s alone, and %d of the same workloads serve on others", found.pods, s.node, found.wellElsewhere)
		}
		if len(found.nodes) > 1 {
			w.strongly("pods on %d nodes fail alike", len(found.nodes))
		}
		if s.signal.Cause == string(message.DiskFull) {
			w.isDecisive("the runtime says that the node has no space left")
		}
		for _, other := range q.anywhere("node-pressure", "node-notready", "node-npd", "node-rebooted") {
			if other.Object.Name == s.node && isNode(other.Object) {
				w.isStructural("node %s %s", s.node, other.Message)
			}
		}
		if n := len(owners(s)); n > 1 {
			w.isWeak("%d workloads are hit there", n)
		}
		w.isTemporal(q, q.best(change.NodeTrouble, kinds(change.Node)))
	},
	title: func(_ *inquiry, s *subject) string { return "node " + s.node + " cannot pull images or start pods" },
	fix: func(_ *inquiry, s *subject) string {
		return "Cordon node " + s.node + ", let its pods move, then mend or replace it."
	},
	commands: func(q *inquiry, s *subject) []Command {
		return []Command{
			q.describe(kube.Nodes.Ref("", s.node), "its conditions, its disk and its events"),
			q.podsOn(s.node, "what else runs there, and how well"),
			q.events("", "what its kubelet complains about", "type=Warning"),
			q.cordon(s.node),
		}
	},
}

// alike returns all signals of the cluster of images of a registry that cannot be pulled
// for the same reason, as a subject that has them all.
func (q *inquiry) alike(s *subject, host string) *subject {
	all := &subject{signal: s.signal}
	for _, x := range q.anywhere("image-pull") {
		if x.Cause == s.signal.Cause && slices.Contains(registriesOf(q, x), host) {
			all.signals = append(all.signals, x)
		}
	}
	return all
}

// imageOf returns the image of the subject's container, "" if that is not known.
func imageOf(s *subject) string {
	c, ok := s.containerOf()
	if !ok {
		return ""
	}
	return c.Image
}

// runningWith returns how many containers of the subject's workload run with an image.
func (q *inquiry) runningWith(s *subject, image string) int {
	if s.workload == nil {
		return 0
	}
	n := 0
	for _, pod := range q.Cluster.PodsOf(s.workload) {
		for c, status := range triage.Containers(pod) {
			if _, runs := status.Running(); runs && c.Image == image {
				n++
			}
		}
	}
	return n
}

// registryOf returns the host that the subject's image comes from: the one that was
// asked, or else the one that the image names.
func registryOf(s *subject) string {
	if told := message.Pull(s.signal.Raw); told.Registry != "" {
		return told.Registry
	}
	return triage.RegistryOf(imageOf(s))
}

// registriesOf returns the registries of the images of a signal's pod.
func registriesOf(q *inquiry, signal *triage.Watched) []string {
	var hosts []string
	for _, key := range triage.KeysOf(q.Cluster, signal.Signal) {
		if key.Kind == triage.ByRegistry {
			hosts = append(hosts, key.Name)
		}
	}
	return hosts
}

// pullSecrets returns the Secrets that the subject's pods are pulled with.
func pullSecrets(s *subject) []kube.Ref {
	spec := s.spec()
	if spec == nil {
		return nil
	}
	var all []kube.Ref
	for _, secret := range spec.ImagePullSecrets {
		if secret.Name != "" {
			all = append(all, kube.Secrets.Ref(s.namespace(), secret.Name))
		}
	}
	return all
}

// pulledSince returns a pod with the same pull secret that was made after the subject
// began to fail and serves, nil if there is none.
func (q *inquiry) pulledSince(secret kube.Ref, s *subject) *kube.Pod {
	for _, pod := range q.Cluster.Pods.In(secret.Namespace) {
		uses := slices.ContainsFunc(pullSecrets(&subject{pod: pod, signal: s.signal}), func(r kube.Ref) bool { return r.Name == secret.Name })
		if uses && !q.hit[pod.Ref()] && triage.Serving(pod) && pod.Created().After(s.signal.Onset) {
			return pod
		}
	}
	return nil
}
