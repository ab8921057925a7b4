// Command floor does the least that a client of a whole cluster can do: it lists
// every resource that a view holds with client-go's typed client, in protobuf, and
// drops what it got. Benchmarks hold seaworthy against it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/seaworthy-dev/seaworthy/kube"
)

func main() {
	path := flag.String("kubeconfig", "", "the kubeconfig `file`")
	name := flag.String("context", "", "its `context`")
	flag.Parse()
	objects, err := list(context.Background(), *path, *name)
	if err != nil {
		fmt.Fprintln(os.Stderr, "floor:", err)
		os.Exit(1)
	}
	_, _ = fmt.Fprintln(os.Stdout, objects, "objects")
}

// list lists everything and returns how many objects there were.
func list(ctx context.Context, path, name string) (int, error) {
	config, err := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(
		&clientcmd.ClientConfigLoadingRules{ExplicitPath: path}, &clientcmd.ConfigOverrides{CurrentContext: name}).ClientConfig()
	if err != nil {
		return 0, fmt.Errorf("reading kubeconfig %s: %w", path, err)
	}
	config.QPS = -1
	config.ContentType = runtime.ContentTypeProtobuf
	config.AcceptContentTypes = runtime.ContentTypeProtobuf
	onlyMetadata, err := metadata.NewForConfig(metadata.ConfigFor(config))
	if err != nil {
		return 0, fmt.Errorf("making the metadata client: %w", err)
	}
	objects := 0
	for _, r := range kube.Resources() {
		if r == kube.PodMetrics || r == kube.NodeMetrics || r.Custom() {
			continue
		}
		version := schema.GroupVersion{Group: r.Group, Version: r.Version}
		if r.MetadataOnly {
			list, err := onlyMetadata.Resource(version.WithResource(r.Plural)).List(ctx, metav1.ListOptions{})
			if err != nil {
				return objects, fmt.Errorf("listing %s: %w", r, err)
			}
			objects += len(list.Items)
			continue
		}
		typed := rest.CopyConfig(config)
		typed.GroupVersion, typed.NegotiatedSerializer, typed.APIPath = &version, scheme.Codecs.WithoutConversion(), "/apis"
		if r.Group == "" {
			typed.APIPath = "/api"
		}
		client, err := rest.RESTClientFor(typed)
		if err != nil {
			return objects, fmt.Errorf("making the client of %s: %w", r, err)
		}
		list, err := client.Get().Resource(r.Plural).Do(ctx).Get()
		if err != nil {
			return objects, fmt.Errorf("listing %s: %w", r, err)
		}
		objects += meta.LenList(list)
	}
	return objects, nil
}
