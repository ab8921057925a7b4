package live_test

import (
	"crypto/tls"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
	"github.com/seaworthy-dev/seaworthy/kube/live"
)

// canary is in the Secret and the ConfigMap of testdata/shop.yaml.
const canary = "tomato-canary-4711"

// The three promises that a server can witness: all is read, nothing is
// written, and no secret's value is brought along.
func TestWatchReadsAllAndWritesNothing(t *testing.T) {
	t.Parallel()
	testbed := kubetest.StartTestbed(t, kubetest.TestbedOptions{Canaries: []string{canary}})
	testbed.Apply(t, "shop", "testdata/shop.yaml")
	testbed.Apply(t, "", "testdata/platform.yaml")
	writer := admin(t, testbed.Kubeconfig)
	installCustom(t, writer)

	source := connect(t, live.Options{Version: "v0.0.1"}, "--kubeconfig", testbed.Kubeconfig, "--context", "reader")
	v := watch(t, source)
	first := v.await("a view", func(*kube.Cluster) bool { return true })
	// Leases are read in two namespaces, and said to be skipped in all others.
	if first.Settled() || len(first.States()) != len(kube.Resources())+2 {
		t.Errorf("the first view is settled or has no states:\n%s", describe(first))
	}
	c := v.await("everything", (*kube.Cluster).Settled)
	checkStates(t, c)
	if got := c.Info; got.Name != "reader" || got.User != "reader" || got.Server != testbed.Server || !strings.HasPrefix(got.Version, "v") {
		t.Errorf("the cluster is described as %+v", got)
	}
	checkSecrets(t, c)
	checkCustom(t, c)
	checkRecords(t, c)
	checkCertificate(t, c, testbed.Server)

	// What happens later arrives as well, and is no other kind of request.
	create(t, writer, kube.Secrets, "shop", "{metadata: {name: later}, stringData: {password: "+canary+"}}")
	v.await("the new secret", func(c *kube.Cluster) bool { return c.Has(kube.Secrets.Ref("shop", "later")) })
	v.stop()

	checkAudit(t, testbed)
	checkRights(t, testbed)
	checkRequests(t, testbed)
}

// checkStates expects an object of every resource that the server has.
func checkStates(t *testing.T, c *kube.Cluster) {
	t.Helper()
	for _, r := range kube.Resources() {
		want, count := kube.Synced, 1
		switch r {
		case kube.PodMetrics, kube.NodeMetrics:
			want, count = kube.Absent, 0
		case kube.Leases:
			want, count = kube.Skipped, 0
		}
		if s := state(c, r, ""); s.Phase != want || s.Count < count {
			t.Errorf("%s: %s with %d objects (%s), want %s and at least %d", r, s.Phase, s.Count, s.Reason, want, count)
		}
	}
}

// checkRecords expects of what controllers remember what the view keeps of it.
func checkRecords(t *testing.T, c *kube.Cluster) {
	t.Helper()
	if r, ok := c.ControllerRevisions.Get("shop", "db-1"); !ok || r.Revision != 3 || r.Template().Spec.Containers[0].Image != "nginx:1.28" {
		t.Errorf("the revision is held as %+v", r)
	}
	if a, ok := c.VolumeAttachments.Get("", "shop-attachment"); !ok || a.Spec.NodeName != "shop-node" {
		t.Errorf("the attachment is held as %+v", a)
	}
	if d, ok := c.CSIDrivers.Get("", "csi.example.com"); !ok || !*d.Spec.AttachRequired {
		t.Errorf("the driver is held as %+v", d)
	}
	if r, ok := c.CertificateSigningRequests.Get("", "shop-request"); !ok || r.Spec.SignerName != "example.com/shop" || r.Spec.Username == "" || r.Spec.Request != nil {
		t.Errorf("the request for a certificate is held as %+v", r)
	}
	checkLeases(t, c)
}

// checkLeases expects the leases of two namespaces, and none of others.
func checkLeases(t *testing.T, c *kube.Cluster) {
	t.Helper()
	renewed := time.Date(2026, 5, 4, 3, 2, 1, 123456000, time.UTC)
	for namespace, name := range map[string]string{kube.NodeLeases: "shop-node", kube.LeaderLeases: "kube-scheduler"} {
		l, ok := c.Leases.Get(namespace, name)
		if !ok || l.Holder == "" || !l.Renewed.Equal(renewed) || !l.Written.After(renewed) {
			t.Errorf("the lease %s is held as %+v", name, l)
		}
		if s := state(c, kube.Leases, namespace); s.Phase != kube.Synced {
			t.Errorf("leases in %s are %+v", namespace, s)
		}
	}
	if _, blind := c.Blind(kube.Leases, "shop"); !blind || c.Has(kube.Leases.Ref("shop", "operator")) {
		t.Error("leases of operators are read, or not said to be unknown")
	}
}

// checkCertificate expects that the view knows what the server shows to anybody.
func checkCertificate(t *testing.T, c *kube.Cluster, server string) {
	t.Helper()
	at, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	connection, err := tls.Dial("tcp", at.Host, &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // to look at the certificate
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close() }()
	leaf := connection.ConnectionState().PeerCertificates[0]
	if diff := cmp.Diff(new(kube.CertificateOf(leaf)), c.Info.Certificate); diff != "" {
		t.Errorf("the certificate of the server (-shown +held):\n%s", diff)
	}
	if root := c.Info.Root; root == nil || root.Subject != leaf.Issuer.String() || !root.SelfSigned || !root.Authority {
		t.Errorf("the authority by which it was verified is held as %+v", root)
	}
}

