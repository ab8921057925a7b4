package images

import (
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
// runs the container; "" if they differ, or one does not say.
func running(c *kube.Cluster, u *use) string {
	if u.container.Container == nil {
		return ""
	}
	digest := ""
	for _, pod := range c.PodsOf(u.workload) {
		if !startsAs(pod, u) {
			return ""
		}
		said := digestOf(pod, u)
		if said == "" || digest != "" && digest != said {
			return ""
		}
		digest = said
	}
	return digest
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

// digestOf returns the digest in the status of a pod's container, as far as it is
// of the image's own repository: a node may know an image by another one, and
// runtimes also report the IDs of images that came from no registry.
func digestOf(pod *kube.Pod, u *use) string {
	for i := range pod.Status.Containers {
		status := &pod.Status.Containers[i]
		if status.Name != u.container.Name {
			continue
		}
		if ran := parse(status.ImageDigest); ran.valid && ran.place() == u.place() {
			return ran.digest
		}
	}
	return ""
}
