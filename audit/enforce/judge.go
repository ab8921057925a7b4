package enforce

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/cel"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Outcome is what a policy would do to what a view has, object by object, as if each
// were created now.
type Outcome struct {
	// Judged are the objects that the policy judges: those of its resources, and the
	// pods of workloads. Exempt are those among them that a match condition leaves
	// alone.
	Judged, Exempt int
	// Refused are what would be refused, by namespace and then by object.
	Refused []Refusal
	// Unknown are objects of which it cannot be told, a sentence each.
	Unknown []string
	// Blind are resources that could not be read, so that nothing is known of their
	// objects: a sentence each.
	Blind []string
	// Differs are subjects of which the rule and the policy do not say the same, a
	// sentence each. Tests hold the two to the same verdict: where this is not empty,
	// the server is of a version for which the rule is another.
	Differs []string
}

// Refusal is an object that would be refused, or warned about, and of a workload
// what its pods would meet.
type Refusal struct {
	Subject   kube.Ref
	Namespace string
	// Own says that the object itself would be refused when it is created or when
	// what is judged of it changes; where a policy is about pods alone, the next pod
	// that it makes. Pods are those of its pods, of PodsOf that it has, that would not
	// be made again as they are: pods may differ from what makes them, by webhooks or
	// because they are older.
	Own          bool
	Pods, PodsOf int
	Message      string
}

// judging is the judgement of one view.
type judging struct {
	*program
	export *Export
	view   *kube.Cluster
	in     func(namespace string) bool
	out    *Outcome
	pods   map[podKey]verdict
	// alike says that pods of one family with the same spec are judged alike.
	alike bool
	// selector selects the objects by their labels, nil for all.
	selector labels.Selector
	// left are the subjects that a match condition leaves alone, or of which nothing
	// can be told.
	left map[kube.Ref]bool
}

// podKey is what tells pods apart where nothing else of them matters.
type podKey struct {
	spec   *corev1.PodSpec
	family *kube.Family
}

// Judge judges what a view has. The error is a mistake in an expression.
func (e *Export) Judge(view *kube.Cluster) (*Outcome, error) {
	p, err := e.compiled()
	if err != nil {
		return nil, err
	}
	j := &judging{
		program: p, export: e, view: view, in: e.covers, out: &Outcome{}, pods: map[podKey]verdict{},
		left: map[kube.Ref]bool{}, alike: e.alike(),
	}
	if by := e.Policy.Spec.MatchConstraints.ObjectSelector; by != nil {
		if j.selector, err = metav1.LabelSelectorAsSelector(by); err != nil {
			return nil, fmt.Errorf("reading the selector of %s: %w", e.Policy.Name, err)
		}
	}
	j.readable()
	for _, namespace := range append([]string{""}, view.NamespaceNames()...) {
		if aboutPods(e.Rule) && j.in(namespace) {
			for _, w := range view.WorkloadsIn(namespace) {
				j.workload(w)
			}
		}
		j.objects(namespace)
	}
	slices.SortStableFunc(j.out.Refused, func(a, b Refusal) int {
		return cmp.Or(strings.Compare(a.Namespace, b.Namespace), kube.CompareRefs(a.Subject, b.Subject))
	})
	j.compare()
	return j.out, nil
}

// covers reports whether the binding selects what is in a namespace. What is in
// none is selected whatever the binding says.
func (e *Export) covers(namespace string) bool {
	if e.Binding.Spec.MatchResources == nil || namespace == "" {
		return true
	}
	for _, asked := range e.Binding.Spec.MatchResources.NamespaceSelector.MatchExpressions {
		if slices.Contains(asked.Values, namespace) != (asked.Operator == "In") {
			return false
		}
	}
	return true
}

// alike reports whether the expressions look at nothing of a pod but its spec and
// who made it.
func (e *Export) alike() bool {
	for _, v := range e.Policy.Spec.Variables {
		if strings.Contains(v.Expression, "podMetadata") || v.Name != "podMetadata" && strings.Contains(v.Expression, "metadata") {
			return false
		}
	}
	for _, v := range e.Policy.Spec.Validations {
		if strings.Contains(v.Expression+v.MessageExpression, "etadata") {
			return false
		}
	}
	return e.Policy.Spec.MatchConstraints.ObjectSelector == nil && len(e.Rule.Admission.Validations) == 0
}

func (j *judging) has(r kube.Resource) bool { return slices.Contains(judged(j.export.Rule), r) }

