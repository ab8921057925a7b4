package enforce

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/policy"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Options say how a rule is enforced.
type Options struct {
	// Action is what the server does about an object that the rule finds something
	// in: Warn, Audit or Deny.
	Action admissionregistrationv1.ValidationAction
	// Namespaces are those where it does; nil for everywhere. What is in no
	// namespace is left out of a policy for some.
	Namespaces []string
	// Except are namespaces where it does not.
	Except []string
	// Exempted is what the house has accepted of the rule.
	Exempted []policy.Exempted
}

// Export is a rule as a server is given it.
type Export struct {
	Rule    *audit.Rule
	Policy  *admissionregistrationv1.ValidatingAdmissionPolicy
	Binding *admissionregistrationv1.ValidatingAdmissionPolicyBinding
	// PodSecurity is the least level of the Pod Security Standards that refuses the
	// same, "baseline" or "restricted": a label of the namespace does it then. "" if
	// none does.
	PodSecurity string
	// Notes are what a person has to know of it, a sentence each: exemptions that
	// have no form in a policy, or that end.
	Notes []string

	compiled func() (*program, error) // once
}

// ErrNoPolicy says that a rule is no policy.
var ErrNoPolicy = errors.New("it cannot be an admission policy")

// Can reports whether a rule can be a policy, and why not. The error is an
// [ErrNoPolicy].
func Can(r *audit.Rule) error {
	because := func(why string) error { return fmt.Errorf("%w: %s", ErrNoPolicy, why) }
	switch {
	case r.Admission != nil:
		return nil
	case r.Weight > 0:
		return because("it measures a namespace as a whole")
	case r.Timed:
		return because("it depends on the time")
	case r.Wide || len(r.Reads) > 0:
		return because("it looks at other objects too, and a server shows a policy only the one that is written")
	case slices.ContainsFunc(r.Subjects, func(s kube.Resource) bool { return s.MetadataOnly }):
		return because("of what it judges only metadata is read, and nothing is known of the rest")
	}
	return because("no expression has been proved to say the same as the rule")
}

// Of returns a rule as a policy with its binding. The error says why it cannot be
// one ([ErrNoPolicy]), or not for these namespaces.
func Of(r *audit.Rule, o Options) (*Export, error) {
	if err := Can(r); err != nil {
		return nil, fmt.Errorf("enforcing %s: %w", r.ID, err)
	}
	resources := judged(r)
	if len(o.Namespaces) > 0 {
		resources = slices.DeleteFunc(resources, func(r kube.Resource) bool { return !r.Namespaced })
	}
	if len(resources) == 0 {
		return nil, fmt.Errorf("enforcing %s: what it judges is in no namespace", r.ID)
	}
	e := &Export{Rule: r, PodSecurity: PodSecurity(r)}
	accepted := e.accept(o.Exempted)
	validations, variables := validationsOf(r, accepted.containers)
	conditions := conditionsOf(r, validations, variables)
	conditions = append(conditions, accepted.conditions...)
	e.Policy = &admissionregistrationv1.ValidatingAdmissionPolicy{
		TypeMeta: typeOf(kube.ValidatingAdmissionPolicies),
		ObjectMeta: metav1.ObjectMeta{
			Name:        nameOf(r),
			Labels:      map[string]string{"app.kubernetes.io/managed-by": "seaworthy"},
			Annotations: map[string]string{"seaworthy.dev/rule": r.ID, "seaworthy.dev/title": r.Title},
		},
		Spec: admissionregistrationv1.ValidatingAdmissionPolicySpec{
			FailurePolicy: new(admissionregistrationv1.Fail),
			MatchConstraints: &admissionregistrationv1.MatchResources{
				ResourceRules: rulesFor(resources), ObjectSelector: r.Admission.Labels,
			},
			MatchConditions: conditions, Variables: variables, Validations: validations,
		},
	}
	e.Binding = bindingOf(e.Policy.Name, o)
	e.compiled = sync.OnceValues(e.compile)
	return e, nil
}

func typeOf(r kube.Resource) metav1.TypeMeta {
	return metav1.TypeMeta{APIVersion: r.Group + "/" + r.Version, Kind: r.Kind}
}

func nameOf(r *audit.Rule) string { return "seaworthy-" + r.ID }

// judged returns the resources of the objects that a rule judges.
func judged(r *audit.Rule) []kube.Resource {
	if r.Admission.Resources == nil {
		return kube.BuiltInWorkloadResources() // what custom kinds make is judged when it comes
	}
	return slices.Clone(r.Admission.Resources)
}

// aboutPods reports whether the objects are pods, or make some.
func aboutPods(r *audit.Rule) bool { return slices.Contains(judged(r), kube.Pods) || makesPods(r) }

// makesPods reports whether what makes pods is among the objects.
func makesPods(r *audit.Rule) bool {
	return slices.ContainsFunc(judged(r), func(of kube.Resource) bool {
		return of != kube.Pods && slices.Contains(kube.BuiltInWorkloadResources(), of)
	})
}

