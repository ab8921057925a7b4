package graph

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Ways into and out of the cloud that the cluster runs in.
var (
	awsAuth = &Family{
		ID: "EKS_AWS_AUTH", Title: "The map of AWS identities can be changed",
		Story: "{from} may map an identity of AWS to system:masters, and so has {to} ({evidence})",
		Cost:  2, Severity: audit.Critical, Confidence: Conditional, Source: "docs.aws.amazon.com/eks, aws-auth ConfigMap; not in authentication mode API",
	}
	awsRole = &Family{
		ID: "EKS_IRSA", Title: "A ServiceAccount is a role of AWS",
		Story: "{from} may become {to} ({evidence})",
		Cost:  1, Severity: audit.High, Confidence: Conditional, Source: "docs.aws.amazon.com/eks, IAM roles for service accounts",
	}
	podIdentity = &Family{
		ID: "EKS_POD_IDENTITY", Title: "Pods have an identity of AWS",
		Story: "{from} carries a token for EKS Pod Identity, and so is {to} ({evidence})",
		Cost:  1, Severity: audit.High, Confidence: Conditional, Source: "docs.aws.amazon.com/eks, EKS Pod Identity: the association is outside the cluster",
	}
	googleAccount = &Family{
		ID: "GKE_WI", Title: "A ServiceAccount is one of Google Cloud",
		Story: "{from} may become {to} ({evidence})",
		Cost:  1, Severity: audit.High, Confidence: Conditional, Source: "cloud.google.com/kubernetes-engine, Workload Identity Federation",
	}
	azureIdentity = &Family{
		ID: "AKS_WI", Title: "A ServiceAccount is an identity of Azure",
		Story: "{from} may become {to} ({evidence})",
		Cost:  1, Severity: audit.High, Confidence: Conditional, Source: "azure.github.io/azure-workload-identity",
	}
	kubeletConfig = &Family{
		ID: "KUBELET_CONFIG_CM_WRITE", Title: "The configuration of new kubelets can be changed",
		Story: "{from} may change what kubelets are configured with as they join, and so has {to} ({evidence})",
		Cost:  4, Severity: audit.Medium, Confidence: Inferred, Source: "kubernetes.io/docs/setup/production-environment/tools/kubeadm/kubelet-integration",
	}
)

var cloudFamilies = []*Family{awsAuth, awsRole, podIdentity, googleAccount, azureIdentity, kubeletConfig}

// cloudRow is what a ServiceAccount is in the cloud.
type cloudRow struct {
	family     *Family
	name, path string
}

// cloudsOf reads the annotations by which a ServiceAccount is somebody in a cloud.
func cloudsOf(a *corev1.ServiceAccount) []cloudRow {
	var rows []cloudRow
	for _, known := range []struct {
		family            *Family
		annotation, label string
	}{
		{awsRole, "eks.amazonaws.com/role-arn", "of AWS: "},
		{googleAccount, "iam.gke.io/gcp-service-account", "of Google Cloud: "},
		{azureIdentity, "azure.workload.identity/client-id", "of Azure: "},
	} {
		if value := a.Annotations[known.annotation]; value != "" {
			rows = append(rows, cloudRow{known.family, known.label + value, `metadata.annotations["` + known.annotation + `"]`})
		}
	}
	return rows
}

// clouds joins ServiceAccounts to what they are in the cloud.
func (b *build) clouds() {
	for i := range b.accounts {
		a := &b.accounts[i]
		for _, c := range a.clouds {
			v, _ := b.vertex(key{CloudIdentity, "", c.name}, kube.Ref{})
			account, _ := b.find(ServiceAccount, a.namespace, a.name)
			b.edge(account, v, c.family, b.field(kube.ServiceAccounts.Ref(a.namespace, a.name), c.path))
		}
	}
}

func toAWSAuth(b *build, namespace string) []int32 { return toNamedAWSAuth(b, namespace, "aws-auth") }

func toNamedAWSAuth(b *build, namespace, name string) []int32 {
	if !b.in.awsAuth || name != "aws-auth" || namespace != "" && namespace != controlNamespace {
		return nil
	}
	return []int32{b.hub(Cluster, "")}
}

func toKubeletConfig(b *build, namespace string) []int32 {
	return toNamedKubeletConfig(b, namespace, "kubelet-config")
}

func toNamedKubeletConfig(b *build, namespace, name string) []int32 {
	if !b.in.kubeletConfig || name != "kubelet-config" || namespace != "" && namespace != controlNamespace {
		return nil
	}
	var nodes []int32
	b.eachPool(func(p int) { nodes = append(nodes, b.node(Node, p)) })
	return nodes
}