// readable notes the resources that could not be read.
func (j *judging) readable() {
	for _, state := range j.view.States() {
		// Where only some namespaces are looked at, each says so for itself.
		whole := state.Namespace == "" && state.Resource.Namespaced && len(j.view.Info.Scope) > 0
		if !state.Blind() || whole || !j.has(state.Resource) || !j.in(state.Namespace) {
			continue
		}
		where := ""
		if state.Namespace != "" {
			where = " of " + state.Namespace
		}
		j.out.Blind = append(j.out.Blind, fmt.Sprintf("%s%s could not be read: %s", state.Resource, where, cmp.Or(state.Reason, "it is not known why")))
	}
}

// workload judges a workload, and the pods that it has; where it has none, the pod
// that it would make.
func (j *judging) workload(w *kube.Workload) {
	refusal := Refusal{Subject: w.Ref, Namespace: w.Ref.Namespace}
	resource, known := kube.ResourceOf(w.Ref.Group, w.Ref.Kind)
	own := verdict{applies: true}
	switch {
	case !j.has(resource) && !j.has(kube.Pods) || !j.selects(j.labelsOf(w, resource)):
		return
	case known && w.Held && j.has(resource):
		own = j.judge(j.input(resource, w.Ref, j.settled(resource, w.Ref, w.Object)))
	case j.has(kube.Pods):
		own = j.judge(j.input(kube.Pods, kube.Pods.Ref(w.Ref.Namespace, ""), j.next(w)))
	}
	refusal.Own, refusal.Message = j.count(w.Ref, own), own.refused
	if j.has(kube.Pods) && resource != kube.Pods {
		pods := j.view.PodsOf(w)
		refusal.PodsOf = len(pods)
		for _, pod := range pods {
			if !j.selects(pod.Labels) {
				continue
			}
			v := j.pod(pod)
			if j.count(w.Ref, v) {
				refusal.Pods++
				refusal.Message = cmp.Or(refusal.Message, v.refused)
			}
		}
	}
	if refusal.Own || refusal.Pods > 0 {
		j.out.Refused = append(j.out.Refused, refusal)
	}
}

// settled is an object as a server has it. A pod that is only written down gets
// what admission would give it.
func (j *judging) settled(r kube.Resource, ref kube.Ref, o kube.Object) cel.Value {
	value := owned(cel.ObjectOf(j.view, r, o), len(j.export.Rule.Admission.Validations) > 0)
	if w := j.view.Workload(ref); r == kube.Pods && j.view.Info.Offline && w != nil && !makesPods(j.export.Rule) {
		return j.admitted(w, value)
	}
	return value
}

// selects reports whether the policy selects objects by labels that these have.
func (j *judging) selects(has map[string]string) bool {
	return j.selector == nil || j.selector.Matches(labels.Set(has))
}

// labelsOf returns the labels of a workload, or those of its pods where a policy is
// about these.
func (j *judging) labelsOf(w *kube.Workload, r kube.Resource) map[string]string {
	if j.has(r) {
		return w.Labels
	}
	return w.Pod.Labels
}

// next is the pod that a workload would make.
func (j *judging) next(w *kube.Workload) cel.Value {
	return j.admitted(w, cel.PodOf(j.view, w))
}

// makerOf is what a pod of a workload names as its owner: of a Deployment or a
// Rollout it is a ReplicaSet, of a CronJob a Job.
func makerOf(w *kube.Workload) metav1.OwnerReference {
	owner := metav1.OwnerReference{Kind: w.Ref.Kind, Name: w.Ref.Name, Controller: new(true)}
	switch w.Ref.Kind {
	case kube.Deployments.Kind, kube.Rollouts.Kind:
		owner.Kind, owner.Name = kube.ReplicaSets.Kind, w.Ref.Name+"-0"
	case kube.CronJobs.Kind:
		owner.Kind, owner.Name = kube.Jobs.Kind, w.Ref.Name+"-0"
	}
	return owner
}

// pulledAlways reports whether every pod of a workload pulls the image of a container
// always, whatever the template says: admission may see to that (AlwaysPullImages).
func (j *judging) pulledAlways(w *kube.Workload, name string) bool {
	pods := j.view.PodsOf(w)
	return len(pods) > 0 && !slices.ContainsFunc(pods, func(pod *kube.Pod) bool {
		for c := range kube.ContainersOf(pod.Spec, "spec") {
			if c.Name == name && c.ImagePullPolicy != corev1.PullAlways {
				return true
			}
		}
		return false
	})
}

