package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/report"
	"github.com/seaworthy-dev/seaworthy/audit/report/exposition"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
	"github.com/seaworthy-dev/seaworthy/ui/feed"
)

// Looker has the newest there is to tell: a [feed.Feed].
type Looker interface {
	Newest() feed.News
	Statistics() feed.Statistics
}

// Options is what [New] needs to know.
type Options struct {
	Version string // of the program
	// Sections are what the reports have beside scores and findings.
	Sections []report.Section
	// Certificate returns the one to show, nil to talk without TLS.
	Certificate func(*tls.ClientHelloInfo) (*tls.Certificate, error)
	Log         func(string) // gets complaints of clients' connections; must not block
	// AnyName has requests for whatever name answered at an address that only this computer
	// can reach: in a pod a proxy passes on the name that it was asked by.
	AnyName bool
}

// Server serves one cluster. Its methods may be called by any goroutine.
type Server struct {
	version     string
	certificate func(*tls.ClientHelloInfo) (*tls.Certificate, error)
	log         func(string)
	anyName     bool
	handler     http.Handler

	looker  atomic.Pointer[Looker]
	waiting atomic.Pointer[string] // why there is no looker
	known   atomic.Bool            // everything was read once
	ending  atomic.Bool

	cluster *page // what metrics say of the cluster
}

// How long a client may take. A large report over a slow line takes longest.
const (
	headerTime = 5 * time.Second
	answerTime = 2 * time.Minute
	idleTime   = 2 * time.Minute
	endTime    = 5 * time.Second // for the answers that are on their way when the program ends
	mostHeader = 16 << 10        // bytes
)

// New returns a server of nothing so far.
func New(o Options) (*Server, error) {
	s := &Server{version: o.Version, certificate: o.Certificate, log: o.Log, anyName: o.AnyName}
	var pages [3]*page
	for i, format := range []string{"prometheus", "html", "json"} {
		f, err := report.FormatNamed(format)
		if err != nil {
			return nil, fmt.Errorf("making the server: %w", err)
		}
		pages[i] = newPage(f, o.Sections)
	}
	s.cluster = pages[0]
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", s.metrics)
	mux.HandleFunc("GET /report", s.serves(pages[1], "text/html; charset=utf-8"))
	mux.HandleFunc("GET /report.json", s.serves(pages[2], "application/json"))
	mux.HandleFunc("GET /livez", live)
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("GET /{$}", http.RedirectHandler("/report", http.StatusFound))
	s.handler = secured(mux)
	return s, nil
}

// Follow has the server tell what a feed knows.
func (s *Server) Follow(l Looker) { s.looker.Store(&l) }

// Waiting says why there is nothing to follow yet, in one line.
func (s *Server) Waiting(why string) { s.waiting.Store(&why) }

// Handler answers requests, whichever address they came to.
func (s *Server) Handler() http.Handler { return s.handler }

// Serve answers requests until ctx ends, and returns nil when the last answer was sent or
// [endTime] has passed. The listener is closed then.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	handler := s.handler
	if !s.anyName && isLocal(listener.Addr()) {
		handler = ofThisComputer(handler)
	}
	web := &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTime, ReadTimeout: headerTime, WriteTimeout: answerTime,
		IdleTimeout: idleTime, MaxHeaderBytes: mostHeader, ErrorLog: complaints(s.log),
	}
	serve := web.Serve
	if s.certificate != nil {
		web.TLSConfig = &tls.Config{GetCertificate: s.certificate, MinVersion: tls.VersionTLS12}
		serve = func(l net.Listener) error { return web.ServeTLS(l, "", "") }
	}
	ended := make(chan error, 1)
	go func() { ended <- serve(listener) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serving on %s: %w", listener.Addr(), err)
	case <-ctx.Done():
	}
	s.ending.Store(true)
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTime)
	defer cancel()
	if err := web.Shutdown(grace); err != nil {
		_ = web.Close() // what is still being sent is cut off
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving on %s: %w", listener.Addr(), err)
	}
	return nil
}

// news returns the newest, and what the program did for it; empty before there is a
// feed.
func (s *Server) news() (feed.News, feed.Statistics) {
	l := s.looker.Load()
	if l == nil {
		return feed.News{}, feed.Statistics{}
	}
	return (*l).Newest(), (*l).Statistics()
}

// serves answers with a page.
func (s *Server) serves(p *page, contentType string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		news, _ := s.news()
		if trouble := s.trouble(news); trouble != "" {
			w.Header().Set("Retry-After", "5")
			http.Error(w, "there is no report yet: "+printable.Text(trouble), http.StatusServiceUnavailable)
			return
		}
		written, err := p.of(r.Context(), news.Assessment)
		if err != nil {
			s.failed(w, r, err)
			return
		}
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Cache-Control", "no-cache") // it may be kept, and is asked for again
		written.send(w, r)
	}
}

// metrics answers with what is known of the program and, once everything was read, of
// the cluster.
func (s *Server) metrics(w http.ResponseWriter, r *http.Request) {
	news, did := s.news()
	trouble := s.trouble(news)
	var cluster *written
	if trouble == "" {
		var err error
		if cluster, err = s.cluster.of(r.Context(), news.Assessment); err != nil {
			s.failed(w, r, err)
			return
		}
	}
	w.Header().Set("Content-Type", exposition.ContentType)
	w.Header().Set("Cache-Control", "no-store")
	if r.Method == http.MethodHead {
		return
	}
	out, done := compressedFor(w, r)
	defer done()
	if err := s.own(out, news, did, trouble == ""); err != nil || cluster == nil {
		return // who asked is gone
	}
	_ = cluster.plain(out)
}

// failed answers for a page that could not be written.
func (s *Server) failed(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // nobody waits for it any more
	}
	s.log("answering " + r.URL.Path + ": " + err.Error())
	http.Error(w, "it could not be written; the program has said why", http.StatusInternalServerError)
}
