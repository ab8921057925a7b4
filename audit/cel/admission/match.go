package admission

import (
	"slices"
	"strings"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// answer is whether something matches.
type answer int

const (
	no answer = iota
	maybe
	yes
)

// constraints are what a policy or a binding matches.
type constraints struct {
	namespaces, objects labels.Selector
	include, exclude    []admissionregistrationv1.NamedRuleWithOperations
	exact               bool // matchPolicy Exact: other versions of a kind do not count
}

// constraintsOf prepares constraints; nil are none. Fields that are not set are
// taken for what the API defaults them to.
func constraintsOf(m *admissionregistrationv1.MatchResources) *constraints {
	if m == nil {
		return nil
	}
	return &constraints{
		namespaces: selector(m.NamespaceSelector), objects: selector(m.ObjectSelector),
		include: m.ResourceRules, exclude: m.ExcludeResourceRules,
		exact: m.MatchPolicy != nil && *m.MatchPolicy == admissionregistrationv1.Exact,
	}
}

// selector prepares a selector: one that is not set selects all, one that is
// not valid, which no server takes, nothing.
func selector(s *metav1.LabelSelector) labels.Selector {
	if s == nil {
		return labels.Everything()
	}
	prepared, err := metav1.LabelSelectorAsSelector(s)
	if err != nil {
		return labels.Nothing()
	}
	return prepared
}

// match reports whether constraints match a request.
func (m *constraints) match(c *kube.Cluster, r *Request) answer {
	if m == nil {
		return yes
	}
	in := m.inNamespace(c, r)
	if in == no || !m.objects.Matches(labels.Set(r.Labels)) {
		return no
	}
	out := m.anyOf(m.exclude, r)
	if out == yes {
		return no
	}
	answers := []answer{in, yes}
	if len(m.include) > 0 {
		answers[1] = m.anyOf(m.include, r)
	}
	if out == maybe {
		answers = append(answers, maybe)
	}
	return slices.Min(answers)
}

// inNamespace goes by the labels of the namespace, of a Namespace by its own. What
// is in no namespace is selected whatever the selector.
func (m *constraints) inNamespace(c *kube.Cluster, r *Request) answer {
	switch {
	case m.namespaces.Empty(), !r.Resource.Namespaced && r.Resource != kube.Namespaces:
		return yes
	case r.Resource == kube.Namespaces:
		return answerOf(m.namespaces.Matches(labels.Set(r.Labels)))
	}
	namespace, ok := c.Namespaces.Get("", r.Namespace)
	if !ok {
		return maybe
	}
	return answerOf(m.namespaces.Matches(labels.Set(namespace.Labels)))
}

func answerOf(is bool) answer {
	if is {
		return yes
	}
	return no
}

// anyOf reports whether any rule matches.
func (m *constraints) anyOf(rules []admissionregistrationv1.NamedRuleWithOperations, r *Request) answer {
	best := no
	for i := range rules {
		best = max(best, m.one(&rules[i], r))
	}
	return best
}

func (m *constraints) one(rule *admissionregistrationv1.NamedRuleWithOperations, r *Request) answer {
	creates := slices.ContainsFunc(rule.Operations, func(o admissionregistrationv1.OperationType) bool {
		return o == admissionregistrationv1.OperationAll || o == admissionregistrationv1.Create
	})
	if !creates || !among(rule.APIGroups, r.Resource.Group) || !resourceAmong(rule.Resources, r.Resource.Plural) || !inScope(rule.Scope, r) {
		return no
	}
	if len(rule.ResourceNames) > 0 && !slices.Contains(rule.ResourceNames, r.Name) {
		return no
	}
	switch {
	case among(rule.APIVersions, r.version()):
		return yes
	case !m.exact && (r.Resource.Custom() || r.Resource == kube.HorizontalPodAutoscalers):
		return maybe // the server would convert the object into that version
	}
	return no
}

// among reports whether a list has a word, or the asterisk.
func among(list []string, word string) bool {
	return slices.Contains(list, "*") || slices.Contains(list, word)
}

// resourceAmong reports whether a list of resources has one itself, not its
// subresources. A subresource of "*" is any and none.
func resourceAmong(list []string, plural string) bool {
	return slices.ContainsFunc(list, func(listed string) bool {
		resource, below, _ := strings.Cut(listed, "/")
		return (resource == "*" || resource == plural) && (below == "" || below == "*")
	})
}

func inScope(scope *admissionregistrationv1.ScopeType, r *Request) bool {
	if scope == nil || *scope == admissionregistrationv1.AllScopes {
		return true
	}
	return r.Resource.Namespaced == (*scope == admissionregistrationv1.NamespacedScope)
}
