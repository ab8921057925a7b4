package platform_test

import (
	"fmt"
	"testing"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// istiodIn is a control plane of Istio.
func istiodIn(namespace, revision, image string) string {
	return fmt.Sprintf(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: istiod, namespace: %s, labels: {app: istiod, istio.io/rev: %s}}
spec:
  selector: {matchLabels: {app: istiod}}
  template:
    metadata: {labels: {app: istiod}}
    spec: {containers: [{name: discovery, image: %q}]}
---`, namespace, revision, image)
}

// proxied is a pod in the mesh.
func proxied(image string) string {
	return fmt.Sprintf(`
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}, annotations: {istio.io/rev: default}}
spec: {containers: [{name: web, image: "registry.example/web:1"}, {name: istio-proxy, image: %q}]}
---`, image)
}

// peersOf is a PeerAuthentication.
func peersOf(namespace, spec string) string {
	return fmt.Sprintf(`
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: p%d, namespace: %s}
spec: %s
---`, len(spec), namespace, spec)
}

// TestModeOfThePeers holds that a mode is told only where it is clear whose policy is the
// mesh's.
func TestModeOfThePeers(t *testing.T) {
	t.Parallel()
	const strict, lax = "{mtls: {mode: STRICT}}", "{mtls: {mode: PERMISSIVE}}"
	pilot, proxy := "docker.io/istio/pilot:1.29.1", proxied("docker.io/istio/proxyv2:1.29.1")
	here, there := istiodIn("istio-system", "default", pilot), istiodIn("istio-canary", "canary", pilot)
	for name, test := range map[string]struct{ objects, want string }{
		"no istiod":                             {proxy, "no istiod is seen, so that nobody can tell which PeerAuthentication is of the whole mesh"},
		"no istiod, but the namespace is clear": {proxy + peersOf("shop", strict), passes},
		"no istiod, and the namespace is lax":   {proxy + peersOf("shop", lax), fails},
		"two control planes":                    {proxy + here + there, "istiod runs in istio-canary and istio-system, so that nobody can tell which PeerAuthentication is of the whole mesh"},
		"two, and a workload of its own":        {proxy + here + there + peersOf("shop", "{selector: {matchLabels: {app: web}}, mtls: {mode: STRICT}}"), passes},
		"the whole mesh":                        {proxy + here + peersOf("istio-system", strict), passes},
		"strict elsewhere":                      {proxy + here + peersOf("bank", strict), fails},
		"another selector":                      {proxy + here + peersOf("shop", "{selector: {matchLabels: {app: cart}}, mtls: {mode: STRICT}}"), fails},
		"the namespace after the mesh":          {proxy + here + peersOf("istio-system", strict) + peersOf("shop", lax), fails},
		"the workload after the namespace":      {proxy + here + peersOf("shop", strict) + peersOf("shop", "{selector: {matchLabels: {app: web}}, mtls: {mode: PERMISSIVE}}"), fails},
		"a port of it":                          {proxy + here + peersOf("shop", strict) + peersOf("shop", `{selector: {matchLabels: {app: web}}, portLevelMtls: {"80": {mode: PERMISSIVE}}}`), fails},
		"nobody in the mesh":                    {here + peersOf("shop", lax), none},
		"of another form":                       {proxy + here + peersOf("shop", "{mtls: STRICT}"), "reading PeerAuthentication shop/p14: cannot restore struct from: string"},
	} {
		if got := judge(t, "mesh-mtls-permissive", "shop", withNamespace(test.objects), kube.Info{}); got != test.want {
			t.Errorf("%s: it is %q, want %q", name, got, test.want)
		}
	}
}

func withNamespace(objects string) string {
	return "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n---" + objects
}

// TestVersionOfTheProxies holds that versions are compared only where both are known.
func TestVersionOfTheProxies(t *testing.T) {
	t.Parallel()
	of := func(revision, version string) string {
		return istiodIn("istio-"+revision, revision, "docker.io/istio/pilot:"+version)
	}
	const unclear = "it is not clear of which istiod its proxies are, or which version that is"
	for name, test := range map[string]struct{ objects, want string }{
		"the same":                {proxied("docker.io/istio/proxyv2:1.29.0") + of("default", "1.29.1"), passes},
		"by digest":               {proxied("docker.io/istio/proxyv2@sha256:00") + of("default", "1.29.1"), "image docker.io/istio/proxyv2@sha256:00 does not say which version of the proxy it is"},
		"a tag of one's own":      {proxied("docker.io/istio/proxyv2:latest") + of("default", "1.29.1"), "image docker.io/istio/proxyv2:latest does not say which version of the proxy it is"},
		"istiod by digest":        {proxied("docker.io/istio/proxyv2:1.29.0") + of("default", "latest"), unclear},
		"no istiod":               {proxied("docker.io/istio/proxyv2:1.20.0"), none},
		"only another revision":   {proxied("docker.io/istio/proxyv2:1.20.0") + of("canary", "1.29.1"), fails},
		"two others, which agree": {proxied("docker.io/istio/proxyv2:1.29.0") + of("canary", "1.29.1") + of("next", "1.29.2"), passes},
		"two others":              {proxied("docker.io/istio/proxyv2:1.29.0") + of("canary", "1.29.1") + of("next", "1.30.0"), unclear},
		"another major version":   {proxied("docker.io/istio/proxyv2:1.29.0") + of("default", "2.29.0"), fails},
		"a vendor's":              {proxied("docker.io/istio/proxyv2:1.29.0-asm.3") + of("default", "v1.29.1"), passes},
	} {
		if got := judge(t, "mesh-proxy-skew", "shop", withNamespace(test.objects), kube.Info{}); got != test.want {
			t.Errorf("%s: it is %q, want %q", name, got, test.want)
		}
	}
}
