package live_test

import (
	"net/http"
	"testing"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// connectionFaults are those below HTTP.
func connectionFaults() []injected {
	cut := func(_ *testing.T, f *front) { f.cut() }
	connect := func(t *testing.T, f *front) { t.Helper(); f.connect(t) }
	return []injected{
		{name: "connection refused", kind: kube.Services, begin: cut, end: connect, phase: kube.Stale},
		{
			name: "half-open connection", kind: kube.Services, phase: kube.Stale,
			begin: func(_ *testing.T, f *front) { f.flow.Lock() },
			end:   func(_ *testing.T, f *front) { f.flow.Unlock() },
		},
		{
			name: "certificate of another authority", kind: kube.Services, phase: kube.Stale,
			begin: func(_ *testing.T, f *front) { f.showForeign(true) },
			end:   func(_ *testing.T, f *front) { f.showForeign(false) },
		},
		{name: "reset in the middle of a list", kind: kube.Services, first: true, answer: of(kube.Services, resets(40)), phase: kube.Failed},
	}
}

// refusals are the faults of which the server says which they are.
func refusals() []injected {
	says := func(code int, header ...string) fault {
		return of(kube.Services, answers(code, "text/plain", http.StatusText(code), header...))
	}
	return []injected{
		{name: "500 Internal Server Error", kind: kube.Services, answer: says(500), phase: kube.Stale},
		{name: "503 Service Unavailable", kind: kube.Services, answer: says(503), phase: kube.Stale},
		{name: "504 Gateway Timeout", kind: kube.Services, answer: says(504), phase: kube.Stale},
		{name: "403 on one kind", kind: kube.Services, answer: says(403), phase: kube.Forbidden, lost: true},
	}
}

// brokenAnswers are those that cannot be read.
func brokenAnswers() []injected {
	return []injected{
		{name: "truncated protobuf", kind: kube.Services, first: true, answer: of(kube.Services, changes(half)), phase: kube.Failed},
	}
}

// partialFaults are those of parts of the API.
func partialFaults() []injected {
	return []injected{
		{name: "streamed lists unsupported", kind: kube.Services, first: true, answer: unsupported, phase: kube.Synced},
	}
}

// unsupported is the fault of a server that streams no lists.
func unsupported(w http.ResponseWriter, r *http.Request, next http.Handler) {
	if r.URL.Query().Get("sendInitialEvents") == "true" {
		status(w, http.StatusUnprocessableEntity, "Invalid")
		return
	}
	next.ServeHTTP(w, r)
}
