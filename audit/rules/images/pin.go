package images

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// pinned returns the fix that writes down the digest of what runs: nil unless
// there are pods of the workload, and all of them run the same image.
func pinned(c *kube.Cluster, u *use) []audit.Fix {
	digest := running(c, u)
	if digest == "" {
		return nil
	}
	fix := audit.SetField("pin "+u.who()+" to the image that runs", u.imagePath(), u.name+"@"+digest)
	fix.Risk = "A digest may be that of one platform's image: nodes of another one cannot run it then. " +
		"New releases have to be rolled out by changing it."
	return []audit.Fix{fix}
}

// running returns the digest of the image of which every pod of the workload
// runs the container; "" if they differ, or one does not say. It has to be of the
// image's own repository: a node may know an image by another one, and runtimes
// also report the IDs of images that came from no registry.
func running(c *kube.Cluster, u *use) string {
	if u.container.Container == nil {
		return ""
	}
	reported := ""
	var seen *corev1.PodSpec // replicas share it
	for _, pod := range c.PodsOf(u.workload) {
		if pod.Spec != seen && !startsAs(pod, u) {
			return ""
		}
		seen = pod.Spec
		said := reportedBy(pod, u.container.Name)
		if said == "" || reported != "" && reported != said {
			return ""
		}
		reported = said
	}
	ran := parsed.Of(c, reported)
	if !ran.valid || ran.place() != u.place() {
		return ""
	}
	return ran.digest
}

// startsAs reports whether a pod names the image as its workload does now: one of
// an earlier revision says nothing about it.
func startsAs(pod *kube.Pod, u *use) bool {
	for container := range kube.ContainersOf(pod.Spec, "spec") {
		if container.Name == u.container.Name {
			return container.Image == u.name
		}
	}
	return false
}

// reportedBy returns what the runtime says that a container of a pod runs; ""
// before it does.
func reportedBy(pod *kube.Pod, container string) string {
	for i := range pod.Status.Containers {
		if pod.Status.Containers[i].Name == container {
			return pod.Status.Containers[i].ImageDigest
		}
	}
	return ""
}
