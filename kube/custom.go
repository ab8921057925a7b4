package kube

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// The custom resources of the view: kinds that rules read where somebody has
// installed them. Version is the one that rules know; a Source may read another
// one where a server has no such version. CustomResourceDefinitions are read without
// their schemas ([Definition]).
var (
	CustomResourceDefinitions         = Resource{"apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", "crd", false, false, 1}
	APIServices                       = Resource{"apiregistration.k8s.io", "v1", "apiservices", "APIService", "apiservice", false, false, 2}
	GatewayClasses                    = Resource{"gateway.networking.k8s.io", "v1", "gatewayclasses", "GatewayClass", "gc", false, false, 3}
	Gateways                          = Resource{"gateway.networking.k8s.io", "v1", "gateways", "Gateway", "gtw", true, false, 4}
	HTTPRoutes                        = Resource{"gateway.networking.k8s.io", "v1", "httproutes", "HTTPRoute", "httproute", true, false, 5}
	GRPCRoutes                        = Resource{"gateway.networking.k8s.io", "v1", "grpcroutes", "GRPCRoute", "grpcroute", true, false, 6}
	TLSRoutes                         = Resource{"gateway.networking.k8s.io", "v1", "tlsroutes", "TLSRoute", "tlsroute", true, false, 7}
	TCPRoutes                         = Resource{"gateway.networking.k8s.io", "v1alpha2", "tcproutes", "TCPRoute", "tcproute", true, false, 8}
	UDPRoutes                         = Resource{"gateway.networking.k8s.io", "v1alpha2", "udproutes", "UDPRoute", "udproute", true, false, 9}
	ReferenceGrants                   = Resource{"gateway.networking.k8s.io", "v1beta1", "referencegrants", "ReferenceGrant", "refgrant", true, false, 10}
	VirtualServices                   = Resource{"networking.istio.io", "v1", "virtualservices", "VirtualService", "vs", true, false, 11}
	VerticalPodAutoscalers            = Resource{"autoscaling.k8s.io", "v1", "verticalpodautoscalers", "VerticalPodAutoscaler", "vpa", true, false, 12}
	ScaledObjects                     = Resource{"keda.sh", "v1alpha1", "scaledobjects", "ScaledObject", "so", true, false, 13}
	CiliumNetworkPolicies             = Resource{"cilium.io", "v2", "ciliumnetworkpolicies", "CiliumNetworkPolicy", "cnp", true, false, 14}
	CiliumClusterwideNetworkPolicies  = Resource{"cilium.io", "v2", "ciliumclusterwidenetworkpolicies", "CiliumClusterwideNetworkPolicy", "ccnp", false, false, 15}
	CiliumIdentities                  = Resource{"cilium.io", "v2", "ciliumidentities", "CiliumIdentity", "ciliumid", false, false, 16}
	CalicoNetworkPolicies             = Resource{"crd.projectcalico.org", "v1", "networkpolicies", "NetworkPolicy", "calicopolicy", true, false, 17}
	GlobalNetworkPolicies             = Resource{"crd.projectcalico.org", "v1", "globalnetworkpolicies", "GlobalNetworkPolicy", "globalnetworkpolicy", false, false, 18}
	AdminNetworkPolicies              = Resource{"policy.networking.k8s.io", "v1alpha1", "adminnetworkpolicies", "AdminNetworkPolicy", "anp", false, false, 19}
	BaselineAdminNetworkPolicies      = Resource{"policy.networking.k8s.io", "v1alpha1", "baselineadminnetworkpolicies", "BaselineAdminNetworkPolicy", "banp", false, false, 20}
	ClusterNetworkPolicies            = Resource{"policy.networking.k8s.io", "v1alpha2", "clusternetworkpolicies", "ClusterNetworkPolicy", "netpolcluster", false, false, 21}
	Certificates                      = Resource{"cert-manager.io", "v1", "certificates", "Certificate", "cert", true, false, 22}
	Applications                      = Resource{"argoproj.io", "v1alpha1", "applications", "Application", "app", true, false, 23}
	Kustomizations                    = Resource{"kustomize.toolkit.fluxcd.io", "v1", "kustomizations", "Kustomization", "ks", true, false, 24}
	HelmReleases                      = Resource{"helm.toolkit.fluxcd.io", "v2", "helmreleases", "HelmRelease", "hr", true, false, 25}
	GitRepositories                   = Resource{"source.toolkit.fluxcd.io", "v1", "gitrepositories", "GitRepository", "gitrepo", true, false, 26}
	OCIRepositories                   = Resource{"source.toolkit.fluxcd.io", "v1", "ocirepositories", "OCIRepository", "ocirepo", true, false, 27}
	IngressRoutes                     = Resource{"traefik.io", "v1alpha1", "ingressroutes", "IngressRoute", "ingressroute", true, false, 28}
	Middlewares                       = Resource{"traefik.io", "v1alpha1", "middlewares", "Middleware", "middleware", true, false, 29}
	TraefikServices                   = Resource{"traefik.io", "v1alpha1", "traefikservices", "TraefikService", "traefikservice", true, false, 30}
	ServiceMonitors                   = Resource{"monitoring.coreos.com", "v1", "servicemonitors", "ServiceMonitor", "smon", true, false, 31}
	PodMonitors                       = Resource{"monitoring.coreos.com", "v1", "podmonitors", "PodMonitor", "pmon", true, false, 32}
	SecretProviderClasses             = Resource{"secrets-store.csi.x-k8s.io", "v1", "secretproviderclasses", "SecretProviderClass", "secretproviderclass", true, false, 33}
	ExternalSecrets                   = Resource{"external-secrets.io", "v1", "externalsecrets", "ExternalSecret", "es", true, false, 34}
	SecurityContextConstraints        = Resource{"security.openshift.io", "v1", "securitycontextconstraints", "SecurityContextConstraints", "scc", false, false, 35}
	SandboxTemplates                  = Resource{"extensions.agents.x-k8s.io", "v1alpha1", "sandboxtemplates", "SandboxTemplate", "sandboxtemplate", true, false, 36}
	Schedules                         = Resource{"velero.io", "v1", "schedules", "Schedule", "schedule", true, false, 38}
	Backups                           = Resource{"velero.io", "v1", "backups", "Backup", "backup", true, false, 39}
	BackupStorageLocations            = Resource{"velero.io", "v1", "backupstoragelocations", "BackupStorageLocation", "bsl", true, false, 40}
	Restores                          = Resource{"velero.io", "v1", "restores", "Restore", "restore", true, false, 41}
	Flagz                             = Resource{"config.k8s.io", "v1beta1", "flagz", "Flagz", "", false, false, 42} // see [Resource.Page], as for those below
	Statusz                           = Resource{"config.k8s.io", "v1beta1", "statusz", "Statusz", "", false, false, 43}
	Livez                             = Resource{"seaworthy.dev", "v1", "livez", "Livez", "", false, false, 44}
	SecretStores                      = Resource{"external-secrets.io", "v1", "secretstores", "SecretStore", "secretstore", true, false, 45}
	ClusterSecretStores               = Resource{"external-secrets.io", "v1", "clustersecretstores", "ClusterSecretStore", "css", false, false, 46}
	SealedSecrets                     = Resource{"bitnami.com", "v1alpha1", "sealedsecrets", "SealedSecret", "sealedsecret", true, false, 47}
	VaultStaticSecrets                = Resource{"secrets.hashicorp.com", "v1beta1", "vaultstaticsecrets", "VaultStaticSecret", "vaultstaticsecret", true, false, 48}
	VaultDynamicSecrets               = Resource{"secrets.hashicorp.com", "v1beta1", "vaultdynamicsecrets", "VaultDynamicSecret", "vaultdynamicsecret", true, false, 49}
	VaultPKISecrets                   = Resource{"secrets.hashicorp.com", "v1beta1", "vaultpkisecrets", "VaultPKISecret", "vaultpkisecret", true, false, 50}
	VaultConnections                  = Resource{"secrets.hashicorp.com", "v1beta1", "vaultconnections", "VaultConnection", "vaultconnection", true, false, 51}
	VaultAuths                        = Resource{"secrets.hashicorp.com", "v1beta1", "vaultauths", "VaultAuth", "vaultauth", true, false, 52}
	VolumeSnapshotClasses             = Resource{"snapshot.storage.k8s.io", "v1", "volumesnapshotclasses", "VolumeSnapshotClass", "vsclass", false, false, 53}
	ScheduledBackups                  = Resource{"postgresql.cnpg.io", "v1", "scheduledbackups", "ScheduledBackup", "scheduledbackup", true, false, 54}
	PostgreSQLBackups                 = Resource{"postgresql.cnpg.io", "v1", "backups", "Backup", "cnpgbackup", true, false, 55}
	ReplicationSources                = Resource{"volsync.backube", "v1alpha1", "replicationsources", "ReplicationSource", "replicationsource", true, false, 56}
	RecurringJobs                     = Resource{"longhorn.io", "v1beta2", "recurringjobs", "RecurringJob", "lhrj", true, false, 57}
	BackupTargets                     = Resource{"longhorn.io", "v1beta2", "backuptargets", "BackupTarget", "lhbt", true, false, 58}
	LonghornVolumes                   = Resource{"longhorn.io", "v1beta2", "volumes", "Volume", "lhv", true, false, 59}
	ETCDSnapshotFiles                 = Resource{"k3s.cattle.io", "v1", "etcdsnapshotfiles", "ETCDSnapshotFile", "etcdsnapshotfile", false, false, 60}
	Issuers                           = Resource{"cert-manager.io", "v1", "issuers", "Issuer", "issuer", true, false, 61}
	ClusterIssuers                    = Resource{"cert-manager.io", "v1", "clusterissuers", "ClusterIssuer", "ciss", false, false, 62}
	ClusterTrustBundles               = Resource{"certificates.k8s.io", "v1", "clustertrustbundles", "ClusterTrustBundle", "clustertrustbundle", false, false, 63}
	Prometheuses                      = Resource{"monitoring.coreos.com", "v1", "prometheuses", "Prometheus", "prom", true, false, 64}
	Alertmanagers                     = Resource{"monitoring.coreos.com", "v1", "alertmanagers", "Alertmanager", "amgr", true, false, 65}
	KyvernoClusterPolicies            = Resource{"kyverno.io", "v1", "clusterpolicies", "ClusterPolicy", "cpol", false, false, 66}
	KyvernoPolicies                   = Resource{"kyverno.io", "v1", "policies", "Policy", "pol", true, false, 67}
	ClusterAdmissionPolicies          = Resource{"policies.kubewarden.io", "v1", "clusteradmissionpolicies", "ClusterAdmissionPolicy", "clusteradmissionpolicy", false, false, 68}
	ConstraintTemplates               = Resource{"templates.gatekeeper.sh", "v1", "constrainttemplates", "ConstraintTemplate", "constrainttemplate", false, false, 69}
	ValidatingPolicies                = Resource{"policies.kyverno.io", "v1", "validatingpolicies", "ValidatingPolicy", "vpol", false, false, 70}
	ImageValidatingPolicies           = Resource{"policies.kyverno.io", "v1", "imagevalidatingpolicies", "ImageValidatingPolicy", "ivpol", false, false, 71}
	MutatingPolicies                  = Resource{"policies.kyverno.io", "v1", "mutatingpolicies", "MutatingPolicy", "mpol", false, false, 72}
	GeneratingPolicies                = Resource{"policies.kyverno.io", "v1", "generatingpolicies", "GeneratingPolicy", "gpol", false, false, 73}
	DeletingPolicies                  = Resource{"policies.kyverno.io", "v1", "deletingpolicies", "DeletingPolicy", "dpol", false, false, 74}
	NamespacedValidatingPolicies      = Resource{"policies.kyverno.io", "v1", "namespacedvalidatingpolicies", "NamespacedValidatingPolicy", "nvpol", true, false, 75}
	NamespacedImageValidatingPolicies = Resource{"policies.kyverno.io", "v1", "namespacedimagevalidatingpolicies", "NamespacedImageValidatingPolicy", "nivpol", true, false, 76}
	NamespacedMutatingPolicies        = Resource{"policies.kyverno.io", "v1", "namespacedmutatingpolicies", "NamespacedMutatingPolicy", "nmpol", true, false, 77}
	NamespacedGeneratingPolicies      = Resource{"policies.kyverno.io", "v1", "namespacedgeneratingpolicies", "NamespacedGeneratingPolicy", "ngpol", true, false, 78}
	NamespacedDeletingPolicies        = Resource{"policies.kyverno.io", "v1", "namespaceddeletingpolicies", "NamespacedDeletingPolicy", "ndpol", true, false, 79}
	PolicyReports                     = Resource{"wgpolicyk8s.io", "v1alpha2", "policyreports", "PolicyReport", "polr", true, false, 80}
	ClusterPolicyReports              = Resource{"wgpolicyk8s.io", "v1alpha2", "clusterpolicyreports", "ClusterPolicyReport", "cpolr", false, false, 81}
	OpenReports                       = Resource{"openreports.io", "v1alpha1", "reports", "Report", "reps", true, false, 82}
	ClusterOpenReports                = Resource{"openreports.io", "v1alpha1", "clusterreports", "ClusterReport", "creps", false, false, 83}
	PeerAuthentications               = Resource{"security.istio.io", "v1", "peerauthentications", "PeerAuthentication", "pa", true, false, 84}
	DestinationRules                  = Resource{"networking.istio.io", "v1", "destinationrules", "DestinationRule", "dr", true, false, 85}
	MeshTLSAuthentications            = Resource{"policy.linkerd.io", "v1alpha1", "meshtlsauthentications", "MeshTLSAuthentication", "meshtlsauthn", true, false, 86}
	Probes                            = Resource{"monitoring.coreos.com", "v1", "probes", "Probe", "prb", true, false, 87}
	PrometheusRules                   = Resource{"monitoring.coreos.com", "v1", "prometheusrules", "PrometheusRule", "promrule", true, false, 88}
	PrometheusAgents                  = Resource{"monitoring.coreos.com", "v1alpha1", "prometheusagents", "PrometheusAgent", "promagent", true, false, 89}
	ThanosRulers                      = Resource{"monitoring.coreos.com", "v1", "thanosrulers", "ThanosRuler", "ruler", true, false, 90}
	VMAgents                          = Resource{"operator.victoriametrics.com", "v1beta1", "vmagents", "VMAgent", "vmagent", true, false, 91}
	VMSingles                         = Resource{"operator.victoriametrics.com", "v1beta1", "vmsingles", "VMSingle", "vmsingle", true, false, 92}
	VMClusters                        = Resource{"operator.victoriametrics.com", "v1beta1", "vmclusters", "VMCluster", "vmcluster", true, false, 93}
	Grafanas                          = Resource{"grafana.integreatly.org", "v1beta1", "grafanas", "Grafana", "grafana", true, false, 94}
	OpenTelemetryCollectors           = Resource{"opentelemetry.io", "v1beta1", "opentelemetrycollectors", "OpenTelemetryCollector", "otelcol", true, false, 95}
	DatadogAgents                     = Resource{"datadoghq.com", "v2alpha1", "datadogagents", "DatadogAgent", "dd", true, false, 96}
	PodMonitorings                    = Resource{"monitoring.googleapis.com", "v1", "podmonitorings", "PodMonitoring", "podmonitoring", true, false, 97}
	Loggings                          = Resource{"logging.banzaicloud.io", "v1beta1", "loggings", "Logging", "logging", false, false, 98}
	LokiStacks                        = Resource{"loki.grafana.com", "v1", "lokistacks", "LokiStack", "lokistack", true, false, 99}
	ClusterExternalSecrets            = Resource{"external-secrets.io", "v1", "clusterexternalsecrets", "ClusterExternalSecret", "ces", false, false, 100}
	SecretProviderClassPodStatuses    = Resource{"secrets-store.csi.x-k8s.io", "v1", "secretproviderclasspodstatuses", "SecretProviderClassPodStatus", "secretproviderclasspodstatus", true, false, 101}
	LonghornBackups                   = Resource{"longhorn.io", "v1beta2", "backups", "Backup", "lhb", true, false, 102}
	NodePools                         = Resource{"karpenter.sh", "v1", "nodepools", "NodePool", "nodepool", false, false, 103}
	NodeClaims                        = Resource{"karpenter.sh", "v1", "nodeclaims", "NodeClaim", "nodeclaim", false, false, 104}
	Rollouts                          = Resource{"argoproj.io", "v1alpha1", "rollouts", "Rollout", "ro", true, false, 105}
	AnalysisRuns                      = Resource{"argoproj.io", "v1alpha1", "analysisruns", "AnalysisRun", "ar", true, false, 106}
	Canaries                          = Resource{"flagger.app", "v1beta1", "canaries", "Canary", "canary", true, false, 107}
	KnativeServices                   = Resource{"serving.knative.dev", "v1", "services", "Service", "ksvc", true, false, 108}
	CloneSets                         = Resource{"apps.kruise.io", "v1alpha1", "clonesets", "CloneSet", "clone", true, false, 109}
	StrimziPodSets                    = Resource{"core.strimzi.io", "v1beta2", "strimzipodsets", "StrimziPodSet", "sps", true, false, 110}
	PostgreSQLClusters                = Resource{"postgresql.cnpg.io", "v1", "clusters", "Cluster", "cluster", true, false, 111}
)

