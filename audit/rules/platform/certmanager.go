package platform

import (
	"cmp"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// certificate is what matters of a Certificate
// (https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.Certificate).
type certificate struct {
	Metadata metav1.ObjectMeta `json:"metadata"`
	Spec     struct {
		SecretName string    `json:"secretName"`
		IssuerRef  issuerRef `json:"issuerRef"`
	} `json:"spec"`
	Status struct {
		Conditions []metav1.Condition `json:"conditions"`
		NotAfter   *metav1.Time       `json:"notAfter"` // nil until it was issued once
		// FailedIssuanceAttempts are those since the last that went well; LastFailureTime is
		// of the last of them.
		FailedIssuanceAttempts int          `json:"failedIssuanceAttempts"`
		LastFailureTime        *metav1.Time `json:"lastFailureTime"`
	} `json:"status"`
}

// issuerRef names an issuer; where it does not say otherwise, it is an Issuer of
// cert-manager in the same namespace.
type issuerRef struct {
	Name  string `json:"name"`
	Kind  string `json:"kind"`
	Group string `json:"group"`
}

// in returns the object that it names from a namespace, false for issuers of others than
// cert-manager.
func (i issuerRef) in(namespace string) (kube.Ref, bool) {
	if cmp.Or(i.Group, kube.Issuers.Group) != kube.Issuers.Group {
		return kube.Ref{}, false
	}
	switch cmp.Or(i.Kind, kube.Issuers.Kind) {
	case kube.Issuers.Kind:
		return kube.Issuers.Ref(namespace, i.Name), true
	case kube.ClusterIssuers.Kind:
		return kube.ClusterIssuers.Ref("", i.Name), true
	}
	return kube.Ref{}, false
}

// unissued reports whether what a Certificate is to be issued by is not there. It is false
// of issuers that are of others than cert-manager, and where nobody can tell.
func (x *certificate) unissued(c *kube.Cluster) bool {
	ref, known := x.Spec.IssuerRef.in(x.Metadata.Namespace)
	if !known || c.Info.Offline || c.Has(ref) {
		return false
	}
	r, _ := kube.ResourceOf(ref.Group, ref.Kind)
	_, blind := c.Blind(r, ref.Namespace)
	return !blind && !unasked(c, r)
}

// unasked reports whether a view is of a recording that was made before the program read
// the resource.
func unasked(c *kube.Cluster, r kube.Resource) bool {
	return len(c.States()) > 0 && !slices.ContainsFunc(c.States(), func(s kube.State) bool { return s.Resource == r })
}

// quoted is what cert-manager gives as the reason, "" if it gives none. What a server of
// ACME answered may be a whole page.
func quoted(message string) string {
	const most = 400
	message = strings.Join(strings.Fields(message), " ")
	if message == "" {
		return ""
	}
	if runes := []rune(message); len(runes) > most {
		message = string(runes[:most]) + "…"
	}
	return " cert-manager says: " + message
}
