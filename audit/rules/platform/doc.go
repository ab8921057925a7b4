// Package platform judges whether a cluster is run as production should be: what
// stands around the workloads and not in their manifests.
//
// Each rule is a file that bears the rule's ID, with its examples in the
// folder of that name under testdata; rules_gen.go lists them. Rules here never
// keep state and read nothing but the view they are given.
//
// # Design
//
// The category has no weight: whether there are backups says nothing of how safely a
// namespace is declared. Its rules speak where a tool is installed that does
// the job, and of what that tool itself says; that a cluster has no such tool is no
// finding, because clouds and other clusters do the same job out of sight. So a pass
// is no more than its rule says, and what the tool does not say is unknown.
// Objects without a status are not applicable: they are manifests, or nobody has looked
// at them yet. Texts name the moment since when something holds, never for how
// long.
//
// # Velero
//
// What is read of its API (velero.io/v1) is in velero.go, with where each fact
// comes from. Backups join their Schedule by the label velero.io/schedule-name; Velero
// synchronizes from a storage location also the Backups that other clusters wrote
// to it (https://velero.io/docs/main/api-types/backupstoragelocation/, backupSyncPeriod),
// and nothing in a Backup tells them from those of a Schedule here with the same
// name.
//
// # Certificates
//
// Judged is what can be read without a Secret: what the API server showed when it was
// connected to and the root that it was verified by, the bundles by which it knows
// webhooks, aggregated APIs and converters, ClusterTrustBundles ([kube.Cluster.Trusts]), and
// what cert-manager says of its Certificates and issuers. The root is that of
// kube-root-ca.crt as a rule; the ConfigMap itself is not read, since no value of one ever
// is. Nor are the certificates of CertificateSigningRequests: the controller manager
// deletes those an hour after they were signed (pkg/controller/certificates/cleaner), and
// they do not say whether anybody uses what was. A bundle is judged by the certificate in
// it that ends last, and nothing is soon before the last quarter of a life: whoever renews
// every day is not told of every day.
package platform

import "github.com/seaworthy-dev/seaworthy/audit"

// Category returns the category with its rules.
func Category() audit.Category {
	return audit.Category{
		ID:       "platform",
		Title:    "Platform",
		Label:    "Platform",
		About:    "Whether the cluster is run as production should be: whether backups are made, go well, cover what has volumes, and were ever restored; whether certificates are valid and renewed, secrets arrive, and policies are in force; whether Prometheus runs, and remembers; whether what is to be in a service mesh is, and takes nothing but mutual TLS; how the API server is set, and whether what stands around it answers and stays out of its way. It says what the tools that are installed say of themselves, and costs no points.",
		Rules:    rules,
		Examples: examples,
	}
}