// CustomResources returns the custom resources of the view.
func CustomResources() []Resource {
	return []Resource{
		CustomResourceDefinitions, APIServices, GatewayClasses, Gateways, HTTPRoutes, GRPCRoutes, TLSRoutes,
		TCPRoutes, UDPRoutes, ReferenceGrants, VirtualServices, VerticalPodAutoscalers, ScaledObjects,
		CiliumNetworkPolicies, CiliumClusterwideNetworkPolicies, CiliumIdentities, CalicoNetworkPolicies,
		GlobalNetworkPolicies, AdminNetworkPolicies, BaselineAdminNetworkPolicies, ClusterNetworkPolicies,
		Certificates, Applications, Kustomizations, HelmReleases, GitRepositories, OCIRepositories, IngressRoutes,
		Middlewares, TraefikServices, ServiceMonitors, PodMonitors, SecretProviderClasses, ExternalSecrets,
		SecurityContextConstraints, SandboxTemplates, Constraints,
		Schedules, Backups, BackupStorageLocations, Restores,
		Flagz, Statusz, Livez,
		SecretStores, ClusterSecretStores, SealedSecrets,
		VaultStaticSecrets, VaultDynamicSecrets, VaultPKISecrets, VaultConnections, VaultAuths,
		VolumeSnapshotClasses, ScheduledBackups, PostgreSQLBackups, ReplicationSources,
		RecurringJobs, BackupTargets, LonghornVolumes, ETCDSnapshotFiles,
		Issuers, ClusterIssuers, ClusterTrustBundles,
		Prometheuses, Alertmanagers,
		KyvernoClusterPolicies, KyvernoPolicies, ClusterAdmissionPolicies, ConstraintTemplates,
		ValidatingPolicies, ImageValidatingPolicies, MutatingPolicies, GeneratingPolicies, DeletingPolicies,
		NamespacedValidatingPolicies, NamespacedImageValidatingPolicies, NamespacedMutatingPolicies, NamespacedGeneratingPolicies, NamespacedDeletingPolicies,
		PolicyReports, ClusterPolicyReports, OpenReports, ClusterOpenReports,
		PeerAuthentications, DestinationRules, MeshTLSAuthentications,
		Probes, PrometheusRules, PrometheusAgents, ThanosRulers,
		VMAgents, VMSingles, VMClusters, Grafanas, OpenTelemetryCollectors, DatadogAgents, PodMonitorings,
		Loggings, LokiStacks,
		ClusterExternalSecrets, SecretProviderClassPodStatuses,
		LonghornBackups,
		NodePools, NodeClaims,
		Rollouts, AnalysisRuns, Canaries,
		KnativeServices, CloneSets, StrimziPodSets, PostgreSQLClusters,
	}
}

