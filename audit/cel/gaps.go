package cel

import (
	"slices"
	"strings"
	"sync"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// unknown is the gap of a value of which nothing is known.
var unknown = &Gaps{All: true}

// gapsAt returns gaps at paths of keys divided by spaces, as annotations have
// dots and slashes; "*" is every element of a list, and every other key of a map.
func gapsAt(paths ...string) *Gaps {
	return (&Gaps{}).and(paths...)
}

// and adds gaps at paths.
func (g *Gaps) and(paths ...string) *Gaps {
	for _, path := range paths {
		at := g
		for key := range strings.FieldsSeq(path) {
			at = at.below(key)
		}
		at.All = true
	}
	return g
}

func (g *Gaps) below(key string) *Gaps {
	if key == "*" {
		if g.Elements == nil {
			g.Elements = &Gaps{}
		}
		return g.Elements
	}
	if g.Fields == nil {
		g.Fields = map[string]*Gaps{}
	}
	if g.Fields[key] == nil {
		g.Fields[key] = &Gaps{}
	}
	return g.Fields[key]
}

// know says of fields of a map that they are known, whatever "*" says.
func (g *Gaps) know(keys ...string) {
	for _, key := range keys {
		if _, there := g.Fields[key]; !there {
			g.below(key)
			g.Fields[key] = nil
		}
	}
}

// ofMetadata are the gaps of every object's metadata: what package kube strips.
func ofMetadata() []string {
	return []string{
		"metadata resourceVersion", "metadata generateName", "metadata selfLink", "metadata managedFields",
		"metadata annotations " + corev1.LastAppliedConfigAnnotation,
		"metadata annotations kapp.k14s.io/original",
		"metadata annotations objectset.rio.cattle.io/applied",
	}
}

// ofPodMetadata are the gaps of a pod's metadata, and of a ReplicaSet's: rows
// that keep what tells one from another.
func ofPodMetadata() []string {
	return append(ofMetadata(), "metadata generation", "metadata finalizers", "metadata deletionGracePeriodSeconds", "metadata ownerReferences")
}

// gapsOf returns what a view does not keep of the objects of a resource.
func gapsOf(r kube.Resource) *Gaps {
	switch r {
	case kube.Pods:
		return gapsOfPods()
	case kube.ReplicaSets:
		return gapsOfReplicaSets()
	case kube.EndpointSlices:
		return gapsAt("metadata *", "endpoints * *").knowMetadata("name", "namespace", "labels")
	case kube.Nodes:
		return gapsAt(append(ofMetadata(), "status images")...)
	case kube.Secrets:
		return gapsAt(append(ofMetadata(), "data", "stringData", "type", "immutable")...)
	case kube.ConfigMaps:
		return gapsAt(append(ofMetadata(), "data", "binaryData", "immutable")...)
	case kube.ControllerRevisions:
		return gapsAt(append(ofPodMetadata(), "metadata deletionTimestamp", "data")...)
	case kube.Leases:
		return gapsAt("metadata *", "spec strategy", "spec preferredHolder").knowMetadata("name", "namespace")
	case kube.VolumeAttachments:
		return gapsAt(append(ofMetadata(), "spec source inlineVolumeSpec", "status attachmentMetadata")...)
	case kube.CertificateSigningRequests:
		return gapsAt(append(ofMetadata(), "spec *", "status certificate")...).knowSigning()
	case kube.CustomResourceDefinitions:
		return gapsOfDefinitions()
	case kube.ClusterTrustBundles:
		return gapsAt(append(ofMetadata(), "spec trustBundle")...)
	case kube.Prometheuses:
		return gapsOfLean(r).and("spec remoteWrite * *")
	case kube.PodMetrics, kube.NodeMetrics:
		return unknown
	}
	return gapsOfLean(r)
}

// gapsOfReports: of a report it is kept what is wrong, and how much is not.
func gapsOfReports() *Gaps {
	g := gapsAt("*", "metadata *").knowMetadata("name", "namespace", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation")
	g.know("apiVersion", "kind", "metadata", "source", "summary")
	return g
}

// gapsOfLean: of other objects everything is kept but what rules do without ([kube.Kept]).
func gapsOfLean(r kube.Resource) *Gaps {
	if slices.Contains(kube.PolicyReportResources(), r) {
		return gapsOfReports()
	}
	g, kept := gapsAt(ofMetadata()...), kube.Kept(r)
	if kept != nil {
		g.below("*").All = true
		g.know("apiVersion", "kind", "metadata")
	}
	for _, path := range kept {
		g.knowOnly(strings.Split(path, "."))
	}
	return g
}

// knowOnly says that a field is known, and of the objects that it is in nothing but
// what is known beside it. A * stands for each member of a list.
func (g *Gaps) knowOnly(path []string) {
	for i, key := range path[:len(path)-1] {
		g = g.below(key)
		if path[i+1] != "*" {
			g.below("*").All = true
		}
	}
	g.know(path[len(path)-1])
}

// gapsOfDefinitions: of a definition it is kept what is served and who converts, not what
// the objects look like ([kube.Definition]).
func gapsOfDefinitions() *Gaps {
	g := gapsAt(
		"metadata *", "spec versions * *", "spec conversion webhook *",
		"spec conversion webhook clientConfig *", "spec conversion webhook clientConfig service *", "status *",
	).knowMetadata("name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "labels", "annotations").and(ofMetadata()...)
	spec := g.below("spec")
	spec.below("versions").below("*").know("name", "served", "storage", "deprecated")
	client := spec.below("conversion").below("webhook").below("clientConfig")
	client.below("service").know("namespace", "name")
	g.below("status").know("conditions", "storedVersions")
	return g
}

// knowSigning says what is known of a request for a certificate.
func (g *Gaps) knowSigning() *Gaps {
	g.below("spec").know("signerName", "username")
	return g
}

// knowMetadata says that keys of the metadata are known.
func (g *Gaps) knowMetadata(keys ...string) *Gaps {
	g.below("metadata").know(keys...)
	return g
}

// gapsOfReplicaSets: they are rows, too.
func gapsOfReplicaSets() *Gaps {
	g := gapsAt(append(ofPodMetadata(), "metadata deletionTimestamp", "spec minReadySeconds", "spec template metadata *", "status conditions")...)
	g.below("spec").below("template").knowMetadata("labels", "annotations")
	return g
}

// gapsOfPods: a pod is a small row. Where it runs is kept beside the spec, and its
// status for what people ask about. One thing is neither as it was nor a gap: the
// volume of its token is named kube-api-access, without the random end.
func gapsOfPods() *Gaps {
	g := gapsAt(append(ofPodMetadata(),
		"spec hostname", "status *", "status conditions * *",
		"status containerStatuses * *", "status initContainerStatuses * *",
	)...)
	status := g.below("status")
	status.know("phase", "reason", "message")
	status.below("conditions").below("*").know("type", "status", "reason", "message")
	for _, list := range []string{"containerStatuses", "initContainerStatuses"} {
		of := status.below(list).below("*")
		of.know("name", "ready", "restartCount", "image", "imageID")
		for _, state := range []string{"state", "lastState"} {
			of.below(state).below("terminated").below("containerID").All = true
		}
	}
	return g
}

// gapsOfDeletedPods are those of pods that are being deleted: who holds them is kept.
var gapsOfDeletedPods = sync.OnceValue(func() *Gaps {
	g := gapsOfPods()
	delete(g.below("metadata").Fields, "finalizers")
	return g
})

// gapsOfReplicaSet are those of one ReplicaSet. The selector of one that has an
// owner is not kept, and of one that has been replaced neither what its pods are
// labelled with.
func gapsOfReplicaSet(set *kube.ReplicaSet) *Gaps {
	if set.Owner.IsZero() {
		return gaps()[kube.ReplicaSets]
	}
	of := gapsOfReplicaSets().and("spec selector")
	if set.Replicas == 0 {
		of.and("spec template metadata")
	}
	return of
}

// requestGaps is what nobody knows of a request that nobody made.
func requestGaps() *Gaps { return gapsAt("uid", "userInfo", "options") }
