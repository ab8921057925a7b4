package live_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/seaworthy-dev/seaworthy/kube/live"
)

// TestCredentialsStayWithTheirServer has a server send who asks elsewhere: to another host,
// and to itself in the clear. Nobody hears of it.
func TestCredentialsStayWithTheirServer(t *testing.T) {
	t.Parallel()
	var heard atomic.Int64
	elsewhere := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { heard.Add(1) }))
	t.Cleanup(elsewhere.Close)
	for _, code := range []int{http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
		for where, target := range map[string]func(self string) string{
			"another host": func(string) string { return elsewhere.URL },
			"in the clear": func(self string) string { return strings.Replace(self, "https://", "http://", 1) },
		} {
			t.Run(fmt.Sprintf("%d %s", code, where), func(t *testing.T) {
				t.Parallel()
				var server *httptest.Server
				var asked atomic.Int64
				server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					asked.Add(1)
					http.Redirect(w, r, target(server.URL)+r.URL.Path, code)
				}))
				t.Cleanup(server.Close)
				e := failure(t, "", "--server", server.URL, "--insecure-skip-tls-verify", "--token", "secret", "--kubeconfig", write(t, ""))
				if !strings.Contains(e.Message, live.ErrRefused.Error()) {
					t.Errorf("message %q", e.Message)
				}
				if asked.Load() == 0 {
					t.Error("the server was not asked")
				}
			})
		}
	}
	t.Cleanup(func() {
		if n := heard.Load(); n > 0 {
			t.Errorf("the other server heard %d requests", n)
		}
	})
}
