package platform

import (
	"github.com/seaworthy-dev/seaworthy/kube"
)

func storage() Capability {
	return Capability{
		ID:     "storage",
		Title:  "Volumes are made for who asks",
		Level:  Maintained,
		About:  "A claim that nobody answers keeps its pods from starting.",
		Advice: "Install a CSI driver and make a StorageClass of it, one of them the default.",
		Reads:  []kube.Resource{kube.StorageClasses},
		Rules:  []string{"storage-class-missing", "pvc-pending", "pvc-lost", "pv-failed"},
		Find: func(c *kube.Cluster) []Trace {
			var traces []Trace
			for class := range c.StorageClasses.All() {
				t := Trace{What: "StorageClass", Ref: kube.StorageClasses.Ref("", class.Name), Says: "volumes by " + class.Provisioner}
				if class.Annotations["storageclass.kubernetes.io/is-default-class"] == "true" {
					t.Says += ", the default"
				}
				traces = append(traces, t)
			}
			return traces
		},
	}
}
