package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/audit/framework"
	"github.com/seaworthy-dev/seaworthy/audit/report"
)

// sectionOptions say what a report has beside scores and findings.
type sectionOptions struct {
	frameworks []string
	platform   bool
	upgrade    bool
	ownership  bool
}

func (o *sectionOptions) addFlags(c *cobra.Command) {
	c.Flags().StringSliceVar(&o.frameworks, "framework", nil, "also say which controls of a framework pass, repeatable: "+frameworkNames())
	c.Flags().BoolVar(&o.platform, "platform", false, "also say how far the cluster has what production asks for, such as backups, monitoring and GitOps, in text, wide, json, yaml, markdown and html")
	c.Flags().BoolVar(&o.upgrade, "upgrade", false, "also say what stands in the way of the next minor release of Kubernetes, in the order in which to act, in text, wide, json, yaml, markdown and html")
	c.Flags().BoolVar(&o.ownership, "ownership", false, "also say who the objects belong to (Argo CD, Flux, Helm, operators, Terraform, kubectl), and what people changed by hand of what is delivered from Git, in text, wide, json, yaml, markdown and html")
	completeValues(c, map[string][]string{"framework": strings.Split(frameworkNames(), ", ")})
}

// read reads the flags.
func (o *sectionOptions) read() ([]report.Section, error) {
	frameworks, err := frameworksNamed(o.frameworks)
	if err != nil {
		return nil, err
	}
	sections := report.Frameworks(frameworks...)
	if o.platform {
		sections = append(sections, report.ReadinessSection())
	}
	if o.upgrade {
		sections = append(sections, report.UpgradeSection())
	}
	if o.ownership {
		sections = append(sections, report.OwnershipSection())
	}
	return sections, nil
}

// frameworkNames lists the frameworks for people.
func frameworkNames() string {
	all, err := framework.All()
	if err != nil {
		panic(err) // they are compiled in, and tested
	}
	names := make([]string, len(all))
	for i, f := range all {
		names[i] = f.ID
	}
	return strings.Join(names, ", ")
}

func frameworksNamed(ids []string) ([]framework.Framework, error) {
	var named []framework.Framework
	for _, id := range ids {
		f, err := framework.Named(id)
		if err != nil {
			return nil, usagef("reading --framework %s: it is none of %s", id, frameworkNames())
		}
		named = append(named, f)
	}
	return named, nil
}
