//go:build e2e

package main

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// auditEvent is what matters of an event of the audit log (audit.k8s.io/v1).
type auditEvent struct {
	Verb       string
	RequestURI string
	User       struct{ Username string }
	ObjectRef  struct{ APIGroup, Resource string }
	// ResponseObject is there for Secrets and ConfigMaps that were got or listed.
	ResponseObject struct{ Kind string }
}

// exchange is a line of the recorder's log; see kube/testbed/record.go.
type exchange struct {
	User, Method, URI, Accept, Canary string
}

// logged reads a log of one JSON value a line.
func logged[T any](t *testing.T, path string) []T {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []T
	for line := range strings.Lines(string(text)) {
		if !strings.HasSuffix(line, "\n") {
			break // it is being written
		}
		var one T
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			t.Fatalf("reading %s: %v in %q", path, err, line)
		}
		all = append(all, one)
	}
	return all
}

// isAboutOneself tells whether an event is a question about the one who asks,
// which is a create to the API and writes nothing.
func (e *auditEvent) isAboutOneself() bool {
	return e.Verb == "create" && slices.Contains([]string{
		"authorization.k8s.io/selfsubjectaccessreviews", "authorization.k8s.io/selfsubjectrulesreviews",
		"authentication.k8s.io/selfsubjectreviews",
	}, e.ObjectRef.APIGroup+"/"+e.ObjectRef.Resource)
}

func (e *auditEvent) reads() bool { return e.Verb == "get" || e.Verb == "list" || e.Verb == "watch" }

// answeredWithValues tells whether whole objects were got or listed.
func (e *auditEvent) answeredWithValues() bool {
	kind := e.ResponseObject.Kind
	return kind != "" && kind != "Status" && !strings.HasPrefix(kind, "PartialObjectMetadata")
}

// holdsValues tells whether objects of a resource have values that nobody but
// their owner should read.
func holdsValues(resource string) bool { return resource == "secrets" || resource == "configmaps" }

// expectNothingWritten checks in the API server's audit log that the user reader
// has written nothing, and got Secrets and ConfigMaps as metadata only.
func expectNothingWritten(t *testing.T, testbed *kubetest.Testbed) {
	t.Helper()
	read, reviews, values, writes := 0, 0, 0, 0
	for _, e := range logged[auditEvent](t, testbed.AuditLog) {
		switch {
		case e.User.Username != "reader":
			if e.User.Username == "admin" && !e.reads() {
				writes++ // the test's own: they show that the log has writes
			}
		case e.isAboutOneself():
			reviews++
		case !e.reads():
			t.Errorf("reader did %s %s", e.Verb, e.RequestURI)
		case holdsValues(e.ObjectRef.Resource):
			values++
			if e.answeredWithValues() {
				t.Errorf("reader got a %s from %s %s", e.ResponseObject.Kind, e.Verb, e.RequestURI)
			}
		default:
			read++
		}
	}
	if read < 50 || reviews == 0 || values < 2 || writes == 0 {
		t.Errorf("the audit log has %d reads, %d reviews, %d requests for Secrets and ConfigMaps, %d writes of the test: too few to prove anything",
			read, reviews, values, writes)
	}
	t.Logf("the audit log has of reader %d reads, %d reviews, %d requests for Secrets and ConfigMaps, and no write", read, reviews, values)
}

// expectNoValues checks in the recorder's log that no canary was sent to the user
// reader, and that Secrets and ConfigMaps were asked for as metadata only. The
// admin must have read the canaries: that shows that they would be found.
func expectNoValues(t *testing.T, testbed *kubetest.Testbed, canaries []string) {
	t.Helper()
	seen := map[string]bool{}
	asked := 0
	for _, e := range logged[exchange](t, testbed.RequestLog) {
		if e.Canary != "" && e.User == "admin" {
			seen[e.Canary] = true
		}
		if e.User != "reader" {
			continue
		}
		if e.Canary != "" {
			t.Errorf("the canary %q was in the response to %s %s (%s)", e.Canary, e.Method, e.URI, e.Accept)
		}
		path, _, _ := strings.Cut(e.URI, "?")
		if !slices.ContainsFunc(strings.Split(path, "/"), holdsValues) {
			continue
		}
		asked++
		for kind := range strings.SplitSeq(e.Accept, ",") {
			if !strings.Contains(kind, "as=PartialObjectMetadata") {
				t.Errorf("%s %s accepts %q, which has values", e.Method, e.URI, kind)
			}
		}
	}
	for _, canary := range canaries {
		if !seen[canary] {
			t.Errorf("the canary %q was not found where admin read it", canary)
		}
	}
	if asked < 2 {
		t.Errorf("Secrets and ConfigMaps were asked for %d times: too few to prove anything", asked)
	}
	t.Logf("Secrets and ConfigMaps were asked for %d times, always as metadata", asked)
}
