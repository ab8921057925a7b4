package live

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// TestPages reads what servers answer that cannot be had from a real one at will.
func TestPages(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		page   kube.Resource
		status int
		body   string
		want   map[string]any // the fields beside those of every object, nil for an error
		phase  kube.Phase
	}{
		"flags":         {page: kube.Flagz, status: 200, body: `{"metadata":{"name":"apiserver"},"flags":{"profiling":"true"}}`, want: map[string]any{"flags": map[string]any{"profiling": "true"}}},
		"another name":  {page: kube.Statusz, status: 200, body: `{"metadata":{"name":"../x"},"binaryVersion":"1.37.1"}`, want: map[string]any{"binaryVersion": "1.37.1"}},
		"text alone":    {page: kube.Flagz, status: 406, body: `only text/plain`, phase: kube.Absent},
		"no page":       {page: kube.Flagz, status: 404, body: `404 page not found`, phase: kube.Absent},
		"forbidden":     {page: kube.Statusz, status: 403, body: `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Forbidden","code":403}`, phase: kube.Forbidden},
		"no JSON":       {page: kube.Flagz, status: 200, body: `flags: many`, phase: kube.Failed},
		"well":          {page: kube.Livez, status: 200, body: "[+]ping ok\n[+]log ok\nlivez check passed\n", want: map[string]any{"checks": int64(2), "failed": []any{}}},
		"not well":      {page: kube.Livez, status: 500, body: "[+]ping ok\n[-]etcd failed: reason withheld\nlivez check failed\n", want: map[string]any{"checks": int64(2), "failed": []any{"etcd"}}},
		"says nothing":  {page: kube.Livez, status: 200, body: "ok", phase: kube.Failed},
		"a broken link": {page: kube.Livez, status: 502, body: "Bad Gateway", phase: kube.Failed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != tt.page.Page() {
					t.Errorf("the server is asked for %s", r.URL.Path)
				}
				w.WriteHeader(tt.status)
				_, _ = w.Write([]byte(tt.body))
			}))
			defer server.Close()
			f := &feed{watching: &watching{source: &Source{client: pagesOf(t, server)}}, resource: tt.page}
			objects, err := f.readPage(context.Background())
			if tt.want == nil {
				if err == nil || phaseOf(err) != tt.phase {
					t.Fatalf("it is read as %v, %v, want an error of phase %s", objects, err, tt.phase)
				}
				return
			}
			if err != nil || len(objects) != 1 {
				t.Fatalf("it is read as %v, %v", objects, err)
			}
			tt.want["apiVersion"], tt.want["kind"] = tt.page.Group+"/"+tt.page.Version, tt.page.Kind
			tt.want["metadata"] = map[string]any{"name": kube.PageName}
			if diff := cmp.Diff(tt.want, objects[0].(*unstructured.Unstructured).Object); diff != "" {
				t.Errorf("the page is (-), and is read as (+):\n%s", diff)
			}
		})
	}
}

func pagesOf(t *testing.T, server *httptest.Server) *client {
	t.Helper()
	v1 := schema.GroupVersion{Version: "v1"}
	r, err := rest.RESTClientForConfigAndClient(&rest.Config{
		Host: server.URL, APIPath: "/api", ContentConfig: rest.ContentConfig{GroupVersion: &v1, NegotiatedSerializer: scheme.Codecs.WithoutConversion()},
	}, server.Client())
	if err != nil {
		t.Fatal(err)
	}
	return &client{versions: map[schema.GroupVersion]rest.Interface{v1: r}}
}

// TestPagesAreVersioned holds that what a view does not keep makes no new version, and what
// it keeps does.
func TestPagesAreVersioned(t *testing.T) {
	t.Parallel()
	of := func(r kube.Resource, fields map[string]any) string {
		o := &unstructured.Unstructured{Object: fields}
		if err := versionPage(r, o); err != nil {
			t.Fatal(err)
		}
		return o.GetResourceVersion()
	}
	started := func(up int64, binary string) map[string]any {
		return map[string]any{"startTime": "2026-01-01T00:00:00Z", "uptimeSeconds": up, "binaryVersion": binary}
	}
	if of(kube.Statusz, started(60, "1.37.1")) != of(kube.Statusz, started(120, "1.37.1")) {
		t.Error("a server that has been up for longer is another one")
	}
	if of(kube.Statusz, started(60, "1.37.1")) == of(kube.Statusz, started(60, "1.37.2")) {
		t.Error("a server of another version is the same")
	}
	flags := func(profiling string) map[string]any {
		return map[string]any{"flags": map[string]any{"profiling": profiling}}
	}
	if of(kube.Flagz, flags("true")) == of(kube.Flagz, flags("false")) {
		t.Error("another flag makes no difference")
	}
	health := func(failed ...any) map[string]any {
		return map[string]any{"checks": int64(40), "failed": failed}
	}
	if of(kube.Livez, health()) == of(kube.Livez, health("etcd")) {
		t.Error("a check that fails makes no difference")
	}
}
