package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// patience is how long a kind may take to be served once its definition is there,
// or an API server to answer a request that it is too busy for.
const patience = 20 * time.Second

// applier sends manifests to a cluster.
type applier struct {
	client     *client
	resources  map[string][]resource // by apiVersion
	defined    map[string]bool       // kinds, as definedKind gives them, of the definitions just applied
	namespaces map[string]bool       // known to exist
	manager    string                // who owns the fields, "" for the testbed
}

func (a *applier) managerName() string { return cmp.Or(a.manager, "testbed") }

// resource is what discovery says of a kind.
type resource struct {
	Name       string `json:"name"`
	Kind       string `json:"kind"`
	Namespaced bool   `json:"namespaced"`
}

// errUnknownKind is for objects of a kind that the cluster does not serve.
var errUnknownKind = errors.New("the cluster does not serve this kind")

func runApply(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("testbed apply", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, "testbed apply --kubeconfig FILE [--namespace NAME] [NAMESPACE=]PATH...\n"+
			"Webhooks and aggregated APIs come last, of all paths together. Exit status 1: some were refused.\n")
		flags.PrintDefaults()
	}
	path := flags.String("kubeconfig", "", "the `file` that up has printed the name of")
	namespace := flags.String("namespace", "default", "for objects that name none")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *path == "" || flags.NArg() == 0 {
		return usageError("apply needs --kubeconfig and something to apply")
	}
	c, err := readKubeconfig(*path)
	if err != nil {
		return err
	}
	manifests, err := readManifests(flags.Args(), *namespace)
	if err != nil {
		return err
	}
	a := &applier{client: c, resources: map[string][]resource{}, defined: map[string]bool{}, namespaces: map[string]bool{}}
	refused := 0
	for _, m := range manifests {
		if err := a.apply(ctx, m); err != nil {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			refused++
			fmt.Fprintf(stderr, "refused %s %s (%s): %v\n", m.kind(), m.name(), m.file, err)
		}
	}
	fmt.Fprintf(stdout, "applied %d, refused %d\n", len(manifests)-refused, refused)
	if refused > 0 {
		return fmt.Errorf("applying manifests: %d of %d objects were refused", refused, len(manifests))
	}
	return nil
}

func (a *applier) apply(ctx context.Context, m manifest) error {
	path, err := a.path(ctx, m)
	if err != nil {
		return err
	}
	err = a.insist(ctx, func() error {
		if m.name() == "" {
			return a.create(ctx, path, m)
		}
		return a.client.applyAs(ctx, a.managerName(), path+"/"+url.PathEscape(m.name()), m.object)
	}, func(err error) bool { return isBusy(err) || hasStatus(err, http.StatusNotFound) && a.isDefined(m) })
	if err != nil {
		return err
	}
	if m.kind() == "Namespace" {
		a.namespaces[m.name()] = true
	}
	if m.kind() == "CustomResourceDefinition" {
		a.defined[definedKind(m.text("spec", "group"), m.text("spec", "names", "kind"))] = true
		return a.awaitEstablished(ctx, m, path)
	}
	return nil
}

// create posts an object that has only a generateName.
func (a *applier) create(ctx context.Context, path string, m manifest) error {
	body, err := json.Marshal(m.object)
	if err != nil {
		return fmt.Errorf("encoding: %w", err)
	}
	return a.client.do(ctx, http.MethodPost, path, "application/json", body, nil)
}

// path is that of an object's collection. It puts the object into its namespace,
// which it makes if need be.
func (a *applier) path(ctx context.Context, m manifest) (string, error) {
	r, err := a.resource(ctx, m)
	if err != nil {
		return "", err
	}
	prefix := versionPath(m.apiVersion())
	if !r.Namespaced {
		return prefix + "/" + r.Name, nil
	}
	metadata, ok := m.object["metadata"].(object)
	if !ok {
		return "", errors.New("it has no metadata")
	}
	namespace := m.text("metadata", "namespace")
	if namespace == "" {
		namespace = m.namespace
		metadata["namespace"] = namespace
	}
	if err := a.makeNamespace(ctx, namespace); err != nil {
		return "", err
	}
	return prefix + "/namespaces/" + url.PathEscape(namespace) + "/" + r.Name, nil
}

