package kube

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// mostFields is how many bytes a set of fields may have that somebody changed by hand, for
// it to be kept: it is a few fields, or a whole manifest that was applied.
const mostFields = 4 << 10

// Delivers reports whether an entry of metadata.managedFields is of a controller that
// applies what is in Git: those of Argo CD, Flux and Fleet.
func Delivers(e metav1.ManagedFieldsEntry) bool {
	return e.Subresource == "" && slices.Contains([]string{
		"argocd-controller", "argocd-application-controller", "kustomize-controller", "helm-controller", "fleetagent",
	}, e.Manager)
}

// ByHand reports whether an entry of metadata.managedFields is of a client by which people
// change single fields: kubectl edit, patch, set, replace, scale and apply --server-side
// (k8s.io/kubectl names its field managers so), terminals and dashboards, which are called
// by their User-Agent. What kubectl apply writes on the client's side is left out, for many
// pipelines and older versions of Argo CD are called by its name; so is
// kubectl rollout restart, which changes what is no state.
func ByHand(e metav1.ManagedFieldsEntry) bool {
	switch e.Manager {
	case "kubectl-edit", "kubectl-patch", "kubectl-set", "kubectl-replace":
		return e.Subresource == ""
	case "kubectl":
		return e.Subresource == "scale" || e.Subresource == "" && e.Operation == metav1.ManagedFieldsOperationApply
	case "k9s", "Lens", "node-fetch", "Mozilla":
		return e.Subresource == "" || e.Subresource == "scale"
	}
	return false
}
