package live

import (
	"crypto/tls"
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
	root *kube.Certificate // nil if nothing was verified
}

// hear takes in what a connection was made with.
func (s *shown) hear(state *tls.ConnectionState) {
	leaf := state.PeerCertificates[0]
	if held := s.newest.Load(); held != nil && held.leaf == leaf {
		return
	}
	heard := &shownLeaf{leaf: leaf, kept: kube.CertificateOf(leaf)}
	if len(state.VerifiedChains) > 0 {
		if chain := state.VerifiedChains[0]; len(chain) > 1 {
			heard.root = new(kube.CertificateOf(chain[len(chain)-1]))
		}
	}
	s.newest.Store(heard)
}

// certificates returns what is kept of it and of the authority by which it was verified,
// nil where there was none.
func (s *shown) certificates() (leaf, root *kube.Certificate) {
	if held := s.newest.Load(); held != nil {
		return &held.kept, held.root
	}
	return nil, nil
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
		h.shown.hear(response.TLS)
	}
	return response, err
}

// WrappedRoundTripper returns the transport below, for those that look for one of
// a certain kind (k8s.io/apimachinery/pkg/util/net).
func (h handshaking) WrappedRoundTripper() http.RoundTripper { return h.next }