func (a *applier) makeNamespace(ctx context.Context, name string) error {
	if a.namespaces[name] {
		return nil
	}
	namespace := object{"apiVersion": "v1", "kind": "Namespace", "metadata": object{"name": name}}
	err := a.insist(ctx, func() error { return a.client.apply(ctx, "/api/v1/namespaces/"+url.PathEscape(name), namespace) }, isBusy)
	if err != nil {
		return fmt.Errorf("making namespace %s: %w", name, err)
	}
	a.namespaces[name] = true
	return nil
}

// resource finds a kind by discovery. A kind of a group that was just defined may
// not be there at once, and is waited for.
func (a *applier) resource(ctx context.Context, m manifest) (resource, error) {
	version := m.apiVersion()
	var found resource
	err := a.insist(ctx, func() error {
		for _, r := range a.resources[version] {
			// Subresources have the kind as well: "deployments/scale".
			if r.Kind == m.kind() && !strings.Contains(r.Name, "/") {
				found = r
				return nil
			}
		}
		var list struct {
			Resources []resource `json:"resources"`
		}
		if err := a.client.get(ctx, versionPath(version), &list); err != nil && !hasStatus(err, http.StatusNotFound) {
			return fmt.Errorf("asking for the kinds of %s: %w", version, err)
		}
		a.resources[version] = list.Resources
		for _, r := range list.Resources {
			if r.Kind == m.kind() && !strings.Contains(r.Name, "/") {
				found = r
				return nil
			}
		}
		return fmt.Errorf("%s %s: %w", version, m.kind(), errUnknownKind)
	}, func(err error) bool {
		return isBusy(err) || errors.Is(err, errUnknownKind) && a.isDefined(m)
	})
	return found, err
}

// awaitEstablished waits until a definition is served.
func (a *applier) awaitEstablished(ctx context.Context, m manifest, path string) error {
	errNotYet := errors.New("it is not established")
	return a.insist(ctx, func() error {
		var definition struct {
			Status struct {
				Conditions []struct{ Type, Status, Message string } `json:"conditions"`
			} `json:"status"`
		}
		if err := a.client.get(ctx, path+"/"+url.PathEscape(m.name()), &definition); err != nil {
			return err
		}
		var reasons []error
		for _, condition := range definition.Status.Conditions {
			if condition.Type == "Established" && condition.Status == "True" {
				return nil
			}
			if condition.Status == "False" {
				reasons = append(reasons, fmt.Errorf("%s: %s", condition.Type, condition.Message))
			}
		}
		return errors.Join(append(reasons, errNotYet)...)
	}, func(err error) bool { return isBusy(err) || errors.Is(err, errNotYet) })
}

// insist does something again while its error is worth it, up to the patience.
func (a *applier) insist(ctx context.Context, do func() error, again func(error) bool) error {
	deadline := time.Now().Add(patience)
	pause := 20 * time.Millisecond
	for {
		err := do()
		if err == nil || !again(err) || time.Now().After(deadline) {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(err, context.Cause(ctx))
		case <-time.After(pause):
		}
		pause = min(2*pause, time.Second)
	}
}

func definedKind(group, kind string) string { return group + " " + kind }

// isDefined tells whether the definition of an object's kind was just applied.
func (a *applier) isDefined(m manifest) bool {
	return a.defined[definedKind(groupOfVersion(m.apiVersion()), m.kind())]
}

// isBusy tells whether a server said to come again.
func isBusy(err error) bool {
	return hasStatus(err, http.StatusTooManyRequests) || hasStatus(err, http.StatusServiceUnavailable) || hasStatus(err, http.StatusGatewayTimeout)
}

// groupOfVersion is the API group of an apiVersion, "" for the core group.
func groupOfVersion(version string) string {
	group, _, found := strings.Cut(version, "/")
	if !found {
		return ""
	}
	return group
}

// versionPath is the path of an apiVersion.
func versionPath(version string) string {
	if groupOfVersion(version) == "" {
		return "/api/" + version
	}
	return "/apis/" + version
}
