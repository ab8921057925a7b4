package secrets

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// judgeMounts reports which objects of a resource a workload mounts, once for each
// volume. What does not exist is left to the rule about that.
func judgeMounts(r kube.Resource) audit.Check {
	return audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		reported := -1
		for s := range volumesOf(w) {
			if s.resource != r || s.at == reported || !mountable(&s) || r == kube.ConfigMaps && published(s.name) ||
				!s.holds(p.Cluster) && provable(p.Cluster, r, w.Ref.Namespace) {
				continue
			}
			mounting := mountingOf(w, w.Pod.Spec.Volumes[s.at].Name)
			if len(mounting) == 0 {
				continue
			}
			reported = s.at
			p.Report(audit.Finding{
				Path:    s.path(),
				Message: fmt.Sprintf("it mounts %s %s", r.Kind, s.name),
				Detail:  "Mounted by: " + strings.Join(mounting, ", ") + ".",
			})
		}
	})
}

// mountable reports whether a volume shows the object's content to containers,
// rather than that a node needs it to mount the volume.
func mountable(s *source) bool {
	v := &s.workload.Pod.Spec.Volumes[s.at]
	return v.Secret != nil || v.ConfigMap != nil || v.Projected != nil
}

// mountingOf names the containers that mount a volume.
func mountingOf(w *kube.Workload, volume string) []string {
	var names []string
	for c := range w.Containers() {
		for i := range c.VolumeMounts {
			if c.VolumeMounts[i].Name == volume && !slices.Contains(names, c.Name) {
				names = append(names, c.Name)
			}
		}
	}
	return names
}
