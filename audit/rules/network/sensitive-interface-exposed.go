package network

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var sensitiveInterfaceExposed = &audit.Rule{
	ID:       "sensitive-interface-exposed",
	Title:    "An interface of administrators is open to the world",
	Severity: audit.High,
	Rationale: "Programs of this kind run code, show secrets or change the cluster for whoever opens them, and many come without a login. " +
		"Scanners look for them by name.",
	Remediation: "Use a Service of type ClusterIP, and `kubectl port-forward` or an authenticating proxy to get there.",
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Reads:       []kube.Resource{kube.Services},
	Check: audit.EachWorkload(func(p *audit.Pass, w *kube.Workload) {
		program := sensitive(w)
		if program == "" {
			p.NotApplicable()
			return
		}
		for _, s := range p.Cluster.ServicesSelecting(w) {
			if !openToWorld(s) {
				continue
			}
			name := kube.Services.Ref("", s.Name).Short()
			p.Report(audit.Finding{
				Message: "an interface of " + program + " is open to the world by " + name,
				Detail: "By its name or its image it is " + program + ". " + name + " is of type " + string(s.Spec.Type) +
					", which clients outside of the cluster can connect to.",
			})
		}
	}),
}

// openToWorld reports whether a Service lets in clients from anywhere, past what
// an Ingress might ask of them.
func openToWorld(s *corev1.Service) bool {
	return onNodes(s) || balanced(s) && !internalBalancer(s) && !limitedSources(s)
}

// programs returns names of programs whose interface gives power over a cluster or
// over what it holds.
func programs() []string {
	return []string{
		"kubernetes-dashboard", "argocd", "argo-cd", "argo-server", "argo-workflows", "jenkins", "kubeflow", "jupyter", "jupyterhub",
		"mlflow", "ollama", "open-webui", "airflow", "rancher", "portainer", "weave-scope", "headlamp", "kubeview", "hubble-ui",
		"kiali", "longhorn-ui", "longhorn-frontend", "phpmyadmin", "pgadmin", "pgadmin4", "adminer", "mongo-express", "redis-commander",
		"kafka-ui", "kafdrop", "akhq", "ray-head", "spark-master", "nifi", "n8n", "code-server",
		"traefik-dashboard", "tekton-dashboard", "minio-console", "rstudio", "zeppelin", "prefect", "dagster", "kubecost",
	}
}

// sensitive returns the program that a workload is by its name or the image of a
// container, "" if it is none of [programs].
func sensitive(w *kube.Workload) string {
	known := programs()
	names := func(name string) string {
		i := slices.IndexFunc(known, func(program string) bool { return hasWords(name, program) })
		if i < 0 {
			return ""
		}
		return known[i]
	}
	program := names(w.Ref.Name)
	for c := range w.Containers() {
		if c.Kind == kube.Main && program == "" {
			image := kube.RepositoryOf(c.Image)
			program = names(image[strings.LastIndexByte(image, '/')+1:])
		}
	}
	return program
}

// hasWords reports whether a name with hyphens has some words of it in a row:
// "my-argo-server" has "argo-server", and "cargo-server" has not.
func hasWords(name, words string) bool {
	for from := 0; ; from++ {
		at := strings.Index(name[from:], words)
		if at < 0 {
			return false
		}
		from += at
		end := from + len(words)
		if (from == 0 || name[from-1] == '-') && (end == len(name) || name[end] == '-') {
			return true
		}
	}
}