// Custom returns the objects of a custom resource; an empty table for any other.
func (c *Cluster) Custom(r Resource) Table[*unstructured.Unstructured] {
	if !r.Custom() {
		return Table[*unstructured.Unstructured]{}
	}
	return c.custom[r.custom-1]
}

// Decode reads the fields of a custom object that T, a struct of exported fields,
// names by its JSON tags. The error says which of them has another form than T: nobody checks what a custom
// resource without a schema holds.
func Decode[T any](o *unstructured.Unstructured) (T, error) {
	var decoded T
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(o.Object, &decoded); err != nil {
		return decoded, fmt.Errorf("reading %s %s/%s: %w", o.GetKind(), o.GetNamespace(), o.GetName(), err)
	}
	return decoded, nil
}

// customShelves returns the shelves of the custom resources.
func customShelves() []shelf {
	resources := CustomResources()
	shelves := make([]shelf, len(resources))
	for i, r := range resources {
		shelves[i] = on[*unstructured.Unstructured]{r, func(c *Cluster) *Table[*unstructured.Unstructured] {
			return &c.custom[i]
		}}
	}
	return shelves
}

// customOf returns a custom object of which only the metadata is held.
func customOf(r Resource, m metav1.Object) *unstructured.Unstructured {
	o := &unstructured.Unstructured{Object: map[string]any{}}
	o.SetAPIVersion(r.Group + "/" + r.Version)
	o.SetKind(r.Kind)
	o.SetName(m.GetName())
	o.SetNamespace(m.GetNamespace())
	o.SetUID(m.GetUID())
	o.SetCreationTimestamp(m.GetCreationTimestamp())
	o.SetDeletionTimestamp(m.GetDeletionTimestamp())
	o.SetLabels(m.GetLabels())
	o.SetAnnotations(m.GetAnnotations())
	return o
}
