package live

import (
	"net/http"
	"strings"
	"sync"
	"time"

	utilnet "k8s.io/apimachinery/pkg/util/net"
)

// clock is what is known of the server's clock. An answer tells it by its header Date,
// in whole seconds (RFC 9110, section 6.6.1): it was written within the second from there
// on, and between the request and the answer. The difference to the clock of this computer
// is thus within bounds as far apart as a second and the round trip; what several answers
// have in common is narrower, so that after some it is known to a fraction of the second.
type clock struct {
	mu          sync.Mutex
	known       bool
	least, most time.Duration // how much later it is at the server, at the least and the most
	heard       time.Time     // when the newest answer came
}

const (
	// drift is how far two clocks may move apart: a second in so many.
	drift = 10_000
	// finest is the smallest offset that is told: those who run servers and laptops by NTP
	// have none, and a header of seconds does not show it well.
	finest = time.Second
)

// hear takes in an answer to a request that was sent and received at times of this
// computer.
func (c *clock) hear(date, sent, received time.Time) {
	least, most := date.Sub(received), date.Add(time.Second).Sub(sent)
	if least > most {
		return // this computer's clock was set meanwhile
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	slack := max(0, received.Sub(c.heard)) / drift
	if common := min(most, c.most+slack); c.known && max(least, c.least-slack) <= common {
		least, most = max(least, c.least-slack), common
	} // else one of the clocks was set, or another server answered
	c.known, c.least, c.most, c.heard = true, least, most, received
}

// offset returns how much later it is at the server than here, 0 if that is less than
// can be told.
func (c *clock) offset() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	middle := c.least + (c.most-c.least)/2
	if middle.Abs() < finest {
		return 0
	}
	return middle
}

// timing is the transport that reads the server's clock off its answers. It is below what
// waits for credentials.
type timing struct {
	next   http.RoundTripper
	clock  *clock
	prefix string // the path of the API server's URL, without a final slash
}

var _ utilnet.RoundTripperWrapper = timing{}

// RoundTrip sends a request.
func (t timing) RoundTrip(r *http.Request) (*http.Response, error) {
	sent := time.Now()
	response, err := t.next.RoundTrip(r)
	if err == nil && response.StatusCode == http.StatusOK && t.own(r.URL.Path) {
		if date, err := http.ParseTime(response.Header.Get("Date")); err == nil {
			t.clock.hear(date, sent, time.Now())
		}
	}
	return response, err
}

// own reports whether the API server itself answers what is asked at a path: it passes on
// the answers of aggregated servers as they are, with their Date.
func (t timing) own(path string) bool {
	path = strings.TrimPrefix(path, t.prefix)
	return path == "/version" || strings.HasPrefix(path, "/api/")
}

// WrappedRoundTripper returns the transport below, for those that look for one of
// a certain kind (k8s.io/apimachinery/pkg/util/net).
func (t timing) WrappedRoundTripper() http.RoundTripper { return t.next }
