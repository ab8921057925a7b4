package live_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/live"
)

// server answers as an API server would that serves nothing but pods. It is for
// faults that a real one cannot be made to have.
type server struct {
	*httptest.Server
	pods           int    // how many there are
	metricsVersion string // group and version at which their usage is served

	mu        sync.Mutex
	ahead     time.Duration             // how much later it is there than here
	metrics   string                    // the answer about their usage, "" if there is none
	watch     func(http.ResponseWriter) // answers a watch
	list      func(http.ResponseWriter) // answers a list, nil for the pods
	greatest  int                       // the most pods asked for at once
	streaming int                       // how often a streamed list was asked for
}

func newServer(t *testing.T, pods int) *server {
	t.Helper()
	s := &server{pods: pods, watch: hang}
	s.Server = httptest.NewServer(http.HandlerFunc(s.answer))
	t.Cleanup(s.Close)
	return s
}

// source connects to the server.
func (s *server) source(t *testing.T) *live.Source {
	t.Helper()
	config := write(t, strings.Replace(twoContexts, "https://127.0.0.1:1", s.URL, 1))
	return connect(t, live.Options{}, "--kubeconfig", config)
}

func (s *server) set(change func(*server)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}

func (s *server) answer(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	watch, list, metrics := s.watch, s.list, s.metrics
	w.Header().Set("Date", time.Now().Add(s.ahead).UTC().Format(http.TimeFormat))
	s.mu.Unlock()
	query := r.URL.Query()
	switch {
	case r.URL.Path == "/version":
		w.Header().Set("Warning", `299 - "this server is old"`)
		_, _ = fmt.Fprint(w, `{"gitVersion":"v1.25.0"}`)
	case metrics != "" && r.URL.Path == "/apis/"+s.metricsVersion+"/pods":
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprint(w, metrics)
	case r.URL.Path != "/api/v1/pods":
		status(w, http.StatusNotFound, metav1.StatusReasonNotFound)
	case query.Get("sendInitialEvents") == "true":
		s.set(func(s *server) { s.streaming++ })
		status(w, http.StatusUnprocessableEntity, metav1.StatusReasonInvalid)
	case query.Get("watch") == "true":
		watch(w)
		if f, ok := w.(http.Flusher); ok {
			f.Flush()
		}
		if watchHangs(w) {
			<-r.Context().Done()
		}
	case list != nil:
		list(w)
	default:
		s.page(w, query.Get("limit"), query.Get("continue"))
	}
}

// hang lets a watch begin and be silent.
func hang(w http.ResponseWriter) { w.Header().Set("Content-Type", "application/json") }

func watchHangs(w http.ResponseWriter) bool { return w.Header().Get("X-Status") == "" }

// status answers with an error.
func status(w http.ResponseWriter, code int, reason metav1.StatusReason) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Status", "error")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(metav1.Status{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Status"},
		Status:   metav1.StatusFailure, Code: int32(code), Reason: reason, Message: "because " + string(reason),
	})
}

// page answers with a page of pods; continue is the number of the first.
func (s *server) page(w http.ResponseWriter, limit, from string) {
	start, _ := strconv.Atoi(from)
	most, err := strconv.Atoi(limit)
	if err != nil {
		most = s.pods
	}
	s.set(func(s *server) { s.greatest = max(s.greatest, most) })
	list := corev1.PodList{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "PodList"}}
	list.ResourceVersion = "7"
	end := min(start+most, s.pods)
	for i := start; i < end; i++ {
		list.Items = append(list.Items, corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "a", Name: fmt.Sprint("pod", i)}})
	}
	if remaining := int64(s.pods - end); remaining > 0 {
		list.Continue, list.RemainingItemCount = strconv.Itoa(end), &remaining
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(list)
}

// What a server warns of goes to the log, not to the terminal.
func TestNewHandsOnWarnings(t *testing.T) {
	t.Parallel()
	s := newServer(t, 0)
	config := write(t, strings.Replace(twoContexts, "https://127.0.0.1:1", s.URL, 1))
	var logged []string
	connect(t, live.Options{Log: func(line string) { logged = append(logged, line) }}, "--kubeconfig", config)
	if diff := cmp.Diff([]string{"the server warns: this server is old"}, logged); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
}

