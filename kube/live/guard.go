package live

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	utilnet "k8s.io/apimachinery/pkg/util/net"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// ErrRefused is the error of every request that seaworthy itself refused to
// send, because it could change the cluster or read a secret.
var ErrRefused = errors.New("refused before it left seaworthy")

// guard is the transport below all clients. It sends what it knows to be
// harmless and nothing else.
type guard struct {
	next   http.RoundTripper
	scheme string // "https", but for a server that the kubeconfig has otherwise
	host   string // the API server's host and port
	prefix string // the path of the API server's URL, without a final slash
}

// newGuard returns a guard for the server at an URL.
func newGuard(server *url.URL, next http.RoundTripper) *guard {
	return &guard{next: next, scheme: server.Scheme, host: server.Host, prefix: strings.TrimSuffix(server.Path, "/")}
}

// RoundTrip sends a request, or returns [ErrRefused].
func (g *guard) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := g.check(r); err != nil {
		if r.Body != nil {
			_ = r.Body.Close() // a RoundTripper closes the body, also on errors
		}
		return nil, fmt.Errorf("sending %s %s: %w: %w", r.Method, r.URL.Path, ErrRefused, err)
	}
	return g.next.RoundTrip(r)
}

// WrappedRoundTripper lets client-go find the connections below.
func (g *guard) WrappedRoundTripper() http.RoundTripper { return g.next }

var _ utilnet.RoundTripperWrapper = (*guard)(nil)

// target is what a path of the API names.
type target struct {
	group       string
	version     string
	resource    string // "" where the path is not about a resource
	name        string
	subresource string
}

func (g *guard) check(r *http.Request) error {
	t, err := g.targetOf(r.URL)
	if err != nil {
		return err
	}
	if r.Header.Get("Upgrade") != "" {
		return errors.New("a connection must not be upgraded")
	}
	if t.subresource == "log" {
		return checkLog(r, t)
	}
	// Besides status, scale and a few others that need no mention here, the
	// subresources connect to a process (exec, attach, portforward, proxy),
	// for which even GET is a way to act.
	if t.subresource != "" && t.subresource != "status" && t.subresource != "scale" {
		return fmt.Errorf("subresource %s is not for reading", t.subresource)
	}
	if isReview(t) {
		return checkReview(r.Method, t)
	}
	if t.resource == kube.Secrets.Plural || t.resource == kube.ConfigMaps.Plural {
		if err := checkMetadataOnly(r.Header.Values("Accept")); err != nil {
			return fmt.Errorf("%s: %w", t.resource, err)
		}
	}
	switch r.Method {
	case "", http.MethodGet, http.MethodHead:
		return nil
	case http.MethodPost, http.MethodPatch, http.MethodDelete:
		return checkDryRun(r, t)
	}
	return fmt.Errorf("method %s may change the cluster", r.Method)
}

// targetOf reads a path as k8s.io/apiserver pkg/endpoints/request does.
func (g *guard) targetOf(u *url.URL) (target, error) {
	if u.Host != g.host {
		return target{}, fmt.Errorf("host %s is not the API server", u.Host)
	}
	if u.Scheme != g.scheme { // a redirect could have the credentials sent in the clear
		return target{}, fmt.Errorf("the API server speaks %s, not %s", g.scheme, u.Scheme)
	}
	rest, ok := strings.CutPrefix(u.Path, g.prefix+"/")
	if !ok || u.Opaque != "" || u.RawPath != "" || path.Clean(u.Path) != strings.TrimSuffix(u.Path, "/") {
		return target{}, errors.New("path is not one of the API server's")
	}
	parts := strings.Split(strings.TrimSuffix(rest, "/"), "/")
	switch parts[0] {
	case "version", "healthz", "livez", "readyz", "flagz", "statusz":
		return target{}, nil
	case "api":
		parts = append([]string{""}, parts[1:]...)
	case "apis":
		parts = parts[1:]
	default:
		return target{}, errors.New("path is not one of the API server's")
	}
	if len(parts) <= 2 {
		return target{}, nil // discovery: /apis, /apis/GROUP, /apis/GROUP/VERSION
	}
	return resourceOf(parts[0], parts[1], parts[2:])
}

// resourceOf reads what follows the version in a path.
func resourceOf(group, version string, parts []string) (target, error) {
	if parts[0] == "namespaces" && len(parts) > 2 && parts[2] != "status" && parts[2] != "finalize" {
		parts = parts[2:]
	}
	t := target{group: group, version: version, resource: parts[0]}
	switch {
	case t.resource == "watch" || t.resource == "proxy" || t.resource == "redirect":
		return t, errors.New("path has a verb in it, as old API servers had")
	case len(parts) > 3:
		return t, errors.New("path goes deeper than a subresource")
	case len(parts) > 2:
		t.subresource = parts[2]
		fallthrough
	case len(parts) > 1:
		t.name = parts[1]
	}
	return t, nil
}

