package live

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// mostOfPage is as much as is taken of a page: 177 flags are 8 KB.
const mostOfPage = 1 << 20

// readPage reads what the API server tells of itself on a page.
func (f *feed) readPage(ctx context.Context) ([]kube.Object, error) {
	if f.resource == kube.Livez {
		return f.readHealth(ctx)
	}
	body, err := f.source.client.page(ctx, f.resource)
	if err != nil {
		return nil, err
	}
	o := &unstructured.Unstructured{}
	if err := json.Unmarshal(body, &o.Object); err != nil {
		return nil, fmt.Errorf("reading %s: %w", f.resource.Page(), err)
	}
	o.SetAPIVersion(f.resource.Group + "/" + f.resource.Version)
	o.SetKind(f.resource.Kind)
	o.SetName(kube.PageName)
	return []kube.Object{o}, nil
}

// readHealth reads which checks of its health fail. A server that is not well says so by
// its status, with the same text.
func (f *feed) readHealth(ctx context.Context) ([]kube.Object, error) {
	body, err := f.source.client.health(ctx, f.resource)
	if err != nil && len(body) == 0 {
		return nil, err
	}
	checks, failed := checksIn(body)
	if checks == 0 {
		return nil, errors.Join(err, fmt.Errorf("reading %s: there are no checks in the answer", f.resource.Page()))
	}
	o := &unstructured.Unstructured{Object: map[string]any{"checks": int64(checks), "failed": failed}}
	o.SetAPIVersion(f.resource.Group + "/" + f.resource.Version)
	o.SetKind(f.resource.Kind)
	o.SetName(kube.PageName)
	return []kube.Object{o}, nil
}

// readVersionedPage is readPage with a version of what was read.
func (f *feed) readVersionedPage(ctx context.Context) ([]kube.Object, error) {
	objects, err := f.readPage(ctx)
	if err != nil {
		return nil, err
	}
	for _, o := range objects {
		if err := versionPage(f.resource, o.(*unstructured.Unstructured)); err != nil {
			return nil, err
		}
	}
	return objects, nil
}

// versionPage gives a page the resourceVersion that a server does not give it: what a view keeps
// of the page. Without one each reading would count as a change, of which a view of the whole
// cluster is made and judged.
func versionPage(r kube.Resource, o *unstructured.Unstructured) error {
	kept := o.Object
	if paths := kube.Kept(r); paths != nil {
		kept = map[string]any{}
		for _, path := range paths {
			value, held, err := unstructured.NestedFieldNoCopy(o.Object, strings.Split(path, ".")...)
			if err == nil && held {
				kept[path] = value
			}
		}
	}
	text, err := json.Marshal(kept)
	if err != nil {
		return fmt.Errorf("reading %s: %w", r.Page(), err)
	}
	o.SetResourceVersion(string(text))
	return nil
}

// checksIn counts the checks of a verbose answer, "[+]ping ok" and "[-]etcd failed: reason
// withheld" (k8s.io/apiserver/pkg/server/healthz), and returns the names of those that fail.
func checksIn(body []byte) (checks int, failed []any) {
	failed = []any{}
	lines := bufio.NewScanner(bytes.NewReader(body))
	for lines.Scan() {
		text, failing := strings.CutPrefix(lines.Text(), "[-]")
		if !failing && !strings.HasPrefix(text, "[+]") {
			continue
		}
		checks++
		if name, _, _ := strings.Cut(text, " "); failing && name != "" {
			failed = append(failed, name)
		}
	}
	return checks, failed
}

// page asks for a page as JSON. A server that has it only as text, or at another version
// than the one that is known, does not have it.
func (k *client) page(ctx context.Context, r kube.Resource) ([]byte, error) {
	answer := k.versions[schema.GroupVersion{Version: "v1"}].Get().AbsPath(r.Page()).
		SetHeader("Accept", fmt.Sprintf("application/json;v=%s;g=%s;as=%s", r.Version, r.Group, r.Kind)).Do(ctx)
	body, err := answer.Raw()
	switch {
	case apierrors.IsNotAcceptable(err):
		return nil, apierrors.NewNotFound(schema.GroupResource{Group: r.Group, Resource: r.Plural}, kube.PageName)
	case err != nil:
		return nil, answer.Error() // it has the words of the server, where there are any
	case len(body) > mostOfPage:
		return nil, fmt.Errorf("reading %s: it is larger than %d bytes", r.Page(), mostOfPage)
	}
	return body, nil
}

// health asks for all checks of a page of health.
func (k *client) health(ctx context.Context, r kube.Resource) ([]byte, error) {
	return k.versions[schema.GroupVersion{Version: "v1"}].Get().AbsPath(r.Page()).Param("verbose", "true").
		SetHeader("Accept", "text/plain").DoRaw(ctx)
}
