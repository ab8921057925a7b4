package live_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// front is a proxy in front of a real API server. It ends TLS and speaks HTTP/2, as the
// server does; before it is a gate, so that faults may be of the connection as well as of
// answers.
type front struct {
	*gate
	server    *httptest.Server
	authority string // the path of the certificate to trust
	foreign   tls.Certificate

	mu        sync.Mutex
	fault     fault // nil while all is well
	turn      context.Context
	end       context.CancelFunc // ends the turn, and with it what is being answered
	untrusted bool
}

// fault answers a request, or has next answer it.
type fault func(w http.ResponseWriter, r *http.Request, next http.Handler)

func newFront(t *testing.T, testbed *kubetest.Testbed) *front {
	t.Helper()
	f := &front{}
	f.turn, f.end = context.WithCancel(context.Background())
	t.Cleanup(func() { f.end() })
	next := proxyTo(t, testbed)
	f.server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { f.serve(w, r, next) }))
	f.server.EnableHTTP2 = true
	f.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	f.server.TLS = &tls.Config{GetConfigForClient: f.handshake}
	f.server.StartTLS()
	t.Cleanup(f.server.Close)
	issued := kubetest.Issue(t, x509.Certificate{
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotAfter: time.Now().Add(time.Hour),
	}, nil, nil)
	f.foreign = tls.Certificate{Certificate: [][]byte{issued.Raw}, PrivateKey: issued.Key}
	f.authority = write(t, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: f.server.Certificate().Raw})))
	f.gate = newGate(t, f.server.Listener.Addr().String())
	t.Cleanup(f.end)
	return f
}

// proxyTo returns what passes requests on to the API server of a testbed.
func proxyTo(t *testing.T, testbed *kubetest.Testbed) http.Handler {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(testbed.Dir, "ca.crt"))
	if err != nil {
		t.Fatal(err)
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(text)
	target, err := url.Parse(testbed.Server)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}, ForceAttemptHTTP2: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &httputil.ReverseProxy{
		Rewrite:       func(r *httputil.ProxyRequest) { r.SetURL(target) },
		Transport:     transport,
		FlushInterval: -1,
		ErrorLog:      log.New(io.Discard, "", 0),
		ErrorHandler:  func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
	}
}

// turnTo ends what is being answered and has a fault answer from now on, nil for none.
func (f *front) turnTo(next fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.end()
	f.turn, f.end = context.WithCancel(context.Background())
	f.fault = next
}

func (f *front) serve(w http.ResponseWriter, r *http.Request, next http.Handler) {
	f.mu.Lock()
	fault, turn := f.fault, f.turn
	f.mu.Unlock()
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(turn, cancel)()
	r = r.WithContext(ctx)
	if fault == nil {
		next.ServeHTTP(w, r)
		return
	}
	fault(w, r, next)
	if ctx.Err() != nil {
		panic(http.ErrAbortHandler)
	}
}

// handshake shows another certificate while it is told to.
func (f *front) handshake(*tls.ClientHelloInfo) (*tls.Config, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.untrusted {
		return nil, nil
	}
	return &tls.Config{Certificates: []tls.Certificate{f.foreign}, NextProtos: []string{"h2"}}, nil //nolint:gosec // as the server's
}

// showForeign has the front show a certificate that nobody trusts, or its own again.
func (f *front) showForeign(foreign bool) {
	f.mu.Lock()
	f.untrusted = foreign
	f.mu.Unlock()
	f.drop()
}

// purpose says what a request is for, as in "watch services".
func purpose(r *http.Request) string {
	kind := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	switch query := r.URL.Query(); {
	case query.Get("sendInitialEvents") == "true":
		return "stream " + kind
	case query.Get("watch") == "true":
		return "watch " + kind
	case r.Method == http.MethodGet:
		return "list " + kind
	}
	return r.Method + " " + kind
}

// of has a fault for the lists and watches of a resource alone.
func of(r kube.Resource, what fault) fault {
	return where(func(p string) bool {
		return p == "list "+r.Plural || p == "stream "+r.Plural || p == "watch "+r.Plural
	}, what)
}

// where has a fault for requests of some purposes alone.
func where(purposes func(string) bool, what fault) fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if purposes(purpose(r)) {
			what(w, r, next)
			return
		}
		next.ServeHTTP(w, r)
	}
}

// answers is the fault of one answer to all.
func answers(code int, contentType, body string, header ...string) fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header().Set("Content-Type", contentType)
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
	}
}

// silence is the fault of no answer at all.
func silence(_ http.ResponseWriter, r *http.Request, _ http.Handler) { <-r.Context().Done() }

// resets is the fault of answers that are cut off after some bytes.
func resets(after int) fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		next.ServeHTTP(&cutting{ResponseWriter: w, left: after}, r)
	}
}

// cutting is the writer of an answer that fails after some bytes.
type cutting struct {
	http.ResponseWriter

	left int
}

// Write writes what is left.
func (c *cutting) Write(p []byte) (int, error) {
	if len(p) <= c.left {
		c.left -= len(p)
		return c.ResponseWriter.Write(p)
	}
	n, _ := c.ResponseWriter.Write(p[:c.left])
	c.left = 0
	c.Flush()
	return n, errors.New("cut off")
}

// Flush sends what was written.
func (c *cutting) Flush() {
	if f, ok := c.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}

// changes is the fault of answers that are changed when they are complete; streams are
// refused.
func changes(change func(header http.Header, body []byte) []byte) fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if !strings.HasPrefix(purpose(r), "list ") {
			unsupported(w, r, next)
			return
		}
		answer := httptest.NewRecorder()
		r.Header.Del("Accept-Encoding")
		next.ServeHTTP(answer, r)
		body := change(answer.Header(), answer.Body.Bytes())
		answer.Header().Del("Content-Length")
		maps.Copy(w.Header(), answer.Header())
		w.WriteHeader(answer.Code)
		_, _ = w.Write(body)
	}
}

// half is the change of an answer that ends too early.
func half(_ http.Header, body []byte) []byte { return body[:len(body)/2] }

// drop ends all connections; new ones are accepted.
func (g *gate) drop() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for c := range g.open {
		_ = c.Close()
		delete(g.open, c)
	}
}
