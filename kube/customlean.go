package kube

import (
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Kept returns the fields that are kept of the objects of a custom resource of which
// there may be many or that are large, with their paths: those that rules read, beside
// the metadata. It is nil where all are. A * in a path stands for each member of a list.
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
	if kept := keptOfPolicies(r); kept != nil {
		return kept
	}
	return keptOfBackups(r)
}

// keptOfPolicies is [Kept] for the engines that decide what may run: what is done with what
// a policy forbids and how the policy does, not what it forbids.
func keptOfPolicies(r Resource) []string {
	switch r {
	case KyvernoClusterPolicies, KyvernoPolicies:
		return []string{
			"spec.admission", "spec.failurePolicy", "spec.webhookConfiguration.failurePolicy",
			"spec.validationFailureAction", "spec.validationFailureActionOverrides.*.action",
			"spec.rules.*.name", "spec.rules.*.validate.failureAction", "spec.rules.*.validate.failureActionOverrides.*.action",
			"spec.rules.*.verifyImages.*.failureAction", "spec.rules.*.exclude", "status.conditions",
		}
	case ClusterAdmissionPolicies:
		return []string{"spec.mode", "spec.failurePolicy", "status.policyStatus", "status.conditions"}
	case ConstraintTemplates:
		return []string{"status.created", "status.byPod.*.errors"}
	case ValidatingPolicies, NamespacedValidatingPolicies, ImageValidatingPolicies, NamespacedImageValidatingPolicies,
		MutatingPolicies, NamespacedMutatingPolicies, GeneratingPolicies, NamespacedGeneratingPolicies,
		DeletingPolicies, NamespacedDeletingPolicies:
		return []string{
			"spec.validationActions", "spec.failurePolicy", "spec.evaluation.admission.enabled",
			"status.conditionStatus.ready", "status.conditionStatus.message", "status.conditionStatus.conditions",
		}
	case PolicyReports, ClusterPolicyReports, OpenReports, ClusterOpenReports:
		return []string{
			"scope.apiVersion", "scope.kind", "scope.namespace", "scope.name", "source", "summary",
			"results.*.policy", "results.*.rule", "results.*.result", "results.*.severity", "results.*.source",
			"results.*.timestamp", "results.*.message", "results.*.resources",
		}
	case Constraints:
		return []string{
			"spec.enforcementAction", "spec.scopedEnforcementActions", "spec.match", "spec.parameters.repos",
			"status.auditTimestamp", "status.totalViolations", "status.byPod.*.errors", "status.byPod.*.enforced",
			"status.violations.*.enforcementAction", "status.violations.*.group", "status.violations.*.version", "status.violations.*.kind",
			"status.violations.*.namespace", "status.violations.*.name", "status.violations.*.message",
		}
	}
	return nil
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
		return []string{"status.kubernetesStatus.namespace", "status.kubernetesStatus.pvcName", "status.state", "status.lastBackupAt"}
	case ETCDSnapshotFiles:
		return []string{"status.readyToUse", "status.creationTime"}
	}
	return keptOfMonitoring(r)
}

// keptOfMonitoring is [Kept] for what the Prometheus Operator runs, and what is for it.
func keptOfMonitoring(r Resource) []string {
	switch r {
	case Prometheuses:
		return append([]string{
			"spec.replicas", "spec.shards", "spec.paused", "spec.retention", "spec.retentionSize",
			"spec.storage", "spec.remoteWrite", "spec.thanos.objectStorageConfig", "spec.thanos.objectStorageConfigFile",
			"spec.ignoreNamespaceSelectors", "status.availableReplicas", "status.conditions",
		}, selectorsOfMonitors()...)
	case PrometheusAgents, ThanosRulers:
		return selectorsOfMonitors()
	case Alertmanagers:
		return []string{"spec.replicas", "spec.paused", "status.availableReplicas", "status.conditions"}
	case Probes, PrometheusRules, PodMonitorings, DestinationRules, MeshTLSAuthentications:
		return keptOfMany(r)
	}
	return keptOfProducts(r)
}

// selectorsOfMonitors are the fields by which [Cluster.Unselected] tells what is selected.
func selectorsOfMonitors() []string {
	var fields []string
	for _, kind := range []string{ServiceMonitors.Kind, PodMonitors.Kind, Probes.Kind, PrometheusRules.Kind} {
		fields = append(fields, "spec."+selectedAs(kind)+"Selector", "spec."+selectedAs(kind)+"NamespaceSelector")
	}
	return fields
}