// Reviews are "created" by POST, which answers a question and stores nothing.
// Those about oneself are what every authenticated user may ask.
var selfReviews = []target{
	{group: "authorization.k8s.io", version: "v1", resource: "selfsubjectaccessreviews"},
	{group: "authorization.k8s.io", version: "v1", resource: "selfsubjectrulesreviews"},
	{group: "authentication.k8s.io", version: "v1", resource: "selfsubjectreviews"},
}

func isReview(t target) bool {
	return t.group == "authorization.k8s.io" || t.group == "authentication.k8s.io"
}

func checkReview(method string, t target) error {
	if method == http.MethodPost && slices.Contains(selfReviews, t) {
		return nil
	}
	if t.resource == "" && (method == http.MethodGet || method == http.MethodHead) {
		return nil
	}
	return fmt.Errorf("%s is not a question about oneself", t.resource)
}

// logOptions are the options of a log that are sent. Another, such as the one that lets
// a server skip the certificate of a node (insecureSkipTLSVerifyBackend), is not.
var logOptions = []string{"container", "follow", "previous", "tailLines", "timestamps"}

// checkLog accepts the request for the log of a pod, if it was made by [Source.Logs]. What
// a program logs may be anything, so nothing reads it unless the user opens it.
func checkLog(r *http.Request, t target) error {
	if asked, _ := r.Context().Value(reading{}).(bool); !asked {
		return errors.New("nobody opened a log")
	}
	pods := target{version: kube.Pods.Version, resource: kube.Pods.Plural, name: t.name, subresource: t.subresource}
	if t != pods || t.name == "" || r.Method != http.MethodGet {
		return errors.New("only the log of a pod is for reading")
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return errors.New("the options of the log cannot be read")
	}
	for key, values := range query {
		if !slices.Contains(logOptions, key) || len(values) != 1 {
			return fmt.Errorf("a log is not read with the option %s", key)
		}
	}
	return nil
}

// checkDryRun accepts a write that the server is told not to store, if it was asked for
// by [Source.Try]. It is all there is to it: one object, nothing below it, and no
// option but the name of who would write.
func checkDryRun(r *http.Request, t target) error {
	if err := checkOptions(r.URL.RawQuery); err != nil {
		return err
	}
	if asked, _ := r.Context().Value(attempting{}).(bool); !asked {
		return errors.New("nobody asked for a dry run")
	}
	switch {
	case t.subresource != "":
		return fmt.Errorf("subresource %s is not for dry runs", t.subresource)
	case (r.Method == http.MethodPost) != (t.name == ""):
		return fmt.Errorf("method %s is not for one object", r.Method)
	case r.Method == http.MethodDelete && r.Body != nil && r.Body != http.NoBody:
		// They take the place of those in the query, and with them the dry run
		// (k8s.io/apiserver pkg/endpoints/handlers/delete.go).
		return errors.New("a deletion must not have options in its body")
	}
	for _, known := range kube.Resources() {
		if known.Group == t.group && known.Version == t.version && known.Plural == t.resource && heedsDryRun(known) {
			return nil
		}
	}
	return fmt.Errorf("resource %q of group %q is not known to heed a dry run", t.resource, t.group)
}

// checkOptions accepts the query of a dry run. One that a server might read in another
// way than this does is refused.
func checkOptions(rawQuery string) error {
	query, err := url.ParseQuery(rawQuery)
	if err != nil || !slices.Equal(query["dryRun"], []string{"All"}) {
		return errors.New("a write must be a dry run (dryRun=All)")
	}
	for key := range query {
		if key != "dryRun" && key != "fieldManager" {
			return fmt.Errorf("a dry run has no option %s", key)
		}
	}
	return nil
}

// checkMetadataOnly accepts a request that can only be answered with metadata.
// One plain media type among the accepted ones is enough for a server to answer
// with the data.
func checkMetadataOnly(accept []string) error {
	for r := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		if !isMetadata(r) {
			return fmt.Errorf("accepting %q could bring the data along", strings.TrimSpace(r))
		}
	}
	return nil
}

func isMetadata(mediaRange string) bool {
	_, parameters, err := mime.ParseMediaType(mediaRange)
	if err != nil || parameters["g"] != "meta.k8s.io" {
		return false
	}
	return parameters["as"] == "PartialObjectMetadata" || parameters["as"] == "PartialObjectMetadataList"
}

// onlyMetadata is the transport of the metadata client. That client accepts
// plain JSON as a last resort, for servers before 1.15, and this takes it back.
type onlyMetadata struct{ next http.RoundTripper }

// RoundTrip sends a request that accepts nothing but metadata.
func (o onlyMetadata) RoundTrip(r *http.Request) (*http.Response, error) {
	ranges := strings.Split(strings.Join(r.Header.Values("Accept"), ","), ",")
	ranges = slices.DeleteFunc(ranges, func(s string) bool { return !isMetadata(s) })
	r = r.Clone(r.Context())
	r.Header.Set("Accept", strings.Join(ranges, ","))
	return o.next.RoundTrip(r)
}

// WrappedRoundTripper lets client-go find the connections below.
func (o onlyMetadata) WrappedRoundTripper() http.RoundTripper { return o.next }
