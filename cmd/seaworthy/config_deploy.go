package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/cmd/internal/deploy"
)

// deployOptions are the flags of config deploy.
type deployOptions struct {
	rights rbacOptions
	plan   deploy.Plan
}

func newConfigDeploy(s *streams) *cobra.Command {
	o := &deployOptions{}
	c := &cobra.Command{
		Use:   "deploy --image IMAGE",
		Short: "Print what runs seaworthy serve in a cluster, or reports on a schedule",
		Long: `Print the manifests that run seaworthy in a cluster: a namespace of its own, the rights
of seaworthy config rbac, and a Deployment that serves metrics and the report, with its
Service and NetworkPolicies; with --cronjob a CronJob that writes reports to a volume.

-o kustomize=DIR writes them into a new folder, with a kustomization.yaml and the dashboard
of seaworthy config dashboard as a ConfigMap that Grafana's sidecar finds.

No image of seaworthy is published: make one whose entry point is the program, built with
CGO_ENABLED=0, and name it by its digest.`,
		Example: `  seaworthy config deploy --image registry.example/seaworthy@sha256:… | kubectl apply -f -
  seaworthy config deploy --image … --service-monitor --scrape-from observability
  seaworthy config deploy --image … --cronjob='0 5 * * *' -o kustomize=seaworthy`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return o.run(s) },
	}
	o.rights.addFlags(c)
	c.Flags().StringVar(&o.plan.Image, "image", "", "the image to run, best by its digest")
	c.Flags().StringVar(&o.plan.ScrapeFrom, "scrape-from", "monitoring", "the namespace that may ask for metrics and the report")
	c.Flags().BoolVar(&o.plan.Monitor, "service-monitor", false, "add a ServiceMonitor, for the Prometheus Operator")
	c.Flags().StringVar(&o.plan.Schedule, "cronjob", "", "write reports on a schedule instead, each day at three without one")
	c.Flags().Lookup("cronjob").NoOptDefVal = "0 3 * * *"
	c.Flags().StringVarP(&o.rights.format, "output", "o", "yaml", "yaml, json or kustomize=DIR")
	return c
}

func (o *deployOptions) run(s *streams) error {
	if err := o.rights.read(); err != nil {
		return err
	}
	o.plan.Access = o.rights.access
	if err := o.plan.Validate(); err != nil {
		return usagef("%w", err)
	}
	files, err := o.plan.Files()
	if err != nil {
		return err
	}
	if folder, found := strings.CutPrefix(o.rights.format, kustomizeFormat+"="); found {
		return writeKustomization(s, folder, files, o.plan)
	}
	return writeManifests(s, o.rights.format, func(w io.Writer) error {
		_, err := w.Write(deploy.Stream(files))
		return err
	})
}

// writeKustomization writes a new folder that kustomize builds.
func writeKustomization(s *streams, folder string, files []deploy.File, p deploy.Plan) error {
	if folder == "" {
		return usagef("reading -o %s=: the folder has no name", kustomizeFormat)
	}
	if err := os.Mkdir(folder, 0o755); err != nil { //nolint:gosec // it is for others to read
		return usagef("writing manifests: %w; name a folder that is not there yet", err)
	}
	for _, f := range append(files, p.Kustomization(files)...) {
		if err := writeNew(filepath.Join(folder, f.Name), f.Text); err != nil {
			return errors.Join(err, fmt.Errorf("%s is not complete", folder))
		}
	}
	_, err := fmt.Fprintf(s.err, "wrote %s; kubectl apply -k %s\n", folder, folder)
	return err
}

func newConfigDashboard(s *streams) *cobra.Command {
	return &cobra.Command{
		Use:   "dashboard",
		Short: "Print a Grafana dashboard of the metrics of seaworthy serve",
		Long: `Print a Grafana dashboard, to import, of the metrics of seaworthy serve (and of reports
written by scan -o prometheus, as far as those go).`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := s.out.Write(deploy.Dashboard())
			return err
		},
	}
}
