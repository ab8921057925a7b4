package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/endpoints/filters/impersonation"
	"k8s.io/apiserver/pkg/endpoints/request"
)

// impersonate sends a request with the headers of impersonation through the
// filter of the API server, and returns who comes out; nil if nobody does.
func (j judge) impersonate(ctx context.Context, who user.Info, q question) user.Info {
	var became user.Info
	next := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		became, _ = request.UserFrom(r.Context())
	})
	ctx = request.WithRequestInfo(request.WithUser(ctx, who), &request.RequestInfo{
		IsResourceRequest: q.Path == "", Path: q.Path, Verb: q.Verb, APIGroup: q.APIGroup, APIVersion: "v1",
		Resource: q.Resource, Subresource: q.Subresource, Namespace: q.Namespace, Name: q.Name,
	})
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
	set := func(key, value string) {
		r.Header[http.CanonicalHeaderKey(key)] = append(r.Header[http.CanonicalHeaderKey(key)], value)
	}
	if q.As.User != "" {
		set("Impersonate-User", q.As.User)
	}
	if q.As.UID != "" {
		set("Impersonate-Uid", q.As.UID)
	}
	for _, group := range q.As.Groups {
		set("Impersonate-Group", group)
	}
	for key, values := range q.As.Extra {
		for _, value := range values {
			set("Impersonate-Extra-"+key, value)
		}
	}
	impersonation.WithConstrainedImpersonation(next, j.authorizer, codecs()).ServeHTTP(httptest.NewRecorder(), r)
	return became
}

// codecs write the Status of a refusal.
var codecs = sync.OnceValue(func() serializer.CodecFactory {
	scheme := runtime.NewScheme()
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"})
	return serializer.NewCodecFactory(scheme)
})
