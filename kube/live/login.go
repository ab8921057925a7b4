package live

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"

	authentication "k8s.io/api/authentication/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	utilnet "k8s.io/apimachinery/pkg/util/net"
)

// HasPlugin reports whether the credentials come from a plugin (client.authentication.k8s.io),
// so that [Source.Login] can get others.
func (s *Source) HasPlugin() bool { return s.connection.config.ExecProvider != nil }

// LoginNeeded reports whether the newest request was not made for want of credentials,
// or was refused for those that there are (401). It never waits.
func (s *Source) LoginNeeded() bool { return s.client.unknown.Load() }

// Login has the credential plugin run if what it gave before has expired or is not
// accepted, and then asks the server for everything again. The plugin may ask questions
// where standard input is a terminal; client-go passes on standard input and error as
// they are, so it is for the caller to have them so. The error is an [*Error].
func (s *Source) Login(ctx context.Context) error {
	ctx, cancel := s.within(ctx, loginTime)
	defer cancel()
	var err error
	for range 2 { // a 401 has client-go run the plugin; the request is not made again
		review := &authentication.SelfSubjectReview{}
		err = s.client.review(ctx, authentication.SchemeGroupVersion, "selfsubjectreviews", review)
		if !apierrors.IsUnauthorized(err) {
			break
		}
	}
	if err != nil && !apierrors.IsNotFound(err) && !apierrors.IsForbidden(err) { // see greet
		return s.connection.diagnose(fmt.Errorf("asking who looks: %w", err))
	}
	s.Retry()
	return nil
}

// noticing is the transport above logging in. It takes note whether the server knows who
// asks.
type noticing struct {
	next    http.RoundTripper
	unknown *atomic.Bool
}

var _ utilnet.RoundTripperWrapper = noticing{}

// RoundTrip sends a request and looks at what becomes of it.
func (n noticing) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := n.next.RoundTrip(r)
	switch {
	case err == nil:
		n.unknown.Store(response.StatusCode == http.StatusUnauthorized)
	case strings.Contains(err.Error(), credentialsFailed):
		n.unknown.Store(true)
	}
	return response, err
}

// WrappedRoundTripper lets client-go find the connections below.
func (n noticing) WrappedRoundTripper() http.RoundTripper { return n.next }
