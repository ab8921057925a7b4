package live

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"unicode"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// ErrNoCluster is the error of a machine that has no kubeconfig, where none was
// asked for: nothing is wrong, there just is no cluster to look at.
var ErrNoCluster = errors.New("no kubeconfig was found and this is not a pod of a cluster")

// Reason is why a cluster could not be looked at.
type Reason int

// The reasons, from those that the command line is to blame for to those of the
// server.
const (
	Unexpected     Reason = iota // anything else
	BadFlag                      // a flag has no usable value
	NoKubeconfig                 // no kubeconfig: [ErrNoCluster], or the one asked for does not exist
	BadKubeconfig                // a kubeconfig cannot be read or does not make sense
	UnknownContext               // the context is not in the kubeconfig
	Login                        // the credentials could not be had (a plugin failed)
	Unreachable                  // the server does not answer
	Untrusted                    // the server's certificate, or ours, was not accepted
	Unauthorized                 // the server does not know who asks (401)
	Forbidden                    // the server knows who asks and refuses everything (403)
)

// Usage reports whether the command line or the kubeconfig is to blame rather
// than the cluster.
func (r Reason) Usage() bool { return r >= BadFlag && r <= UnknownContext }

// Error says in one sentence why a cluster could not be looked at.
type Error struct {
	Reason  Reason
	Context string // the context it was about, "" if none
	Server  string // the server's URL, "" if it is not known yet
	Message string // one sentence: what is wrong and, where it is known, what to do
	Err     error  // the cause, nil if there is none
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// diagnose explains an error of the first requests to a server.
func (t *connection) diagnose(err error) *Error {
	e := &Error{Reason: reasonOf(err), Context: t.name, Server: t.config.Host, Err: err}
	cause := rootOf(err)
	switch e.Reason {
	case Login:
		e.Message = fmt.Sprintf("logging in to %s: %s", t.name, cause)
	case Untrusted:
		e.Message = fmt.Sprintf("connecting to %s (%s): the TLS certificate was not accepted: %s", t.name, t.config.Host, cause)
	case Unauthorized:
		e.Message = fmt.Sprintf("connecting to %s (%s): the server does not accept the credentials (401); %s", t.name, t.config.Host, t.renewal())
	case Forbidden:
		e.Message = fmt.Sprintf("connecting to %s (%s): the server refuses (403): %s", t.name, t.config.Host, cause)
	case Unreachable:
		e.Message = fmt.Sprintf("connecting to %s: the server %s does not answer: %s", t.name, t.config.Host, cause)
	default:
		e.Message = fmt.Sprintf("connecting to %s (%s): %s", t.name, t.config.Host, cause)
	}
	return e
}

// renewal says how to renew the kind of credentials that are in use.
func (t *connection) renewal() string {
	switch c := t.config; {
	case c.ExecProvider != nil:
		return fmt.Sprintf("log in again with %s, which this context gets its credentials from", c.ExecProvider.Command)
	case c.AuthProvider != nil:
		return fmt.Sprintf("log in again with the %s provider of this context's user", c.AuthProvider.Name)
	case c.BearerToken != "" || c.BearerTokenFile != "":
		return "its token has expired or is not the server's: write a new one into the kubeconfig, or pass --token"
	case c.CertData != nil || c.CertFile != "":
		return "its client certificate has expired or is not the server's: fetch a new kubeconfig"
	}
	return "this context's user has no credentials: log in with the tool that wrote the kubeconfig"
}

// credentialsFailed begins the errors of a credential plugin, which have no type
// (client-go plugin/pkg/client/auth/exec).
const credentialsFailed = "getting credentials: "

// reasonOf sorts the error of a request.
func reasonOf(err error) Reason {
	var network net.Error
	switch {
	case apierrors.IsUnauthorized(err):
		return Unauthorized
	case apierrors.IsForbidden(err):
		return Forbidden
	case strings.Contains(err.Error(), credentialsFailed):
		return Login
	case isUntrusted(err):
		return Untrusted
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network):
		return Unreachable
	}
	return Unexpected
}

// isUntrusted reports whether TLS did not come about.
func isUntrusted(err error) bool {
	var (
		authority   x509.UnknownAuthorityError
		hostname    x509.HostnameError
		certificate x509.CertificateInvalidError
		verifying   *tls.CertificateVerificationError
		record      tls.RecordHeaderError
		alert       tls.AlertError
	)
	return errors.As(err, &authority) || errors.As(err, &hostname) || errors.As(err, &certificate) ||
		errors.As(err, &verifying) || errors.As(err, &record) || errors.As(err, &alert) ||
		strings.Contains(err.Error(), "server gave HTTP response to HTTPS client")
}

// rootOf returns the innermost message that a person can use: without the "Get
// URL" of net/http, which names what the user did not ask for.
func rootOf(err error) string {
	if operation, ok := errors.AsType[*net.OpError](err); ok {
		return oneLine(operation.Error())
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "no answer in time"
	}
	var status apierrors.APIStatus
	if errors.As(err, &status) {
		return oneLine(status.Status().Message)
	}
	if request, ok := errors.AsType[*url.Error](err); ok {
		return oneLine(request.Err.Error())
	}
	return oneLine(err.Error())
}

// oneLine joins the lines of a message. What a server says may hold anything,
// so control characters go.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) || unicode.IsSpace(r) {
			return r
		}
		return unicode.ReplacementChar
	}, s)
	return strings.Join(strings.Fields(s), " ")
}
