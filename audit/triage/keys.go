package triage

import (
	"cmp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// KeysOf returns everything that may explain a signal: what its detector says,
// its workload, the key that its object is ([KeyOf]), and for a pod its revision, its node with pool and zone, its
// images, its claims and its ServiceAccount. Each key is there once.
func KeysOf(c *kube.Cluster, s *Signal) []Key {
	keys := slices.Clone(s.Keys)
	add := func(kind KeyKind, name string) {
		if key := (Key{kind, name}); name != "" && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	if !s.Workload.IsZero() {
		add(ByOwner, s.Workload.String())
		if w := c.Workload(s.Workload); w != nil {
			add(ByRelease, Release(w.Labels, w.Annotations))
		}
	}
	switch {
	case s.Object.Group == "" && s.Object.Kind == kube.Nodes.Kind:
		addNode(c, s.Object.Name, add)
	case s.Object.Group == "" && s.Object.Kind == kube.Pods.Kind:
		if pod, ok := c.Pods.Get(s.Object.Namespace, s.Object.Name); ok {
			addPod(c, s, pod, add)
		}
	default:
		if key, ok := KeyOf(s.Object); ok {
			add(key.Kind, key.Name)
		}
	}
	return keys
}

// KeyOf returns the key that an object is itself: what else has it is explained by
// what is wrong with the object. It is false for kinds that are no key, and for
// workloads, which are what keys explain.
func KeyOf(object kube.Ref) (Key, bool) {
	scoped := object.Namespace + "/" + object.Name
	switch (kube.Ref{Group: object.Group, Kind: object.Kind}) {
	case ofKind(kube.Nodes):
		return Key{ByNode, object.Name}, true
	case ofKind(kube.Services):
		return Key{ByService, scoped}, true
	case ofKind(kube.PersistentVolumeClaims):
		return Key{ByClaim, scoped}, true
	case ofKind(kube.PersistentVolumes):
		return Key{ByVolume, object.Name}, true
	case ofKind(kube.ResourceQuotas), ofKind(kube.LimitRanges):
		return Key{ByQuota, scoped}, true
	case ofKind(kube.ServiceAccounts):
		return Key{ByAccount, scoped}, true
	case ofKind(kube.ConfigMaps), ofKind(kube.Secrets):
		return Key{ByConfig, object.String()}, true
	case ofKind(kube.APIServices):
		return Key{ByAPIService, object.Name}, true
	case ofKind(kube.CustomResourceDefinitions):
		return Key{ByDefinition, object.Name}, true
	}
	return Key{}, false
}

func ofKind(r kube.Resource) kube.Ref { return kube.Ref{Group: r.Group, Kind: r.Kind} }

func addPod(c *kube.Cluster, s *Signal, pod *kube.Pod, add func(KeyKind, string)) {
	if revision := RevisionOf(pod); revision != "" && !s.Workload.IsZero() {
		add(ByRevision, s.Workload.String()+"@"+revision)
	}
	if pod.Node != "" {
		addNode(c, pod.Node, add)
	}
	for container := range kube.ContainersOf(pod.Spec, "spec") {
		if s.Container == "" || s.Container == container.Name {
			add(ByImage, container.Image)
			add(ByRegistry, RegistryOf(container.Image))
		}
	}
	for i := range pod.Spec.Volumes {
		if claim := pod.Spec.Volumes[i].PersistentVolumeClaim; claim != nil {
			add(ByClaim, pod.Namespace+"/"+claim.ClaimName)
		}
	}
	add(ByAccount, pod.Namespace+"/"+cmp.Or(pod.Spec.ServiceAccountName, "default"))
}

func addNode(c *kube.Cluster, name string, add func(KeyKind, string)) {
	add(ByNode, name)
	if node, ok := c.Nodes.Get("", name); ok {
		add(ByNodePool, PoolOf(node))
		add(ByZone, node.Labels[corev1.LabelTopologyZone])
	}
}

// RevisionOf returns the revision of its owner that a pod is of, as the owner's
// controller labels it; "" where it does not.
func RevisionOf(pod *kube.Pod) string {
	return cmp.Or(pod.Labels["pod-template-hash"], pod.Labels["controller-revision-hash"])
}

// PoolOf returns the pool that a node belongs to, as clouds and Karpenter label
// nodes; "" if no label says so.
func PoolOf(n *corev1.Node) string {
	for _, label := range []string{
		"karpenter.sh/nodepool", "eks.amazonaws.com/nodegroup", "cloud.google.com/gke-nodepool",
		"kubernetes.azure.com/agentpool", "agentpool", "doks.digitalocean.com/node-pool", "node.kubernetes.io/pool",
	} {
		if pool := n.Labels[label]; pool != "" {
			return pool
		}
	}
	return ""
}

// RegistryOf returns the host from which an image is pulled: docker.io for one
// that names none (github.com/distribution/reference).
func RegistryOf(image string) string {
	host, _, found := strings.Cut(image, "/")
	if found && (strings.ContainsAny(host, ".:") || host == "localhost") {
		return host
	}
	if image == "" {
		return ""
	}
	return "docker.io"
}

// Release returns the release that an object is part of, by the labels and
// annotations of Helm, Argo CD and Flux; "" for none.
func Release(labels, annotations map[string]string) string {
	if name := annotations["meta.helm.sh/release-name"]; name != "" {
		return "Helm " + annotations["meta.helm.sh/release-namespace"] + "/" + name
	}
	if name := labels["kustomize.toolkit.fluxcd.io/name"]; name != "" {
		return "Kustomization " + labels["kustomize.toolkit.fluxcd.io/namespace"] + "/" + name
	}
	if name := labels["helm.toolkit.fluxcd.io/name"]; name != "" {
		return "HelmRelease " + labels["helm.toolkit.fluxcd.io/namespace"] + "/" + name
	}
	if id, _, found := strings.Cut(annotations["argocd.argoproj.io/tracking-id"], ":"); found {
		return "Application " + id
	}
	return cmp.Or(prefixed("Application ", labels["argocd.argoproj.io/instance"]), prefixed("Helm ", labels["app.kubernetes.io/instance"]))
}

func prefixed(prefix, name string) string {
	if name == "" {
		return ""
	}
	return prefix + name
}
