package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"sigs.k8s.io/yaml"
)

// scenario is a small healthy cluster, and what breaks it: the content of a file.
type scenario struct {
	// Title says in a line what happens.
	Title string `json:"title"`
	// Cluster is what it has to run on, for whoever starts it.
	Cluster struct {
		Nodes   int  `json:"nodes"`
		Zones   int  `json:"zones"`
		Metrics bool `json:"metrics"`
	} `json:"cluster"`
	// Healthy makes what is well, and Break what is not. When all steps of Break
	// have been taken, the scenario is ripe.
	Healthy []step `json:"healthy"`
	Break   []step `json:"break"`
}

// step is one thing to do, or to wait for; exactly one of its fields is set, but
// for Manager.
type step struct {
	// Apply is a manifest's path, relative to the scenario's file.
	Apply string `json:"apply,omitempty"`
	// Create is an object that is applied as it stands here.
	Create object `json:"create,omitempty"`
	// Patch is a strategic merge patch, with apiVersion, kind, name and namespace of
	// what it is for.
	Patch object `json:"patch,omitempty"`
	// Delete names what is deleted, as Patch does.
	Delete object `json:"delete,omitempty"`
	// Evict names a pod that is asked to go as a drain asks. That its budget
	// refuses it is no error.
	Evict object `json:"evict,omitempty"`
	// Silence is a node whose kubelet falls silent.
	Silence string `json:"silence,omitempty"`
	// Wait holds the scenario up until something is so.
	Wait *wait `json:"wait,omitempty"`
	// Manager is who did it, by the name of a field manager; testbed if empty.
	Manager string `json:"manager,omitempty"`
}

// progress is a line that scenario prints: "healthy" and "ripe", and how long
// after its start.
type progress struct {
	Reached string  `json:"reached"`
	Seconds float64 `json:"seconds"`
}

func runScenario(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("testbed scenario", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, "testbed scenario --kubeconfig FILE SCENARIO.yaml\n"+
			"It prints one line of JSON when the cluster is healthy, and one when the scenario is ripe.\n")
		flags.PrintDefaults()
	}
	path := flags.String("kubeconfig", "", "the `file` that up has printed the name of")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *path == "" || flags.NArg() != 1 {
		return usageError("scenario needs --kubeconfig and one file")
	}
	c, err := readKubeconfig(*path)
	if err != nil {
		return err
	}
	s, err := readScenario(flags.Arg(0))
	if err != nil {
		return err
	}
	p := &player{
		client: c, folder: filepath.Dir(flags.Arg(0)), log: stderr,
		applier: &applier{client: c, resources: map[string][]resource{}, defined: map[string]bool{}, namespaces: map[string]bool{}},
	}
	started := time.Now()
	for _, act := range []struct {
		reached string
		steps   []step
	}{{"healthy", s.Healthy}, {"ripe", s.Break}} {
		for i, st := range act.steps {
			if err := p.play(ctx, st); err != nil {
				return fmt.Errorf("playing step %d on the way to %s: %w", i+1, act.reached, err)
			}
			fmt.Fprintf(stderr, "%6.1f s  %s\n", time.Since(started).Seconds(), st.String())
		}
		if err := json.NewEncoder(stdout).Encode(progress{act.reached, time.Since(started).Seconds()}); err != nil {
			return fmt.Errorf("printing how far it is: %w", err)
		}
		if act.reached == "healthy" {
			if err := pause(ctx, apart); err != nil {
				return err
			}
		}
	}
	return nil
}

// apart is how long the break comes after the cluster is healthy. The API's times
// are whole seconds: what was before should not be taken for what was after.
const apart = 2500 * time.Millisecond

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(d):
		return nil
	}
}

func readScenario(path string) (*scenario, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading scenario: %w", err)
	}
	var s scenario
	if err := yaml.UnmarshalStrict(text, &s); err != nil {
		return nil, fmt.Errorf("reading scenario %s: %w", path, err)
	}
	return &s, nil
}

// player takes the steps of a scenario.
type player struct {
	client  *client
	applier *applier
	folder  string
	log     io.Writer
}

