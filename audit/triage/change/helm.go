package change

import (
	"strconv"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// tellHelm returns the revision of a Helm release that a Secret or ConfigMap keeps,
// nil if it keeps none. Labels say all there is to know (helm.sh/helm/v3,
// pkg/storage/driver); what is in it is never read. It is made when the release
// begins, and written again when the next one takes its place.
func tellHelm(r kube.Resource, o kube.Object) []*told {
	m, ok := o.(metav1.Object)
	if !ok {
		return nil
	}
	labels := m.GetLabels()
	name, version, status := labels["name"], labels["version"], labels["status"]
	if labels["owner"] != "helm" || name == "" || version == "" {
		return nil
	}
	release := helmRelease(m.GetNamespace(), name)
	change := Change{
		Time: m.GetCreationTimestamp().Time, Certainty: Stated, Kind: Release, Object: r.Ref(m.GetNamespace(), m.GetName()),
		By: "helm", Revision: version, Releases: []string{release},
	}
	title := "release " + clip(name, 60) + " " + version
	if number, err := strconv.Atoi(version); err == nil && number > 1 {
		change.From = strconv.Itoa(number - 1)
		title = "release " + clip(name, 60) + " " + change.From + " → " + version
	}
	switch status {
	case "", "deployed", "superseded":
		change.Title = title
	case "pending-install", "pending-upgrade", "pending-rollback":
		change.Title = title + ": " + status + ", under way or interrupted"
	default:
		change.Title = title + ": " + clip(status, 40)
	}
	found := []*told{{Change: change}}
	if seconds, err := strconv.ParseInt(labels["modifiedAt"], 10, 64); err == nil && (status == "uninstalling" || status == "uninstalled") {
		gone := change
		gone.Time, gone.Action, gone.Title = metav1.Unix(seconds, 0).Time, Deleted, "release "+clip(name, 60)+" "+status
		found = []*told{{Change: gone}}
	}
	return found
}