// admitted gives a pod what admission would: requests for its limits, what the
// LimitRanges of its namespace say, and how its images are pulled.
func (j *judging) admitted(w *kube.Workload, value cel.Value) cel.Value {
	made, ok := value.Of.(*corev1.Pod)
	if !ok {
		return value
	}
	pod := made.DeepCopy()
	if w.Ref.Kind != kube.Pods.Kind {
		value.Gaps = owned(value, false).Gaps
		pod.OwnerReferences = []metav1.OwnerReference{makerOf(w)}
	}
	for _, list := range [][]corev1.Container{pod.Spec.InitContainers, pod.Spec.Containers} {
		for i := range list {
			for c := range w.Containers() {
				if c.Name == list[i].Name && c.Kind != kube.Ephemeral {
					list[i].Resources = j.view.Requirements(w, c)
				}
				if c.Name == list[i].Name && j.pulledAlways(w, c.Name) {
					list[i].ImagePullPolicy = corev1.PullAlways
				}
			}
		}
	}
	if pod.Spec.Resources != nil {
		whole := w.PodRequirements()
		pod.Spec.Resources = &whole
	}
	return cel.Value{Of: pod, Gaps: value.Gaps}
}

func (j *judging) pod(pod *kube.Pod) verdict {
	key := podKey{pod.Spec, pod.Family}
	if v, done := j.pods[key]; done && j.alike {
		return v
	}
	v := j.judge(j.input(kube.Pods, pod.Ref(), j.settled(kube.Pods, pod.Ref(), pod)))
	if j.alike && !pod.Owner.IsZero() {
		j.pods[key] = v
	}
	return v
}

// objects judges what has no pods.
func (j *judging) objects(namespace string) {
	for _, r := range judged(j.export.Rule) {
		switch {
		case slices.Contains(kube.WorkloadResources(), r): // with the workloads
		case r == kube.Namespaces && namespace != "", r.Namespaced != (namespace != "") && r != kube.Namespaces: // elsewhere
		case !r.Namespaced && r != kube.Namespaces && j.narrow():
		default:
			for _, o := range j.view.ObjectsIn(r, namespace) {
				j.object(r, o)
			}
		}
	}
}

func (j *judging) object(r kube.Resource, o kube.Object) {
	ref, home := r.Ref(o.GetNamespace(), o.GetName()), o.GetNamespace()
	if r == kube.Namespaces {
		home = o.GetName()
	}
	bearer, bears := o.(interface{ GetLabels() map[string]string })
	if !j.in(home) || bears && !j.selects(bearer.GetLabels()) {
		return
	}
	if v := j.judge(j.input(r, ref, j.settled(r, ref, o))); j.count(ref, v) {
		j.out.Refused = append(j.out.Refused, Refusal{Subject: ref, Namespace: home, Own: true, Message: v.refused})
	}
}

// narrow reports whether the policy leaves out what is in no namespace.
func (j *judging) narrow() bool {
	for _, rule := range j.export.Policy.Spec.MatchConstraints.ResourceRules {
		for _, r := range judged(j.export.Rule) {
			if !r.Namespaced && slices.Contains(rule.Resources, r.Plural) {
				return false
			}
		}
	}
	return true
}

func (j *judging) input(r kube.Resource, ref kube.Ref, object cel.Value) *cel.Input {
	return &cel.Input{
		Object: object, Request: cel.Creation(r, ref.Namespace, ref.Name), Namespace: cel.NamespaceOf(j.view, ref.Namespace),
	}
}

// count counts a verdict, and reports whether it is a refusal.
func (j *judging) count(subject kube.Ref, v verdict) bool {
	j.out.Judged++
	switch {
	case v.unknown != "":
		j.out.Unknown = append(j.out.Unknown, fmt.Sprintf("%s: %s", subject, v.unknown))
		j.left[subject] = true
	case !v.applies:
		j.out.Exempt++
		j.left[subject] = true
	}
	return v.refused != ""
}

// compare holds what the policy says against what the rule finds.
func (j *judging) compare() {
	found := map[kube.Ref]bool{}
	category := audit.Category{ID: "enforced", Rules: []*audit.Rule{j.export.Rule}}
	for _, f := range audit.Run(j.view, []audit.Category{category}).Findings() {
		if j.in(f.Namespace) && !j.left[f.Subject] {
			found[f.Subject] = true
		}
	}
	refused := map[kube.Ref]bool{}
	for _, r := range j.out.Refused {
		if !r.Own {
			continue
		}
		refused[r.Subject] = true
		if !found[r.Subject] {
			j.out.Differs = append(j.out.Differs, fmt.Sprintf("%s would be refused (%s), and the rule finds nothing", r.Subject, r.Message))
		}
	}
	for subject := range found {
		if !refused[subject] {
			j.out.Differs = append(j.out.Differs, fmt.Sprintf("the rule finds something in %s, which would not be refused", subject))
		}
	}
	slices.Sort(j.out.Differs)
}
