package securitycontext

import (
	"fmt"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var hostPathCloudCredentials = &audit.Rule{
	ID:       "host-path-cloud-credentials",
	Title:    "Credentials for the cloud in a pod",
	Severity: audit.High,
	Rationale: "The node's own credentials for its cloud reach machines, disks and often the accounts of others. " +
		"Whoever takes the container over has them, outside of the cluster too and until they are changed.",
	Remediation: "Give the pod an identity of its own (workload identity of the cloud), which is bound to its ServiceAccount and expires.",
	Controls:    []string{"OWASP22-K01", "OWASP25-K01", "MITRE-T1552"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Variables: []audit.Variable{
			hostVolumes, {Name: "homes", Expression: audit.Texts(placesOf(cloudDirectories()))}, {Name: "files", Expression: audit.Texts(placesOf(cloudConfigurations()))},
		},
		Container: mounting("variables.homes.exists(d, (p + '/').contains(d + '/')) || variables.files.exists(f, p == f || p.startsWith(f + '/'))"),
	},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		for m := range hostMounts(w) {
			provider, ok := cloudCredentials(m.path)
			if !ok {
				continue
			}
			f := inContainer(m.container, fmt.Sprintf("volumeMounts[%d]", m.index), "sees the node's credentials for "+provider)
			f.Detail = fmt.Sprintf("The container mounts %s of its node at %s, where credentials for %s are kept.", m.path, m.mount.MountPath, provider)
			p.Report(f)
		}
	}),
}

// cloudCredentials returns for which cloud a path of the node has credentials:
// files of the providers' tools in any home, and what the kubelet and cloud
// controllers were once configured by.
func cloudCredentials(p string) (string, bool) {
	for _, kept := range cloudDirectories() {
		if strings.Contains(p+"/", kept.place+"/") {
			return kept.provider, true
		}
	}
	for _, kept := range cloudConfigurations() {
		if within(p, kept.place) {
			return kept.provider, true
		}
	}
	return "", false
}

// credentials are where credentials are kept, and for which cloud.
type credentials struct{ place, provider string }

// cloudDirectories are below any home.
func cloudDirectories() []credentials {
	return []credentials{
		{"/.aws", "AWS"},
		{"/.azure", "Azure"},
		{"/.config/gcloud", "Google Cloud"},
		{"/.config/openstack", "OpenStack"},
		{"/.oci", "Oracle Cloud"},
	}
}

func cloudConfigurations() []credentials {
	return []credentials{
		{"/etc/kubernetes/azure.json", "Azure"},
		{"/etc/kubernetes/azurestackcloud.json", "Azure"},
		{"/etc/kubernetes/cloud-config", "the cloud"},
		{"/etc/kubernetes/cloud.conf", "the cloud"},
		{"/etc/openstack", "OpenStack"},
	}
}

func placesOf(all []credentials) []string {
	var places []string
	for _, kept := range all {
		places = append(places, kept.place)
	}
	return places
}
