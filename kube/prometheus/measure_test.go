package prometheus_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/prometheus"
)

func TestMeasure(t *testing.T) {
	t.Parallel()
	s := newServer(t, map[string][]row{
		ofCPU: {
			{"web-5d4f8c7b9d-x2x4z", "web", "0.2213"},
			{"web-66b7c9f8d4-k9k8j", "web", "0.5"}, // of another ReplicaSet, which is gone
			{"web-5d4f8c7b9d-x2x4z", "proxy", "NaN"},
			{"db-0", "db", "0"},
			{"stranger", "web", "7"},
			{"web-5d4f8c7b9d-x2x4z", "", "7"},
		},
		ofMemory: {
			{"web-5d4f8c7b9d-x2x4z", "web", "123000000"},
			{"web-66b7c9f8d4-k9k8j", "web", "1e8"},
			{"db-0", "db", "1073741823.5"},
			{"db-1", "db", "+Inf"},
			{"agent-x2x4z", "agent", "1e300"},
			{"nightly-29456780-x2x4z", "job", "1048576"},
		},
		ofSamples: {
			{"web-5d4f8c7b9d-x2x4z", "web", "2000"},
			{"web-66b7c9f8d4-k9k8j", "web", "16"},
			{"db-0", "db", "2016"},
			{"agent-x2x4z", "agent", "2016"},
			{"nightly-29456780-x2x4z", "job", "2"},
		},
		ofFirst: {
			{"web-5d4f8c7b9d-x2x4z", "web", seconds(100)},
			{"web-66b7c9f8d4-k9k8j", "web", seconds(160)},
			{"db-0", "db", seconds(100000)},
		},
		ofLast: {
			{"web-5d4f8c7b9d-x2x4z", "web", seconds(0)},
			{"web-66b7c9f8d4-k9k8j", "web", seconds(150)},
			{"db-0", "db", seconds(0)},
		},
		ofKills:   {{"web-5d4f8c7b9d-x2x4z", "web", "1.004"}, {"db-0", "db", "0"}},
		ofReasons: {{"web-5d4f8c7b9d-x2x4z", "web", "1"}, {"web-66b7c9f8d4-k9k8j", "web", "1"}, {"db-0", "db", "-3"}},
	})
	measured, err := client(t, s.URL).Measure(t.Context(), shop(t))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"CronJob shop/nightly job: 2 samples of 1 pod over 0 s by Prometheus, memory 1Mi",
		"Deployment shop/web web: 2,016 samples of 2 pods over 6 days by Prometheus, CPU 500m, memory 123000000, killed 2 times",
		"StatefulSet shop/db db: 2,016 samples of 2 pods over 7 days by Prometheus, CPU 0, memory 1Gi",
	}
	if diff := cmp.Diff(want, said(measured)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The queries are a contract with the server: they were run against the engine of
// Prometheus 3.13 with a week of samples.
func TestQueries(t *testing.T) {
	t.Parallel()
	s := newServer(t, nil)
	c, err := prometheus.New(prometheus.Options{Address: s.URL + "/prometheus/", Labels: map[string]string{"cluster": `pr"od`, "az": "a"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Measure(t.Context(), shop(t)); err != nil {
		t.Fatal(err)
	}
	const of = `container!="", container!="POD", namespace=~"shop", az="a", cluster="pr\"od"`
	const by = "max by (namespace, pod, container) "
	var want []string
	for _, query := range []string{
		"quantile_over_time(0.95, (" + by + "(rate(container_cpu_usage_seconds_total{" + of + "}[5m])))[10080m:5m])",
		by + "(max_over_time(container_memory_working_set_bytes{" + of + "}[10080m]))",
		"count_over_time((" + by + "(container_memory_working_set_bytes{" + of + "}))[10080m:5m])",
		"min_over_time(timestamp(" + by + "(container_memory_working_set_bytes{" + of + "}))[10080m:5m])",
		"max_over_time(timestamp(" + by + "(container_memory_working_set_bytes{" + of + "}))[10080m:5m])",
		by + "(increase(container_oom_events_total{" + of + "}[10080m]))",
		by + `(max_over_time(kube_pod_container_status_last_terminated_reason{reason="OOMKilled", ` + of + "}[10080m]))",
	} {
		want = append(want, fmt.Sprintf("POST /prometheus/api/v1/query at %d: %s", noon.Unix(), query))
	}
	if diff := cmp.Diff(want, s.queries()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"prometheus:9090":                   "begins with neither http:// nor https://",
		"ftp://jane:secret@host":            "ftp://jane:xxxxx@host: it begins with neither",
		"http://":                           "it names no host",
		"http://host/graph?g0.expr=up":      "it has more than a host and a path",
		"http://jane:secret@host:port/path": "invalid port",
		"http://jane:secret@ho\x00st":       "invalid control character",
	} {
		_, err := prometheus.New(prometheus.Options{Address: address})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v, want %q and no password", address, err, want)
		}
	}
	_, err := prometheus.New(prometheus.Options{Address: "http://host", Labels: map[string]string{`a="b"} or up{c`: "d"}})
	if err == nil || !strings.Contains(err.Error(), "is no name of a label") {
		t.Errorf("a label that is none: %v", err)
	}
}

// Whatever goes wrong, the error names the server and the query, and no password.
func TestErrors(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answer func(w http.ResponseWriter)
		want   string
	}{
		"refused": {func(w http.ResponseWriter) { w.WriteHeader(http.StatusForbidden) }, "403"},
		"too much": {func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusUnprocessableEntity)
			_, _ = io.WriteString(w, `{"status": "error", "errorType": "execution", "error": "query processing would load too many samples into memory"}`)
		}, "too many samples"},
		"another form": {func(w http.ResponseWriter) {
			_, _ = io.WriteString(w, `{"status": "success", "data": {"resultType": "scalar", "result": [1, "2"]}}`)
		}, "the answer is a scalar and not a vector"},
		"no Prometheus": {func(w http.ResponseWriter) { _, _ = io.WriteString(w, "<html>") }, "bad_response"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, nil)
			s.answer = func(w http.ResponseWriter, _ *http.Request) bool { tt.answer(w); return true }
			address := strings.Replace(s.URL, "http://", "http://jane:secret@", 1)
			measured, err := client(t, address).Measure(t.Context(), shop(t))
			if err == nil || len(measured) > 0 {
				t.Fatalf("error %v, measured %q", err, said(measured))
			}
			for _, part := range []string{"asking Prometheus at http://jane:xxxxx@127.0.0.1", "quantile_over_time", tt.want} {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("the error does not say %q: %v", part, err)
				}
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the error tells the password: %v", err)
			}
			if user, password, _ := (&http.Request{Header: s.headers}).BasicAuth(); user != "jane" || password != "secret" {
				t.Errorf("the server was asked by %q with password %q", user, password)
			}
		})
	}
}

