package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/rules/platform"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest"
)

// TestCertificatesOfACluster judges the certificates that a real server has, or shows: its
// own alone, those of webhooks, an aggregated API, a converter and cert-manager that do
// well, and each that does not. The definitions are those of cert-manager if the folder of
// public manifests is named by SEAWORTHY_CORPORA, and take anything if not.
func TestCertificatesOfACluster(t *testing.T) {
	t.Parallel()
	testbed := kubetest.StartTestbed(t, kubetest.TestbedOptions{})
	expect := func(state, bundles, managed, shown string) {
		t.Helper()
		want := map[string]string{
			"ca-bundle-expiring": bundles, "ca-bundle-invalid": bundles,
			"certificate-issuer-missing": managed, "certificate-not-ready": managed, "issuer-not-ready": managed,
			"cluster-certificate-expiring": "passes", // its certificates are as young as the server
			"certificate-key-weak":         shown, "certificate-never-expires": shown, "certificate-self-signed": shown,
		}
		expectRules(t, testbed, state, want)
	}
	expect("the server alone", "", "", "passes")

	testbed.Apply(t, "shop", definitionsOfCertManager(t))
	good := kubetest.Issue(t, lasting("good", -time.Hour, 300*day), nil, nil).PEM
	applyObjects(t, testbed, webhookOf("healthy", good), apiServiceOf("v1.healthy.example", good), converterOf("healthies.shop.example", good),
		managed("Issuer", "letsencrypt", nil), managed("Certificate", "web", map[string]any{
			"secretName": "web-tls", "dnsNames": []string{"shop.example.com"}, "issuerRef": map[string]any{"name": "letsencrypt"},
		}))
	patchStatus(t, testbed, kube.Issuers, "shop", "letsencrypt", map[string]any{"conditions": readySince("True", "ACMEAccountRegistered")})
	patchStatus(t, testbed, kube.Certificates, "shop", "web", map[string]any{"conditions": readySince("True", "Ready"), "notAfter": moment(60 * day)})
	expect("healthy", "passes", "passes", "passes")

	applyBroken(t, testbed)
	var got []string
	for _, f := range audit.Run(viewOf(t, testbed, reader()...), []audit.Category{platform.Category()}).Findings() {
		if strings.HasPrefix(f.Rule.ID, "api-") { // of the server itself, and of APIs without anybody behind them
			continue
		}
		got = append(got, fmt.Sprintf("%s %s %s", f.Severity, f.Rule.ID, f.Subject))
	}
	slices.Sort(got)
	want := []string{
		"high ca-bundle-expiring APIService v1.expired.example",
		"high ca-bundle-expiring CustomResourceDefinition expireds.shop.example",
		"high ca-bundle-expiring ValidatingWebhookConfiguration expired",
		"high ca-bundle-invalid ValidatingWebhookConfiguration blank",
		"high ca-bundle-invalid ValidatingWebhookConfiguration text",
		"high certificate-issuer-missing Certificate shop/orphan",
		"high certificate-not-ready Certificate shop/cart",
		"high issuer-not-ready Issuer shop/internal",
		"low certificate-never-expires ValidatingWebhookConfiguration forever",
		"low certificate-self-signed ValidatingWebhookConfiguration leaf",
		"medium ca-bundle-expiring ValidatingWebhookConfiguration soon",
		"medium certificate-key-weak ValidatingWebhookConfiguration sha1",
		"medium certificate-key-weak ValidatingWebhookConfiguration weak",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("broken (-want +got):\n%s", diff)
	}
}

// day is a day, 24 hours long.
const day = 24 * time.Hour

// applyBroken adds everything that can be wrong, once each.
func applyBroken(t *testing.T, testbed *kubetest.Testbed) {
	t.Helper()
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	sha1 := lasting("intermediate", -day, 300*day)
	sha1.SignatureAlgorithm = x509.SHA1WithRSA
	leaf := lasting("webhook.shop.svc", -day, 300*day)
	leaf.IsCA, leaf.DNSNames = false, []string{"webhook.shop.svc"}
	expired := kubetest.Issue(t, lasting("expired", -300*day, -time.Hour), nil, nil).PEM
	applyObjects(t, testbed,
		webhookOf("expired", expired), apiServiceOf("v1.expired.example", expired), converterOf("expireds.shop.example", expired),
		webhookOf("soon", kubetest.Issue(t, lasting("soon", -300*day, 10*day), nil, nil).PEM),
		webhookOf("rotated", slices.Concat(expired, kubetest.Issue(t, lasting("next", -day, 300*day), nil, nil).PEM)),
		webhookOf("forever", kubetest.Issue(t, lasting("forever", -day, 30*365*day), nil, nil).PEM),
		webhookOf("weak", kubetest.Issue(t, lasting("weak", -day, 300*day), small, nil).PEM),
		webhookOf("sha1", kubetest.Issue(t, sha1, nil, kubetest.Issue(t, lasting("root", -day, 300*day), key, nil)).PEM),
		webhookOf("leaf", kubetest.Issue(t, leaf, nil, nil).PEM),
		webhookOf("text", []byte("tomato")), webhookOf("blank", []byte("\n")),
		managed("Issuer", "internal", nil),
		managed("Certificate", "cart", map[string]any{"secretName": "cart-tls", "issuerRef": map[string]any{"name": "internal"}}),
		managed("Certificate", "orphan", map[string]any{"secretName": "orphan-tls", "issuerRef": map[string]any{"name": "nobody"}}),
	)
	patchStatus(t, testbed, kube.Issuers, "shop", "internal", map[string]any{"conditions": readySince("False", "ErrGetKeyPair")})
	patchStatus(t, testbed, kube.Certificates, "shop", "cart", map[string]any{"conditions": readySince("False", "DoesNotExist"), "failedIssuanceAttempts": 2})
}

