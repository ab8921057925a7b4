package kube_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

var issuedAt = time.Date(2025, time.June, 1, 0, 0, 0, 0, time.UTC)

// authority is a template of a root.
func authority(name string) x509.Certificate {
	return x509.Certificate{
		Subject: pkix.Name{CommonName: name}, NotBefore: issuedAt, NotAfter: issuedAt.AddDate(2, 0, 0),
		BasicConstraintsValid: true, IsCA: true, KeyUsage: x509.KeyUsageCertSign,
	}
}

// server is a template of a certificate that serves.
func server(name string) x509.Certificate {
	return x509.Certificate{
		Subject: pkix.Name{CommonName: name}, NotBefore: issuedAt, NotAfter: issuedAt.AddDate(1, 0, 0),
		DNSNames: []string{name}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
}

func TestCertificateOf(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	root := kubetest.Issue(t, authority("root"), key, nil)
	crossed := authority("root") // by another key of the same name
	crossed.AuthorityKeyId = root.SubjectKeyId
	namesake := kubetest.Issue(t, crossed, nil, root)
	nameless := server("")
	nameless.DNSNames, nameless.ExtKeyUsage = []string{"webhook.shop.svc"}, nil
	lasts := kube.Certificate{NotBefore: issuedAt, NotAfter: issuedAt.AddDate(1, 0, 0)}
	of := func(c kube.Certificate, set func(*kube.Certificate)) kube.Certificate { set(&c); return c }
	for name, test := range map[string]struct {
		of   *kubetest.Issued
		want kube.Certificate
	}{
		"a root": {root, kube.Certificate{
			NotBefore: issuedAt, NotAfter: issuedAt.AddDate(2, 0, 0), Issuer: "CN=root", Subject: "CN=root",
			SelfSigned: true, Authority: true, Key: "RSA", Bits: 2048, Signature: "SHA256-RSA",
		}},
		"a namesake of its issuer": {namesake, kube.Certificate{
			NotBefore: issuedAt, NotAfter: issuedAt.AddDate(2, 0, 0), Issuer: "CN=root", Subject: "CN=root",
			Authority: true, Key: "ECDSA", Bits: 256, Signature: "SHA256-RSA",
		}},
		"a server": {kubetest.Issue(t, server("webhook.shop.svc"), nil, root), of(lasts, func(c *kube.Certificate) {
			c.Issuer, c.Subject, c.Serves, c.Key, c.Bits, c.Signature = "CN=root", "CN=webhook.shop.svc", true, "ECDSA", 256, "SHA256-RSA"
		})},
		"a server without a subject": {kubetest.Issue(t, nameless, nil, root), of(lasts, func(c *kube.Certificate) {
			c.Issuer, c.Subject, c.Serves, c.Key, c.Bits, c.Signature = "CN=root", "webhook.shop.svc", true, "ECDSA", 256, "SHA256-RSA"
		})},
	} {
		if diff := cmp.Diff(test.want, kube.CertificateOf(test.of.Certificate)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestReadCABundle(t *testing.T) {
	t.Parallel()
	first, second := kubetest.Issue(t, authority("first"), nil, nil), kubetest.Issue(t, authority("second"), nil, nil)
	headed := bytes.Replace(first.PEM, []byte("-----\n"), []byte("-----\nComment: ours\n\n"), 1)
	cut := first.PEM[:len(first.PEM)/2]
	for name, test := range map[string]struct {
		text         []byte
		certificates int
		fault        string
	}{
		"nothing":              {nil, 0, ""},
		"white space":          {[]byte(" \n"), 0, ""},
		"one":                  {first.PEM, 1, ""},
		"two with prose":       {slices.Concat([]byte("# ours\n"), first.PEM, []byte("\n# theirs\n"), second.PEM), 2, ""},
		"no PEM":               {[]byte("tomato"), 0, "it is not PEM"},
		"half of one":          {cut, 0, "it is not PEM"},
		"one and a half":       {slices.Concat(first.PEM, cut), 1, "what follows block 1 of its PEM cannot be read"},
		"a key":                {[]byte("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), 0, "block 1 of its PEM: it is a PRIVATE KEY and no CERTIFICATE"},
		"headers":              {headed, 0, "block 1 of its PEM: it has headers, which a certificate has not"},
		"no certificate in it": {slices.Concat(first.PEM, []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")), 1, "block 2 of its PEM: x509: malformed certificate"},
	} {
		b := kube.ReadCABundle(test.text)
		if len(b.Certificates) != test.certificates || b.Fault != test.fault || b.Given() != (len(test.text) > 0) {
			t.Errorf("%s is read as %+v", name, b)
		}
		// As clients do who trust by it.
		if usable := x509.NewCertPool().AppendCertsFromPEM(test.text); usable != (len(b.Certificates) > 0) {
			t.Errorf("%s: clients can use it %t", name, usable)
		}
	}
}

func TestLast(t *testing.T) {
	t.Parallel()
	longer := authority("next")
	longer.NotAfter = issuedAt.AddDate(3, 0, 0)
	text := slices.Concat(kubetest.Issue(t, authority("now"), nil, nil).PEM, kubetest.Issue(t, longer, nil, nil).PEM, kubetest.Issue(t, authority("old"), nil, nil).PEM)
	if b := kube.ReadCABundle(text); b.Last() == nil || b.Last().Subject != "CN=next" {
		t.Errorf("of %+v, %+v ends last", b, b.Last())
	}
	if (&kube.CABundle{}).Last() != nil {
		t.Error("a bundle without certificates has one")
	}
}

// FuzzReadCABundle holds that nothing that somebody puts into a bundle is a panic, that what
// is kept is harmless to show, reads back as it is, and that a bundle is usable for us if
// and only if it is for clients.
func FuzzReadCABundle(f *testing.F) {
	root := kubetest.Issue(f, authority("root\x1b[2J"), nil, nil)
	f.Add(root.PEM)
	f.Add(slices.Concat(root.PEM, root.PEM[:100]))
	f.Add([]byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"))
	f.Add([]byte("-----BEGIN \x1b-----\nAAAA\n-----END \x1b-----"))
	f.Add([]byte("\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		b := kube.ReadCABundle(text)
		if usable := x509.NewCertPool().AppendCertsFromPEM(text); usable != (len(b.Certificates) > 0) {
			t.Errorf("clients can use it %t, and it is read as %+v", usable, b)
		}
		said := b.Fault
		for _, c := range b.Certificates {
			said += c.Issuer + c.Subject
		}
		if strings.ContainsFunc(said, unicode.IsControl) {
			t.Errorf("kept is %q", said)
		}
		encoded, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		var again kube.CABundle
		if err := json.Unmarshal(encoded, &again); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(b, again); diff != "" {
			t.Errorf("read back (-want +got):\n%s", diff)
		}
	})
}

// What the API server knows others by is held in a view without PEM where that is ours to
// choose, however often it is read and written.
func TestTrusts(t *testing.T) {
	t.Parallel()
	one, other := kubetest.Issue(t, authority("one"), nil, nil), kubetest.Issue(t, authority("other"), nil, nil)
	hooks := &admissionv1.ValidatingWebhookConfiguration{ObjectMeta: metav1.ObjectMeta{Name: "shop"}}
	for name, text := range map[string][]byte{"a": one.PEM, "b": other.PEM, "c": one.PEM, "d": nil} {
		hooks.Webhooks = append(hooks.Webhooks, admissionv1.ValidatingWebhook{Name: name, ClientConfig: admissionv1.WebhookClientConfig{CABundle: text}})
	}
	slices.SortFunc(hooks.Webhooks, func(a, b admissionv1.ValidatingWebhook) int { return strings.Compare(a.Name, b.Name) })
	encoded := base64.StdEncoding.EncodeToString(one.PEM)
	service := custom(kube.APIServices, "", "v1.shop.example")
	service.Object["spec"] = map[string]any{"caBundle": encoded}
	bundle := custom(kube.ClusterTrustBundles, "", "internal")
	bundle.Object["spec"] = map[string]any{"trustBundle": string(one.PEM)}
	definition := &unstructured.Unstructured{}
	if err := json.Unmarshal([]byte(strings.Replace(boats, "dG9tYXRv", encoded, 1)), &definition.Object); err != nil {
		t.Fatal(err)
	}
	odd := custom(kube.APIServices, "", "v1.odd.example")
	odd.Object["spec"] = "large"
	c := build(t, object{kube.ValidatingWebhookConfigurations, hooks}, object{kube.APIServices, service}, object{kube.APIServices, odd},
		object{kube.ClusterTrustBundles, bundle}, object{kube.CustomResourceDefinitions, definition})
	for range 2 {
		kept := kube.ReadCABundle(one.PEM)
		next := kube.ReadCABundle(other.PEM)
		for ref, want := range map[kube.Ref][]kube.Trust{
			kube.ValidatingWebhookConfigurations.Ref("", "shop"): {
				{Path: "webhooks[0].clientConfig.caBundle", For: []string{"a", "c"}, Bundle: &kept},
				{Path: "webhooks[1].clientConfig.caBundle", For: []string{"b"}, Bundle: &next},
			},
			kube.APIServices.Ref("", "v1.shop.example"):                 {{Path: "spec.caBundle", Bundle: &kept}},
			kube.APIServices.Ref("", "v1.odd.example"):                  nil,
			kube.ClusterTrustBundles.Ref("", "internal"):                {{Path: "spec.trustBundle", Bundle: &kept}},
			kube.CustomResourceDefinitions.Ref("", "boats.example.com"): {{Path: "spec.conversion.webhook.clientConfig.caBundle", Bundle: &kept}},
		} {
			if diff := cmp.Diff(want, c.Trusts(ref)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", ref, diff)
			}
		}
		// The view of a recording is made of what a view held.
		var objects []object
		for _, r := range kube.TrustResources() {
			for _, o := range c.Objects(r) {
				text, err := json.Marshal(o)
				if err != nil {
					t.Fatal(err)
				}
				if lean := r == kube.ClusterTrustBundles || r == kube.CustomResourceDefinitions; lean && (strings.Contains(string(text), "BEGIN") || strings.Contains(string(text), encoded)) {
					t.Errorf("%s is held as %s", r, text)
				}
				read := kube.NewObject(r)
				if err := json.Unmarshal(text, read); err != nil {
					t.Fatal(err)
				}
				objects = append(objects, object{r, read})
			}
		}
		c = build(t, objects...)
	}
}
