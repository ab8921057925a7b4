package plan

import (
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/ownership"
)

// Belongs says where the change of an object belongs, as the end of a sentence about it;
// "" if nothing is known to write it. Of what a chart made, it says by which values
// charts often have what is changed: those that helm create writes, which this one need
// not have.
func (o *Object) Belongs() string {
	text := o.Owner.String()
	if text == "" || !strings.Contains(text, "chart ") && o.Owner.Tool != ownership.Helm {
		return text
	}
	var often []string
	for _, e := range o.Edits {
		if value := usualValue(e); value != "" && !slices.Contains(often, value) {
			often = append(often, value)
		}
	}
	if len(often) == 0 {
		return text
	}
	return text + "; charts often have " + strings.Join(often, ", ") + " for it"
}

// usualValue is the value by which the chart that helm create writes has a field
// (helm.sh/helm pkg/chartutil/create.go); "" if it has none.
func usualValue(e audit.Edit) string {
	path := e.Path
	if path == "spec.replicas" {
		return "replicaCount"
	}
	_, pod, found := strings.Cut(path, "template.spec.")
	if !found {
		return ""
	}
	if inside, found := strings.CutPrefix(pod, "containers[0]."); found {
		switch field, _, _ := strings.Cut(inside, "."); field {
		case "resources", "securityContext", "livenessProbe", "readinessProbe", "volumeMounts":
			return field
		case "image":
			return "image.tag"
		case "imagePullPolicy":
			return "image.pullPolicy"
		}
		return ""
	}
	field, _, _ := strings.Cut(pod, ".")
	field, _, _ = strings.Cut(field, "[")
	switch field {
	case "securityContext":
		return "podSecurityContext"
	case "serviceAccountName":
		return "serviceAccount.name"
	case "nodeSelector", "tolerations", "affinity", "volumes":
		return field
	}
	return ""
}
