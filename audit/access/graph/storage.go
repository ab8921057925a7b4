package graph

import "github.com/seaworthy-dev/seaworthy/audit"

// Ways over volumes.
var (
	hostVolume = &Family{
		ID: "PV_HOSTPATH_CREATE", Title: "PersistentVolumes can be created",
		Story: "{from} may make a PersistentVolume of a path of the node and a pod that claims it, which Pod Security lets pass, and so has {to} ({evidence})",
		Cost:  2, Severity: audit.Critical, Confidence: Proven, Source: "kubernetes.io/docs/concepts/security/rbac-good-practices, Persistent volume creation; a pod makes its claim by volumes[].ephemeral (KEP-1698)",
	}
	claimToHost = &Family{
		ID: "PVC_TO_HOSTPATH", Title: "A claim's volume is a path of the node",
		Story: "{from} mounts a claim whose volume is a path of the node that leads to {to} ({evidence})",
		Cost:  1, Severity: audit.High, Confidence: Conditional, Source: "PersistentVolume fields hostPath and local",
	}
	gitRepository = &Family{
		ID: "VOL_GITREPO", Title: "A volume is cloned from git by the kubelet",
		Story: "{from} has a volume that the kubelet clones as root, where a hook runs on {to} ({evidence})",
		Cost:  3, Severity: audit.Medium, Confidence: Inferred, Source: "CVE-2024-10220; off by default since 1.33",
	}
)

var storageFamilies = []*Family{hostVolume, claimToHost, gitRepository}
