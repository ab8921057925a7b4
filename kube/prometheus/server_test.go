package prometheus_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/prometheus"
)

// noon is the time of the views, in which queries are asked.
var noon = time.Date(2026, 1, 8, 12, 0, 0, 0, time.UTC)

// row is an element of a vector.
type row struct {
	pod, container, value string
}

// server answers queries as the HTTP API of Prometheus does
// (https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries), in
// the namespace shop, by what a query begins with or has in it.
type server struct {
	*httptest.Server
	rows map[string][]row

	mu      sync.Mutex
	answer  func(w http.ResponseWriter, r *http.Request) bool // instead, where it returns true
	asked   []string
	headers http.Header
}

func newServer(t *testing.T, rows map[string][]row) *server {
	t.Helper()
	s := &server{rows: rows}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

func (s *server) serve(w http.ResponseWriter, r *http.Request) {
	query := r.FormValue("query")
	s.mu.Lock()
	s.asked, s.headers = append(s.asked, fmt.Sprintf("%s %s at %s: %s", r.Method, r.URL.Path, r.FormValue("time"), query)), r.Header.Clone()
	answer := s.answer
	s.mu.Unlock()
	if answer != nil && answer(w, r) {
		return
	}
	result := []any{}
	for part, rows := range s.rows {
		if !strings.Contains(query, part) {
			continue
		}
		for _, row := range rows {
			result = append(result, map[string]any{
				"metric": map[string]string{"namespace": "shop", "pod": row.pod, "container": row.container},
				"value":  []any{float64(noon.Unix()), row.value},
			})
		}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"status": "success", "data": map[string]any{"resultType": "vector", "result": result}})
}

// queries are what the server was asked.
func (s *server) queries() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

// The parts of queries by which they are told apart.
const (
	ofCPU     = "quantile_over_time"
	ofMemory  = "max_over_time(container_memory"
	ofSamples = "count_over_time"
	ofFirst   = "min_over_time(timestamp"
	ofLast    = "max_over_time(timestamp"
	ofKills   = "container_oom_events_total"
	ofReasons = "last_terminated_reason"
)

// seconds writes a time some hours before noon as Prometheus does.
func seconds(hoursBefore int) string {
	return fmt.Sprint(noon.Add(-time.Duration(hoursBefore) * time.Hour).Unix())
}

func client(t *testing.T, address string) *prometheus.Client {
	t.Helper()
	c, err := prometheus.New(prometheus.Options{Address: address, Log: func(string) {}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// shop is a view of some workloads, of which no pods are known.
func shop(t testing.TB) *kube.Cluster {
	t.Helper()
	b := kube.NewBuilder(kube.Info{Name: "shop"})
	named := func(name string) metav1.ObjectMeta { return metav1.ObjectMeta{Namespace: "shop", Name: name} }
	for r, o := range map[kube.Resource]kube.Object{
		kube.Deployments:  &appsv1.Deployment{ObjectMeta: named("web")},
		kube.StatefulSets: &appsv1.StatefulSet{ObjectMeta: named("db")},
		kube.DaemonSets:   &appsv1.DaemonSet{ObjectMeta: named("agent")},
		kube.CronJobs:     &batchv1.CronJob{ObjectMeta: named("nightly")},
	} {
		if err := b.Set(r, o); err != nil {
			t.Fatal(err)
		}
	}
	return b.Build(noon)
}

// said lists what measurements say.
func said(all []*kube.Measurement) []string {
	lines := []string{}
	for _, m := range all {
		for _, f := range m.Containers {
			line := fmt.Sprintf("%s %s: %s by %s", m.Of(), f.Container, f.Evidence(), m.By)
			if f.CPU != nil {
				line += ", CPU " + f.CPU.String()
			}
			if f.Memory != nil {
				line += ", memory " + f.Memory.String()
			}
			if f.OOMKills > 0 {
				line += fmt.Sprintf(", killed %d times", f.OOMKills)
			}
			lines = append(lines, line)
		}
	}
	return lines
}