// keptOfMany is [Kept] for kinds of which there are many, or large ones, and little is read.
func keptOfMany(r Resource) []string {
	switch r {
	case DestinationRules:
		return []string{
			"spec.host", "spec.trafficPolicy.tls.mode", "spec.trafficPolicy.portLevelSettings.*.tls.mode",
			"spec.subsets.*.trafficPolicy.tls.mode", "spec.subsets.*.trafficPolicy.portLevelSettings.*.tls.mode",
		}
	case PodMonitorings:
		return []string{"status.conditions"}
	}
	return []string{} // by their labels and namespaces alone
}

// keptOfProducts is [Kept] for what operators of other products run: how it does.
func keptOfProducts(r Resource) []string {
	switch r {
	case VMAgents, VMSingles, VMClusters:
		return []string{"spec.selectAllByDefault", "status.updateStatus", "status.reason"}
	case Grafanas:
		return []string{"status.stageStatus", "status.lastMessage"}
	case OpenTelemetryCollectors:
		return []string{"status.scale.statusReplicas"}
	case DatadogAgents, LokiStacks:
		return []string{"status.conditions"}
	case Loggings:
		return []string{"status.problems"}
	case ClusterExternalSecrets:
		return []string{"status.conditions", "status.failedNamespaces", "status.provisionedNamespaces"}
	case SecretProviderClassPodStatuses:
		return []string{"status.podName", "status.secretProviderClassName", "status.mounted"}
	case LonghornBackups:
		return []string{"status.state", "status.error", "status.volumeName", "status.snapshotCreatedAt"}
	}
	return keptOfNodes(r)
}

// keptOfNodes is [Kept] for what Karpenter makes nodes of.
func keptOfNodes(r Resource) []string {
	switch r {
	case NodePools:
		return []string{"spec.limits", "status.resources", "status.conditions"}
	case NodeClaims:
		return []string{"status.nodeName", "status.conditions"}
	}
	return keptOfWorkloads(r)
}

// keptOfWorkloads is [Kept] for the custom kinds that make pods, and for what judges new
// versions of them. Of an AnalysisRun, of which there is one a step, it is how it went.
func keptOfWorkloads(r Resource) []string {
	switch r {
	case Rollouts:
		return []string{
			"spec.template", "spec.workloadRef", "spec.replicas", "spec.selector", "spec.paused", "spec.strategy",
			"status.phase", "status.message", "status.abort", "status.abortedAt", "status.pauseConditions",
			"status.conditions", "status.observedGeneration", "status.currentStepIndex",
		}
	case AnalysisRuns:
		return []string{"status.phase", "status.message"}
	case Canaries:
		return []string{
			"spec.targetRef", "spec.suspend", "spec.skipAnalysis", "spec.progressDeadlineSeconds",
			"spec.analysis.metrics.*.name", "spec.analysis.webhooks.*.type", "spec.analysis.webhooks.*.name",
			"status.phase", "status.failedChecks", "status.lastTransitionTime", "status.conditions",
		}
	case KnativeServices:
		return []string{"spec.template", "status.conditions"}
	case CloneSets:
		return []string{"spec.template", "spec.replicas", "spec.selector"}
	case StrimziPodSets:
		return []string{"spec.selector", "spec.pods.*.metadata.name"}
	case PostgreSQLClusters:
		return []string{"spec.instances", "spec.superuserSecret.name", "spec.bootstrap.initdb.secret.name"}
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
	switch r {
	case Prometheuses:
		forgetWriting(lean)
	case Constraints:
		leanConstraint(lean)
	case PolicyReports, ClusterPolicyReports, OpenReports, ClusterOpenReports:
		leanReport(lean)
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
	key, rest := path[0], path[1:]
	value, there := whole[key]
	if !there {
		return
	}
	switch below := value.(type) {
	case map[string]any:
		if len(rest) > 0 {
			lean[key] = keepIn(lean[key], below, rest)
			return
		}
	case []any:
		if len(rest) > 1 && rest[0] == "*" {
			lean[key] = keepInEach(lean[key], below, rest[1:])
			return
		}
	}
	lean[key] = value // where an object should be is something else: who reads it will say so
}

// keepIn returns what is held of an object already, nil for nothing yet, with the field at
// a path too.
func keepIn(held any, whole map[string]any, path []string) map[string]any {
	lean, _ := held.(map[string]any)
	if lean == nil {
		lean = make(map[string]any, len(whole))
	}
	keep(lean, whole, path)
	return lean
}

// keepInEach is keepIn for the members of a list.
func keepInEach(held any, whole []any, path []string) []any {
	lean, _ := held.([]any)
	if lean == nil {
		lean = make([]any, len(whole))
	}
	for i, member := range whole {
		if object, is := member.(map[string]any); is {
			lean[i] = keepIn(lean[i], object, path)
		} else {
			lean[i] = member
		}
	}
	return lean
}
