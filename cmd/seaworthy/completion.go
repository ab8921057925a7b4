package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/live"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// completeValues has the shell complete flags that take one of a few values.
func completeValues(c *cobra.Command, values map[string][]string) {
	for flag, all := range values {
		if err := c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(all, cobra.ShellCompDirectiveNoFileComp)); err != nil {
			panic(err) // who calls has defined the flag
		}
	}
}

// completionPatience is how long somebody who pressed tab waits for a cluster.
const completionPatience = 3 * time.Second

// completeNamespaces has the shell complete -n with the namespaces of what the flags name:
// a cluster, manifests or a recording. Nothing of a cluster but its namespaces is read, and
// nobody is asked for a password.
func completeNamespaces(c *cobra.Command, t *target) {
	complete := func(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		ctx, cancel := context.WithTimeout(c.Context(), completionPatience)
		defer cancel()
		source, err := t.glimpse(ctx)
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		view, err := kube.Load(ctx, source, nil)
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		var names []string
		for _, name := range view.NamespaceNames() {
			names = append(names, printable.Text(name))
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}
	if err := c.RegisterFlagCompletionFunc("namespace", complete); err != nil {
		panic(err) // the flag is defined with the others of kubectl
	}
}

// glimpse opens the target for its namespaces alone.
func (t *target) glimpse(ctx context.Context) (kube.Source, error) {
	switch {
	case len(t.files) > 0:
		return manifest.New(t.files, manifest.Options{Now: time.Now}), nil
	case t.from != "":
		return recordingFile(t.from), nil
	}
	options := live.Options{Flags: &t.flags, Only: []kube.Resource{kube.Namespaces}, Version: version()}
	if len(t.flags.Contexts) > 0 {
		options.Context = t.flags.Contexts[0]
	}
	return live.New(ctx, options)
}
