package enforce

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/policy"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// mostConditions is how many match conditions a policy may have
// (k8s.io/kubernetes/pkg/apis/admissionregistration/validation), without those that
// every policy has.
const mostConditions = 64 - 4

// accepted is what the house has accepted, in CEL.
type accepted struct {
	conditions []admissionregistrationv1.MatchCondition
	containers string // true of containers that are accepted; "" if none is
}

// accept turns exemptions into expressions, and notes those that have none.
func (e *Export) accept(all []policy.Exempted) accepted {
	var objects, containers []string
	for i := range all {
		x := &all[i]
		switch {
		case len(x.Labels) > 0 && aboutPods(e.Rule):
			e.note("The exemption of %s has no form in a policy: pods do not have the labels of what makes them.", x.Origin)
			continue
		case x.Container != "" && e.Rule.Admission.Container == "":
			e.note("The exemption of %s has no form in a policy: the rule does not judge containers one by one.", x.Origin)
			continue
		}
		where := e.exempts(x)
		if x.Container == "" {
			objects = append(objects, where)
		} else {
			containers = append(containers, conjunction(where, fits("c.name", x.Container)))
		}
		if !x.Expires.IsZero() {
			e.note("The exemption of %s ends on %s: a policy does not know of days, so export the rule again then.", x.Origin, x.Expires.Format(time.DateOnly))
		}
	}
	if len(objects) > mostConditions {
		objects = []string{strings.Join(objects, " || ")}
	}
	a := accepted{containers: strings.Join(containers, " || ")}
	for i, expression := range objects {
		a.conditions = append(a.conditions, admissionregistrationv1.MatchCondition{
			Name: fmt.Sprintf("not-exempt-%d", i+1), Expression: "!(" + expression + ")",
		})
	}
	return a
}

func (e *Export) note(format string, args ...any) {
	e.Notes = append(e.Notes, fmt.Sprintf(format, args...))
}

// exempts returns an expression that is true of what an exemption is for.
func (e *Export) exempts(x *policy.Exempted) string {
	kind, name, namespace := x.Kind, x.Name, x.Namespace
	if !x.Object.IsZero() {
		if x.Object.Kind == kube.Namespaces.Kind {
			return fits("request.namespace", x.Object.Name)
		}
		kind, name, namespace = x.Object.Kind, x.Object.Name, x.Object.Namespace
	}
	var all []string
	if namespace != "" {
		all = append(all, fits("request.namespace", namespace))
	}
	if kind != "" || name != "" {
		own := conjunction(fits("object.kind", kind), fits("object.metadata.?name.orValue('')", name))
		if aboutPods(e.Rule) {
			own = "(" + own + " || " + madeBy(kind, name) + ")"
		}
		all = append(all, own)
	}
	for _, key := range slices.Sorted(maps.Keys(x.Labels)) {
		all = append(all, fmt.Sprintf("object.metadata.?labels[?%s].orValue('') == %s", audit.Text(key), audit.Text(x.Labels[key])))
	}
	return conjunction(all...)
}

// madeBy is true of what objects of a kind and name have made, which bears the name
// of its maker in ownerReferences. A Deployment makes pods by way of ReplicaSets,
// whose names end in a hash, a CronJob by way of Jobs, whose names end in a number.
func madeBy(kind, name string) string {
	ways := []string{conjunction(fits("o.kind", kind), fits("o.name", name))}
	for _, by := range []struct{ maker, between, end string }{
		{kube.Deployments.Kind, kube.ReplicaSets.Kind, "-[0-9a-z]+$"},
		{kube.CronJobs.Kind, kube.Jobs.Kind, "-[0-9]+$"},
	} {
		if kind != "" && !policy.Matches(kind, by.maker) {
			continue
		}
		named := strings.TrimSuffix(policy.Regexp(name), "$") + by.end
		ways = append(ways, fmt.Sprintf("o.kind == '%s' && o.name.matches(%s)", by.between, audit.Text(named)))
	}
	return "object.metadata.?ownerReferences.orValue([]).exists(o, " + strings.Join(ways, " || ") + ")"
}

// fits is true of a text that matches a pattern of an exemption; "" for any text.
func fits(text, pattern string) string {
	switch {
	case pattern == "" || strings.Trim(pattern, "*") == "":
		return ""
	case policy.Literal(pattern):
		return text + " == " + audit.Text(pattern)
	}
	return text + ".matches(" + audit.Text(policy.Regexp(pattern)) + ")"
}

// conjunction joins what must all be true; "true" if nothing must.
func conjunction(all ...string) string {
	all = slices.DeleteFunc(slices.Clone(all), func(expression string) bool { return expression == "" })
	if len(all) == 0 {
		return "true"
	}
	return strings.Join(all, " && ")
}
