package change

import (
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// tagged is an image of a container, as its workload names it, on nodes of one
// architecture: an image of several may be reported by the digest of each.
type tagged struct {
	owner                  kube.Ref
	container, image, arch string
	index                  bool // reported with a repository: the digest of a manifest
}

// run is a digest with when it was first seen to run.
type run struct {
	digest string
	at     time.Time
}

// tellImages returns which tags came to mean another image: pods of one workload run
// different digests of the same name (status.containerStatuses.imageID). It is told of
// as long as one of the old ones is left, with the time when the first of the new ones
// started.
func tellImages(c *kube.Cluster, namespace string, _, _ *space) []*told {
	runs := map[tagged][]run{}
	for _, pod := range c.Pods.In(namespace) {
		if pod.Owner.IsZero() || pod.Finished() {
			continue
		}
		for container, status := range triage.Containers(pod) {
			if strings.Contains(container.Image, "@") || status.ImageDigest == "" {
				continue
			}
			repository, digest, known := digestOf(status.ImageDigest)
			at := resolved(pod, container, status)
			w := c.WorkloadOf(pod)
			if !known || at.IsZero() || w == nil {
				continue
			}
			t := tagged{owner: w.Ref, container: container.Name, image: container.Image, index: repository}
			if node, held := c.Nodes.Get("", pod.Node); held {
				t.arch = node.Status.NodeInfo.Architecture
			}
			runs[t] = noted(runs[t], run{digest, at})
		}
	}
	var found []*told
	for t, of := range runs {
		if len(of) > 1 {
			found = append(found, moved(c, t, of))
		}
	}
	return found
}

// digestOf cuts a digest out of an imageID: "registry.example/web@sha256:…",
// "docker-pullable://web@sha256:…" or the image's own "sha256:…".
func digestOf(id string) (repository bool, digest string, known bool) {
	_, digest, repository = strings.Cut(id, "@")
	if !repository {
		digest = id
	}
	return repository, digest, strings.HasPrefix(digest, "sha256:")
}

// resolved returns when the name of an image was last looked up for a container, as far
// as is known: with Always at each start, else when the pod came.
func resolved(pod *kube.Pod, c kube.Container, status *kube.ContainerStatus) time.Time {
	if started, runs := status.Running(); runs && c.ImagePullPolicy == corev1.PullAlways {
		return started.Time
	}
	return pod.Created()
}

// noted adds a run of a digest, and keeps the first of each.
func noted(runs []run, r run) []run {
	i := slices.IndexFunc(runs, func(held run) bool { return held.digest == r.digest })
	switch {
	case i < 0:
		return append(runs, r)
	case r.at.Before(runs[i].at):
		runs[i].at = r.at
	}
	return runs
}

// moved tells the last of the digests of a name, and which it was before.
func moved(c *kube.Cluster, t tagged, runs []run) *told {
	slices.SortFunc(runs, func(a, b run) int {
		if by := a.at.Compare(b.at); by != 0 {
			return by
		}
		return strings.Compare(a.digest, b.digest)
	})
	was, is := runs[len(runs)-2], runs[len(runs)-1]
	change := &told{Change: Change{
		Time: is.at, Certainty: Inferred, Kind: Tag, Object: t.owner, Owner: t.owner, Aspect: "image " + t.container, Compared: true,
		Title:       "image " + clip(t.image, longest) + " moved " + brief(was.digest) + " → " + brief(is.digest),
		Differences: []Difference{{Path: "image", Container: t.container, Before: was.digest, After: is.digest, Field: Image}},
	}}
	if w := c.Workload(t.owner); w != nil && w.Held {
		change.object, _ = w.Object.(metav1.Object)
	}
	return change
}

// brief writes a digest as people tell it from others.
func brief(digest string) string { return digest[:min(len(digest), len("sha256:")+12)] }
