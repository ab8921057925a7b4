package live

import (
	"context"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/version"
	_ "k8s.io/client-go/plugin/pkg/client/auth" // OIDC; exec plugins need no import

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Options is what [New] connects with.
type Options struct {
	Flags   *Flags // where the kubeconfig is and what overrides it; nil means the defaults
	Context string // the context, "" for the kubeconfig's current one
	// Namespaces limits what is read of namespaced resources; nil means all
	// namespaces. Cluster-scoped resources are read anyway, but for namespaces.
	Namespaces []string
	// Only are the resources to read, nil for all; the others are Skipped.
	Only    []kube.Resource
	Version string // of seaworthy, for the User-Agent
	// Interactive lets a credential plugin read standard input, where that is a
	// terminal when it runs: who draws on the terminal after New must put something
	// else there. What a plugin has to say goes to what os.Stderr was when New was
	// called: client-go knows no other way.
	Interactive bool
	// Log gets one line for each thing worth telling that is no State: warnings
	// of the server, complaints of the client. It must not block; nil drops them.
	Log func(string)

	pace *pace // nil for the usual one; tests hasten it
}

// Source is a live cluster. It may be watched several times, one after the
// other or at once.
type Source struct {
	connection *connection
	client     *client
	info       kube.Info
	dryRuns    bool            // the server knows them
	only       []kube.Resource // nil for all
	log        func(string)
	timeout    time.Duration
	latency    time.Duration // of the last answer when the server was greeted
	permitted  permitted
	pace       pace

	mu       sync.Mutex
	wake     chan struct{} // closed by Retry
	watchers int           // how many Watches go on
}

var _ kube.Source = (*Source)(nil)

// What a server may take to answer one request. A credential plugin may wait
// for a person to log in with a browser.
const (
	answerTime = 10 * time.Second
	listTime   = 60 * time.Second
	loginTime  = 3 * time.Minute
	dialTime   = 5 * time.Second
)

// New connects to a cluster: it asks the server for its version and for the
// name of the user. It returns an [*Error] after some seconds at most, unless a
// credential plugin makes it wait.
func New(ctx context.Context, o Options) (*Source, error) {
	s, err := prepare(o)
	if err != nil {
		return nil, err
	}
	if err := s.greet(ctx); err != nil {
		s.client.close()
		return nil, s.connection.diagnose(err)
	}
	return s, nil
}

// prepare makes a source that has asked its server nothing yet.
func prepare(o Options) (*Source, error) {
	if o.Flags == nil {
		o.Flags = &Flags{}
	}
	if o.Log == nil {
		o.Log = func(string) {}
	}
	c, err := o.Flags.connect(o.Context)
	if err != nil {
		return nil, err
	}
	s := &Source{connection: c, only: o.Only, log: o.Log, timeout: c.config.Timeout, pace: usual(), wake: make(chan struct{})}
	if o.pace != nil {
		s.pace = *o.pace
	}
	s.client, err = newClient(c, o, s.pace)
	if err != nil {
		return nil, c.diagnose(err)
	}
	namespaces := slices.Sorted(slices.Values(o.Namespaces))
	s.info = kube.Info{Name: c.name, Server: c.config.Host, Scope: slices.Compact(namespaces)}
	return s, nil
}

// Info returns what is known of the cluster: it is part of every view.
func (s *Source) Info() kube.Info {
	info := s.info
	info.Certificate, info.Root = s.client.shown.certificates()
	return info
}

// Retry asks the server again at once for everything that waits to be tried
// again. It is for the user who knows that something has changed.
func (s *Source) Retry() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.wake)
	s.wake = make(chan struct{})
}

// woken returns a channel that the next Retry closes.
func (s *Source) woken() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.wake
}

// watchBegins and watchEnds count the Watches. The last one to end closes the
// connections, and with them the goroutines that read from them.
func (s *Source) watchBegins() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watchers++
}

func (s *Source) watchEnds() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watchers--
	if s.watchers == 0 {
		s.client.close()
	}
}

// greet asks for the server's version and the user's name.
func (s *Source) greet(ctx context.Context) error {
	limit := answerTime
	if s.connection.config.ExecProvider != nil {
		limit = loginTime
	}
	ctx, cancel := s.within(ctx, limit)
	defer cancel()
	var v version.Info
	err := s.client.version(ctx, &v)
	if err != nil && !apierrors.IsForbidden(err) { // anonymous access to /version may be off
		return fmt.Errorf("asking for the version: %w", err)
	}
	s.info.Version, s.dryRuns = oneLine(v.GitVersion), knowsDryRuns(v)
	began := time.Now()
	review := &authenticationv1.SelfSubjectReview{}
	err = s.client.review(ctx, authenticationv1.SchemeGroupVersion, "selfsubjectreviews", review)
	s.latency = time.Since(began)
	switch {
	case err == nil:
		s.info.User = oneLine(review.Status.UserInfo.Username)
	case apierrors.IsNotFound(err), apierrors.IsForbidden(err): // before 1.28, or taken from system:basic-user
	default:
		return fmt.Errorf("asking who looks: %w", err)
	}
	return nil
}

// within limits the time of a request that is not a watch: by the user's
// --request-timeout if there is one.
func (s *Source) within(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, s.patience(limit))
}

// patience is how long to wait for an answer: a limit, or what the user says.
func (s *Source) patience(limit time.Duration) time.Duration {
	if s.timeout > 0 {
		return s.timeout
	}
	return limit
}

// Refused returns an [*Error] of reason [Forbidden] for a view in which the
// server refused every resource, nil otherwise.
func Refused(c *kube.Cluster) error {
	reason, refused := c.Refused()
	if !refused {
		return nil
	}
	return &Error{
		Reason: Forbidden, Context: c.Info.Name, Server: c.Info.Server,
		Message: fmt.Sprintf("reading %s: user %q may read nothing there; for one: %s", c.Info.Name, c.Info.User, reason),
	}
}

// dial gives up sooner than client-go, which waits for half a minute.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{Timeout: dialTime, KeepAlive: 30 * time.Second}
	return d.DialContext(ctx, network, address)
}
