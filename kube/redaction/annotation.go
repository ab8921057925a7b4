package redaction

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube/credential"
)

// domains own annotations that Kubernetes, its clouds and its best known controllers
// document, and ours. They and the domains below them say how something is to be run.
var domains = map[string]bool{
	"kubernetes.io": true, "k8s.io": true, "seaworthy.dev": true,
	"amazonaws.com": true, "aws.amazon.com": true, "k8s.aws": true,
	"azure.com": true, "azure.workload.identity": true, "gke.io": true, "cloud.google.com": true,
	"argoproj.io": true, "cert-manager.io": true, "cilium.io": true, "fluxcd.io": true, "helm.sh": true,
	"istio.io": true, "karpenter.sh": true, "keda.sh": true, "linkerd.io": true, "openshift.io": true,
	"projectcalico.org": true, "prometheus.io": true, "velero.io": true,
}

// longestSetting is how long the value of a setting may be, in bytes. What is longer is a
// document: part of a configuration, a copy of an object.
const longestSetting = 256

// understood reports whether an annotation is a setting of a known domain that does not
// look like a credential. Parts of configurations are no settings: they hold headers.
func understood(key, value string) bool {
	domain, name, _ := strings.Cut(key, "/")
	if credential.Strike(value) != value || credential.Form(value) != "" || credential.Said(name) != credential.Unsaid {
		return false
	}
	if domain == "seaworthy.dev" {
		return true // who accepts what, and why: written to be read
	}
	if len(value) > longestSetting || strings.ContainsRune(value, '\n') || strings.HasSuffix(name, "snippet") {
		return false
	}
	for ; domain != ""; _, domain, _ = strings.Cut(domain, ".") {
		if domains[domain] {
			return true
		}
	}
	return false
}
