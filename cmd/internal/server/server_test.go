package server_test

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/report"
	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/cmd/internal/server"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/recording/demo"
	"github.com/seaworthy-dev/seaworthy/ui/feed"
)

// still is a feed that knows what it is told, and no more.
type still struct{ news feed.News }

func (s *still) Newest() feed.News         { return s.news }
func (*still) Statistics() feed.Statistics { return feed.Statistics{Views: 3, Assessments: 2} }

// of is what is known once a view was judged.
func of(c *kube.Cluster) feed.News {
	return feed.News{Cluster: c, Assessment: score.Assess(c, rules.All())}
}

// shop is the cluster of the demo.
func shop(t *testing.T) *kube.Cluster {
	t.Helper()
	c, err := kube.Load(t.Context(), demo.New(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func newServer(t *testing.T, o server.Options) *server.Server {
	t.Helper()
	o.Version = "v1.2.3"
	if o.Log == nil {
		o.Log = func(line string) { t.Errorf("the server says: %s", line) }
	}
	s, err := server.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// answer is what a server answers.
type answer struct {
	code   int
	header http.Header
	body   string
}

// ask asks for a path, with headers each of which is a name and a value.
func ask(t *testing.T, s *server.Server, method, path string, headers ...string) answer {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, http.NoBody)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return answer{w.Code, w.Header(), w.Body.String()}
}

// TestReadiness follows a server from the start, to where it is ready and stays so
// whatever becomes of the cluster.
func TestReadiness(t *testing.T) {
	t.Parallel()
	s := newServer(t, server.Options{})
	known := &still{}
	seen := func(phase kube.Phase, reason string) *kube.Cluster {
		b := kube.NewBuilder(kube.Info{})
		b.SetState(kube.State{Resource: kube.Nodes, Phase: kube.Synced})
		b.SetState(kube.State{Resource: kube.Pods, Phase: phase, Reason: reason})
		return b.Build(time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC))
	}
	refused := kube.NewBuilder(kube.Info{})
	refused.SetState(kube.State{Resource: kube.Pods, Phase: kube.Forbidden, Reason: "may not list pods"})
	for _, step := range []struct {
		then  func()
		ready bool
		says  string // /readyz
		told  string // a line of /readyz?verbose
	}{
		{func() {}, false, "the cluster has not answered yet", "[-]read the cluster has not answered yet"},
		{func() { s.Waiting("no route\x1b[31m to host") }, false, "no route␛[31m to host", "readyz check failed"},
		{func() { s.Follow(known); known.news = feed.News{Cluster: seen(kube.Syncing, "")} }, false, "1 of 2 kinds were read for the first time", "readyz check failed"},
		{func() { known.news = feed.News{Ended: true, Err: errors.New("no such file")} }, false, "no such file", "[-]read no such file"},
		{func() { known.news = of(refused.Build(time.Now())) }, false, "nothing may be read; for one: may not list pods", "[.]unseen pods: may not list pods"},
		{func() { known.news = of(seen(kube.Synced, "")) }, true, "ok", "[+]followed ok: what was seen last is of 2026-05-04 03:02:01 UTC"},
		{func() { known.news = of(seen(kube.Stale, "no answer in time")) }, true, "ok", "[.]followed 1 kinds are not; no answer in time"},
		{func() { known.news.Cluster = seen(kube.Forbidden, "may not list pods") }, true, "ok", "[.]unseen pods: may not list pods"},
	} {
		step.then()
		want := http.StatusServiceUnavailable
		if step.ready {
			want = http.StatusOK
		}
		got, verbose := ask(t, s, "GET", "/readyz"), ask(t, s, "GET", "/readyz?verbose")
		if got.code != want || got.body != step.says+"\n" || verbose.code != want || !strings.Contains(verbose.body, step.told+"\n") {
			t.Errorf("it answers %d %q and, in full, %d %q; want %d %q with %q", got.code, got.body, verbose.code, verbose.body, want, step.says, step.told)
		}
		report, metrics := ask(t, s, "GET", "/report"), ask(t, s, "GET", "/metrics")
		if report.code != want || !step.ready && (report.header.Get("Retry-After") == "" || !strings.Contains(report.body, step.says)) {
			t.Errorf("when it says %q the report is %d %.80q", step.says, report.code, report.body)
		}
		if told := strings.Contains(metrics.body, "seaworthy_coverage_ratio "); metrics.code != http.StatusOK || told != step.ready {
			t.Errorf("when it says %q the metrics are %d, of the cluster %v", step.says, metrics.code, told)
		}
		if alive := ask(t, s, "GET", "/livez"); alive.code != http.StatusOK {
			t.Errorf("when it says %q it is dead: %d", step.says, alive.code)
		}
	}
}

// ofShop returns a server of the demo's cluster.
func ofShop(t *testing.T) *server.Server {
	t.Helper()
	s := newServer(t, server.Options{})
	s.Follow(&still{of(shop(t))})
	return s
}

func TestReports(t *testing.T) {
	t.Parallel()
	s := ofShop(t)
	var d report.Document
	whole := ask(t, s, "GET", "/report.json")
	if err := json.Unmarshal([]byte(whole.body), &d); err != nil || d.Schema != report.Schema || len(d.Findings) == 0 {
		t.Errorf("the report has schema %q and %d findings: %v", d.Schema, len(d.Findings), err)
	}
	page := ask(t, s, "GET", "/report")
	if kind := page.header.Get("Content-Type"); !strings.HasPrefix(strings.ToLower(page.body), "<!doctype html>") || kind != "text/html; charset=utf-8" {
		t.Errorf("the page is %s: %.60q", kind, page.body)
	}
	packed := ask(t, s, "GET", "/report", "Accept-Encoding", "br, gzip;q=0.8")
	in, err := gzip.NewReader(strings.NewReader(packed.body))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(in)
	if err != nil || string(text) != page.body || packed.header.Get("Content-Encoding") != "gzip" {
		t.Errorf("compressed it is %d bytes, want %d: %v", len(text), len(page.body), err)
	}
	if packed.header.Get("ETag") == page.header.Get("ETag") {
		t.Error("two forms of it have the same tag")
	}
	if head := ask(t, s, "HEAD", "/report"); head.code != http.StatusOK || head.body != "" || head.header.Get("ETag") != page.header.Get("ETag") {
		t.Errorf("its head is %d, %d bytes, %v", head.code, len(head.body), head.header)
	}
}

// TestWhoHasAReportIsNotSentIt asks with what a browser or a proxy has of before.
func TestWhoHasAReportIsNotSentIt(t *testing.T) {
	t.Parallel()
	s := ofShop(t)
	page := ask(t, s, "GET", "/report")
	tag, modified := page.header.Get("ETag"), page.header.Get("Last-Modified")
	written, err := http.ParseTime(modified)
	if err != nil {
		t.Fatal(err)
	}
	later, earlier := written.Add(time.Hour).Format(http.TimeFormat), written.Add(-time.Hour).Format(http.TimeFormat)
	for name, tt := range map[string]struct {
		headers []string
		has     bool
	}{
		"the same tag":                 {[]string{"If-None-Match", `"other", W/` + tag}, true},
		"any tag":                      {[]string{"If-None-Match", "*"}, true},
		"another tag":                  {[]string{"If-None-Match", `"other"`, "If-Modified-Since", later}, false},
		"the tag of another form":      {[]string{"If-None-Match", tag, "Accept-Encoding", "gzip"}, false},
		"the same time":                {[]string{"If-Modified-Since", modified}, true},
		"an earlier time":              {[]string{"If-Modified-Since", earlier}, false},
		"what is no time":              {[]string{"If-Modified-Since", "yesterday"}, false},
		"compression that is refused":  {[]string{"Accept-Encoding", "gzip;q=0", "If-None-Match", tag}, true},
		"compression of whatever kind": {[]string{"Accept-Encoding", "*", "If-None-Match", tag}, false},
		"compression without a weight": {[]string{"Accept-Encoding", "gzip;q=x", "If-None-Match", tag}, false},
	} {
		want := http.StatusOK
		if tt.has {
			want = http.StatusNotModified
		}
		if got := ask(t, s, "GET", "/report", tt.headers...); got.code != want || tt.has != (got.body == "") {
			t.Errorf("with %s: %d and %d bytes, want %d", name, got.code, len(got.body), want)
		}
	}
}

func TestOnlyReadingIsAnswered(t *testing.T) {
	t.Parallel()
	s := ofShop(t)
	for request, want := range map[string]int{
		"POST /report": 405, "DELETE /metrics": 405, "PUT /livez": 405, "OPTIONS /report": 405,
		"GET /": 302, "GET /report/": 404, "GET /report.json/x": 404, "GET /debug/pprof/": 404,
	} {
		method, path, _ := strings.Cut(request, " ")
		got := ask(t, s, method, path)
		if got.code != want {
			t.Errorf("%s: %d, want %d", request, got.code, want)
		}
		for name, value := range map[string]string{
			"Content-Security-Policy": "default-src 'none'", "Cross-Origin-Opener-Policy": "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
		} {
			if !strings.HasPrefix(got.header.Get(name), value) {
				t.Errorf("%s: %s is %q, want %q", request, name, got.header.Get(name), value)
			}
		}
	}
}