// rulesFor returns the requests that a policy about resources judges. What a pod
// gets after it was created comes by its subresources.
func rulesFor(resources []kube.Resource) []admissionregistrationv1.NamedRuleWithOperations {
	var groups []string
	plurals := map[string][]string{}
	for _, r := range resources {
		key := r.Group + "/" + r.Version
		if plurals[key] == nil {
			groups = append(groups, key)
		}
		plurals[key] = append(plurals[key], r.Plural)
		if r == kube.Pods {
			plurals[key] = append(plurals[key], "pods/ephemeralcontainers", "pods/resize")
		}
	}
	slices.Sort(groups)
	var all []admissionregistrationv1.NamedRuleWithOperations
	for _, key := range groups {
		group, version, _ := strings.Cut(key, "/")
		slices.Sort(plurals[key])
		all = append(all, admissionregistrationv1.NamedRuleWithOperations{RuleWithOperations: admissionregistrationv1.RuleWithOperations{
			Operations: []admissionregistrationv1.OperationType{admissionregistrationv1.Create, admissionregistrationv1.Update},
			Rule: admissionregistrationv1.Rule{
				APIGroups: []string{group}, APIVersions: []string{version}, Resources: plurals[key],
			},
		}})
	}
	return all
}

// validationsOf returns what a policy asks, and the variables that it takes.
// Accepted is true of containers that are accepted as they are; "" if of none.
func validationsOf(r *audit.Rule, accepted string) ([]admissionregistrationv1.Validation, []admissionregistrationv1.Variable) {
	a := r.Admission
	var all []audit.Variable
	if aboutPods(r) {
		all = shared(makesPods(r))
	}
	all = append(append(all, parameters(r)...), a.Variables...)
	except := ""
	if a.Except != "" {
		except = grouped(a.Except) + " || "
	}
	reason := metav1.StatusReasonForbidden
	said := fmt.Sprintf("%s (rule %s of seaworthy)", r.Title, r.ID)
	var validations []admissionregistrationv1.Validation
	lists := a.AtFault
	named := "variables." + atFaultName
	if a.Container != "" {
		among := a.Among
		if among == "" {
			among = containersName
		}
		fault := a.Container
		if accepted != "" {
			fault = grouped(fault) + " && !" + grouped(accepted)
		}
		lists, named = "variables."+among+".filter(c, "+fault+")", named+".map(c, c.name)"
	}
	if lists != "" {
		all = append(all, audit.Variable{Name: atFaultName, Expression: lists})
		validations = append(validations, admissionregistrationv1.Validation{
			Expression: except + "variables." + atFaultName + ".size() == 0", Message: said, Reason: &reason,
			MessageExpression: audit.Text(r.Title+": ") + " + " + named + ".join(', ') + " + audit.Text(" (rule "+r.ID+" of seaworthy)"),
		})
	}
	if a.Object != "" {
		validations = append(validations, admissionregistrationv1.Validation{
			Expression: except + "!" + grouped(a.Object), Message: said, Reason: &reason,
		})
	}
	for _, v := range a.Validations {
		validations = append(validations, admissionregistrationv1.Validation{
			Expression: v.Expression, Message: v.Message, MessageExpression: v.MessageExpression, Reason: &reason,
		})
	}
	return validations, needed(all, expressionsOf(validations)...)
}

func expressionsOf(validations []admissionregistrationv1.Validation) []string {
	var all []string
	for i := range validations {
		all = append(all, validations[i].Expression, validations[i].MessageExpression)
	}
	return all
}

// grouped puts an expression in parentheses, unless it is one thing already.
func grouped(expression string) string {
	if simple.MatchString(expression) {
		return expression
	}
	return "(" + expression + ")"
}

var simple = regexp.MustCompile(`^[A-Za-z_.]+$`)

func bindingOf(policy string, o Options) *admissionregistrationv1.ValidatingAdmissionPolicyBinding {
	b := &admissionregistrationv1.ValidatingAdmissionPolicyBinding{
		TypeMeta: typeOf(kube.ValidatingAdmissionPolicyBindings),
		ObjectMeta: metav1.ObjectMeta{
			Name:   strings.Join(append([]string{policy}, o.Namespaces...), "."),
			Labels: map[string]string{"app.kubernetes.io/managed-by": "seaworthy"},
		},
		Spec: admissionregistrationv1.ValidatingAdmissionPolicyBindingSpec{
			PolicyName: policy, ValidationActions: []admissionregistrationv1.ValidationAction{o.Action},
		},
	}
	var asked []metav1.LabelSelectorRequirement
	for _, of := range []struct {
		operator metav1.LabelSelectorOperator
		names    []string
	}{{metav1.LabelSelectorOpIn, o.Namespaces}, {metav1.LabelSelectorOpNotIn, o.Except}} {
		if len(of.names) > 0 {
			asked = append(asked, metav1.LabelSelectorRequirement{Key: corev1.LabelMetadataName, Operator: of.operator, Values: of.names})
		}
	}
	if len(asked) > 0 {
		b.Spec.MatchResources = &admissionregistrationv1.MatchResources{NamespaceSelector: &metav1.LabelSelector{MatchExpressions: asked}}
	}
	return b
}

// PodSecurity returns the level of the Pod Security Standards that refuses what a
// rule finds, "baseline" or "restricted", as its controls say; "" if none does.
func PodSecurity(r *audit.Rule) string {
	for _, level := range []string{"baseline", "restricted"} {
		if slices.Contains(r.Controls, "PSS-"+level) {
			return level
		}
	}
	return ""
}
