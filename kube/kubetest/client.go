package kubetest

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

// Client sends single requests to the API server of a testbed, as whoever a test
// says, and hands back what the server answers: status and body. It is for tests of
// what a server does with a request. Several goroutines may share one.
type Client struct {
	testbed *Testbed
	http    *http.Client
}

// Client returns a client of a testbed. Its connections are closed after the test.
func (t *Testbed) Client(tb testing.TB) *Client {
	tb.Helper()
	text, err := os.ReadFile(filepath.Join(t.Dir, "ca.crt"))
	if err != nil {
		tb.Fatalf("reading the testbed's authority: %v", err)
	}
	trusted := x509.NewCertPool()
	if !trusted.AppendCertsFromPEM(text) {
		tb.Fatalf("no certificate in %s", text)
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}, MaxIdleConnsPerHost: 16}
	tb.Cleanup(transport.CloseIdleConnections)
	return &Client{t, &http.Client{Transport: transport}}
}

// Call is one request to the server.
type Call struct {
	Method, Path string
	// Header is sent beside what every request has; it replaces what bears the same
	// name, such as Content-Type.
	Header map[string][]string
	// Token says who asks: admin if it is empty, and [Nobody] for who says nothing.
	Token string
	Body  any // encoded as JSON; nil for none
}

// Nobody is the token of requests that have none.
const Nobody = "nobody"

// Do sends a request and returns the status and the body of the answer. The test
// fails if there is none.
func (c *Client) Do(ctx context.Context, tb testing.TB, call Call) (status int, answer []byte) {
	tb.Helper()
	var body []byte
	if call.Body != nil {
		var err error
		if body, err = json.Marshal(call.Body); err != nil {
			tb.Fatal(err)
		}
	}
	request, err := http.NewRequestWithContext(ctx, call.Method, c.testbed.Server+call.Path, bytes.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Content-Type", "application/json")
	for key, values := range call.Header {
		request.Header[http.CanonicalHeaderKey(key)] = values
	}
	switch call.Token {
	case "":
		request.Header.Set("Authorization", "Bearer "+c.testbed.Tokens["admin"])
	case Nobody:
	default:
		request.Header.Set("Authorization", "Bearer "+call.Token)
	}
	response, err := c.http.Do(request)
	if err != nil {
		tb.Fatalf("%s %s: %v", call.Method, call.Path, err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return response.StatusCode, text
}

// Must does a call that succeeds, and decodes the answer into out unless that is nil.
func (c *Client) Must(tb testing.TB, call Call, out any) {
	tb.Helper()
	status, text := c.Do(tb.Context(), tb, call)
	if status/100 != 2 {
		tb.Fatalf("%s %s: %d: %s", call.Method, call.Path, status, text)
	}
	if out != nil {
		if err := json.Unmarshal(text, out); err != nil {
			tb.Fatal(err)
		}
	}
}
