package live

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	authentication "k8s.io/api/authentication/v1"
	authorization "k8s.io/api/authorization/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/util/connrotation"
	metrics "k8s.io/metrics/pkg/client/clientset/versioned"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/live/podproto"
)

// client is all that talks to the server. Every request goes through its one
// http.Client, whose transport has a guard at the bottom.
type client struct {
	http     *http.Client
	dialer   *connrotation.Dialer
	config   *rest.Config
	pods     *podproto.Decoder
	versions map[schema.GroupVersion]rest.Interface // of all that custom is not for
	metadata metadata.Interface
	custom   dynamic.Interface
	served   *served
	metrics  metrics.Interface
	clock    *clock
	shown    *shown
	unknown  atomic.Bool // the server does not know who asks
}

// newClient makes the clients of a connection.
func newClient(c *connection, o Options, p pace) (*client, error) {
	config := rest.CopyConfig(c.config)
	server, _, err := rest.DefaultServerUrlFor(config)
	if err != nil {
		return nil, fmt.Errorf("reading the server's URL: %w", err)
	}
	// Wrappers are applied in the order in which they were added: this one is
	// the innermost, below logging in and plugins.
	config.WrapTransport = nil
	config.Wrap(func(next http.RoundTripper) http.RoundTripper { return newGuard(server, next) })
	config.Wrap(func(next http.RoundTripper) http.RoundTripper { return counting{next} })
	clock := &clock{}
	config.Wrap(func(next http.RoundTripper) http.RoundTripper {
		return timing{next, clock, strings.TrimSuffix(server.Path, "/")}
	})
	shown := &shown{}
	config.Wrap(func(next http.RoundTripper) http.RoundTripper { return handshaking{next, shown} })
	config.UserAgent = "seaworthy/" + o.Version
	config.QPS = -1    // the server's own fairness decides
	config.Timeout = 0 // it would end watches; see Source.within
	dialer := connrotation.NewDialer(dial)
	config.Dial = dialer.DialContext
	config.ContentType = runtime.ContentTypeProtobuf
	config.AcceptContentTypes = runtime.ContentTypeProtobuf + "," + runtime.ContentTypeJSON
	config.WarningHandlerWithContext = warnings(o.Log)
	if config.ExecProvider != nil && !o.Interactive {
		config.ExecProvider = config.ExecProvider.DeepCopy()
		config.ExecProvider.StdinUnavailable = true
		config.ExecProvider.StdinUnavailableMessage = "the terminal shows a user interface; log in before"
	}
	k := &client{config: config, clock: clock, shown: shown, pods: podproto.NewDecoder(), dialer: dialer, versions: map[schema.GroupVersion]rest.Interface{}}
	if k.http, err = rest.HTTPClientFor(config); err != nil {
		return nil, fmt.Errorf("reading the credentials: %w", err)
	}
	k.http.Transport = noticing{k.http.Transport, &k.unknown}
	versions := []schema.GroupVersion{authentication.SchemeGroupVersion, authorization.SchemeGroupVersion}
	for _, r := range kube.Resources() {
		if r.Custom() && r != kube.CustomResourceDefinitions {
			continue
		}
		versions = append(versions, schema.GroupVersion{Group: r.Group, Version: r.Version})
	}
	for _, v := range versions {
		if err := k.addVersion(v); err != nil {
			return nil, err
		}
	}
	metadataOnly := &http.Client{Transport: onlyMetadata{k.http.Transport}}
	if k.metadata, err = metadata.NewForConfigAndClient(metadata.ConfigFor(config), metadataOnly); err != nil {
		return nil, fmt.Errorf("making the metadata client: %w", err)
	}
	if k.custom, err = dynamic.NewForConfigAndClient(dynamic.ConfigFor(config), k.http); err != nil {
		return nil, fmt.Errorf("making the client of custom resources: %w", err)
	}
	discover, err := discovery.NewDiscoveryClientForConfigAndClient(config, k.http)
	if err != nil {
		return nil, fmt.Errorf("making the discovery client: %w", err)
	}
	k.served = newServed(discover, p.served)
	if k.metrics, err = metrics.NewForConfigAndClient(config, k.http); err != nil {
		return nil, fmt.Errorf("making the metrics client: %w", err)
	}
	return k, nil
}