// The time of a view is the server's, from the first on.
func TestViewsHaveTheTimeOfTheServer(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{3 * time.Hour, -3 * time.Hour, 0} {
		t.Run(ahead.String(), func(t *testing.T) {
			t.Parallel()
			s := newServer(t, 1)
			s.ahead = ahead
			v := watch(t, s.source(t))
			check := func(c *kube.Cluster) {
				t.Helper()
				now := time.Now()
				if off := c.Time.Sub(now.Add(ahead)); off.Abs() > 10*time.Second {
					t.Errorf("at a server that is %v ahead the view is %v off", ahead, off)
				}
				if off := c.Now(now).Sub(now.Add(ahead)); off.Abs() > 2*time.Second || !c.Clock.Ticks || (c.Clock.Offset == 0) != (ahead == 0) {
					t.Errorf("at a server that is %v ahead it is %v off now: %+v", ahead, off, c.Clock)
				}
			}
			check(v.await("a view", func(*kube.Cluster) bool { return true }))
			check(v.await("everything", (*kube.Cluster).Settled))
		})
	}
}

// A server without streamed lists is read in pages.
func TestWatchReadsPages(t *testing.T) {
	t.Parallel()
	s := newServer(t, 1234)
	v := watch(t, s.source(t))
	total := 0
	c := v.await("everything", func(c *kube.Cluster) bool {
		if pods := state(c, kube.Pods, ""); pods.Phase == kube.Syncing {
			total = max(total, pods.Total)
		}
		return c.Settled()
	})
	if c.Pods.Len() != 1234 {
		t.Errorf("the view has %d pods, want 1234", c.Pods.Len())
	}
	if s := state(c, kube.Nodes, ""); s.Phase != kube.Absent || s.Reason != "the server has no nodes (404)" {
		t.Errorf("nodes are %+v", s)
	}
	s.set(func(s *server) {
		if s.greatest != 500 || s.streaming == 0 {
			t.Errorf("pods were asked for by %d, and as a stream %d times", s.greatest, s.streaming)
		}
	})
	if total != 0 && total != 1234 {
		t.Errorf("the view promised %d pods, want 1234", total)
	}
}

// The first error settles a state, and what fails is tried again.
func TestWatchTriesAgain(t *testing.T) {
	t.Parallel()
	s := newServer(t, 3)
	s.list = func(w http.ResponseWriter) {
		status(w, http.StatusServiceUnavailable, metav1.StatusReasonServiceUnavailable)
	}
	v := watch(t, s.source(t))
	c := v.await("the failure", (*kube.Cluster).Settled)
	if s := state(c, kube.Pods, ""); s.Phase != kube.Failed || s.Reason != "reading pods: because ServiceUnavailable" {
		t.Errorf("pods are %+v", s)
	}
	s.set(func(s *server) { s.list = nil })
	v.await("the pods", func(c *kube.Cluster) bool { return c.Pods.Len() == 3 && state(c, kube.Pods, "").Phase == kube.Synced })
}

// Who may list but not watch sees what was listed, marked as such.
func TestWatchMayOnlyList(t *testing.T) {
	t.Parallel()
	s := newServer(t, 3)
	s.watch = func(w http.ResponseWriter) { status(w, http.StatusForbidden, metav1.StatusReasonForbidden) }
	v := watch(t, s.source(t))
	c := v.await("the list", func(c *kube.Cluster) bool { return state(c, kube.Pods, "").Phase == kube.Stale })
	if s := state(c, kube.Pods, ""); s.Verb != "watch" || s.Blind() || c.Pods.Len() != 3 {
		t.Errorf("%d pods are in the view, %+v", c.Pods.Len(), s)
	}
}

// Credentials that expire leave what was read; rights that are taken away do not.
func TestWatchLosesItsRights(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		code   int
		reason metav1.StatusReason
		phase  kube.Phase
		left   int
	}{
		"expired":   {http.StatusUnauthorized, metav1.StatusReasonUnauthorized, kube.Stale, 3},
		"forbidden": {http.StatusForbidden, metav1.StatusReasonForbidden, kube.Forbidden, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, 3)
			source := s.source(t)
			v := watch(t, source)
			v.await("the pods", func(c *kube.Cluster) bool { return state(c, kube.Pods, "").Phase == kube.Synced })
			refuse := func(w http.ResponseWriter) { status(w, test.code, test.reason) }
			s.set(func(s *server) { s.list, s.watch = refuse, refuse })
			s.CloseClientConnections()
			// Where the watch is refused first, the list is only when it is tried again.
			v.await("that something is refused", func(c *kube.Cluster) bool {
				phase := state(c, kube.Pods, "").Phase
				return phase == kube.Stale || phase == kube.Forbidden
			})
			source.Retry()
			c := v.await("the verdict", func(c *kube.Cluster) bool {
				s := state(c, kube.Pods, "")
				return s.Phase == test.phase && s.Verb == "list"
			})
			if c.Pods.Len() != test.left {
				t.Errorf("%d pods are left, want %d", c.Pods.Len(), test.left)
			}
		})
	}
}

