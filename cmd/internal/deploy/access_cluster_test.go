package deploy_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/cmd/internal/deploy"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
	"github.com/seaworthy-dev/seaworthy/kube/live"
)

// world is a server that has every resource of the view, those of others as well.
type world struct {
	testbed *kubetest.Testbed
	client  *kubetest.Client
}

func newWorld(t *testing.T) *world {
	t.Helper()
	testbed := kubetest.SharedTestbed(t)
	w := &world{testbed, testbed.Client(t)}
	var served sync.WaitGroup
	for _, r := range append(kube.CustomResources(), kube.PodMetrics, kube.NodeMetrics) {
		if r == kube.CustomResourceDefinitions || r == kube.APIServices || r == kube.ClusterTrustBundles || r.Page() != "" { // of the server itself, if it has them
			continue
		}
		r = r.As("K8sRequiredLabels") // of constraints there are as many kinds as templates
		w.define(t, r)
		served.Go(func() {
			w.await(t, r.String(), func() bool {
				status, _ := w.client.Do(t.Context(), t, kubetest.Call{Method: http.MethodGet, Path: "/apis/" + r.Group + "/" + r.Version + "/" + r.Plural})
				return status == http.StatusOK
			})
		})
	}
	served.Wait()
	return w
}

// define creates the definition of a resource that the server does not have by itself.
func (w *world) define(t *testing.T, r kube.Resource) {
	t.Helper()
	scope := "Cluster"
	if r.Namespaced {
		scope = "Namespaced"
	}
	type object = map[string]any
	w.client.Must(t, kubetest.Call{Method: http.MethodPost, Path: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", Body: object{
		"metadata": object{"name": r.String(), "annotations": object{"api-approved.kubernetes.io": "unapproved, for a test"}},
		"spec": object{
			"group": r.Group, "scope": scope,
			"names": object{"plural": r.Plural, "singular": strings.ToLower(r.Kind), "kind": r.Kind},
			"versions": []object{{"name": r.Version, "served": true, "storage": true, "schema": object{
				"openAPIV3Schema": object{"type": "object", "x-kubernetes-preserve-unknown-fields": true},
			}}},
		},
	}}, nil)
}

// await asks again and again until something holds.
func (*world) await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	for again := time.NewTicker(20 * time.Millisecond); !holds(); {
		select {
		case <-again.C:
		case <-deadline.C:
			t.Errorf("waiting for %s: not within a minute", what)
			return
		}
	}
}

// apply applies what an access comes to, and waits until it is in force.
func (w *world) apply(t *testing.T, a deploy.Access) {
	t.Helper()
	var text bytes.Buffer
	if err := a.WriteRoles(&text); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "rbac.yaml")
	if err := os.WriteFile(file, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	w.testbed.Apply(t, a.Namespace, file)
	rights := live.Rights(a.Namespaces)
	last := slices.IndexFunc(rights, func(r kube.Right) bool { return r.Namespace != "" || !a.RolesOnly })
	w.inForce(t, "system:serviceaccount:"+a.Namespace+":"+a.Account, rights[last])
}

// inForce waits until the server lets a user do something.
func (w *world) inForce(t *testing.T, user string, right kube.Right) {
	t.Helper()
	w.await(t, user+" may "+right.String(), func() bool {
		var answer struct{ Status struct{ Allowed bool } }
		question := map[string]any{"resourceAttributes": map[string]any{
			"verb": right.Verb, "group": right.Group, "resource": right.Resource, "namespace": right.Namespace, "name": right.Name,
		}}
		if right.Path != "" {
			question = map[string]any{"nonResourceAttributes": map[string]any{"verb": right.Verb, "path": right.Path}}
		}
		w.client.Must(t, kubetest.Call{
			Method: http.MethodPost, Path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
			Header: map[string][]string{"Impersonate-User": {user}}, Body: map[string]any{"spec": question},
		}, &answer)
		return answer.Status.Allowed
	})
}

// look reads the cluster as somebody, until a view is as wanted.
func (w *world) look(t *testing.T, user string, o live.Options, wanted func(*kube.Cluster) bool) *kube.Cluster {
	t.Helper()
	args := []string{"--kubeconfig", w.testbed.Kubeconfig, "--context", "admin"}
	if user != "" {
		args = append(args, "--as", user)
	}
	o.Flags = &live.Flags{}
	set := pflag.NewFlagSet(t.Name(), pflag.ContinueOnError)
	o.Flags.Register(set)
	if err := set.Parse(args); err != nil {
		t.Fatal(err)
	}
	o.Context = "admin"
	source, err := live.New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var newest *kube.Cluster
	found := false
	_ = source.Watch(ctx, func(c *kube.Cluster) { // its error is that of the context
		if newest = c; wanted(c) {
			found = true
			cancel()
		}
	})
	if !found {
		t.Errorf("looking as %s: within a minute no view is as wanted; the last has %v", user, newest.States())
	}
	return newest
}

// seen is how far each kind was read in each place.
func seen(c *kube.Cluster) map[string]string {
	phases := map[string]string{}
	for _, s := range c.States() {
		phases[fmt.Sprintf("%s %s in %q", s.Resource, s.Resource.Kind, s.Namespace)] = s.Phase.String()
	}
	return phases
}

