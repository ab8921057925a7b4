package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// recorder is a proxy between the users of a cluster and its API server. It writes
// down one line of JSON for each request, before the response's first byte is
// passed on, and one for each canary in a response, before the canary is: when a
// program has ended, all that it received is recorded.
type recorder struct {
	url      string
	path     string
	server   *http.Server
	users    map[string]string // by token
	canaries []canary

	mu  sync.Mutex // guards the writing of lines
	log *os.File
}

// exchange is one line of the log.
type exchange struct {
	Time         time.Time `json:"time"`
	User         string    `json:"user"` // "" if no token of the testbed was shown
	Method       string    `json:"method"`
	URI          string    `json:"uri"`
	Accept       string    `json:"accept,omitempty"`
	UserAgent    string    `json:"userAgent,omitempty"`
	Status       int       `json:"status"`
	ResponseType string    `json:"responseType,omitempty"`
	AuditID      string    `json:"auditID,omitempty"`
	Canary       string    `json:"canary,omitempty"` // the canary found in the response
}

// canary is a text that should not be in any response, in the forms it may have
// there: itself, in protobuf and in a ConfigMap's JSON; and Base64, in a Secret's
// JSON, of a value that begins with it.
type canary struct {
	text  string
	forms [][]byte
}

func newCanary(text string) canary {
	// The last one or two bytes share their Base64 digits with what follows them.
	whole := text[:len(text)/3*3]
	return canary{text, [][]byte{[]byte(text), []byte(base64.StdEncoding.EncodeToString([]byte(whole)))}}
}

func (c *controlPlane) startRecorder() (*recorder, error) {
	target, err := url.Parse(c.server)
	if err != nil {
		return nil, fmt.Errorf("starting the recorder: %w", err)
	}
	files, err := c.authority.server("recorder")
	if err != nil {
		return nil, err
	}
	r := &recorder{path: filepath.Join(c.dir, "requests.log"), users: map[string]string{}}
	for user, token := range c.tokens {
		r.users[token] = user
	}
	for _, text := range c.options.canaries {
		if len(text) < 6 {
			return nil, usageError(fmt.Sprintf("canary %q is too short to be told from chance", text))
		}
		r.canaries = append(r.canaries, newCanary(text))
	}
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("starting the recorder: %w", err)
	}
	r.url = "https://" + listener.Addr().String()
	if r.log, err = os.Create(r.path); err != nil {
		listener.Close()
		return nil, fmt.Errorf("starting the recorder: %w", err)
	}
	trusted := x509.NewCertPool()
	trusted.AddCert(c.authority.certificate)
	r.server = &http.Server{
		Handler:           r.proxy(target, &tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS12}),
		ErrorLog:          log.New(io.Discard, "", 0),
		ReadHeaderTimeout: time.Minute,
	}
	go func() {
		if err := r.server.ServeTLS(listener, files.certificate, files.key); !errors.Is(err, http.ErrServerClosed) {
			fmt.Fprintf(c.progress, "the recorder ended: %v\n", err)
		}
	}()
	return r, nil
}

func (r *recorder) proxy(target *url.URL, settings *tls.Config) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(request *httputil.ProxyRequest) {
			request.SetURL(target)
			// A compressed response could hide a canary.
			request.Out.Header.Del("Accept-Encoding")
		},
		Transport:      &http.Transport{TLSClientConfig: settings, ForceAttemptHTTP2: true, DisableCompression: true},
		FlushInterval:  -1, // watches must not wait for more
		ErrorLog:       log.New(io.Discard, "", 0),
		ModifyResponse: r.record,
	}
}

func (r *recorder) record(response *http.Response) error {
	request := response.Request
	e := exchange{
		Time:         time.Now(),
		User:         r.users[strings.TrimPrefix(request.Header.Get("Authorization"), "Bearer ")],
		Method:       request.Method,
		URI:          request.URL.RequestURI(),
		Accept:       strings.Join(request.Header.Values("Accept"), ","),
		UserAgent:    request.UserAgent(),
		Status:       response.StatusCode,
		ResponseType: response.Header.Get("Content-Type"),
		AuditID:      response.Header.Get("Audit-Id"),
	}
	if err := r.write(e); err != nil {
		return err
	}
	// After an upgrade the body is the connection, which must stay as it is.
	if len(r.canaries) > 0 && response.StatusCode != http.StatusSwitchingProtocols {
		response.Body = &searchedBody{ReadCloser: response.Body, recorder: r, exchange: e}
	}
	return nil
}

func (r *recorder) write(e exchange) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := json.NewEncoder(r.log).Encode(e); err != nil {
		return fmt.Errorf("recording a request: %w", err)
	}
	return nil
}

func (r *recorder) close() error {
	// Close and not Shutdown: watches would never end.
	err := r.server.Close()
	r.mu.Lock()
	defer r.mu.Unlock()
	return errors.Join(err, r.log.Close())
}

// searchedBody records the canaries in what is read of a response.
type searchedBody struct {
	io.ReadCloser
	recorder *recorder
	exchange exchange
	tail     []byte // the end of what was read before, where a canary may begin
}

// Read reads, and records what canaries were read before it returns.
func (b *searchedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.tail = append(b.tail, p[:n]...)
	longest := 0
	for _, canary := range b.recorder.canaries {
		for _, form := range canary.forms {
			longest = max(longest, len(form))
			if !bytes.Contains(b.tail, form) {
				continue
			}
			b.exchange.Canary = canary.text
			if err := b.recorder.write(b.exchange); err != nil {
				return 0, err
			}
			b.tail = nil
		}
	}
	if keep := longest - 1; len(b.tail) > keep {
		b.tail = append(b.tail[:0], b.tail[len(b.tail)-keep:]...)
	}
	return n, err
}
