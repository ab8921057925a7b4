package custom

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/cel"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// What expressions about workloads know beside what policies do.
const (
	podSpecName  = "podSpec"
	workloadName = "workload"
)

// judge judges objects by the expressions of a rule.
type judge struct {
	selection
	params      map[string]any
	scope       *cel.Scope
	validations []check
	fixes       []audit.Fix
}

// check is a validation.
type check struct {
	holds   *cel.Expression
	says    *cel.Expression // nil where the message is fixed
	message string          // "" where the expression speaks for itself
	path    string          // of the object
}

// declare makes a rule judge, and says what it depends on.
func (j *judge) declare(rule *audit.Rule) {
	for _, name := range slices.Sorted(maps.Keys(j.params)) {
		if value, ok := parameter(j.params[name]); ok {
			rule.Parameters = append(rule.Parameters, audit.Parameter{
				Name: name, About: "params." + name + " of its expressions", Value: value,
			})
		}
	}
	if j.looksAt("namespaceObject") {
		rule.Consults = []kube.Resource{kube.Namespaces}
	}
	if j.workloads {
		rule.Subjects = kube.WorkloadResources()
		rule.Check = audit.EachWorkload(j.workload)
		return
	}
	rule.Subjects = j.resources
	rule.Check = audit.EachOf(j.resources, j.object)
}

func (j *judge) looksAt(name string) bool {
	return slices.ContainsFunc(j.validations, func(c check) bool {
		return c.holds != nil && c.holds.LooksAt(name) || c.says != nil && c.says.LooksAt(name)
	})
}

// parameter returns a value as a rule's parameter has it.
func parameter(value any) (any, bool) {
	switch value := value.(type) {
	case string, bool:
		return value, true
	case int64:
		return int(value), true
	case []any:
		texts := make([]string, 0, len(value))
		for _, element := range value {
			text, ok := element.(string)
			if !ok {
				return nil, false
			}
			texts = append(texts, text)
		}
		return texts, true
	}
	return nil, false
}

// paramsOf returns the params of the rule that judges: those that were
// configured go before those that are written in it.
func (j *judge) paramsOf(rule *audit.Rule) cel.Value {
	if j.params == nil {
		return cel.Value{}
	}
	params := maps.Clone(j.params)
	for _, p := range rule.Parameters {
		params[p.Name] = p.Value
	}
	return cel.Value{Of: params}
}

// workload judges the pod that a workload makes.
func (j *judge) workload(p *audit.Pass, w *kube.Workload) {
	if !j.takes(w.Ref.Namespace, w.Pod.Labels) {
		p.NotApplicable()
		return
	}
	name := ""
	if w.Ref.Kind == kube.Pods.Kind {
		name = w.Ref.Name
	}
	maker := cel.Unknown()
	if resource, ok := kube.ResourceOf(w.Ref.Group, w.Ref.Kind); ok && w.Held && j.looksAt(workloadName) {
		maker = cel.ObjectOf(p.Cluster, resource, w.Object)
	}
	j.validate(p, &cel.Input{
		Object: cel.PodOf(p.Cluster, w), Request: cel.Creation(kube.Pods, w.Ref.Namespace, name),
		Namespace: cel.NamespaceOf(p.Cluster, w.Ref.Namespace),
		Further:   map[string]cel.Value{podSpecName: cel.PodSpecOf(p.Cluster, w), workloadName: maker},
	}, func(path string) string { return inWorkload(w, path) })
}

// inWorkload turns a path of the pod into one of the workload's object.
func inWorkload(w *kube.Workload, path string) string {
	if rest, ok := strings.CutPrefix(path, "spec"); ok {
		return w.Pod.Path + rest
	}
	if rest, ok := strings.CutPrefix(path, "metadata"); ok {
		return w.MetadataPath() + rest
	}
	return path
}

// object judges an object of another kind, or a workload as the object that it
// is.
func (j *judge) object(p *audit.Pass, o kube.Object) {
	subject := p.Subject()
	resource, _ := kube.ResourceOf(subject.Ref.Group, subject.Ref.Kind)
	if w, ok := o.(*kube.Workload); ok {
		if !w.Held {
			p.Unknown(fmt.Sprintf("%s is not held", w.Ref))
			return
		}
		o = w.Object
	}
	if !j.takes(subject.Namespace, labelsOf(o)) {
		p.NotApplicable()
		return
	}
	j.validate(p, &cel.Input{
		Object:    cel.ObjectOf(p.Cluster, resource, o),
		Namespace: cel.NamespaceOf(p.Cluster, subject.Ref.Namespace),
		Request:   cel.Creation(resource, subject.Ref.Namespace, subject.Ref.Name),
	}, func(path string) string { return path })
}

func labelsOf(o kube.Object) map[string]string {
	switch o := o.(type) {
	case *kube.Pod:
		return o.Labels
	case *kube.EndpointSlice:
		return o.Labels()
	case interface{ GetLabels() map[string]string }:
		return o.GetLabels()
	}
	return nil
}

// validate evaluates every validation, and reports those that do not hold.
func (j *judge) validate(p *audit.Pass, input *cel.Input, place func(path string) string) {
	input.Params = j.paramsOf(p.Rule)
	evaluation := j.scope.Evaluate(input)
	var findings []audit.Finding
	for _, c := range j.validations {
		holds, err := evaluation.Bool(c.holds)
		if err != nil {
			p.Unknown(err.Error())
			continue
		}
		if holds {
			continue
		}
		f := audit.Finding{
			Path: place(c.path), Message: evaluation.Message(c.says, c.message, c.holds),
			Detail: "This is false: " + strings.Join(strings.Fields(c.holds.Source), " "),
			Fixes:  placed(j.fixes, place),
		}
		// A finding is known by its place: there is one for each.
		at := slices.IndexFunc(findings, func(other audit.Finding) bool { return other.Path == f.Path })
		if at < 0 {
			findings = append(findings, f)
			continue
		}
		findings[at].Message += "; " + f.Message
		findings[at].Detail += " " + f.Detail
	}
	for i := range findings {
		p.Report(findings[i])
	}
}
