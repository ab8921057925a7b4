package securitycontext

import (
	"fmt"

	"k8s.io/pod-security-admission/api"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var psaEnforceVersionPinnedOld = &audit.Rule{
	ID:       "psa-enforce-version-pinned-old",
	Title:    "Pod Security version is old",
	Severity: audit.Low,
	Rationale: "The namespace holds its pods to what the standards said some versions ago. " +
		"What later versions found to be dangerous is allowed there.",
	Remediation: "Raise pod-security.kubernetes.io/enforce-version to that of the server, or to latest, once the workloads pass it.",
	Controls:    []string{"OWASP22-K01", "OWASP25-K01"},
	Since:       "2",
	Subjects:    []kube.Resource{kube.Namespaces},
	Consults:    kube.WorkloadResources(),
	Check: audit.EachNamespace(func(p *audit.Pass, name string) {
		namespace, ok := judgedNamespace(p, name)
		if !ok {
			return
		}
		value, pinned := namespace.Labels[api.EnforceVersionLabel]
		at, set := enforced(p.Cluster, namespace)
		if !pinned || !set || at.Level == api.LevelPrivileged {
			p.NotApplicable()
			return
		}
		server := podSecurityVersion.Of(p.Cluster)
		chosen, err := api.ParseVersion(value)
		switch {
		case err != nil:
			p.Report(audit.Finding{
				Path: enforceVersionPath, Message: "namespace names no version of Pod Security",
				Detail: fmt.Sprintf("The label %s is %q, which is neither latest nor v1 with a minor version. Admission takes it for latest.",
					api.EnforceVersionLabel, value),
				Fixes: []audit.Fix{setField("say that it is latest", enforceVersionPath, "latest", "")},
			})
		case chosen.Latest():
		case server.Latest() && p.Cluster.Info.Offline:
			p.NotApplicable()
		case server.Latest():
			p.Unknown("the server's version is not known")
		case server.Minor()-chosen.Minor() > oldestNode:
			reportPin(p, name, value, api.LevelVersion{Level: at.Level, Version: server})
		}
	}),
}

// enforceVersionPath is the field path of the label by which a namespace chooses
// the version of the standards.
const enforceVersionPath = `metadata.labels["` + api.EnforceVersionLabel + `"]`

// oldestNode is how many minor versions behind its API server a kubelet may be
// (version skew policy of Kubernetes): a pin within it may belong to an upgrade.
const oldestNode = 3

// reportPin says what would be refused at the server's own version.
func reportPin(p *audit.Pass, namespace, value string, at api.LevelVersion) {
	f := audit.Finding{
		Path: enforceVersionPath, Message: fmt.Sprintf("namespace enforces Pod Security as of %s", value),
		Detail: fmt.Sprintf("The server is of version %s.", at.Version),
	}
	var refused []string
	for _, w := range p.Cluster.WorkloadsIn(namespace) {
		reasons, err := refusal(p.Cluster, at, w)
		if err != nil {
			p.Unknown(err.Error())
			return
		}
		if len(reasons) > 0 {
			refused = append(refused, describeRefusal(w, reasons))
		}
	}
	switch {
	case len(refused) > 0:
		f.Detail += " Its own version of the level would refuse " + someOf(refused) + "."
	case readsWorkloads(p.Cluster, namespace):
		f.Detail += " Every workload of the namespace that is known passes its own version of the level."
		f.Fixes = []audit.Fix{setField("enforce as of "+at.Version.String(), enforceVersionPath, at.Version.String(),
			"Pods that are not known, and break the newer version, are refused from then on.")}
	}
	p.Report(f)
}
