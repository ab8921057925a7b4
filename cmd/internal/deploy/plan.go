package deploy

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/distribution/reference"
	"github.com/robfig/cron/v3"
	"k8s.io/apimachinery/pkg/util/validation"
)

//go:embed manifests
var manifests embed.FS

//go:embed dashboard.json
var dashboard string

const dashboardFile = "dashboard.json"

// Dashboard returns a dashboard of Grafana for the metrics of a server.
func Dashboard() []byte { return []byte(dashboard) }

// Plan is what is to run in a cluster, and how.
type Plan struct {
	Access

	Image string // of the program; there is no published one
	// ScrapeFrom is the namespace that may ask for metrics and the report.
	ScrapeFrom string
	Monitor    bool // there is a Prometheus Operator
	// Schedule has reports written now and then, as CronJobs have it, in the place of a
	// server that follows the cluster; "" for the server.
	Schedule string
}

// File is one manifest.
type File struct {
	Name string
	Text []byte
}

// Validate finds what no server would accept.
func (p Plan) Validate() error {
	if err := p.Access.Validate(); err != nil {
		return err
	}
	// It names a Service, and is the value of a label.
	if problems := validation.IsDNS1035Label(p.Name); len(problems) > 0 {
		return fmt.Errorf("reading the name %q: %s", p.Name, problems[0])
	}
	if problems := validation.IsDNS1123Label(p.ScrapeFrom); len(problems) > 0 {
		return fmt.Errorf("reading the namespace %q: %s", p.ScrapeFrom, problems[0])
	}
	if p.Image == "" {
		return errors.New("no image of seaworthy is published: name yours with --image")
	}
	if _, err := reference.ParseNormalizedNamed(p.Image); err != nil {
		return fmt.Errorf("reading the image %q: %w", p.Image, err)
	}
	if p.Schedule != "" {
		if _, err := cron.ParseStandard(p.Schedule); err != nil {
			return fmt.Errorf("reading the schedule %q: %w", p.Schedule, err)
		}
	}
	return nil
}

// parts are the manifests that a plan takes beside its namespace and rights, in the order
// in which they are applied.
func (p Plan) parts() []string {
	if p.Schedule != "" {
		return []string{"egress.yaml", "reports.yaml", "cronjob.yaml"}
	}
	parts := []string{"egress.yaml", "ingress.yaml", "deployment.yaml", "service.yaml"}
	if p.Monitor {
		parts = append(parts, "servicemonitor.yaml")
	}
	return parts
}

// scope is the end of the arguments that say which namespaces are looked at.
func (p Plan) scope() string {
	if len(p.Namespaces) == 0 {
		return ""
	}
	return fmt.Sprintf(", %q", "--namespace="+strings.Join(p.Namespaces, ","))
}

// Files returns the manifests, in the order in which they are applied.
func (p Plan) Files() ([]File, error) {
	filled := strings.NewReplacer(
		"${name}", p.Name, "${namespace}", p.Namespace, "${account}", p.Account, "${image}", p.Image,
		"${scope}", p.scope(), "${scrape-from}", p.ScrapeFrom, "${schedule}", strconv.Quote(p.Schedule),
	)
	var files []File
	for _, name := range append([]string{"namespace.yaml"}, p.parts()...) {
		text, err := manifests.ReadFile("manifests/" + name)
		if err != nil {
			return nil, fmt.Errorf("reading a manifest: %w", err)
		}
		files = append(files, File{name, []byte(filled.Replace(string(text)))})
	}
	var rights bytes.Buffer
	if err := p.WriteRoles(&rights); err != nil {
		return nil, fmt.Errorf("writing the roles: %w", err)
	}
	return slices.Insert(files, 1, File{"rbac.yaml", rights.Bytes()}), nil
}

// Stream joins manifests to one file.
func Stream(files []File) []byte {
	var all bytes.Buffer
	for i, f := range files {
		if i > 0 {
			all.WriteString("---\n")
		}
		all.Write(f.Text)
	}
	return all.Bytes()
}

// Kustomization returns what kustomize reads to build the manifests: beside them the
// dashboard, in a ConfigMap that the sidecar of Grafana's chart finds by its label.
func (p Plan) Kustomization(files []File) []File {
	var text strings.Builder
	text.WriteString("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n")
	for _, f := range files {
		fmt.Fprintf(&text, "  - %s\n", f.Name)
	}
	if p.Schedule != "" {
		return []File{{"kustomization.yaml", []byte(text.String())}}
	}
	fmt.Fprintf(&text, `configMapGenerator:
  - name: %s-dashboard
    namespace: %s
    files: [%s]
    options:
      disableNameSuffixHash: true
      labels:
        grafana_dashboard: "1"
`, p.Name, p.Namespace, dashboardFile)
	return []File{{dashboardFile, Dashboard()}, {"kustomization.yaml", []byte(text.String())}}
}