// checkSecrets expects the metadata of the secret, and no value, not even the
// one that kubectl apply leaves in an annotation.
func checkSecrets(t *testing.T, c *kube.Cluster) {
	t.Helper()
	for _, o := range append(c.Secrets.In("shop"), c.ConfigMaps.In("shop")...) {
		if said := fmt.Sprint(o); strings.Contains(said, canary) || strings.Contains(said, "YXBwbGllZA") {
			t.Errorf("the view holds a value: %s", said)
		}
	}
	if s, ok := c.Secrets.Get("shop", "tls-password"); !ok || s.Labels["app"] != "web" {
		t.Errorf("the view has no metadata of the secret")
	}
}

// checkAudit reads in the API server's own log that the reader wrote nothing.
func checkAudit(t *testing.T, testbed *kubetest.Testbed) {
	t.Helper()
	type event struct {
		Verb      string
		UserAgent string
		User      struct{ Username string }
		ObjectRef struct{ Resource, APIGroup string }
	}
	reviews := []string{"selfsubjectreviews", "selfsubjectrulesreviews", "selfsubjectaccessreviews"}
	seen := 0
	for _, e := range entries[event](t, testbed.AuditLog) {
		if e.User.Username != "reader" {
			continue
		}
		seen++
		if !slices.Contains([]string{"get", "list", "watch"}, e.Verb) && (e.Verb != "create" || !slices.Contains(reviews, e.ObjectRef.Resource)) {
			t.Errorf("the server was asked to %s %s", e.Verb, e.ObjectRef.Resource)
		}
		if e.UserAgent != "seaworthy/v0.0.1" {
			t.Errorf("the server was asked by %q", e.UserAgent)
		}
	}
	if seen < len(kube.Resources()) {
		t.Errorf("the audit log has %d requests of the reader: it proves nothing", seen)
	}
}

// checkRights reads in the API server's own log that what was asked for is what
// [live.Rights] says, no more and no less.
func checkRights(t *testing.T, testbed *kubetest.Testbed) {
	t.Helper()
	type event struct {
		Verb      string
		User      struct{ Username string }
		ObjectRef struct{ Resource, Namespace, Name, APIGroup string }
		URI       string `json:"requestURI"`
	}
	asked := map[kube.Right]bool{}
	for _, e := range entries[event](t, testbed.AuditLog) {
		switch {
		case e.User.Username != "reader" || e.Verb == "create":
		case e.URI == kube.Flagz.Page() || e.URI == kube.Statusz.Page():
			asked[kube.Right{Verb: e.Verb, Path: e.URI}] = true
		case e.ObjectRef.APIGroup == kube.Constraints.Group: // the kinds that there are
			asked[kube.Right{Verb: e.Verb, Group: kube.Constraints.Group, Resource: kube.Constraints.Plural}] = true
		case e.ObjectRef.Resource != "":
			asked[kube.Right{Verb: e.Verb, Group: e.ObjectRef.APIGroup, Resource: e.ObjectRef.Resource, Namespace: e.ObjectRef.Namespace, Name: e.ObjectRef.Name}] = true
		}
	}
	said := map[kube.Right]bool{}
	for _, r := range live.Rights(nil) {
		said[r] = true
	}
	if diff := cmp.Diff(said, asked); diff != "" {
		t.Errorf("the rights that it says it needs (-), and what it asked for (+):\n%s", diff)
	}
}

// checkRequests reads in the log of the proxy before the server that all that
// was asked of Secrets and ConfigMaps was metadata.
func checkRequests(t *testing.T, testbed *kubetest.Testbed) {
	t.Helper()
	type exchange struct{ User, Method, URI, Accept, Canary string }
	asked := 0
	for _, e := range entries[exchange](t, testbed.RequestLog) {
		if e.User != "reader" {
			continue
		}
		if e.Canary != "" {
			t.Errorf("the answer to %s %s had the value of a secret in it", e.Method, e.URI)
		}
		if !strings.HasPrefix(e.URI, "/api/v1/secrets") && !strings.HasPrefix(e.URI, "/api/v1/configmaps") {
			continue
		}
		asked++
		for accept := range strings.SplitSeq(e.Accept, ",") {
			if !strings.Contains(accept, ";as=PartialObjectMetadata") {
				t.Errorf("%s %s accepts %q", e.Method, e.URI, accept)
			}
		}
	}
	if asked < 4 {
		t.Errorf("the request log has %d requests for secrets and configmaps: it proves nothing", asked)
	}
}

func TestWatchFollows(t *testing.T) {
	t.Parallel()
	testbed := kubetest.SharedTestbed(t)
	writer := admin(t, testbed.Kubeconfig)
	mine := newNamespace(t, writer)
	create(t, writer, kube.Services, mine, "{metadata: {name: web}, spec: {ports: [{port: 80}]}}")

	v := watch(t, connect(t, live.Options{}, "--kubeconfig", testbed.Kubeconfig, "--context", "reader"))
	c := v.await("everything", (*kube.Cluster).Settled)
	if _, ok := c.Services.Get(mine, "web"); !ok {
		t.Fatal("the service is not in the settled view")
	}
	patch := []byte(`{"metadata":{"labels":{"changed":"yes"}}}`)
	if _, err := in(writer, kube.Services, mine).Patch(t.Context(), "web", types.MergePatchType, patch, metav1.PatchOptions{}); err != nil {
		t.Fatal(err)
	}
	v.await("the update", func(c *kube.Cluster) bool {
		s, ok := c.Services.Get(mine, "web")
		return ok && s.Labels["changed"] == "yes"
	})
	if err := in(writer, kube.Services, mine).Delete(t.Context(), "web", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	v.await("the deletion", func(c *kube.Cluster) bool { return !c.Has(kube.Services.Ref(mine, "web")) })
}
