package kube

import (
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Kept returns the fields that are kept of the objects of a custom resource of which
// there may be many or that are large, with their paths: those that rules read, beside
// the metadata. It is nil where all are.
func Kept(r Resource) []string {
	switch r {
	case Schedules:
		return []string{
			"spec.schedule", "spec.paused", "spec.template.includedNamespaces", "spec.template.excludedNamespaces",
			"spec.template.includedResources", "spec.template.excludedResources",
			"spec.template.includeClusterResources", "spec.template.includedClusterScopedResources",
			"spec.template.excludedClusterScopedResources", "spec.template.includedNamespaceScopedResources",
			"spec.template.excludedNamespaceScopedResources", "spec.template.labelSelector",
			"spec.template.orLabelSelectors", "spec.template.resourcePolicy", "spec.template.snapshotVolumes",
			"spec.template.defaultVolumesToFsBackup", "spec.template.storageLocation", "spec.template.ttl",
			"status.phase", "status.lastBackup", "status.lastSkipped", "status.validationErrors",
		}
	case Backups:
		return []string{
			"spec.defaultVolumesToFsBackup", "status.phase", "status.startTimestamp",
			"status.errors", "status.warnings", "status.failureReason", "status.validationErrors",
		}
	case BackupStorageLocations:
		return []string{"spec.accessMode", "spec.default", "spec.validationFrequency", "status.phase", "status.message", "status.lastValidationTime"}
	case Restores:
		return []string{"spec.backupName", "spec.scheduleName", "status.phase", "status.completionTimestamp"}
	case Flagz:
		var flags []string
		for _, flag := range APIServerFlags() {
			flags = append(flags, "flags."+flag)
		}
		return flags
	case Statusz:
		return []string{"startTime", "binaryVersion", "emulationVersion"} // not the seconds that it is up
	}
	return keptOfBackups(r)
}

// keptOfBackups is [Kept] for the tools that back up beside Velero, and for what keeps
// secrets: of a SealedSecret the ciphertexts are dropped.
func keptOfBackups(r Resource) []string {
	switch r {
	case SealedSecrets:
		return []string{"status.observedGeneration", "status.conditions"}
	case VaultStaticSecrets, VaultDynamicSecrets, VaultPKISecrets:
		return []string{"spec.destination.name", "status.conditions"}
	case VolumeSnapshotClasses:
		return []string{"driver"}
	case ScheduledBackups:
		return []string{"spec.schedule", "spec.suspend", "spec.cluster.name", "status.lastScheduleTime", "status.lastCheckTime"}
	case PostgreSQLBackups:
		return []string{"status.phase", "status.startedAt", "status.error"}
	case ReplicationSources:
		return []string{
			"spec.sourcePVC", "spec.paused", "spec.trigger", "status.lastSyncTime",
			"status.latestMoverStatus.result", "status.conditions",
		}
	case RecurringJobs:
		return []string{"spec.task", "spec.cron", "spec.groups"}
	case BackupTargets:
		return []string{"spec.backupTargetURL", "status.available", "status.conditions"}
	case LonghornVolumes:
		return []string{"status.kubernetesStatus.namespace", "status.kubernetesStatus.pvcName"}
	case ETCDSnapshotFiles:
		return []string{"status.readyToUse", "status.creationTime"}
	}
	return keptOfMonitoring(r)
}

// keptOfMonitoring is [Kept] for what the Prometheus Operator runs.
func keptOfMonitoring(r Resource) []string {
	switch r {
	case Prometheuses:
		return []string{
			"spec.replicas", "spec.shards", "spec.paused", "spec.retention", "spec.retentionSize",
			"spec.storage", "spec.remoteWrite", "spec.thanos.objectStorageConfig", "spec.thanos.objectStorageConfigFile",
			"spec.serviceMonitorSelector", "spec.serviceMonitorNamespaceSelector",
			"spec.podMonitorSelector", "spec.podMonitorNamespaceSelector", "spec.ignoreNamespaceSelectors",
			"status.availableReplicas", "status.conditions",
		}
	case Alertmanagers:
		return []string{"spec.replicas", "spec.paused", "status.availableReplicas", "status.conditions"}
	}
	return nil
}

// leanCustom drops from a custom object what no rule reads: who wrote which
// field, and the copy that kubectl keeps; of a definition the schemas, of a bundle
// of certificates the PEM, of a Prometheus where it writes to, of others what is
// not [Kept]. Of what Kubernetes itself defines it keeps who wrote it through another
// version of its API.
func leanCustom(r Resource, o *unstructured.Unstructured) *unstructured.Unstructured {
	var old []metav1.ManagedFieldsEntry
	applied := ""
	if r == CustomResourceDefinitions || r == APIServices || r == ClusterTrustBundles {
		old, applied = outdated(r, o), appliedOtherwise(r, o)
	}
	stripMetadata(o)
	keepApplied(o, applied)
	o.SetManagedFields(old)
	switch r {
	case CustomResourceDefinitions:
		return leanDefinition(o)
	case ClusterTrustBundles:
		return leanTrustBundle(o)
	}
	paths := Kept(r)
	if paths == nil {
		return o
	}
	lean := &unstructured.Unstructured{Object: map[string]any{}}
	for _, path := range append([]string{"apiVersion", "kind", "metadata"}, paths...) {
		keep(lean.Object, o.Object, strings.Split(path, "."))
	}
	if r == Prometheuses {
		forgetWriting(lean)
	}
	return lean
}

// forgetWriting leaves of what a Prometheus writes elsewhere to how many places that is:
// their addresses and headers may hold tokens.
func forgetWriting(lean *unstructured.Unstructured) {
	spec, _ := lean.Object["spec"].(map[string]any)
	written, _ := spec["remoteWrite"].([]any)
	if written == nil {
		return // none, or something else: who reads it will say so
	}
	places := make([]any, len(written))
	for i := range places {
		places[i] = map[string]any{}
	}
	spec["remoteWrite"] = places
}

// keep gives an object the field at a path of another, if that has it.
func keep(lean, whole map[string]any, path []string) {
	value, there := whole[path[0]]
	if !there {
		return
	}
	below, nested := value.(map[string]any)
	if len(path) == 1 || !nested {
		lean[path[0]] = value // where an object should be is something else: who reads it will say so
		return
	}
	held, _ := lean[path[0]].(map[string]any)
	if held == nil {
		held = make(map[string]any, len(below))
		lean[path[0]] = held
	}
	keep(held, below, path[1:])
}
