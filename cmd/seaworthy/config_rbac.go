package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/seaworthy/cmd/internal/deploy"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// rbacOptions are the flags that say who looks at what.
type rbacOptions struct {
	access  deploy.Access
	account string // NAMESPACE/NAME
	without []string
	format  string
}

// addFlags adds those that manifests have too.
func (o *rbacOptions) addFlags(c *cobra.Command) {
	flags := c.Flags()
	flags.StringSliceVarP(&o.access.Namespaces, "namespace", "n", nil, "the namespaces to look at (default all)")
	flags.StringVar(&o.access.Name, "name", "seaworthy", "the name of the roles and their bindings, and of what else there is")
	flags.StringVar(&o.account, "service-account", "seaworthy/seaworthy", "who looks, as NAMESPACE/NAME")
	flags.StringSliceVar(&o.without, "without", nil, "kinds that must not be read, such as secrets; a comment says what is not known then")
	flags.BoolVar(&o.access.RolesOnly, "roles-only", false, "with -n: leave out what is in no namespace, which takes a ClusterRole")
	var kinds []string
	for _, r := range kube.Resources() {
		kinds = append(kinds, r.String())
	}
	completeValues(c, map[string][]string{"without": kinds})
}

// read reads the flags into the access.
func (o *rbacOptions) read() error {
	namespace, name, found := strings.Cut(o.account, "/")
	if !found {
		return usagef("reading --service-account %s: it is NAMESPACE/NAME", o.account)
	}
	o.access.Namespace, o.access.Account = namespace, name
	for _, kind := range o.without {
		r, known := resourceNamed(kind)
		if !known {
			return usagef("reading --without %s: no such kind is read; seaworthy config rbac lists those that are", kind)
		}
		o.access.Without = append(o.access.Without, r)
	}
	if err := o.access.Validate(); err != nil {
		return usagef("%w", err)
	}
	return nil
}

// resourceNamed finds a resource of the view by the names that kubectl takes, the one of
// Kubernetes itself where several have one.
func resourceNamed(name string) (kube.Resource, bool) {
	name = strings.ToLower(name)
	for _, r := range kube.Resources() {
		if r.String() == name {
			return r, true
		}
	}
	for _, r := range kube.Resources() {
		if r.Plural == name || r.Short == name || strings.EqualFold(r.Kind, name) {
			return r, true
		}
	}
	return kube.Resource{}, false
}

func newConfigRBAC(s *streams) *cobra.Command {
	o := &rbacOptions{}
	c := &cobra.Command{
		Use:   "rbac",
		Short: "Print the least rights that seaworthy needs to look at everything",
		Long: `Print the ServiceAccount, the roles and the bindings that seaworthy needs to look at
everything it can judge, and no more, with a comment at each kind that says what is judged
by it.

With -n they are Roles in those namespaces, and a ClusterRole for what is in none; for who
may not write ClusterRoles --roles-only leaves that out, and a comment says what cannot be
known then.

Secrets and ConfigMaps are asked for as metadata alone. RBAC knows no such right: who has
the token could read their values. --without secrets does without them.`,
		Example: `  seaworthy config rbac | kubectl apply -f -
  seaworthy config rbac -n payments --roles-only --service-account payments/auditor
  seaworthy config rbac --without secrets,configmaps`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := o.read(); err != nil {
				return err
			}
			return writeManifests(s, o.format, o.access.WriteRoles)
		},
	}
	o.addFlags(c)
	c.Flags().BoolVar(&o.access.Objects, "objects", false, "also let single objects be read, as the key o of the terminal UI does")
	c.Flags().BoolVar(&o.access.Logs, "logs", false, "also let logs of containers be read, as the key L of the terminal UI does")
	c.Flags().StringVarP(&o.format, "output", "o", "yaml", "yaml or json")
	return c
}

// writeManifests writes YAML as it is, or as a list in JSON.
func writeManifests(s *streams, format string, write func(io.Writer) error) error {
	switch format {
	case "yaml":
		return write(s.out)
	case "json":
	default:
		return usagef("reading -o %s: manifests are written as yaml or as json", format)
	}
	var text bytes.Buffer
	if err := write(&text); err != nil {
		return err
	}
	items := []json.RawMessage{}
	for document := range strings.SplitSeq(text.String(), "\n---\n") {
		item, err := yaml.YAMLToJSON([]byte(document))
		if err != nil {
			return fmt.Errorf("writing manifests as JSON: %w", err)
		}
		if string(item) != "null" { // comments alone
			items = append(items, item)
		}
	}
	return writeJSON(s, map[string]any{"apiVersion": "v1", "kind": "List", "items": items})
}
