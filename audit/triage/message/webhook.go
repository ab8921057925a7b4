package message

import "strings"

// CallCause is why a call over the network failed.
type CallCause string

// The causes, as the API server's resolver of Services (k8s.io/apiserver/pkg/util/proxy)
// and Go's packages net, net/http and crypto/x509 name them.
const (
	// NoEndpoints: no pod of the Service is ready.
	NoEndpoints CallCause = "no-endpoints"
	// ServiceMissing: there is no such Service.
	ServiceMissing CallCause = "service-missing"
	// Refused: nothing listens at the port.
	Refused CallCause = "refused"
	// TimedOut: there was no answer in time.
	TimedOut CallCause = "timeout"
	// Unreachable: there is no way to the address, or the connection was cut.
	Unreachable CallCause = "unreachable"
	// NameUnknown: the host's name could not be resolved.
	NameUnknown CallCause = "dns"
	// Certificate: the certificate is not trusted, expired, or of another host.
	Certificate CallCause = "certificate"
	// Handshake: TLS was not agreed upon.
	Handshake CallCause = "tls"
	// Answered: it was reached, and answered with an error of its own.
	Answered CallCause = "answered"
	// UnparsedCause: in Text alone.
	UnparsedCause CallCause = Unparsed
)

// callCauses are the words of a cause. They are looked for in this order, since one
// error wraps another: a handshake that timed out is a timeout.
var callCauses = [...]struct {
	words string
	cause CallCause
}{
	{"no endpoints available for service", NoEndpoints},
	{"x509: ", Certificate},
	{"tls: failed to verify certificate", Certificate},
	{"no such host", NameUnknown},
	{"server misbehaving", NameUnknown},
	{"Temporary failure in name resolution", NameUnknown},
	{"connection refused", Refused},
	{"no route to host", Unreachable},
	{"network is unreachable", Unreachable},
	{"host is unreachable", Unreachable},
	{"connection reset by peer", Unreachable},
	{"broken pipe", Unreachable},
	{"unexpected EOF", Unreachable},
	{": EOF", Unreachable},
	{"i/o timeout", TimedOut},
	{"handshake timeout", TimedOut},
	{"context deadline exceeded", TimedOut},
	{"Client.Timeout exceeded", TimedOut},
	{"request canceled", TimedOut},
	{"code = DeadlineExceeded", TimedOut},
	{"connection timed out", TimedOut},
	{"operation timed out", TimedOut},
	{"server gave HTTP response to HTTPS client", Handshake},
	{"malformed HTTP response", Handshake},
	{"tls: ", Handshake},
}

// callCause returns why a call failed.
func callCause(text string) CallCause {
	for i := range callCauses {
		if strings.Contains(text, callCauses[i].words) {
			return callCauses[i].cause
		}
	}
	return UnparsedCause
}

// WebhookFailure is a call of a webhook that failed.
type WebhookFailure struct {
	// Name is that of the webhook within its configuration, "" if it is not said.
	Name string
	// Namespace and Service are what was called; "" if a URL was, or none is said.
	Namespace, Service string
	Cause              CallCause
	Text               string
}

// Webhook reads that an admission webhook could not be called:
//
//	failed calling webhook "w": failed to call webhook: Post "https://svc.ns.svc:443/…": …
//
// (k8s.io/apiserver/pkg/util/webhook/error.go; plugin/webhook/mutating and validating,
// callHook), or the converter of a custom resource (k8s.io/apiextensions-apiserver,
// conversion/webhook_converter.go), whose Name is the kind.
func Webhook(message string) WebhookFailure {
	message = bounded(message)
	w := WebhookFailure{Cause: UnparsedCause, Text: Scrub(message)}
	_, tail, is := strings.Cut(message, "failed calling webhook ")
	if is {
		var rest string
		w.Name, rest, _ = quoted(tail)
		tail = strings.TrimPrefix(strings.TrimPrefix(rest, ": "), "failed to call webhook: ")
	} else if _, tail, is = strings.Cut(message, "conversion webhook for "); is {
		w.Name = wordAfter(before(tail, " failed:"), "Kind=")
	}
	if !is {
		return w
	}
	w.Text = Scrub(tail)
	w.Service, w.Namespace = serviceIn(tail)
	w.Cause = callCause(tail)
	if w.Cause != UnparsedCause {
		return w
	}
	switch name := serviceNamed(tail); {
	case name != "" && strings.Contains(tail, " not found"):
		w.Cause = ServiceMissing
		w.Service = name
	case strings.Contains(tail, "the server could not find the requested resource"),
		strings.Contains(tail, "the server rejected our request"),
		strings.Contains(tail, "an error on the server"),
		strings.Contains(tail, "the server is currently unable to handle the request"),
		strings.Contains(tail, "received invalid webhook response"),
		strings.Contains(tail, "expected response.uid="):
		w.Cause = Answered
	}
	return w
}

// serviceIn returns the Service of a URL https://name.namespace.svc:443/.
func serviceIn(text string) (name, namespace string) {
	host := after(text, "https://")
	if end := strings.IndexAny(host, ":/?\" "); end >= 0 {
		host = host[:end]
	}
	parts := strings.Split(host, ".")
	if len(parts) != 3 || parts[2] != "svc" {
		return "", ""
	}
	return parts[0], parts[1]
}

// serviceNamed returns the Service that an error of its lister names.
func serviceNamed(text string) string {
	if name := quotedAfter(text, "service "); name != "" {
		return name
	}
	return quotedAfter(text, "services ")
}
