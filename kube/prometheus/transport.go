package prometheus

import (
	"io"
	"net/http"
)

// queriesOnly refuses every request but queries to one server, and bounds answers.
type queriesOnly struct {
	host, path string
	next       http.RoundTripper
}

// RoundTrip sends a query. The error of anything else is errNoQuery.
func (q *queriesOnly) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host != q.host || r.URL.Path != q.path || r.Method != http.MethodPost && r.Method != http.MethodGet {
		return nil, errNoQuery
	}
	response, err := q.next.RoundTrip(r)
	if err == nil {
		response.Body = &bounded{response.Body, mostBytes}
	}
	return response, err
}

// bounded fails once more was read than may be.
type bounded struct {
	io.ReadCloser
	left int64
}

// Read reads up to what is left. The error may be errTooLarge.
func (b *bounded) Read(to []byte) (int, error) {
	n, err := b.ReadCloser.Read(to)
	if b.left -= int64(n); b.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}
