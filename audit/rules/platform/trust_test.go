package platform_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/rules/platform"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// What a server shows when it is connected to is in no object: no example has it.
func TestAPIServer(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.January, 1, 12, 0, 0, 0, time.UTC)
	const day = 24 * time.Hour
	leaf := func(set func(*kube.Certificate)) *kube.Certificate {
		c := &kube.Certificate{
			NotBefore: now.Add(-100 * day), NotAfter: now.Add(265 * day), Issuer: "CN=kubernetes", Subject: "CN=kube-apiserver",
			Serves: true, Key: "RSA", Bits: 2048, Signature: "SHA256-RSA",
		}
		set(c)
		return c
	}
	root := func(set func(*kube.Certificate)) *kube.Certificate {
		c := &kube.Certificate{
			NotBefore: now.Add(-100*day - 5*time.Minute), NotAfter: now.Add(3550 * day), Issuer: "CN=kubernetes", Subject: "CN=kubernetes",
			SelfSigned: true, Authority: true, Key: "RSA", Bits: 2048, Signature: "SHA256-RSA",
		}
		set(c)
		return c
	}
	good := func(*kube.Certificate) {}
	for name, test := range map[string]struct {
		info kube.Info
		want []string
	}{
		"nothing is known": {kube.Info{}, nil},
		"of kubeadm":       {kube.Info{Certificate: leaf(good), Root: root(good)}, nil},
		"not verified":     {kube.Info{Certificate: leaf(good)}, nil},
		"of an older recording": {kube.Info{Certificate: &kube.Certificate{
			NotBefore: now.Add(-100 * day), NotAfter: now.Add(265 * day), Issuer: "CN=kubernetes",
		}}, nil},
		"in ten days": {
			kube.Info{Certificate: leaf(func(c *kube.Certificate) { c.NotAfter = now.Add(10 * day) })},
			[]string{"high cluster-certificate-expiring: the certificate that it shows expires at 2026-01-11T12:00:00Z"},
		},
		"expired": {
			kube.Info{Certificate: leaf(func(c *kube.Certificate) { c.NotAfter = now.Add(-time.Minute) })},
			[]string{"critical cluster-certificate-expiring: the certificate that it shows expired at 2026-01-01T11:59:00Z"},
		},
		"of days, young": {kube.Info{Certificate: leaf(func(c *kube.Certificate) { c.NotBefore, c.NotAfter = now.Add(-2*day), now.Add(4*day) })}, nil},
		"a root in two months": {
			kube.Info{Certificate: leaf(good), Root: root(func(c *kube.Certificate) { c.NotBefore, c.NotAfter = now.Add(-3600*day), now.Add(60*day) })},
			[]string{"high cluster-certificate-expiring: the root by which it is verified expires at 2026-03-02T12:00:00Z"},
		},
		"a root of a provider": {
			kube.Info{Version: "v1.34.1-gke.1829001", Root: root(func(c *kube.Certificate) { c.NotAfter = now.AddDate(30, 0, 0) })}, nil,
		},
		"a root for ever": {
			kube.Info{Root: root(func(c *kube.Certificate) { c.NotAfter = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC) })},
			[]string{"low certificate-never-expires: the root by which it is verified has no end"},
		},
		"a root for ninety years": {
			kube.Info{Root: root(func(c *kube.Certificate) { c.NotAfter = now.AddDate(90, 0, 0) })},
			[]string{"low certificate-never-expires: the root by which it is verified lasts for 90 years"},
		},
		"weak": {
			kube.Info{Certificate: leaf(func(c *kube.Certificate) { c.Bits, c.Signature = 1024, "ECDSA-SHA1" }), Root: root(func(c *kube.Certificate) { c.Signature = "SHA1-RSA" })},
			[]string{"medium certificate-key-weak: the certificate that it shows has an RSA key of 1024 bits and a signature with SHA1"},
		},
		"a small key that is none of RSA": {kube.Info{Certificate: leaf(func(c *kube.Certificate) { c.Key, c.Bits = "ECDSA", 256 })}, nil},
		"DSA": {
			kube.Info{Certificate: leaf(func(c *kube.Certificate) { c.Key, c.Bits = "DSA", 0 })},
			[]string{"medium certificate-key-weak: the certificate that it shows has a DSA key"},
		},
		"by itself": {
			kube.Info{Certificate: leaf(func(c *kube.Certificate) { c.SelfSigned = true })},
			[]string{"medium certificate-self-signed: the certificate that it shows is self-signed"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, f := range audit.Run(kube.NewBuilder(test.info).Build(now), []audit.Category{platform.Category()}).Findings() {
				got = append(got, fmt.Sprintf("%s %s: %s", f.Severity, f.Rule.ID, f.Message))
				if f.Subject != kube.Services.Ref("default", "kubernetes") || !strings.Contains(f.Detail, "is issued by CN=kubernetes") {
					t.Errorf("of %s: %s", f.Subject, f.Detail)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A Certificate of which nobody may see the issuers is not one without.
func TestIssuersThatAreNotSeen(t *testing.T) {
	t.Parallel()
	const web = `
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: shop}
spec: {secretName: web-tls, issuerRef: {name: letsencrypt}}
`
	if got := judge(t, "certificate-issuer-missing", "shop", web, kube.Info{}); got != fails {
		t.Errorf("without an issuer it %s", got)
	}
	unasked := kube.State{Resource: kube.Certificates, Phase: kube.Synced}
	if got := judge(t, "certificate-issuer-missing", "shop", web, kube.Info{}, unasked); got != "issuers.cert-manager.io: not looked at when this was recorded" {
		t.Errorf("in an older recording it %s", got)
	}
	forbidden := kube.State{Resource: kube.Issuers, Phase: kube.Forbidden, Reason: "may not be listed"}
	for _, r := range audit.Run(withStates(t, view(t, web), []kube.State{forbidden}), []audit.Category{platform.Category()}).Tallies() {
		if r.Rule.ID == "certificate-issuer-missing" && r.Namespace == "shop" && (r.Failing > 0 || r.Coverage != 0 || !strings.Contains(r.Why, "may not be listed")) {
			t.Errorf("where issuers are forbidden: %+v", r.Tally)
		}
	}
}

// What cert-manager repeats of a server may be a page.
func TestMessagesAreShort(t *testing.T) {
	t.Parallel()
	issuer := `
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: {name: letsencrypt, namespace: shop}
status:
  conditions: [{type: Ready, status: "False", reason: ErrRegister, message: "<html>\n` + strings.Repeat("tomato ", 200) + `", lastTransitionTime: "2025-12-30T00:00:00Z"}]
`
	found := 0
	for _, f := range audit.Run(view(t, issuer), []audit.Category{platform.Category()}).Findings() {
		found++
		if said := f.Message + f.Detail; strings.Contains(said, "\n") || len(said) > 600 {
			t.Errorf("said is %q", said)
		}
	}
	if found != 1 {
		t.Errorf("%d findings", found)
	}
}