// A server that sends on to another one does not get us to tell that one anything.
func TestNothingIsSentElsewhere(t *testing.T) {
	t.Parallel()
	reached := false
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	t.Cleanup(other.Close)
	s := newServer(t, nil)
	s.answer = func(w http.ResponseWriter, r *http.Request) bool {
		http.Redirect(w, r, other.URL+r.URL.Path, http.StatusTemporaryRedirect)
		return true
	}
	_, err := client(t, s.URL).Measure(t.Context(), shop(t))
	if err == nil || !strings.Contains(err.Error(), "sends on to another address") || reached {
		t.Errorf("the other server was reached %t: %v", reached, err)
	}
}

func TestAnswersAreBounded(t *testing.T) {
	t.Parallel()
	s := newServer(t, nil)
	s.answer = func(w http.ResponseWriter, _ *http.Request) bool {
		blank := []byte(strings.Repeat(" ", 1<<20))
		for range 34 {
			if _, err := w.Write(blank); err != nil {
				break
			}
		}
		return true
	}
	if _, err := client(t, s.URL).Measure(t.Context(), shop(t)); err == nil || !strings.Contains(err.Error(), "more than 32 MiB") {
		t.Errorf("34 MiB are read: %v", err)
	}
}

func TestMeasureEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s := newServer(t, nil)
	s.answer = func(_ http.ResponseWriter, r *http.Request) bool {
		cancel()
		<-r.Context().Done()
		return true
	}
	began := time.Now()
	if _, err := client(t, s.URL).Measure(ctx, shop(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the context's", err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %v to end", took)
	}
}

// FuzzAnswer gives a client whatever a server may answer.
func FuzzAnswer(f *testing.F) {
	f.Add(`{"status":"success","data":{"resultType":"vector","result":[{"metric":{"namespace":"shop","pod":"db-0","container":"db"},"value":[1,"2"]}]}}`)
	f.Add(`{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,"2"]]}]}}`)
	f.Add(`{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"histogram":[1,{"count":"1","sum":"2","buckets":[[0,"1","2","3"]]}]}]}}`)
	f.Add(`{"status":"success","warnings":["slow"],"data":{"resultType":"vector","result":[{"metric":{"namespace":"shop","pod":"web-5d4f8c7b9d-x2x4z","container":"w"},"value":[1e300,"1e18"]}]}}`)
	view := shop(f)
	body := ""
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }))
	f.Cleanup(s.Close)
	c, err := prometheus.New(prometheus.Options{Address: s.URL})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, answer string) {
		body = answer
		measured, err := c.Measure(t.Context(), view)
		if err != nil && !strings.Contains(err.Error(), "asking Prometheus at "+s.URL) {
			t.Errorf("the error does not name the server: %v", err)
		}
		for _, m := range measured {
			for _, figures := range m.Containers {
				if fault := faultOf(view, m, &figures); fault != "" {
					t.Errorf("%s: %s", said(measured), fault)
				}
			}
		}
	})
}

// faultOf says what cannot be true of figures.
func faultOf(view *kube.Cluster, m *kube.Measurement, f *kube.Figures) string {
	switch {
	case view.Workload(m.Of()) == nil:
		return "there is no such workload"
	case f.Samples <= 0 || f.Pods <= 0 || f.OOMKills < 0 || f.Window.Duration < 0 || f.Window.Duration > prometheus.Window:
		return "the counts or the window cannot be"
	case f.CPU != nil && f.CPU.Sign() < 0 || f.Memory != nil && f.Memory.Sign() < 0:
		return "less than nothing is used"
	case f.CPU == nil && f.Memory == nil:
		return "nothing is measured"
	}
	return ""
}
