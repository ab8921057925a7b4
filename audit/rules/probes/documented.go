package probes

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// endpoint is where a program says how it is. The zero endpoint is for a program whose
// documentation names none.
type endpoint struct {
	port int32 // by default
	path string
}

// program is what the documentation of an image says about asking it how it is.
type program struct {
	images []string // the ends of the names that it is published and mirrored by
	// ready answers with success only while the program can serve; live as long as
	// no restart would help. No program has the same for both.
	ready, live endpoint
	// moved are options and variables, or parts of them, by which the endpoints have
	// another path, another port or TLS: where one is set, nothing is known.
	moved []string
	// enabled are options or variables of which one must be there and true for the
	// program to answer; empty where it always does.
	enabled []string
}

// programs are those whose documentation names endpoints. Each line of the
// documentation that an entry rests on stands beside it.
func programs() []program {
	prefixed := []string{"web.route-prefix", "web.external-url", "web.config.file"}
	return []program{
		{ // prometheus.io/docs/prometheus/latest/management_api
			images: []string{"prom/prometheus", "prometheus/prometheus"},
			ready:  endpoint{9090, "/-/ready"}, live: endpoint{9090, "/-/healthy"}, moved: prefixed,
		},
		{ // prometheus.io/docs/alerting/latest/management_api
			images: []string{"prom/alertmanager", "prometheus/alertmanager"},
			ready:  endpoint{9093, "/-/ready"}, live: endpoint{9093, "/-/healthy"}, moved: prefixed,
		},
		{ // coredns.io/plugins/ready and coredns.io/plugins/health: both are plugins of the Corefile
			images: []string{"coredns/coredns"},
			ready:  endpoint{8181, "/ready"}, live: endpoint{8080, "/health"},
		},
		{ // keycloak.org/observability/health
			images: []string{"keycloak/keycloak"},
			ready:  endpoint{9000, "/health/ready"}, live: endpoint{9000, "/health/live"},
			moved: []string{
				"http-management", "http-relative-path", "https-", "KC_HTTP_MANAGEMENT", "KC_HTTP_RELATIVE_PATH", "KC_HTTPS_",
			},
			enabled: []string{"health-enabled", "KC_HEALTH_ENABLED"},
		},
		{ // docs.min.io, Healthcheck API: of a node it has liveness alone
			images: []string{"minio/minio"},
			live:   endpoint{9000, "/minio/health/live"}, moved: []string{"certs-dir", "--address"},
		},
		{ // grafana.com/docs/grafana/latest/developers/http_api/other: it asks the database, too
			images: []string{"grafana/grafana", "grafana/grafana-enterprise", "grafana/grafana-oss"},
			ready:  endpoint{3000, "/api/health"},
			moved:  []string{"GF_SERVER_PROTOCOL", "GF_SERVER_SERVE_FROM_SUB_PATH"},
		},
		{ // grafana.com/docs/loki/latest/reference/loki-http-api
			images: []string{"grafana/loki"},
			ready:  endpoint{3100, "/ready"}, moved: []string{"server.path-prefix", "server.http-tls"},
		},
		{ // kubernetes.github.io/ingress-nginx/user-guide/cli-arguments
			images: []string{"ingress-nginx/controller", "ingress-nginx/controller-chroot"},
			ready:  endpoint{10254, "/healthz"}, moved: []string{"health-check-path", "healthz-port"},
		},
		{ // etcd.io/docs/v3.6/op-guide/monitoring
			images: []string{"etcd", "coreos/etcd", "etcd-development/etcd"},
			ready:  endpoint{2379, "/health"},
			moved:  []string{"cert-file", "auto-tls", "listen-client-http-urls", "ETCD_CERT_FILE", "ETCD_AUTO_TLS", "ETCD_LISTEN_CLIENT_HTTP_URLS"},
		},
		{ // doc.traefik.io/traefik/operations/ping: of the process alone
			images: []string{"traefik"},
			live:   endpoint{8080, "/ping"}, moved: []string{"ping.entrypoint", "TRAEFIK_PING_ENTRYPOINT"},
			enabled: []string{"--ping", "TRAEFIK_PING"},
		},
	}
}

// documented has what is known of the images of a view, by their names as written:
// many workloads name the same.
var documented = kube.DeriveFor(func(_ *kube.Cluster, image string) program {
	repository := "/" + kube.RepositoryOf(image)
	for _, p := range programs() {
		if slices.ContainsFunc(p.images, func(known string) bool { return strings.HasSuffix(repository, "/"+known) }) {
			return p
		}
	}
	return program{}
})

// answers reports whether a container is set up so that what the documentation says
// of its image holds for it.
func (p *program) answers(c *corev1.Container) bool {
	if slices.ContainsFunc(p.moved, func(option string) bool { return hasOption(c, option, func(string) bool { return true }) }) {
		return false
	}
	isTrue := func(value string) bool { return value == "" || strings.EqualFold(value, "true") }
	return len(p.enabled) == 0 ||
		slices.ContainsFunc(p.enabled, func(option string) bool { return hasOption(c, option, isTrue) })
}

// hasOption reports whether a container has an argument with the option in its name,
// or a variable of a name that begins so, whose value is accepted; "" is that of an
// argument without one.
func hasOption(c *corev1.Container, option string, accepts func(value string) bool) bool {
	for _, arguments := range [...][]string{c.Command, c.Args} {
		for _, argument := range arguments {
			if name, value, _ := strings.Cut(argument, "="); strings.Contains(name, option) && accepts(value) {
				return true
			}
		}
	}
	return slices.ContainsFunc(c.Env, func(v corev1.EnvVar) bool {
		return strings.HasPrefix(v.Name, option) && accepts(v.Value)
	})
}
