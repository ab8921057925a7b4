package policyengine

import (
	"cmp"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Violation is a policy of an engine that an object does not keep.
type Violation struct {
	Source string // who says so, as it writes itself: "Gatekeeper", "kyverno"
	// Policy is the policy's name; of Gatekeeper that of the constraint, with its kind:
	// "K8sRequiredLabels/owner".
	Policy string
	Rule   string // the rule of the policy, "" where it has none
	// Outcome is "fail", "warn" for what the policy only warns of, or "error" where the
	// engine could not tell.
	Outcome  string
	Severity audit.Severity // by the engine, Medium where it does not say; Low at the most unless it fails
	Message  string         // in the words of the policy, "" for none
	At       metav1.Time    // when the engine last saw it, zero if it does not say
	// Objects is how many objects of a workload have it: itself and its pods, or 1.
	Objects int
	// Known has the IDs of the rules that judge the same, nil if none is known to.
	Known []string
	// Told is the constraint or report that says so.
	Told kube.Ref
}

// Name is the policy with its rule.
func (v *Violation) Name() string {
	if v.Rule == "" || v.Rule == v.Policy {
		return v.Policy
	}
	return v.Policy + "/" + v.Rule
}

// String returns the policy, who says so, and what: "require-team (kyverno): no team label".
func (v *Violation) String() string {
	text := v.Name() + " (" + v.Source + ")"
	if v.Message != "" {
		text += ": " + v.Message
	}
	return text
}

// Reported returns the kinds in which engines say what violates their policies.
func Reported() []kube.Resource {
	return append([]kube.Resource{kube.Constraints}, kube.PolicyReportResources()...)
}

// Looked returns the kinds of which objects are looked for: what is told of one that is not
// there any more is left out. What is told of other kinds is believed.
func Looked() []kube.Resource {
	return append(kube.WorkloadResources(),
		kube.Namespaces, kube.Services, kube.Ingresses, kube.NetworkPolicies, kube.ServiceAccounts, kube.ConfigMaps, kube.Secrets,
		kube.PersistentVolumeClaims, kube.Roles, kube.RoleBindings, kube.ClusterRoles, kube.ClusterRoleBindings,
	)
}

// Violations returns what engines found of an object, the worst first; nil for nothing. What
// they found of pods, ReplicaSets and Jobs is what they found of their workload.
func Violations(c *kube.Cluster, ref kube.Ref) []Violation { return In(c, ref.Namespace)[ref] }

// In returns what engines found of the objects of a namespace, "" for those without one. The
// caller must not change it.
func In(c *kube.Cluster, namespace string) map[kube.Ref][]Violation { return within.Of(c, namespace) }

// within joins what was found of the objects of one workload.
var within = kube.DeriveFor(func(c *kube.Cluster, namespace string) map[kube.Ref][]Violation {
	type one struct {
		ref                          kube.Ref
		source, policy, rule, result string
	}
	joined, order := map[one]*Violation{}, []one(nil)
	for _, f := range foundIn.Of(c).byNamespace[namespace] {
		ref, there := topOf(c, f.object)
		if !there {
			continue
		}
		key := one{ref, f.Source, f.Policy, f.Rule, f.Outcome}
		v := joined[key]
		if v == nil {
			v = &Violation{}
			*v = f.Violation
			joined[key], order = v, append(order, key)
		}
		v.Objects++
		if v.At.Before(&f.At) {
			v.At = f.At
		}
	}
	all := map[kube.Ref][]Violation{}
	for _, key := range order {
		all[key.ref] = append(all[key.ref], *joined[key])
	}
	for _, violations := range all {
		slices.SortStableFunc(violations, func(a, b Violation) int {
			return cmp.Or(cmp.Compare(b.Severity, a.Severity), strings.Compare(a.Policy, b.Policy), strings.Compare(a.Rule, b.Rule))
		})
	}
	return all
})

// topOf returns the workload of an object that is a part of one, and any other object
// itself. It is false for one that is gone: an engine has not noticed yet.
func topOf(c *kube.Cluster, ref kube.Ref) (kube.Ref, bool) {
	r, _ := kube.ResourceOf(ref.Group, ref.Kind)
	if !slices.Contains(Looked(), r) {
		return ref, true
	}
	o, held := c.Find(ref)
	if !held {
		_, blind := c.Blind(r, ref.Namespace)
		return ref, blind || c.Info.Offline
	}
	owner := kube.Owner{}
	switch o := o.(type) {
	case *kube.Pod:
		w := c.WorkloadOf(o)
		if w == nil { // it has ended
			return ref, false
		}
		return w.Ref, true
	case *kube.ReplicaSet:
		owner = o.Owner
	case metav1.Object:
		if by := metav1.GetControllerOfNoCopy(o); by != nil && r == kube.Jobs {
			owner = kube.Owner{Group: kube.CronJobs.Group, Kind: by.Kind, Name: by.Name}
		}
	}
	of := kube.Ref{Group: owner.Group, Kind: owner.Kind, Namespace: ref.Namespace, Name: owner.Name}
	if owner.Name != "" && c.Workload(of) != nil {
		return of, true
	}
	return ref, true
}

// Beside says which rules that judge the same find it too, and which do not, "" where none
// is known to. Found reports whether a rule has a finding about the same object.
func (v *Violation) Beside(found func(rule string) bool) string {
	var too, not []string
	for _, rule := range v.Known {
		if found(rule) {
			too = append(too, rule)
		} else {
			not = append(not, rule)
		}
	}
	switch {
	case len(too) > 0:
		return "also found by " + strings.Join(too, ", ")
	case len(not) > 0:
		return "not found by " + strings.Join(not, ", ")
	}
	return ""
}
