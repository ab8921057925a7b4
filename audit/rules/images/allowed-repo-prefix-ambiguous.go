package images

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var allowedRepoPrefixAmbiguous = &audit.Rule{
	ID:       "allowed-repo-prefix-ambiguous",
	Title:    "A list of allowed repositories lets more in than it says",
	Severity: audit.Medium,
	Rationale: "Gatekeeper compares the start of an image's name with the entry, letter by letter. registry.example also allows " +
		"registry.example.attacker.net, and docker.io/acme the account acme-free, which anybody may open: " +
		"who may create pods gets past the policy.",
	Remediation: "End entries with a slash (registry.example/, docker.io/acme/), and name an account where the registry is public.",
	Controls:    []string{"OWASP22-K02"},
	Since:       "2",
	Subjects:    []kube.Resource{kube.Constraints},
	Check:       audit.EachCustom(kube.Constraints, judgeAllowedRepos),
}

// allowedRepos is the kind of the constraints of the library's template allowedrepos.
const allowedRepos = "K8sAllowedRepos"

func judgeAllowedRepos(p *audit.Pass, o *unstructured.Unstructured) {
	if o.GetKind() != allowedRepos {
		p.NotApplicable()
		return
	}
	entries, _, err := unstructured.NestedStringSlice(o.Object, "spec", "parameters", "repos")
	switch {
	case err != nil:
		p.Unknown("spec.parameters.repos is not a list of texts")
	case len(entries) == 0:
		p.NotApplicable()
	}
	for i, entry := range entries {
		why := opening(entry)
		if why == "" {
			continue
		}
		path := fmt.Sprintf("spec.parameters.repos[%d]", i)
		f := audit.Finding{Path: path, Message: fmt.Sprintf("%q allows %s", entry, why)}
		if closed := entry + "/"; looksLikeHost(entry) && !strings.HasSuffix(entry, "/") && opening(closed) == "" {
			fix := audit.SetField("end the entry with a slash", path, closed)
			fix.Risk = "Images that were let in by the open end are refused from then on."
			f.Fixes = []audit.Fix{fix}
		}
		p.Report(f)
	}
}

// opening says what an entry allows beyond its meaning, "" if nothing.
func opening(entry string) string {
	host, path, slash := strings.Cut(entry, "/")
	switch {
	case entry == "":
		return "every image"
	case !slash && strings.Contains(entry, ":"):
		return "" // one image and its tag, or a port
	case !slash:
		return "every registry whose name begins so"
	case !public(host):
		return ""
	case path == "":
		return "images of anybody: " + host + " is public"
	case !strings.ContainsAny(path, "/:@"):
		return "accounts of others whose name begins so"
	}
	return ""
}

// public reports whether anybody may open an account in a registry.
func public(host string) bool {
	return slices.Contains([]string{"docker.io", "index.docker.io", "registry-1.docker.io", "ghcr.io", "quay.io", "public.ecr.aws"}, host)
}

// looksLikeHost reports whether an entry begins with a registry rather than with
// an account or an image of Docker Hub: by a dot, as container runtimes do.
func looksLikeHost(entry string) bool {
	host, _, _ := strings.Cut(entry, "/")
	return strings.Contains(host, ".")
}
