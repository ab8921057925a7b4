package policyengine

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Resources returns the kinds of which [Read] reads objects.
func Resources() []kube.Resource {
	return []kube.Resource{
		kube.KyvernoClusterPolicies, kube.KyvernoPolicies, kube.ClusterAdmissionPolicies, kube.Constraints,
		kube.ValidatingPolicies, kube.NamespacedValidatingPolicies,
		kube.ImageValidatingPolicies, kube.NamespacedImageValidatingPolicies,
		kube.MutatingPolicies, kube.NamespacedMutatingPolicies,
		kube.GeneratingPolicies, kube.NamespacedGeneratingPolicies,
		kube.DeletingPolicies, kube.NamespacedDeletingPolicies,
	}
}

// Policy is what a policy does with what it forbids.
type Policy struct {
	// Forbids is whether it forbids anything at all: one may as well only change what is
	// written, or add to it.
	Forbids  bool
	Enforces bool   // something of what it forbids is refused, somewhere
	Action   string // what is done, as the policy writes it: "Audit"
	Path     string // of the field that says so, whether or not it is set
	// Exempt are the namespaces, or patterns of them, that it leaves out by name: of a
	// policy of Kyverno some of its rules may. Those left out by labels are not among them.
	Exempt []string
	// Open is the path of the field by which the API server goes on where the engine does
	// not answer, "" if it refuses then.
	Open string
}

// Read reads an object of one of [Resources]. The error says which field has another form
// than its kind gives it.
func Read(o *unstructured.Unstructured) (Policy, error) {
	switch o.GroupVersionKind().Group {
	case kube.ClusterAdmissionPolicies.Group:
		return read[kubewarden](o)
	case kube.Constraints.Group:
		return read[constraint](o)
	case kube.ValidatingPolicies.Group:
		return read[expressions](o)
	}
	return read[kyverno](o)
}

func read[T interface{ policy() Policy }](o *unstructured.Unstructured) (Policy, error) {
	decoded, err := kube.Decode[T](o)
	if err != nil {
		return Policy{}, err
	}
	return decoded.policy(), nil
}

// kubewarden is what matters of a ClusterAdmissionPolicy
// (https://github.com/kubewarden/kubewarden-controller, api/policies/v1/policy_types.go).
type kubewarden struct {
	Spec struct {
		Mode          string `json:"mode"` // protect where it is not set
		FailurePolicy string `json:"failurePolicy"`
	} `json:"spec"`
}

func (k kubewarden) policy() Policy {
	p := Policy{Forbids: true, Action: cmp.Or(k.Spec.Mode, "protect"), Path: "spec.mode"}
	p.Enforces = p.Action != "monitor"
	if k.Spec.FailurePolicy == ignore {
		p.Open = "spec.failurePolicy"
	}
	return p
}

// ignore is the failurePolicy of webhooks that are not waited for; unset it is Fail.
const ignore = "Ignore"

// kyverno is what matters of a ClusterPolicy or Policy
// (https://github.com/kyverno/kyverno, api/kyverno/v1/spec_types.go).
type kyverno struct {
	Spec struct {
		// Admission is whether it is asked before something is written, and not only looks
		// at what is there; true where it is not set.
		Admission            *bool  `json:"admission"`
		FailurePolicy        string `json:"failurePolicy"` // older than that of the webhook
		WebhookConfiguration struct {
			FailurePolicy string `json:"failurePolicy"`
		} `json:"webhookConfiguration"`
		// What is said here holds for rules that do not say it themselves.
		Action    string     `json:"validationFailureAction"` // Audit where it is not set
		Overrides []override `json:"validationFailureActionOverrides"`
		Rules     []struct {
			Validate     *prohibition  `json:"validate"`
			VerifyImages []prohibition `json:"verifyImages"`
			Exclude      exclusion     `json:"exclude"`
		} `json:"rules"`
	} `json:"spec"`
}

// exclusion says what a rule is not for. What all of several filters exclude may be less
// than a namespace, so only one that stands alone exempts it.
type exclusion struct {
	filter
	Any []filter `json:"any"`
	All []filter `json:"all"`
}

// filter selects objects by all that it names.
type filter struct {
	Resources struct {
		Kinds      []string `json:"kinds"`
		Names      []string `json:"names"`
		Namespaces []string `json:"namespaces"`
	} `json:"resources"`
}

// exempt returns the namespaces that are excluded with all that is in them.
func (e exclusion) exempt() []string {
	filters := append(slices.Clone(e.Any), e.filter)
	if len(e.All) == 1 {
		filters = append(filters, e.All[0])
	}
	var names []string
	for _, f := range filters {
		if len(f.Resources.Kinds) == 0 && len(f.Resources.Names) == 0 {
			names = append(names, f.Resources.Namespaces...)
		}
	}
	return names
}

// prohibition is the part of a rule that forbids something.
type prohibition struct {
	Action    string     `json:"failureAction"` // "" for what the policy says
	Overrides []override `json:"failureActionOverrides"`
}

// override says what is done in some namespaces.
type override struct {
	Action string `json:"action"`
}

func (k kyverno) policy() Policy {
	p := Policy{Open: k.open()}
	for i, rule := range k.Spec.Rules {
		if rule.Validate != nil {
			k.forbid(&p, *rule.Validate, fmt.Sprintf("spec.rules[%d].validate.failureAction", i))
		}
		for j, images := range rule.VerifyImages {
			k.forbid(&p, images, fmt.Sprintf("spec.rules[%d].verifyImages[%d].failureAction", i, j))
		}
		if rule.Validate != nil || len(rule.VerifyImages) > 0 {
			p.Exempt = append(p.Exempt, rule.Exclude.exempt()...)
		}
	}
	if asked := k.Spec.Admission; asked != nil && !*asked {
		p.Enforces, p.Action, p.Path = false, "admission false", "spec.admission"
	}
	return p
}

// forbid adds to a policy what a rule forbids: of the rules the first that enforces says
// what is done, or the first.
func (k kyverno) forbid(p *Policy, rule prohibition, path string) {
	action, overrides := rule.Action, rule.Overrides
	if action == "" {
		action, path = cmp.Or(k.Spec.Action, "Audit"), "spec.validationFailureAction"
		overrides = slices.Concat(overrides, k.Spec.Overrides)
	}
	enforcing := enforces(action, overrides)
	if !p.Forbids || enforcing && !p.Enforces {
		p.Action, p.Path = action, path
	}
	p.Forbids, p.Enforces = true, p.Enforces || enforcing
}

func (k kyverno) open() string {
	switch ignore {
	case k.Spec.WebhookConfiguration.FailurePolicy:
		return "spec.webhookConfiguration.failurePolicy"
	case k.Spec.FailurePolicy:
		return "spec.failurePolicy"
	}
	return ""
}

// enforces reports whether something is refused anywhere. Old policies write the action in
// lower case.
func enforces(action string, overrides []override) bool {
	return strings.EqualFold(action, "Enforce") ||
		slices.ContainsFunc(overrides, func(o override) bool { return strings.EqualFold(o.Action, "Enforce") })
}
