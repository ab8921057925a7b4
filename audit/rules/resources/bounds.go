package resources

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// The parameters of the rules about bounds.
const (
	maximum = "maximum"
	minimum = "minimum"
)

// bound is what somebody allows containers to request and to be limited to.
type bound struct {
	of        string             // who set it, at the beginning of a sentence
	least     *resource.Quantity // nil where there is none
	most      *resource.Quantity
	admission bool // the API server refuses pods beyond it
}

// boundParameters are what a configuration says of one resource.
func boundParameters(name corev1.ResourceName) []audit.Parameter {
	return []audit.Parameter{
		{Name: maximum, About: "the most " + title(name) + " that a container may request or be limited to, as a quantity; empty for no maximum", Value: ""},
		{Name: minimum, About: "the least " + title(name) + " that a container may request, as a quantity; empty for no minimum", Value: ""},
	}
}

// bounded returns the Check of a rule that holds containers to the bounds of
// the configuration and of the LimitRanges of their namespace.
func bounded(name corev1.ResourceName) audit.Check {
	return audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		configured, err := configuredBound(p)
		if err != nil {
			p.Unknown(err.Error())
			return
		}
		bounds := append(rangesOf(p.Cluster, w, name), configured...)
		applies := false
		for c := range w.Containers() {
			if c.Kind == kube.Ephemeral {
				continue
			}
			has := p.Cluster.Requirements(w, c)
			if !given(has.Requests, name) && !given(has.Limits, name) {
				continue
			}
			for _, b := range bounds {
				applies = true
				b.report(p, c, has, name)
			}
		}
		if !applies {
			p.NotApplicable()
		}
	})
}

func configuredBound(p *audit.Pass) ([]bound, error) {
	b := bound{of: "The configuration"}
	var err error
	if b.most, err = quantityOf(p, maximum); err != nil {
		return nil, err
	}
	if b.least, err = quantityOf(p, minimum); err != nil {
		return nil, err
	}
	if b.least == nil && b.most == nil {
		return nil, nil
	}
	return []bound{b}, nil
}

// quantityOf returns the quantity that a parameter has, nil for none.
func quantityOf(p *audit.Pass, parameter string) (*resource.Quantity, error) {
	text := p.Text(parameter)
	if text == "" {
		return nil, nil
	}
	quantity, err := resource.ParseQuantity(text)
	if err != nil {
		return nil, fmt.Errorf("reading the parameter %s %q: %w", parameter, text, err)
	}
	return &quantity, nil
}

// rangesOf returns the bounds that admission holds the pods of a workload to. A
// pod that runs has been admitted, whatever came after.
func rangesOf(c *kube.Cluster, w *kube.Workload, name corev1.ResourceName) []bound {
	if _, isPod := w.Object.(*kube.Pod); isPod && !c.Info.Offline {
		return nil
	}
	var bounds []bound
	for _, r := range c.LimitRanges.In(w.Ref.Namespace) {
		for i := range r.Spec.Limits {
			item := &r.Spec.Limits[i]
			if item.Type != corev1.LimitTypeContainer {
				continue
			}
			b := bound{of: "LimitRange " + r.Name, admission: true}
			if least, ok := item.Min[name]; ok {
				b.least = &least
			}
			if most, ok := item.Max[name]; ok {
				b.most = &most
			}
			if b.least != nil || b.most != nil {
				bounds = append(bounds, b)
			}
		}
	}
	return bounds
}

func (b bound) report(p *audit.Pass, c kube.Container, has corev1.ResourceRequirements, name corev1.ResourceName) {
	limit, request := has.Limits[name], has.Requests[name]
	path := c.Field("resources.")
	switch {
	case b.most == nil:
	case limit.Cmp(*b.most) > 0:
		fix := audit.SetField("lower the limit to the maximum of "+b.most.String(), path+limits+field(name), b.most.String())
		fix.Risk = "A container that needs more is throttled, or killed for lack of memory."
		if declared := c.Resources.Requests[name]; declared.Cmp(*b.most) > 0 {
			fix.Edits = append(fix.Edits, audit.Edit{Op: audit.Set, Path: path + requests + field(name), Value: b.most.String()})
		}
		p.Report(b.finding(c, path+limits+field(name), fmt.Sprintf("limit of %s is above the maximum of %s", limit.String(), b.most), name, fix))
	case request.Cmp(*b.most) > 0:
		fix := audit.SetField("lower the request to the maximum of "+b.most.String(), path+requests+field(name), b.most.String())
		fix.Risk = "Less is reserved for the container than was meant."
		p.Report(b.finding(c, path+requests+field(name), fmt.Sprintf("request of %s is above the maximum of %s", request.String(), b.most), name, fix))
	}
	if b.least == nil || request.IsZero() || request.Cmp(*b.least) >= 0 {
		return
	}
	fix := audit.SetField("raise the request to the minimum of "+b.least.String(), path+requests+field(name), b.least.String())
	fix.Risk = "More is reserved than the container asked for."
	if !limit.IsZero() && limit.Cmp(*b.least) < 0 {
		fix.Edits = append(fix.Edits, audit.Edit{Op: audit.Set, Path: path + limits + field(name), Value: b.least.String()})
	}
	p.Report(b.finding(c, path+requests+field(name), fmt.Sprintf("request of %s is below the minimum of %s", request.String(), b.least), name, fix))
}

func (b bound) finding(c kube.Container, path, what string, name corev1.ResourceName, fix audit.Fix) audit.Finding {
	f := audit.Finding{
		Container: c.Name,
		Path:      path,
		Message:   fmt.Sprintf("%s: the %s %s", named(c), title(name), what),
		Detail:    b.of + " sets the bound.",
		Fixes:     []audit.Fix{fix},
	}
	if b.admission {
		f.Severity = audit.High
		f.Detail += " The API server refuses every pod beyond it: the workload gets no new pod."
	}
	return f
}
