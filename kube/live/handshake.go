package live

import (
	"crypto/x509"
	"net/http"
	"sync/atomic"

	utilnet "k8s.io/apimachinery/pkg/util/net"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// shown is the certificate that the server showed when it was connected to last. Behind a
// proxy that only passes connections on it is the server's; behind a load balancer or a
// proxy that ends them it is theirs, on which all depend who use this address.
type shown struct{ newest atomic.Pointer[shownLeaf] }

type shownLeaf struct {
	leaf *x509.Certificate
	kept kube.Certificate
}

// hear takes in the certificate of a connection.
func (s *shown) hear(leaf *x509.Certificate) {
	if held := s.newest.Load(); held == nil || held.leaf != leaf {
		s.newest.Store(&shownLeaf{leaf, kube.Certificate{
			NotBefore: leaf.NotBefore, NotAfter: leaf.NotAfter, Issuer: oneLine(leaf.Issuer.String()),
		}})
	}
}

// certificate returns what is kept of it, nil if none was shown.
func (s *shown) certificate() *kube.Certificate {
	if held := s.newest.Load(); held != nil {
		return &held.kept
	}
	return nil
}

// handshaking is the transport that remembers the certificate of the connection by which an
// answer came.
type handshaking struct {
	next  http.RoundTripper
	shown *shown
}

var _ utilnet.RoundTripperWrapper = handshaking{}

// RoundTrip sends a request.
func (h handshaking) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := h.next.RoundTrip(r)
	// Without https it would be the certificate of a proxy.
	if err == nil && r.URL.Scheme == "https" && response.TLS != nil && len(response.TLS.PeerCertificates) > 0 {
		h.shown.hear(response.TLS.PeerCertificates[0])
	}
	return response, err
}

// WrappedRoundTripper returns the transport below, for those that look for one of
// a certain kind (k8s.io/apimachinery/pkg/util/net).
func (h handshaking) WrappedRoundTripper() http.RoundTripper { return h.next }
