package triage

// Key is something that signals may have in common, and that may explain them
// all: the node their pods are on, the image they cannot pull, the quota that
// refuses them.
type Key struct {
	Kind KeyKind
	Name string // unique within its kind: "n1", "shop/quota", "registry.example/web@sha256:…"
}

// KeyKind is what a [Key] names.
type KeyKind string

// The kinds of key, the most specific first: of two that explain the same
// signals, the first is the better explanation.
const (
	ByConfig       KeyKind = "config"         // "ConfigMap shop/settings", "Secret shop/tls": missing, or changed
	ByWebhook      KeyKind = "webhook"        // "gatekeeper/validation.gatekeeper.sh": configuration and webhook
	ByPolicy       KeyKind = "policy"         // an admission policy, or the Pod Security level of a namespace
	ByQuota        KeyKind = "quota"          // "shop/compute": a ResourceQuota or a LimitRange
	ByAccount      KeyKind = "serviceaccount" // "shop/builder"
	ByImage        KeyKind = "image"          // repository with tag or digest
	ByClaim        KeyKind = "claim"          // "shop/data-0"
	ByVolume       KeyKind = "volume"         // a PersistentVolume
	ByStorageClass KeyKind = "storageclass"   // and its provisioner
	ByRevision     KeyKind = "revision"       // "Deployment shop/web@7d9c5b8f6": owner and pod-template-hash or controller-revision-hash
	ByOwner        KeyKind = "owner"          // "Deployment shop/web": the workload on top
	ByService      KeyKind = "service"        // "shop/web"
	ByAPIService   KeyKind = "apiservice"     // "v1beta1.metrics.k8s.io"
	ByDefinition   KeyKind = "definition"     // a CustomResourceDefinition
	ByNode         KeyKind = "node"
	ByNodePool     KeyKind = "nodepool" // as clouds and Karpenter label nodes
	ByRegistry     KeyKind = "registry" // the host of an image
	ByZone         KeyKind = "zone"     // topology.kubernetes.io/zone
	ByRelease      KeyKind = "release"  // of Helm, Argo CD or Flux
	ByMessage      KeyKind = "message"  // what a component says, without names and numbers
)
