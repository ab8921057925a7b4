package hygiene

import (
	"strconv"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// pendingFor is for how many minutes an operation of Helm may take: it waits five
// for what it installed unless it is told otherwise.
const pendingFor = 30

var helmReleaseFailed = &audit.Rule{
	ID:       "helm-release-failed",
	Title:    "The last operation on a Helm release failed",
	Severity: audit.Medium,
	Rationale: "What runs is neither the version before nor the new one, but some of each. A release that is left pending refuses " +
		"every further upgrade.",
	Remediation: "See `helm history` and `helm status` for what went wrong, then upgrade again or roll back.",
	Since:       "2",
	Subjects:    []kube.Resource{kube.Secrets},
	Timed:       true,
	Check: audit.EachObject(kube.Secrets,
		func(c *kube.Cluster) kube.Table[*metav1.PartialObjectMetadata] { return c.Secrets },
		func(p *audit.Pass, s *metav1.PartialObjectMetadata) {
			release, revision, ok := releaseOf(s)
			if !ok || newestRevisions.Of(p.Cluster, s.Namespace)[release] != revision {
				p.NotApplicable()
				return
			}
			status := s.Labels["status"]
			pending := strings.HasPrefix(status, "pending-") || status == "uninstalling"
			if status != "failed" && (!pending || !p.Cluster.Lasted(since(s), pendingFor)) {
				return
			}
			p.Report(audit.Finding{
				Message: "release " + release + " is " + status + " at revision " + strconv.Itoa(revision),
				Detail:  "The newest revision that Helm remembers has this status since " + kube.Moment(since(s)) + ".",
			})
		}),
}

// releaseOf returns the release and revision that a Secret is the memory of, by
// the labels that Helm's storage driver sets.
func releaseOf(s *metav1.PartialObjectMetadata) (release string, revision int, ok bool) {
	if !isHelmRelease(s) {
		return "", 0, false
	}
	revision, err := strconv.Atoi(s.Labels["version"])
	return s.Labels["name"], revision, err == nil && s.Labels["name"] != ""
}

// since returns when Helm last wrote a revision.
func since(s *metav1.PartialObjectMetadata) metav1.Time {
	seconds, err := strconv.ParseInt(s.Labels["modifiedAt"], 10, 64)
	if err != nil {
		return s.CreationTimestamp
	}
	return metav1.Unix(seconds, 0)
}

// newestRevisions has the newest revision of each release of a namespace.
var newestRevisions = kube.DeriveFor(func(c *kube.Cluster, namespace string) map[string]int {
	newest := map[string]int{}
	for _, s := range c.Secrets.In(namespace) {
		if release, revision, ok := releaseOf(s); ok {
			newest[release] = max(newest[release], revision)
		}
	}
	return newest
})
