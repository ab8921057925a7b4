package deprecation

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#upgrade-existing-objects-to-a-new-stored-version.
var crdStoredVersionNotServed = &audit.Rule{
	ID:       "crd-stored-version-not-served",
	Title:    "Objects may be stored in a version that goes away",
	Severity: audit.Medium,
	Rationale: "status.storedVersions names every version that objects were ever stored in. One that is not served any more is what the next release of whoever defines the kind leaves out: " +
		"the API server refuses that definition, in the middle of an upgrade, or, where somebody forced it, cannot read the objects.",
	Remediation: "Store the objects anew: write each as it is (`kubectl get PLURAL -A -o json | kubectl replace -f -`), or have a StorageVersionMigration do it (since 1.37). " +
		"Then take the version out of the list: `kubectl patch crd NAME --subresource=status --type=merge -p '{\"status\":{\"storedVersions\":[\"v1\"]}}'`, with the version of spec.versions that has storage.",
	Since:    "3",
	Subjects: []kube.Resource{kube.CustomResourceDefinitions},
	Check: audit.EachCustom(kube.CustomResourceDefinitions, func(p *audit.Pass, o *unstructured.Unstructured) {
		if p.Cluster.Info.Offline {
			p.NotApplicable() // a manifest does not say what is stored
			return
		}
		d, ok := p.Cluster.Definitions()[o.GetName()]
		if !ok || len(d.Spec.Versions) == 0 || len(d.Status.StoredVersions) == 0 {
			p.Unknown("in which versions objects are stored cannot be read")
			return
		}
		for _, stored := range d.Status.StoredVersions {
			judgeStored(p, d, stored)
		}
	}),
}

// judgeStored reports a version in which objects may be stored and that is not there, not
// served, or deprecated.
func judgeStored(p *audit.Pass, d *kube.Definition, stored string) {
	at := slices.IndexFunc(d.Spec.Versions, func(v kube.DefinitionVersion) bool { return v.Name == stored })
	f := audit.Finding{Path: "status.storedVersions", Detail: fmt.Sprintf("Objects may be stored as %s; new ones are stored as %s.", strings.Join(d.Status.StoredVersions, ", "), storage(d))}
	switch {
	case at < 0:
		f.Severity, f.Message = audit.High, fmt.Sprintf("objects may be stored as %s, which it has no more", stored)
	case !d.Spec.Versions[at].Served:
		f.Message = fmt.Sprintf("objects may be stored as %s, which is not served any more", stored)
	case d.Spec.Versions[at].Deprecated:
		f.Severity, f.Message = audit.Low, fmt.Sprintf("objects may be stored as %s, which is deprecated", stored)
	default:
		return
	}
	p.Report(f)
}

// storage returns the version in which new objects are stored.
func storage(d *kube.Definition) string {
	for _, v := range d.Spec.Versions {
		if v.Storage {
			return v.Name
		}
	}
	return "none"
}
