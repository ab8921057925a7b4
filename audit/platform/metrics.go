package platform

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube"
)

func metrics() Capability {
	return Capability{
		ID:     "metrics",
		Title:  "Use of pods and nodes is measured",
		Level:  Maintained,
		About:  "Autoscalers scale by it, and requests are guesses without it.",
		Advice: "Install metrics-server, or an adapter that serves metrics.k8s.io.",
		Reads:  []kube.Resource{kube.APIServices},
		Rules:  []string{"metrics-server-missing"},
		Others: []string{"hpa-not-functional"},
		Find: func(c *kube.Cluster) []Trace {
			var traces []Trace
			for o := range c.Custom(kube.APIServices).All() {
				version, group, _ := strings.Cut(o.GetName(), ".")
				if group == "metrics.k8s.io" {
					traces = append(traces, Trace{What: group, Ref: kube.APIServices.Ref("", o.GetName()), Says: "served at " + version})
				}
			}
			return traces
		},
	}
}
