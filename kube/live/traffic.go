package live

import (
	"context"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// traffic counts what the server sends about a resource.
type traffic struct {
	bytes, events atomic.Int64
	heard         atomic.Int64 // nanoseconds since 1970, 0 for never
}

type trafficKey struct{}

// counted returns a context whose requests are counted.
func (t *traffic) counted(ctx context.Context) context.Context {
	return context.WithValue(ctx, trafficKey{}, t)
}

// fill says in a state what was counted.
func (t *traffic) fill(s *kube.State) {
	s.Bytes, s.Events = t.bytes.Load(), t.events.Load()
	if heard := t.heard.Load(); heard != 0 {
		s.Heard = time.Unix(0, heard)
	}
}

// counting is the transport that counts what the answers to counted requests have.
type counting struct{ next http.RoundTripper }

// RoundTrip sends a request.
func (c counting) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := c.next.RoundTrip(r)
	if t, ok := r.Context().Value(trafficKey{}).(*traffic); ok && err == nil {
		response.Body = &countedBody{response.Body, t}
	}
	return response, err
}

// WrappedRoundTripper returns the transport below, for those that look for one of
// a certain kind (k8s.io/apimachinery/pkg/util/net).
func (c counting) WrappedRoundTripper() http.RoundTripper { return c.next }

// countedBody is the body of an answer.
type countedBody struct {
	io.ReadCloser
	traffic *traffic
}

// Read reads on.
func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 {
		b.traffic.bytes.Add(int64(n))
		b.traffic.heard.Store(time.Now().UnixNano())
	}
	return n, err
}
