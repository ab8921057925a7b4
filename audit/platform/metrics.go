package platform

import (
	"cmp"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

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
			var traces, further []Trace
			for o := range c.Custom(kube.APIServices).All() {
				version, group, _ := strings.Cut(o.GetName(), ".")
				switch group {
				case "metrics.k8s.io":
					traces = append(traces, Trace{What: group, Ref: kube.APIServices.Ref("", o.GetName()), Says: "served at " + version})
				case "custom.metrics.k8s.io", "external.metrics.k8s.io":
					further = append(further, answering(o, group, version))
				}
			}
			if traces == nil {
				return nil // figures of applications do not say what pods use
			}
			return append(traces, further...)
		},
	}
}

// answering says whether an API that autoscalers ask beside that of pods and nodes answers.
func answering(o *unstructured.Unstructured, group, version string) Trace {
	t := Trace{What: group, Ref: kube.APIServices.Ref("", o.GetName()), Says: "served at " + version}
	api, err := kube.Decode[kube.APIService](o)
	if err != nil {
		t.Says = err.Error()
		return t
	}
	if c := api.Available(); c != nil && c.Status == metav1.ConditionFalse {
		t.State, t.Says = Problems, t.Says+", and does not answer: "+cmp.Or(c.Reason, "no reason given")
	}
	return t
}
