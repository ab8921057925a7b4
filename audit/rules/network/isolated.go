package network

import (
	"fmt"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/isolation"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// eachIsolated returns a Check that judges the isolation of every workload that
// network policies apply to.
func eachIsolated(judge func(*audit.Pass, *kube.Workload, isolation.Isolation)) audit.Check {
	return audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		i, ok := isolation.Of(p.Cluster, w)
		if !ok {
			p.NotApplicable() // they have the network of their node
			return
		}
		judge(p, w, i)
	})
}

// judgeDirection returns the judge of workloads that some policy selects, and none
// of those isolates them in a direction.
func judgeDirection(d isolation.Direction, reaches string) func(*audit.Pass, *kube.Workload, isolation.Isolation) {
	return func(p *audit.Pass, w *kube.Workload, i isolation.Isolation) {
		v := i.Of(d)
		switch {
		case !i.Any():
			p.NotApplicable() // pod-not-isolated says so
		case v.Isolates():
		case v.Doubt != "":
			p.Unknown(v.Doubt)
		case v.Level == isolation.AllowsAll:
			p.Report(audit.Finding{
				Message: fmt.Sprintf("%s allows all %s", named(v.Policies), d),
				Detail: fmt.Sprintf("The pods are isolated by %s, but the union of what policies allow is everything: %s.",
					list(v.Policies), reaches),
			})
		default:
			f := audit.Finding{
				Message: fmt.Sprintf("no policy restricts its %s", d),
				Detail: fmt.Sprintf("The pods are selected by %s, of which none is about %s: %s.",
					list(i.Policies), d, reaches),
				Fixes: isolateEgress(p.Cluster, w),
			}
			if d == isolation.Ingress {
				f.Fixes = isolateIngress(p.Cluster, w)
			}
			p.Report(f)
		}
	}
}

// named names a policy, or says how many there are.
func named(policies []kube.Ref) string {
	if len(policies) == 1 {
		return policies[0].Short()
	}
	return fmt.Sprintf("the union of %d policies", len(policies))
}

// list names some objects.
func list(refs []kube.Ref) string {
	texts := make([]string, len(refs))
	for i, ref := range refs {
		texts[i] = ref.String()
	}
	return few(texts)
}

// policyObject is a NetworkPolicy as a manifest has it, of the given name if that
// is free.
func policyObject(c *kube.Cluster, namespace, name string, spec map[string]any) audit.Object {
	if _, taken := c.NetworkPolicies.Get(namespace, name); taken {
		name += "-isolation"
	}
	return audit.Object{
		"apiVersion": "networking.k8s.io/v1",
		"kind":       kube.NetworkPolicies.Kind,
		"metadata":   map[string]any{"name": name, "namespace": namespace},
		"spec":       spec,
	}
}

// selectorValue returns the selector of a workload as a manifest has it, false
// where it has none.
func selectorValue(w *kube.Workload) (map[string]any, bool) {
	if w.Selector == nil || !w.Held || w.RunsToCompletion() || !w.Selector.Matches(labels.Set(w.Pod.Labels)) {
		return nil, false // the last is a mistake that a server refuses, and manifests may have
	}
	requirements, selectable := w.Selector.Requirements()
	if !selectable || len(requirements) == 0 {
		return nil, false
	}
	matchLabels, expressions := map[string]any{}, []any{}
	for _, r := range requirements {
		values := r.Values().List()
		if (r.Operator() == selection.Equals || r.Operator() == selection.In) && len(values) == 1 {
			matchLabels[r.Key()] = values[0]
			continue
		}
		expressions = append(expressions, expressionValue(r, values))
	}
	value := map[string]any{}
	if len(matchLabels) > 0 {
		value["matchLabels"] = matchLabels
	}
	if len(expressions) > 0 {
		value["matchExpressions"] = expressions
	}
	return value, true
}

func expressionValue(r labels.Requirement, values []string) map[string]any {
	operators := map[selection.Operator]string{
		selection.In: "In", selection.NotIn: "NotIn", selection.Exists: "Exists", selection.DoesNotExist: "DoesNotExist",
	}
	expression := map[string]any{"key": r.Key(), "operator": operators[r.Operator()]}
	if len(values) > 0 {
		texts := make([]any, len(values))
		for i, v := range values {
			texts[i] = v
		}
		expression["values"] = texts
	}
	return expression
}
