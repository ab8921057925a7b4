package change

import (
	"strconv"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// certificate is what a Certificate of cert-manager says of what it issued
// (cert-manager.io/v1).
type certificate struct {
	Spec struct {
		SecretName string `json:"secretName"`
	} `json:"spec"`
	Status struct {
		NotBefore  *metav1.Time       `json:"notBefore"`
		NotAfter   *metav1.Time       `json:"notAfter"`
		Revision   int64              `json:"revision"`
		Conditions []metav1.Condition `json:"conditions"`
	} `json:"status"`
}

// ofServer returns when the certificate that the API server shows was issued, and when it
// expired.
func ofServer(c *kube.Cluster) []Change {
	shown := c.Info.Certificate
	if shown == nil {
		return nil
	}
	issued := Change{
		Time: shown.NotBefore, Certainty: Stated, Kind: Certificate, Object: kube.Services.Ref(metav1.NamespaceDefault, "kubernetes"),
		Title: "certificate of the API server issued",
	}
	if shown.NotAfter.After(c.Time) {
		return []Change{issued}
	}
	expired := issued
	expired.Time, expired.Aspect, expired.Title = shown.NotAfter, "expiry", "certificate of the API server expired"
	return []Change{issued, expired}
}

// tellCertificate returns when a certificate was issued, when it expired, and since
// when it is not ready.
func tellCertificate(o kube.Object) []*told {
	object, ok := o.(*unstructured.Unstructured)
	if !ok {
		return nil
	}
	held, err := kube.Decode[certificate](object)
	if err != nil {
		return nil
	}
	change := Change{Certainty: Stated, Kind: Certificate, Object: kube.Certificates.Ref(o.GetNamespace(), o.GetName())}
	var found []*told
	if at := timeOf(held.Status.NotBefore); !at.IsZero() {
		next := change
		next.Time, next.Title = at, "issued"
		if revision := held.Status.Revision; revision > 1 {
			next.Revision, next.From = strconv.FormatInt(revision, 10), strconv.FormatInt(revision-1, 10)
			next.Title = "renewed"
		}
		found = append(found, &told{Change: next, object: object})
	}
	if at := timeOf(held.Status.NotAfter); !at.IsZero() {
		next := change
		next.Time, next.Aspect, next.Title = at, "expiry", "expired"
		found = append(found, &told{Change: next, object: object, complete: func(c *kube.Cluster, ch *Change) bool { return !ch.Time.After(c.Time) }})
	}
	for i := range held.Status.Conditions {
		if ready := &held.Status.Conditions[i]; ready.Type == "Ready" && ready.Status == metav1.ConditionFalse {
			next := change
			next.Time, next.Aspect, next.Title = ready.LastTransitionTime.Time, "Ready", clip("not ready ("+ready.Reason+"): "+scrub(ready.Message), longest)
			found = append(found, &told{Change: next, object: object})
		}
	}
	return found
}
