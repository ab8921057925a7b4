package custom

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/cel"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// admission is the rule as a server is asked it: the same expressions, but for what
// policies call by another name. Nil where it cannot be said: workload is not shown
// to who judges a pod, and some selectors of labels have no form in the API.
func (r *reader) admission(j *judge) *audit.Admission {
	a := &audit.Admission{Resources: j.resources, Params: j.params, Namespaces: j.namespacesInCEL()}
	if j.workloads {
		a.Resources = []kube.Resource{kube.Pods}
	}
	if r.Match.Labels.value != "" {
		selector, err := metav1.ParseToLabelSelector(r.Match.Labels.value)
		if err != nil {
			return nil
		}
		a.Labels = selector
	}
	scope := cel.NewScope()
	define := func(name, expression string) bool {
		expression, can := j.asPolicy(expression)
		if !can || scope.Define(name, expression) != nil {
			return false
		}
		a.Variables = append(a.Variables, audit.Variable{Name: name, Expression: expression})
		return true
	}
	// What an export defines, so that expressions can be compiled here.
	if scope.Define("podSpec", "dyn(object).spec") != nil || scope.Define("params", "dyn({})") != nil {
		return nil
	}
	for _, v := range r.Variables {
		if !define(v.Name.value, v.Expression.value) {
			return nil
		}
	}
	for _, v := range r.Validations {
		holds, can := j.asPolicy(v.Expression.value)
		says, canSay := j.asPolicy(v.MessageExpression.value)
		if x, err := scope.Compile(holds, cel.Bool); err != nil || !can || !canSay || x.LooksAt(paramsName) {
			return nil // what is called so here is another thing for a policy
		}
		a.Validations = append(a.Validations, audit.Validation{
			Expression: holds, Message: strings.TrimSpace(v.Message.value), MessageExpression: says,
		})
	}
	return a
}

// tokens are the parts of an expression that matter for renaming: texts and comments,
// which stay, and names with what is before them.
var tokens = regexp.MustCompile(`(?s)[rRbB]{0,2}(?:"""(?:\\.|[^\\])*?"""|'''(?:\\.|[^\\])*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|//[^\n]*|(?:\.\s*)?[A-Za-z_][A-Za-z_0-9]*`)

// asPolicy renames what policies have as variables; false for what they do not have.
func (j *judge) asPolicy(expression string) (string, bool) {
	can := true
	renamed := tokens.ReplaceAllStringFunc(expression, func(token string) string {
		switch {
		case token == paramsName, j.workloads && token == podSpecName:
			return "variables." + token
		case j.workloads && token == workloadName:
			can = false
		}
		return token
	})
	return renamed, can
}

const paramsName = "params"

// namespacesInCEL is true of the requests that a rule is about. Where it names kinds
// of workloads, it is those at the top that it judges: not what they make.
func (j *judge) namespacesInCEL() string {
	var all []string
	if len(j.namespaces) > 0 {
		taken := !slices.ContainsFunc(j.namespaces, func(p string) bool { return !strings.HasPrefix(p, "!") })
		expression := fmt.Sprint(taken)
		for _, pattern := range j.namespaces { // the last that fits decides
			pattern, out := strings.CutPrefix(pattern, "!")
			expression = fmt.Sprintf("(request.namespace.matches(%s) ? %t : %s)", audit.Text(matching(pattern)), !out, expression)
		}
		all = append(all, expression)
	}
	if slices.ContainsFunc(j.resources, func(r kube.Resource) bool { return slices.Contains(kube.WorkloadResources(), r) }) {
		all = append(all, "!(object.kind in ['Pod', 'ReplicaSet', 'Job'] && "+
			"object.metadata.?ownerReferences.orValue([]).exists(o, o.?controller.orValue(false)))")
	}
	return strings.Join(all, " && ")
}

// matching returns a pattern of package path as a regular expression. A name of a
// namespace has no slash.
func matching(pattern string) string {
	var text strings.Builder
	text.WriteByte('^')
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; c {
		case '*':
			text.WriteString(".*")
		case '?':
			text.WriteByte('.')
		case '[', ']', '-', '^':
			text.WriteByte(c)
		case '\\':
			i++
			text.WriteString(regexp.QuoteMeta(pattern[i : i+1])) // the pattern is known to be valid
		default:
			text.WriteString(regexp.QuoteMeta(string(c)))
		}
	}
	text.WriteByte('$')
	return text.String()
}
