package cause

import (
	"cmp"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// kubectl begins a command with what all of them have.
func (q *inquiry) kubectl(namespace, about string, args ...string) Command {
	words := []string{"kubectl"}
	if q.Context != "" {
		words = append(words, "--context="+q.Context)
	}
	if namespace != "" {
		words = append(words, "-n", namespace)
	}
	words = append(words, args...)
	return Command{Text: sentence(words), Args: words, About: about}
}

// needs adds a right.
func (c Command) needs(rights ...kube.Right) Command {
	c.Needs = append(c.Needs, rights...)
	return c
}

// may is a right on the objects of a resource; name "" is all of them.
func may(verb string, r kube.Resource, namespace, name string) kube.Right {
	return kube.Right{Verb: verb, Group: r.Group, Resource: r.Plural, Namespace: namespace, Name: name}
}

// named writes an object as kubectl takes it: with its kind, so that no name is
// taken for a flag.
func named(ref kube.Ref) string {
	kind := strings.ToLower(ref.Kind)
	if r, held := kube.ResourceOf(ref.Group, ref.Kind); !held || r.Custom() {
		kind = strings.TrimSuffix(kind+"."+ref.Group, ".")
	}
	return kind + "/" + ref.Name
}

// resourceOf returns the resource of an object; of a kind that the view does not
// hold, what its name and group are as a rule.
func resourceOf(ref kube.Ref) kube.Resource {
	if r, held := kube.ResourceOf(ref.Group, ref.Kind); held {
		return r.As(ref.Kind)
	}
	return kube.Resource{Group: ref.Group, Plural: strings.ToLower(ref.Kind) + "s", Kind: ref.Kind}
}

// mayRead is the right to get one object.
func mayRead(ref kube.Ref) kube.Right { return may("get", resourceOf(ref), ref.Namespace, ref.Name) }

// describe shows an object with its events.
func (q *inquiry) describe(ref kube.Ref, about string) Command {
	c := q.kubectl(ref.Namespace, about, "describe", named(ref)).needs(mayRead(ref))
	c.Sensitive = q.hasValues(ref)
	return c
}

// hasValues reports whether the environment of a pod or workload has values of its own,
// which kubectl describe prints.
func (q *inquiry) hasValues(ref kube.Ref) bool {
	var spec *corev1.PodSpec
	if pod, ok := q.Cluster.Pods.Get(ref.Namespace, ref.Name); ok && isPod(ref) {
		spec = pod.Spec
	} else if w := q.Cluster.Workload(ref); w != nil {
		spec = w.Pod.Spec
	}
	if spec == nil {
		return false
	}
	for c := range kube.ContainersOf(spec, "spec") {
		if slices.ContainsFunc(c.Env, func(e corev1.EnvVar) bool { return e.Value != "" }) {
			return true
		}
	}
	return false
}

// get shows one object.
func (q *inquiry) get(ref kube.Ref, about string, args ...string) Command {
	return q.kubectl(ref.Namespace, about, append([]string{"get", named(ref)}, args...)...).needs(mayRead(ref))
}

// list shows the objects of a resource in a namespace; "" is all of them.
func (q *inquiry) list(r kube.Resource, namespace, about string, args ...string) Command {
	words := []string{"get", r.Plural}
	if r.Custom() {
		words[1] = r.String()
	}
	if r.Namespaced && namespace == "" {
		words = append(words, "-A")
	}
	return q.kubectl(namespace, about, append(words, args...)...).needs(may("list", r, namespace, ""))
}

// describeAll describes the objects of a resource in a namespace.
func (q *inquiry) describeAll(r kube.Resource, namespace, about string) Command {
	return q.kubectl(namespace, about, "describe", r.Plural).needs(may("list", r, namespace, ""))
}

// previousLogs shows what a container wrote before its last end.
func (q *inquiry) previousLogs(s *subject) Command {
	return q.logs(s, "what it wrote before it ended", "--previous", "--tail=50")
}

// logs shows what a container of a pod writes.
func (q *inquiry) logs(s *subject, about string, args ...string) Command {
	words := []string{"logs", "pod/" + s.pod.Name}
	if s.container != "" {
		words = append(words, "-c", s.container)
	}
	c := q.kubectl(s.pod.Namespace, about, append(words, args...)...)
	c.Sensitive = true
	return c.needs(kube.Right{Verb: "get", Resource: kube.Pods.Plural, Subresource: "log", Namespace: s.pod.Namespace, Name: s.pod.Name})
}

// logsOf shows what the pods of a Deployment, a Job or the like write.
func (q *inquiry) logsOf(ref kube.Ref, about string, args ...string) Command {
	c := q.kubectl(ref.Namespace, about, append([]string{"logs", named(ref), "--all-containers"}, args...)...)
	c.Sensitive = true
	return c.needs(mayRead(ref), may("list", kube.Pods, ref.Namespace, ""), kube.Right{Verb: "get", Resource: kube.Pods.Plural, Subresource: "log", Namespace: ref.Namespace})
}

// podsOf lists the pods of a workload, or of the namespace where it has no selector.
func (q *inquiry) podsOf(w *kube.Workload, about string) Command {
	words := []string{"-o", "wide"}
	if w.Selector != nil && !w.Selector.Empty() {
		words = append([]string{"-l", w.Selector.String()}, words...)
	}
	return q.list(kube.Pods, w.Ref.Namespace, about, words...)
}

// podsOn lists the pods of a node.
func (q *inquiry) podsOn(node, about string) Command {
	return q.list(kube.Pods, "", about, "-o", "wide", "--field-selector", "spec.nodeName="+node)
}

// usage shows what the containers of a pod use now.
func (q *inquiry) usage(pod *kube.Pod) Command {
	return q.kubectl(pod.Namespace, "what each container uses now", "top", "pod", pod.Name, "--containers").
		needs(may("get", kube.PodMetrics, pod.Namespace, pod.Name))
}

// revised reports whether kubectl rollout knows the revisions of a workload.
func revised(w *kube.Workload) bool {
	return w != nil && w.Held && slices.Contains([]string{kube.Deployments.Kind, kube.StatefulSets.Kind, kube.DaemonSets.Kind}, w.Ref.Kind)
}

// history shows the revisions of a workload, or the template of one of them, in which
// values of its environment stand.
func (q *inquiry) history(w *kube.Workload, revision string) Command {
	if !revised(w) {
		return q.describe(w.Ref, "its template and its events")
	}
	words := []string{"rollout", "history", named(w.Ref)}
	about := "its revisions"
	if revision != "" {
		words, about = append(words, "--revision="+revision), "the template of revision "+revision
	}
	c := q.kubectl(w.Ref.Namespace, about, words...).needs(mayRead(w.Ref))
	kept := kube.Resource{Group: kube.Deployments.Group, Plural: "controllerrevisions"}
	if w.Ref.Kind == kube.Deployments.Kind {
		kept = kube.ReplicaSets
	}
	c.Sensitive = revision != ""
	return c.needs(may("list", kept, w.Ref.Namespace, ""))
}

// undo goes back to the revision before; nil where kubectl cannot.
func (q *inquiry) undo(w *kube.Workload) []Command {
	if !revised(w) {
		return nil
	}
	c := q.kubectl(w.Ref.Namespace, "go back to the revision before", "rollout", "undo", named(w.Ref)).
		needs(may("patch", resourceOf(w.Ref), w.Ref.Namespace, w.Ref.Name))
	c.Writes = true
	return []Command{c}
}

// remove deletes a pod, for its controller to make it anew.
func (q *inquiry) remove(pod *kube.Pod) Command {
	c := q.kubectl(pod.Namespace, "let its controller make it anew, after going back", "delete", named(pod.Ref())).
		needs(may("delete", kube.Pods, pod.Namespace, pod.Name))
	c.Writes = true
	return c
}

// cordon keeps new pods off a node.
func (q *inquiry) cordon(node string) Command {
	c := q.kubectl("", "keep new pods off the node", "cordon", named(kube.Nodes.Ref("", node))).needs(may("patch", kube.Nodes, "", node))
	c.Writes = true
	return c
}

// raw asks the API server itself.
func (q *inquiry) raw(path, about string) Command {
	bare, _, _ := strings.Cut(path, "?")
	return q.kubectl("", about, "get", "--raw", path).needs(kube.Right{Verb: "get", Path: bare})
}

// events lists the events about objects of a kind, the newest last.
func (q *inquiry) events(namespace, about, selector string) Command {
	return q.list(kube.Events, namespace, about, "--field-selector", selector, "--sort-by=.metadata.creationTimestamp")
}

// slices lists the EndpointSlices of a Service.
func (q *inquiry) slices(namespace, service, about string) Command {
	return q.list(kube.EndpointSlices, namespace, about, "-l", "kubernetes.io/service-name="+service)
}

// zones lists the nodes by zone.
func (q *inquiry) zones() Command {
	return q.list(kube.Nodes, "", "which zones its nodes are in", "-L", "topology.kubernetes.io/zone")
}

// whoWrote shows who wrote a ConfigMap or a Secret and when, without any value of a
// Secret.
func (q *inquiry) whoWrote(ref kube.Ref) Command {
	if ref.Kind == kube.Secrets.Kind {
		return q.get(ref, "whether it is there, its type and its age")
	}
	c := q.get(ref, "what it says now, and who wrote which key", "-o", "yaml", "--show-managed-fields")
	c.Sensitive = true
	return c
}

// settled puts what reads first, drops what is there twice and sets aside what is too
// much: three commands that read are enough, beside those that write.
func settled(all []Command) (commands, spare []Command) {
	var reads, writes []Command
	for _, c := range all {
		seen := func(other Command) bool { return other.Text == c.Text }
		switch {
		case c.Writes && !slices.ContainsFunc(writes, seen):
			writes = append(writes, c)
		case !c.Writes && !slices.ContainsFunc(reads, seen):
			reads = append(reads, c)
		}
	}
	most := min(len(reads), 3)
	return slices.Concat(reads[:most], writes), reads[most:]
}

// complaints lists the warnings of a namespace.
func (q *inquiry) complaints(namespace string) Command {
	return q.events(namespace, "what components complain about", "type=Warning")
}

// anyway are commands that tell something of any incident: they take the place of those
// that are denied.
func (q *inquiry) anyway(s *subject) []Command {
	all := append(q.podsOrNone(s), q.describe(orPod(s), "what it says of itself, and its events"))
	return append(all, q.complaints(s.namespace()))
}

// orPod is an object to describe where there is no workload.
func orPod(s *subject) kube.Ref {
	switch {
	case s.pod != nil:
		return s.pod.Ref()
	case s.workload != nil:
		return s.workload.Ref
	}
	return cmp.Or(s.object, s.signal.Object)
}

// rollback are the commands that look at the newest revision of a workload, and the one
// that goes back; none where nothing was rolled out of late.
func (q *inquiry) rollback(w *kube.Workload) []Command {
	if w == nil {
		return nil
	}
	recent := slices.ContainsFunc(q.Changes, func(ch change.Change) bool {
		before := q.Since.Sub(ch.Time)
		return ch.Kind == change.Rollout && ch.Object == w.Ref && before <= quiet && before > -time.Minute
	})
	is := q.split(w)
	if !is.onlyNewest && (!recent || is.both) {
		return nil // there is nothing to go back from
	}
	return append([]Command{q.history(w, is.newest.number)}, q.undo(w)...)
}

// podsOrNone lists the pods of the subject's workload.
func (q *inquiry) podsOrNone(s *subject) []Command {
	if s.workload == nil {
		return []Command{q.list(kube.Pods, s.namespace(), "what else runs there", "-o", "wide")}
	}
	return []Command{q.podsOf(s.workload, "how many of its pods are hit, and where")}
}
