package platform

import (
	"fmt"
	"regexp"
	"strconv"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var meshProxySkew = &audit.Rule{
	ID:       "mesh-proxy-skew",
	Title:    "A proxy of the mesh is too far from its control plane",
	Severity: audit.Medium,
	Rationale: "Istio supports proxies that are at most one minor version older than istiod, and none that are newer. Beyond that nobody has tested what " +
		"they make of the configuration they are sent, and fixes of vulnerabilities stay out of pods that nobody restarts.",
	Remediation: "`kubectl rollout restart` the workload: its pods get the proxy of the revision that their namespace names. Restart what is left after each upgrade of istiod.",
	Since:       "3",
	Subjects:    kube.WorkloadResources(),
	Reads:       []kube.Resource{kube.Pods, kube.Deployments},
	Wide:        true, // istiod is elsewhere
	Check:       audit.EachWorkload(judgeSkew),
}

// judgeSkew judges the proxy furthest behind, or ahead, of a workload's pods
// (https://istio.io/latest/docs/releases/supported-releases/, control plane/data plane skew).
func judgeSkew(p *audit.Pass, w *kube.Workload) {
	planes := istiods.Of(p.Cluster)
	judged, unclear := 0, ""
	for _, pod := range p.Cluster.PodsOf(w) {
		proxy := pod.Proxy()
		if proxy == nil || pod.Finished() || len(planes) == 0 {
			continue
		}
		version, known := istioVersion(proxy.Image)
		of, clear := versionOf(planes, pod.Annotations["istio.io/rev"])
		switch {
		case !known:
			unclear = "image " + proxy.Image + " does not say which version of the proxy it is"
		case !clear:
			unclear = "it is not clear of which istiod its proxies are, or which version that is"
		case version.minor > of.minor || version.minor < of.minor-1 || version.major != of.major:
			p.Report(audit.Finding{
				Container: kube.IstioProxy,
				Message:   fmt.Sprintf("its proxy is %s, and istiod %s", version, of),
				Detail:    "Pod " + pod.Name + " runs " + proxy.Image + ".",
			})
			return
		default:
			judged++
		}
	}
	switch {
	case unclear != "":
		p.Unknown(unclear)
	case judged == 0:
		p.NotApplicable()
	}
}

// minorVersion is a version of Istio without its patch.
type minorVersion struct{ major, minor int }

// String returns the version as people write it, "1.24".
func (v minorVersion) String() string { return fmt.Sprintf("%d.%d", v.major, v.minor) }

// versioned is the tag of an image that begins with a version, whatever vendors add.
var versioned = regexp.MustCompile(`^:v?(\d+)\.(\d+)(?:[.@-]|$)`)

// istioVersion reads the version in the tag of an image.
func istioVersion(image string) (minorVersion, bool) {
	m := versioned.FindStringSubmatch(image[len(kube.RepositoryOf(image)):])
	if m == nil {
		return minorVersion{}, false
	}
	major, err := strconv.Atoi(m[1])
	minor, err2 := strconv.Atoi(m[2])
	return minorVersion{major, minor}, err == nil && err2 == nil
}

// versionOf returns the version of the istiod of a revision, false if nobody can tell. Where
// none has the revision it is that of all, if they have the same.
func versionOf(planes []controlPlane, revision string) (minorVersion, bool) {
	var candidates []controlPlane
	for _, plane := range planes {
		if plane.revision == revision {
			candidates = append(candidates, plane)
		}
	}
	if candidates == nil {
		candidates = planes
	}
	first, known := istioVersion(candidates[0].image)
	for _, plane := range candidates[1:] {
		if v, ok := istioVersion(plane.image); !ok || v != first {
			return minorVersion{}, false
		}
	}
	return first, known
}