// addVersion makes the client of a group and version.
func (k *client) addVersion(v schema.GroupVersion) error {
	config := rest.CopyConfig(k.config)
	config.GroupVersion = &v
	config.NegotiatedSerializer = scheme.Codecs.WithoutConversion()
	config.APIPath = "/apis"
	if v.Group == "" {
		config.APIPath = "/api"
	}
	if v.Group == kube.CustomResourceDefinitions.Group {
		config.ContentType, config.AcceptContentTypes = runtime.ContentTypeJSON, runtime.ContentTypeJSON
		config.NegotiatedSerializer = definitionCodecs{config.NegotiatedSerializer}
	} else {
		config.NegotiatedSerializer = podCodecs{config.NegotiatedSerializer, k.pods}
	}
	r, err := rest.RESTClientForConfigAndClient(config, k.http)
	if err != nil {
		return fmt.Errorf("making the client of %s: %w", v, err)
	}
	k.versions[v] = r
	return nil
}

// version asks for the server's version.
func (k *client) version(ctx context.Context, into any) error {
	body, err := k.versions[schema.GroupVersion{Version: "v1"}].Get().AbsPath("/version").
		SetHeader("Accept", runtime.ContentTypeJSON).Do(ctx).Raw()
	if err != nil {
		return err
	}
	return json.Unmarshal(body, into)
}

// review asks the server a question about oneself and fills in its answer.
func (k *client) review(ctx context.Context, v schema.GroupVersion, resource string, review runtime.Object) error {
	return k.versions[v].Post().Resource(resource).VersionedParams(&metav1.CreateOptions{}, scheme.ParameterCodec).
		Body(review).Do(ctx).Into(review)
}

// get reads one object of a cluster-scoped resource.
func (k *client) get(ctx context.Context, r kube.Resource, name string, into runtime.Object) error {
	return k.versions[schema.GroupVersion{Group: r.Group, Version: r.Version}].Get().
		Resource(r.Plural).Name(name).Do(ctx).Into(into)
}

// list reads one page of a resource.
func (k *client) list(ctx context.Context, r kube.Resource, namespace string, o metav1.ListOptions) (runtime.Object, error) {
	v := schema.GroupVersion{Group: r.Group, Version: r.Version}
	if r.MetadataOnly {
		return k.metadata.Resource(v.WithResource(r.Plural)).Namespace(namespace).List(ctx, o)
	}
	if r.Custom() && r != kube.CustomResourceDefinitions { // also of a group that others are read of by their types
		return k.custom.Resource(v.WithResource(r.Plural)).Namespace(namespace).List(ctx, o)
	}
	// Options are the same for all groups; the scheme does not know those of definitions.
	return k.versions[v].Get().NamespaceIfScoped(namespace, namespace != "").Resource(r.Plural).
		SpecificallyVersionedParams(&o, scheme.ParameterCodec, corev1.SchemeGroupVersion).Do(ctx).Get()
}

// watch follows a resource.
func (k *client) watch(ctx context.Context, r kube.Resource, namespace string, o metav1.ListOptions) (watch.Interface, error) {
	v := schema.GroupVersion{Group: r.Group, Version: r.Version}
	if r.MetadataOnly {
		return k.metadata.Resource(v.WithResource(r.Plural)).Namespace(namespace).Watch(ctx, o)
	}
	if r.Custom() && r != kube.CustomResourceDefinitions { // also of a group that others are read of by their types
		return k.custom.Resource(v.WithResource(r.Plural)).Namespace(namespace).Watch(ctx, o)
	}
	o.Watch = true
	return k.versions[v].Get().NamespaceIfScoped(namespace, namespace != "").Resource(r.Plural).
		SpecificallyVersionedParams(&o, scheme.ParameterCodec, corev1.SchemeGroupVersion).Timeout(seconds(o.TimeoutSeconds)).Watch(ctx)
}

func seconds(n *int64) time.Duration {
	if n == nil {
		return 0
	}
	return time.Duration(*n) * time.Second
}

// close ends all connections. The next request makes a new one.
func (k *client) close() { k.dialer.CloseAll() }