func (p *player) play(ctx context.Context, s step) error {
	p.applier.manager = s.Manager
	switch {
	case s.Apply != "":
		manifests, err := readManifests([]string{filepath.Join(p.folder, s.Apply)}, "default")
		if err != nil {
			return err
		}
		for _, m := range manifests {
			if err := p.applier.apply(ctx, m); err != nil {
				return fmt.Errorf("applying %s %s: %w", m.kind(), m.name(), err)
			}
		}
		return nil
	case s.Create != nil:
		return p.applier.apply(ctx, manifest{object: s.Create, namespace: "default"})
	case s.Patch != nil:
		return p.patch(ctx, s)
	case s.Delete != nil:
		path, err := p.pathOf(ctx, s.Delete)
		if err != nil {
			return err
		}
		// As kubectl does: by itself the API leaves the pods of a Job behind.
		return p.client.do(ctx, http.MethodDelete, path, "application/json", []byte(`{"propagationPolicy":"Background"}`), nil)
	case s.Evict != nil:
		return p.evict(ctx, s.Evict)
	case s.Silence != "":
		return p.silence(ctx, s.Silence)
	case s.Wait != nil:
		return p.await(ctx, s.Wait)
	}
	return errors.New("the step says nothing to do")
}

// pathOf is the path of what an object's apiVersion, kind, namespace and name say.
func (p *player) pathOf(ctx context.Context, o object) (string, error) {
	m := manifest{object: o, namespace: "default"}
	path, err := p.applier.path(ctx, m)
	if err != nil {
		return "", err
	}
	return path + "/" + url.PathEscape(m.name()), nil
}

func (p *player) patch(ctx context.Context, s step) error {
	path, err := p.pathOf(ctx, s.Patch)
	if err != nil {
		return err
	}
	body, err := json.Marshal(s.Patch)
	if err != nil {
		return fmt.Errorf("encoding a patch: %w", err)
	}
	parameters := url.Values{"fieldManager": {p.applier.managerName()}}
	return p.client.do(ctx, http.MethodPatch, path+"?"+parameters.Encode(), "application/strategic-merge-patch+json", body, nil)
}

// evict asks for a pod's eviction, as kubectl drain does.
func (p *player) evict(ctx context.Context, pod object) error {
	m := manifest{object: pod}
	space := m.text("metadata", "namespace")
	body, err := json.Marshal(object{
		"apiVersion": "policy/v1", "kind": "Eviction", "metadata": object{"name": m.name(), "namespace": space},
	})
	if err != nil {
		return fmt.Errorf("encoding an eviction: %w", err)
	}
	path := "/api/v1/namespaces/" + url.PathEscape(space) + "/pods/" + url.PathEscape(m.name()) + "/eviction"
	err = p.client.do(ctx, http.MethodPost, path, "application/json", body, nil)
	if hasStatus(err, http.StatusTooManyRequests) {
		return nil
	}
	return err
}

// silence stops the heartbeat of a node, and whatever else its kubelet would
// write: kwok leaves nodes and pods alone whose lease somebody else holds, so the
// lease gets another holder, who never renews it, and a duration that does not
// end soon.
func (p *player) silence(ctx context.Context, node string) error {
	body, err := json.Marshal(object{"spec": object{"holderIdentity": node, "leaseDurationSeconds": 24 * 60 * 60}})
	if err != nil {
		return fmt.Errorf("encoding a lease: %w", err)
	}
	path := "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/" + url.PathEscape(node)
	return p.client.do(ctx, http.MethodPatch, path, "application/merge-patch+json", body, nil)
}

// String says what a step does.
func (s step) String() string {
	name := func(o object) string {
		m := manifest{object: o}
		return m.kind() + " " + m.name()
	}
	switch {
	case s.Apply != "":
		return "applied " + s.Apply
	case s.Create != nil:
		return "created " + name(s.Create)
	case s.Patch != nil:
		return "patched " + name(s.Patch)
	case s.Delete != nil:
		return "deleted " + name(s.Delete)
	case s.Evict != nil:
		return "asked to evict " + name(s.Evict)
	case s.Silence != "":
		return "silenced " + s.Silence
	case s.Wait != nil:
		return "waited for " + s.Wait.String()
	}
	return "did nothing"
}
