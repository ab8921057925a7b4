package hygiene

import (
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// wantedLabels is the parameter of the labels that workloads should bear.
const wantedLabels = "labels"

// judgeLabels reports the labels that a workload or its pods lack. What an
// operator makes bears the labels that the operator gives it.
func judgeLabels(p *audit.Pass, w *kube.Workload) {
	wanted := p.Texts(wantedLabels)
	if len(wanted) == 0 || !w.Held || !w.Controller.IsZero() {
		p.NotApplicable()
		return
	}
	object, pods := lacks(w.Labels, wanted), ""
	if w.MetadataPath() != "metadata" {
		pods = lacks(w.Pod.Labels, wanted)
	}
	f := audit.Finding{
		Path:    "metadata.labels",
		Message: "it lacks " + object,
		Detail:  "Neither people nor programs find " + w.Ref.String() + " by what they expect it to be called by.",
	}
	switch {
	case object == "" && pods == "":
		return
	case object == "":
		f.Path, f.Message = w.MetadataPath()+".labels", "its pods lack "+pods
		f.Detail = "Metrics, logs and costs are attributed by the labels of pods, which the template gives them."
	case pods != "":
		f.Detail += " Its pods lack " + pods + ", by which metrics, logs and costs are attributed."
	}
	p.Report(f)
}

// ownedByAnother is true of an object that something else controls, and so made:
// what made it is asked in its place.
const ownedByAnother = "object.metadata.?ownerReferences.orValue([]).exists(o, o.?controller.orValue(false))"

// asksForLabels is [judgeLabels] for a server.
func asksForLabels() *audit.Admission {
	return &audit.Admission{
		Except: ownedByAnother,
		AtFault: "variables.labels.filter(k, object.metadata.?labels[?k].orValue('') == '' || " +
			"variables.podMetadata.?labels[?k].orValue('') == '')",
	}
}

// lacks names the labels that a set does not have, "" if it has all.
func lacks(set map[string]string, wanted []string) string {
	missing := slices.DeleteFunc(slices.Clone(wanted), func(key string) bool { return set[key] != "" })
	switch len(missing) {
	case 0:
		return ""
	case 1:
		return "label " + missing[0]
	}
	return "labels " + strings.Join(missing, ", ")
}
