package live_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/live"
)

// patience is how long a test waits for a view before it fails.
const patience = 90 * time.Second

// flags parses a command line.
func flags(t *testing.T, args ...string) *live.Flags {
	t.Helper()
	f := &live.Flags{}
	set := pflag.NewFlagSet(t.Name(), pflag.ContinueOnError)
	f.Register(set)
	if err := set.Parse(args); err != nil {
		t.Fatalf("parsing %q: %v", args, err)
	}
	return f
}

// connect makes a source, which must work.
func connect(t *testing.T, o live.Options, args ...string) *live.Source {
	t.Helper()
	o.Flags = flags(t, args...)
	if len(o.Flags.Contexts) > 0 {
		o.Context = o.Flags.Contexts[0]
	}
	if o.Log == nil {
		o.Log = func(string) {}
	}
	s, err := live.New(t.Context(), o)
	if err != nil {
		t.Fatalf("connecting: %v", err)
	}
	return s
}

// viewer watches a source.
type viewer struct {
	t     *testing.T
	views chan *kube.Cluster
	last  *kube.Cluster
	stop  func()

	patience time.Duration // how long it waits for a view before the test fails
}

// watch starts to watch a source, until the end of the test.
func watch(t *testing.T, s *live.Source) *viewer {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	v := &viewer{t: t, views: make(chan *kube.Cluster), patience: patience}
	done := make(chan error, 1)
	go func() {
		done <- s.Watch(ctx, func(c *kube.Cluster) {
			select {
			case v.views <- c:
			case <-ctx.Done():
			}
		})
	}()
	v.stop = func() {
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("Watch returned %v, want the context's error", err)
		}
		done <- context.Canceled
	}
	t.Cleanup(func() { v.stop() })
	return v
}

// await returns the first view that a condition holds of.
func (v *viewer) await(what string, holds func(*kube.Cluster) bool) *kube.Cluster {
	v.t.Helper()
	timeout := time.NewTimer(v.patience)
	defer timeout.Stop()
	for v.last == nil || !holds(v.last) {
		select {
		case c := <-v.views:
			if v.last != nil && c.Generation <= v.last.Generation {
				v.t.Fatalf("generation %d came after %d", c.Generation, v.last.Generation)
			}
			v.last = c
		case <-timeout.C:
			v.t.Fatalf("waiting for %s: not in %s; states of the last view:\n%s", what, v.patience, describe(v.last))
		}
	}
	return v.last
}

// describe lists the states of a view, but for what was not to be read.
func describe(c *kube.Cluster) string {
	if c == nil {
		return "no view at all"
	}
	var b strings.Builder
	for _, s := range c.States() {
		if s.Phase == kube.Skipped {
			continue
		}
		b.WriteString(s.Resource.String() + " in " + s.Namespace + ": " + s.Phase.String() + " " + s.Verb + " " + s.Reason + "\n")
	}
	return b.String()
}

// state returns the state of a resource in a namespace, as the source set it.
func state(c *kube.Cluster, r kube.Resource, namespace string) kube.State {
	for _, s := range c.States() {
		if s.Resource == r && s.Namespace == namespace {
			return s
		}
	}
	return kube.State{Resource: r, Namespace: namespace, Phase: -1}
}

// admin is a client that may write, to change what a source looks at.
func admin(t *testing.T, kubeconfig string) dynamic.Interface {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	config.QPS = -1
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// create creates an object written as YAML and returns its name.
func create(t *testing.T, client dynamic.Interface, r kube.Resource, namespace, text string) string {
	t.Helper()
	o := &unstructured.Unstructured{}
	if err := yaml.Unmarshal([]byte(text), &o.Object); err != nil {
		t.Fatal(err)
	}
	o.SetAPIVersion(schema.GroupVersion{Group: r.Group, Version: r.Version}.String())
	o.SetKind(r.Kind)
	made, err := in(client, r, namespace).Create(t.Context(), o, metav1.CreateOptions{})
	if err != nil {
		t.Fatalf("creating a %s: %v", r.Kind, err)
	}
	return made.GetName()
}

// newNamespace creates a namespace of the test's own and returns its name.
func newNamespace(t *testing.T, client dynamic.Interface) string {
	t.Helper()
	return create(t, client, kube.Namespaces, "", "{metadata: {generateName: test-}}")
}

func in(client dynamic.Interface, r kube.Resource, namespace string) dynamic.ResourceInterface {
	all := client.Resource(schema.GroupVersionResource{Group: r.Group, Version: r.Version, Resource: r.Plural})
	if namespace == "" {
		return all
	}
	return all.Namespace(namespace)
}

// entries reads a log of one JSON object a line.
func entries[T any](t *testing.T, path string) []T {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []T
	for line := range strings.Lines(string(text)) {
		var entry T
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatalf("%s: %v in %q", path, err, line)
		}
		all = append(all, entry)
	}
	return all
}