func TestWatchReadsUsage(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"metrics.k8s.io/v1", "metrics.k8s.io/v1beta1"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			readsUsage(t, version)
		})
	}
}

func readsUsage(t *testing.T, version string) {
	t.Helper()
	s := newServer(t, 1)
	s.metricsVersion = version
	s.metrics = `{"kind": "PodMetricsList", "apiVersion": "` + version + `", "items": [{
		"metadata": {"namespace": "a", "name": "pod0"}, "timestamp": "2026-01-01T12:00:00Z", "window": "15s",
		"containers": [{"name": "web", "usage": {"cpu": "250m", "memory": "64Mi"}}]}]}`
	c, err := kube.Load(t.Context(), s.source(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	got, _ := c.PodUsage.Get("a", "pod0")
	want := &kube.Usage{
		Namespace: "a", Name: "pod0", Time: time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC), Window: 15 * time.Second,
		Containers: map[string]corev1.ResourceList{"web": {
			corev1.ResourceCPU: resource.MustParse("250m"), corev1.ResourceMemory: resource.MustParse("64Mi"),
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("usage (-want +got):\n%s", diff)
	}
}

// Each sample is counted once, however often it is read, and what was measured comes
// into the view once the samples reach over a minute.
func TestWatchMeasures(t *testing.T) {
	t.Parallel()
	s := newServer(t, 2)
	s.metricsVersion = "metrics.k8s.io/v1"
	began := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	serve := func(second int, cpu, memory string) {
		item := func(pod string) string {
			return fmt.Sprintf(`{"metadata": {"namespace": "a", "name": %q}, "timestamp": %q, "window": "15s",
				"containers": [{"name": "web", "usage": {"cpu": %q, "memory": %q}}]}`,
				pod, began.Add(time.Duration(second)*time.Second).Format(time.RFC3339), cpu, memory)
		}
		s.set(func(s *server) {
			s.metrics = `{"kind": "PodMetricsList", "apiVersion": "metrics.k8s.io/v1", "items": [` + item("pod0") + `,` + item("unknown") + `]}`
		})
	}
	source := s.source(t)
	v := watch(t, source)
	v.await("the pods", (*kube.Cluster).Settled)
	// The API is tried again once it is there, and asked for the same sample twice.
	second := 0
	step := func(cpu, memory string) {
		serve(second, cpu, memory)
		for range 2 {
			source.Retry()
			at := began.Add(time.Duration(second) * time.Second)
			v.await("the sample", func(c *kube.Cluster) bool {
				u, ok := c.PodUsage.Get("a", "pod0")
				return ok && u.Time.Equal(at)
			})
		}
		second += 20
	}
	for _, use := range []string{"100m", "900m", "100m"} {
		step(use, "64Mi")
	}
	if v.last.Measurements.Len() > 0 {
		t.Error("something is measured within the first minute")
	}
	step("123456789n", "65Mi")
	c := v.await("measurements", func(c *kube.Cluster) bool { return c.Measurements.Len() > 0 })
	m, ok := c.Measured(kube.Pods.Ref("a", "pod0"), "web")
	if !ok || c.Measurements.Len() != 1 {
		t.Fatalf("%d measurements, pod0 among them %t; want one of it", c.Measurements.Len(), ok)
	}
	if got, want := m.Evidence(), "4 samples of 1 pod over 60 s by metrics-server"; got != want {
		t.Errorf("measured are %s, want %s", got, want)
	}
	if cpu, memory := m.CPU.MilliValue(), m.Memory.String(); cpu < 900 || cpu > 945 || memory != "65Mi" {
		t.Errorf("measured are %dm and %s, want 900m, or a twentieth more, and 65Mi", cpu, memory)
	}
}