// lasting is a template of an authority that lasts from one moment to another, counted from
// now.
func lasting(name string, from, to time.Duration) x509.Certificate {
	return x509.Certificate{
		Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(from), NotAfter: time.Now().Add(to),
		BasicConstraintsValid: true, IsCA: true, KeyUsage: x509.KeyUsageCertSign,
	}
}

func moment(from time.Duration) string { return time.Now().Add(from).UTC().Format(time.RFC3339) }

func readySince(status, reason string) []any {
	return []any{map[string]any{"type": "Ready", "status": status, "reason": reason, "message": "said so", "lastTransitionTime": moment(-2 * day)}}
}

// webhookOf is a webhook that is asked about nothing.
func webhookOf(name string, bundle []byte) map[string]any {
	return map[string]any{
		"apiVersion": "admissionregistration.k8s.io/v1", "kind": kube.ValidatingWebhookConfigurations.Kind, "metadata": map[string]any{"name": name},
		"webhooks": []any{map[string]any{
			"name": name + ".shop.example", "sideEffects": "None", "admissionReviewVersions": []string{"v1"},
			"clientConfig": map[string]any{"service": map[string]any{"namespace": "shop", "name": "webhook"}, "caBundle": bundle},
		}},
	}
}

func apiServiceOf(name string, bundle []byte) map[string]any {
	version, group, _ := strings.Cut(name, ".")
	return map[string]any{
		"apiVersion": "apiregistration.k8s.io/v1", "kind": kube.APIServices.Kind, "metadata": map[string]any{"name": name},
		"spec": map[string]any{
			"group": group, "version": version, "groupPriorityMinimum": 100, "versionPriority": 100,
			"service": map[string]any{"namespace": "shop", "name": "api"}, "caBundle": bundle,
		},
	}
}

func converterOf(name string, bundle []byte) map[string]any {
	plural, group, _ := strings.Cut(name, ".")
	anything := map[string]any{"openAPIV3Schema": map[string]any{"type": "object"}}
	return map[string]any{
		"apiVersion": "apiextensions.k8s.io/v1", "kind": kube.CustomResourceDefinitions.Kind, "metadata": map[string]any{"name": name},
		"spec": map[string]any{
			"group": group, "scope": "Namespaced", "names": map[string]any{"plural": plural, "kind": strings.TrimSuffix(plural, "s")},
			"versions": []any{map[string]any{"name": "v1", "served": true, "storage": true, "schema": anything}},
			"conversion": map[string]any{"strategy": "Webhook", "webhook": map[string]any{
				"conversionReviewVersions": []string{"v1"},
				"clientConfig":             map[string]any{"service": map[string]any{"namespace": "shop", "name": "webhook"}, "caBundle": bundle},
			}},
		},
	}
}

// managed is an object of cert-manager; without a spec it is one that signs for itself.
func managed(kind, name string, spec map[string]any) map[string]any {
	if spec == nil {
		spec = map[string]any{"selfSigned": map[string]any{}}
	}
	return map[string]any{
		"apiVersion": "cert-manager.io/v1", "kind": kind, "metadata": map[string]any{"name": name, "namespace": "shop"}, "spec": spec,
	}
}

// applyObjects applies some objects, encoded as they are.
func applyObjects(t *testing.T, testbed *kubetest.Testbed, objects ...map[string]any) {
	t.Helper()
	text, err := json.Marshal(map[string]any{"apiVersion": "v1", "kind": "List", "items": objects})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "objects.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	testbed.Apply(t, "shop", file)
}

// definitionsOfCertManager returns a file with the definitions of its kinds.
func definitionsOfCertManager(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("SEAWORTHY_CORPORA"); dir != "" {
		return filepath.Join(dir, "cert-manager-crds", "00-crds.yaml")
	}
	return definitionsOf(t, kube.Certificates, kube.Issuers, kube.ClusterIssuers)
}