func TestRights(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.areEnough(t) // alone: two looks at a cluster that somebody writes to differ
	t.Run("are none too many", func(t *testing.T) {
		t.Parallel()
		w.areNoneTooMany(t)
	})
}

// areEnough looks with the rights that are printed, and sees what the administrator sees;
// without some of them, what is left out is said to be unknown.
func (w *world) areEnough(t *testing.T) {
	t.Helper()
	for name, tt := range map[string]struct {
		access deploy.Access
		blind  []kube.Resource
	}{
		"everywhere":      {access: deploy.Access{}},
		"some namespaces": {access: deploy.Access{Namespaces: []string{"default", "kube-system"}}},
		"one":             {access: deploy.Access{Namespaces: []string{"default"}, Objects: true, Logs: true}},
		"without secrets": {access: deploy.Access{Without: []kube.Resource{kube.Secrets, kube.NodeMetrics}}, blind: []kube.Resource{kube.Secrets, kube.NodeMetrics}},
		"roles only":      {access: deploy.Access{Namespaces: []string{"default"}, RolesOnly: true}, blind: clusterWide()},
	} {
		t.Run(name, func(t *testing.T) {
			a := tt.access
			a.Name = "looker-" + strings.ReplaceAll(name, " ", "-")
			a.Namespace, a.Account = a.Name, "looker"
			w.apply(t, a)
			options := live.Options{Namespaces: a.Namespaces}
			all, some := w.look(t, "", options, (*kube.Cluster).Settled), w.look(t, "system:serviceaccount:"+a.Namespace+":looker", options, (*kube.Cluster).Settled)
			want := seen(all)
			for _, r := range tt.blind {
				want[fmt.Sprintf("%s %s in %q", r, r.Kind, "")] = kube.Forbidden.String()
			}
			if diff := cmp.Diff(want, seen(some)); diff != "" {
				t.Errorf("the administrator sees (-), %s sees (+):\n%s", a.Name, diff)
			}
			if full, known := coverage(all), coverage(some); (known < full) != (len(tt.blind) > 0) {
				t.Errorf("the coverage is %.2f %%, the administrator's %.2f %%", known, full)
			}
		})
	}
}

// clusterWide are the resources that are in no namespace, but for namespaces, each of
// which may be got from within, and what everybody may read, or every ServiceAccount
// (ClusterRole system:cluster-trust-bundle-discovery).
func clusterWide() []kube.Resource {
	return slices.DeleteFunc(kube.Resources(), func(r kube.Resource) bool {
		return r.Namespaced || r == kube.Namespaces || r == kube.Livez || r == kube.ClusterTrustBundles
	})
}

func coverage(c *kube.Cluster) float64 { return score.Assess(c, rules.All()).Coverage }

// areNoneTooMany takes each right away, and the kind is not read any more, or not
// followed, which the view says.
func (w *world) areNoneTooMany(t *testing.T) {
	t.Helper()
	free := make(chan struct{}, 4)
	for i, without := range live.Rights(nil) {
		t.Run(strings.ReplaceAll(without.String(), " ", "-"), func(t *testing.T) {
			t.Parallel()
			free <- struct{}{}
			defer func() { <-free }()
			user := fmt.Sprintf("without-%d", i)
			w.allBut(t, user, without)
			i := slices.IndexFunc(kube.Resources(), func(r kube.Resource) bool {
				return without.Path != "" && r.Page() == without.Path || r.Group == without.Group && r.Plural == without.Resource
			})
			r := kube.Resources()[i]
			w.look(t, user, live.Options{Only: []kube.Resource{kube.Namespaces, r}}, func(c *kube.Cluster) bool {
				return slices.ContainsFunc(c.States(), func(s kube.State) bool {
					told := s.Phase == kube.Forbidden || s.Phase == kube.Stale // listed, and not followed
					return told && s.Resource == r && s.Namespace == without.Namespace && s.Verb == without.Verb && strings.Contains(s.Reason, without.Verb)
				})
			})
		})
	}
}

// allBut gives a user all rights but one.
func (w *world) allBut(t *testing.T, user string, without kube.Right) {
	t.Helper()
	type object = map[string]any
	var granted []object
	var other kube.Right
	for _, r := range live.Rights(nil) {
		// A role of the whole cluster grants in each namespace as well.
		if r == without || r.Path == "" && r.Resource == without.Resource && r.Group == without.Group && r.Verb == without.Verb {
			continue
		}
		if r.Path != "" {
			granted = append(granted, object{"nonResourceURLs": []string{r.Path}, "verbs": []string{r.Verb}})
		} else {
			granted = append(granted, object{"apiGroups": []string{r.Group}, "resources": []string{r.Resource}, "verbs": []string{r.Verb}})
		}
		other = r
	}
	const path = "/apis/rbac.authorization.k8s.io/v1/"
	w.client.Must(t, kubetest.Call{Method: http.MethodPost, Path: path + "clusterroles", Body: object{"metadata": object{"name": user}, "rules": granted}}, nil)
	w.client.Must(t, kubetest.Call{Method: http.MethodPost, Path: path + "clusterrolebindings", Body: object{
		"metadata": object{"name": user},
		"roleRef":  object{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": user},
		"subjects": []object{{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}},
	}}, nil)
	w.inForce(t, user, other)
}
