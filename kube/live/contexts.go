package live

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"reflect"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// plugin is the command that a user of the kubeconfig gets credentials from, or what else
// may have to log in; "" for none.
func plugin(user *clientcmdapi.AuthInfo) string {
	switch {
	case user == nil:
		return ""
	case user.Exec != nil:
		return cmp.Or(user.Exec.Command, "a command")
	case user.AuthProvider != nil:
		return user.AuthProvider.Name
	}
	return ""
}

// fingerprint is equal for entries that are the same cluster: the same server, vouched for
// by the same authority. An authority in a file that cannot be read counts by its path.
func fingerprint(cluster *clientcmdapi.Cluster) string {
	authority := cluster.CertificateAuthorityData
	if len(authority) == 0 && cluster.CertificateAuthority != "" {
		text, err := os.ReadFile(cluster.CertificateAuthority)
		if err != nil {
			text = []byte(cluster.CertificateAuthority)
		}
		authority = text
	}
	sum := sha256.New()
	for _, part := range [][]byte{[]byte(cluster.Server), []byte(cluster.TLSServerName), []byte(cluster.ProxyURL), authority} {
		_, _ = sum.Write(part) // it never fails
		_, _ = sum.Write([]byte{0})
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// Resolve returns the entry of a context, "" for the current one, and finds what is wrong
// with it and with the flags, without asking any server. Where flags or a pod say which
// server is meant, its name may be "". The error is an [*Error].
func (f *Flags) Resolve(context string) (Context, error) {
	c, err := f.connect(context)
	if err != nil {
		return Context{}, err
	}
	found := Context{Server: c.config.Host, Namespace: c.namespace}
	contexts, err := f.List()
	if err != nil {
		return Context{}, err
	}
	for _, known := range contexts {
		if known.Name == c.name {
			found = known
		}
	}
	found.Plugin = ""
	switch {
	case c.config.ExecProvider != nil:
		found.Plugin = cmp.Or(c.config.ExecProvider.Command, "a command")
	case c.config.AuthProvider != nil:
		found.Plugin = c.config.AuthProvider.Name
	}
	return found, nil
}

// Elsewhere returns the flags for other contexts of the same kubeconfig: what overrides
// the server or the credentials of one context, such as --token, must not be sent to
// another one.
func (f *Flags) Elsewhere() *Flags {
	other := &Flags{Kubeconfig: f.Kubeconfig, Namespaces: f.Namespaces}
	other.overrides.Timeout = f.overrides.Timeout
	return other
}

// Overridden reports whether flags say which server or which credentials are meant, in
// place of those of the context.
func (f *Flags) Overridden() bool {
	o := f.overrides
	return o.ClusterInfo.Server != "" || o.Context.Cluster != "" || o.Context.AuthInfo != "" ||
		o.AuthInfo.Token != "" || o.AuthInfo.Impersonate != ""
}

// Particular reports whether any flag says more than which contexts of which kubeconfig are
// meant, which namespaces, and how long to wait: it would hold for one context only.
func (f *Flags) Particular() bool {
	others := f.overrides
	others.Timeout = ""
	return !reflect.DeepEqual(others, f.unsaid)
}

// UID returns what tells the cluster from all others ([kube.Cluster.UID]), by one request;
// "" if the server does not say.
func (s *Source) UID(ctx context.Context) string {
	ctx, cancel := s.within(ctx, answerTime)
	defer cancel()
	var namespace corev1.Namespace
	if err := s.client.get(ctx, kube.Namespaces, kube.SystemNamespace, &namespace); err != nil {
		return ""
	}
	return string(namespace.UID)
}

// probeTime is what a server may take to say whether it is there.
const probeTime = 5 * time.Second

// Greeting is what a server says of itself and of who asks.
type Greeting struct {
	Version string        // "" if the server does not say
	User    string        // "" if the server does not say
	Latency time.Duration // of the last of its answers
}

// Probe asks the server of a context for its version and for the name of the user, and
// nothing else. A credential plugin is run; see Interactive. The connection does not
// outlive it. The error is an [*Error].
func Probe(ctx context.Context, o Options) (Greeting, error) {
	s, err := prepare(o)
	if err != nil {
		return Greeting{}, err
	}
	defer s.client.close()
	limit := probeTime
	if s.connection.config.ExecProvider != nil {
		limit = loginTime
	}
	if s.timeout == 0 || s.timeout > limit {
		s.timeout = limit
	}
	if err := s.greet(ctx); err != nil {
		return Greeting{}, s.connection.diagnose(err)
	}
	return Greeting{s.info.Version, s.info.User, s.latency}, nil
}

// Close ends the connections of a source that is not watched, if there are any left.
func (s *Source) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.watchers == 0 {
		s.client.close()
	}
}

// Brief says in a few words why a cluster cannot be looked at, for a list.
func (e *Error) Brief() string {
	switch e.Reason {
	case Unauthorized:
		return "credentials not accepted"
	case Forbidden:
		return "forbidden"
	case Untrusted:
		return "certificate not accepted"
	case Login:
		return "the login failed"
	case UnknownContext:
		return "not in the kubeconfig"
	case NoKubeconfig, BadKubeconfig, BadFlag:
		return "the kubeconfig is wrong"
	case Unreachable:
		if errors.Is(e.Err, context.DeadlineExceeded) {
			return "no answer in time"
		}
	default:
	}
	if apierrors.IsServiceUnavailable(e.Err) {
		return "not ready"
	}
	return shortest(rootOf(e.Err))
}

// shortest is the last part of a message, which says what went wrong: "connection
// refused" of "dial tcp 10.0.0.1:443: connect: connection refused".
func shortest(message string) string {
	if i := strings.LastIndex(message, ": "); i >= 0 {
		return message[i+2:]
	}
	return message
}
