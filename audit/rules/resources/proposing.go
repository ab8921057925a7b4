package resources

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// asked is one field of a container's resources that is missing.
type asked struct {
	list string
	name corev1.ResourceName
}

// propose returns the fix that sets fields which are missing to what the container
// needs; where that is not known of all of them, a placeholder instead. It returns
// neither where the pod as a whole has amounts that the container's must fit in, and
// for limits of CPU: whether CPU is to be limited is for people to decide.
func propose(c *kube.Cluster, w *kube.Workload, of kube.Container, missing ...asked) (fixes []audit.Fix, placeholder *audit.Fix) {
	whole := w.PodRequirements()
	var all audit.Fix
	var titles, risks []string
	for _, m := range missing {
		if given(whole.Requests, m.name) || given(whole.Limits, m.name) || m.list == limits && m.name == corev1.ResourceCPU {
			return nil, nil
		}
		n, known := needOf(c, w, of, m.name)
		if !known {
			return nil, blank(c, w, of, missing)
		}
		f, _, can := n.requestFix(c, w, of)
		if m.list == limits {
			f, _ = n.limitFix(c, w, of)
		} else if !can {
			return nil, nil
		}
		all.Edits = append(all.Edits, f.Edits...)
		titles = append(titles, f.Title)
		if !strings.Contains(strings.Join(risks, " "), f.Risk) {
			risks = append(risks, f.Risk)
		}
		if f.Tentative != "" {
			all.Tentative = f.Tentative
		}
	}
	all.Title, all.Risk = strings.Join(titles, "; "), strings.Join(risks, " ")
	return []audit.Fix{all}, nil
}

// What a placeholder has in the place of amounts. No server takes it for a quantity.
const (
	blankCPU     = "<95th percentile of its CPU>"
	blankRequest = "<its highest use of memory + 15 %>"
	blankLimit   = "<its highest use of memory + 25 %>"
)

// blank is the placeholder for fields of which nothing is known.
func blank(c *kube.Cluster, w *kube.Workload, of kube.Container, missing []asked) *audit.Fix {
	why := "its use was not measured"
	if m, seen := c.Measured(w.Ref, of.Name); seen {
		why = m.Evidence() + " are too few"
	}
	f := &audit.Fix{
		Risk: fmt.Sprintf("No server accepts it as it is: the amounts are for a person to measure and fill in. "+
			"A day of samples is what it takes (%d at least): --prometheus reads them, or a VerticalPodAutoscaler in mode Off does.",
			kube.EnoughSamples),
	}
	var fields []string
	for _, m := range missing {
		fields = append(fields, title(m.name)+" "+strings.TrimSuffix(m.list, "s"))
		value := blankCPU
		switch {
		case m.name == corev1.ResourceMemory && m.list == limits:
			value = blankLimit
		case m.name == corev1.ResourceMemory:
			value = blankRequest
		}
		f.Edits = append(f.Edits, audit.Edit{Op: audit.Set, Path: of.Field("resources." + m.list + field(m.name)), Value: value})
	}
	f.Title = fmt.Sprintf("fill in the %s: a placeholder, since %s", strings.Join(fields, ", "), why)
	return f
}
