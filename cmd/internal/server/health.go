package server

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
	"github.com/seaworthy-dev/seaworthy/ui/feed"
)

// live answers /livez: who can answer lives.
func live(w http.ResponseWriter, _ *http.Request) {
	plainText(w)
	_, _ = io.WriteString(w, "ok\n")
}

// trouble says why nothing can be told of the cluster yet, "" if it can. Once it could,
// it can for ever: what was known last is told, with its time.
func (s *Server) trouble(news feed.News) string {
	a := news.Assessment
	switch {
	case s.known.Load():
		return ""
	case a != nil && a.Cluster.Settled() && a.Complete:
		if reason, refused := a.Cluster.Refused(); refused {
			return "nothing may be read; for one: " + reason
		}
		s.known.Store(true)
		return ""
	case news.Ended && news.Err != nil:
		return news.Err.Error()
	case news.Cluster != nil:
		settled := 0
		states := news.Cluster.States()
		for _, state := range states {
			if state.Settled() {
				settled++
			}
		}
		return fmt.Sprintf("%d of %d kinds were read for the first time", settled, len(states))
	}
	if why := s.waiting.Load(); why != nil {
		return *why
	}
	return "the cluster has not answered yet"
}

// ready answers /readyz as the API server does, with a line for each check if the query
// says verbose (https://kubernetes.io/docs/reference/using-api/health-checks/).
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	news, _ := s.news()
	trouble := s.trouble(news)
	if s.ending.Load() {
		trouble = "the program ends"
	}
	plainText(w)
	if trouble != "" {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	if r.URL.Query().Has("verbose") {
		_, _ = io.WriteString(w, checks(news, trouble))
		return
	}
	if trouble != "" {
		_, _ = io.WriteString(w, printable.Text(trouble)+"\n")
		return
	}
	_, _ = io.WriteString(w, "ok\n")
}

// checks says line by line how well the cluster is known.
func checks(news feed.News, trouble string) string {
	var b strings.Builder
	line := func(sign, name, text string) { fmt.Fprintf(&b, "[%s]%s %s\n", sign, name, printable.Text(text)) }
	if trouble != "" {
		line("-", "read", trouble)
	} else {
		line("+", "read", "ok: everything was read once")
	}
	if news.Cluster != nil {
		stale, blind := 0, 0
		var why string
		for _, state := range news.Cluster.States() {
			switch {
			case state.Phase == kube.Stale:
				stale, why = stale+1, state.Reason
			case unseen(state):
				blind++
				line(".", "unseen", state.Resource.String()+": "+state.Reason)
			}
		}
		if stale > 0 { // it is ready all the same: what was seen last is told
			line(".", "followed", fmt.Sprintf("%d kinds are not; %s", stale, why))
		} else if trouble == "" {
			line("+", "followed", "ok: what was seen last is of "+news.Cluster.Time.UTC().Format("2006-01-02 15:04:05 UTC"))
		}
	}
	if trouble != "" {
		b.WriteString("readyz check failed\n")
	} else {
		b.WriteString("readyz check passed\n")
	}
	return b.String()
}

// unseen reports whether somebody has to be told that a resource could not be read.
func unseen(s kube.State) bool { return s.Blind() && s.Settled() && s.Phase != kube.Skipped }

func plainText(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
}
