package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/live"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
	"github.com/seaworthy-dev/seaworthy/kube/prometheus"
	"github.com/seaworthy-dev/seaworthy/kube/recording"
)

// target is what a command looks at: a cluster, manifests or a recording.
type target struct {
	files []string
	from  string
	all   bool
	only  []kube.Resource // what to read of a cluster, nil for all
	flags live.Flags
	// measuring has an address where somebody named a Prometheus.
	measuring measuring
}

// addFlags adds the flags that choose a target; every command that reads has
// the same.
func (t *target) addFlags(c *cobra.Command) {
	c.Flags().StringArrayVarP(&t.files, "filename", "f", nil, "read manifests instead of a cluster: a file, a directory, or - for standard input; repeatable")
	c.Flags().StringVar(&t.from, "from", "", "read a recording or snapshot instead of a cluster")
	c.Flags().BoolVarP(&t.all, "all-namespaces", "A", false, "look at every namespace, also if the context names one (the default without -n)")
	t.flags.Register(c.Flags())
	completeContexts(c, &t.flags)
	completeNamespaces(c, t)
	c.MarkFlagsMutuallyExclusive("filename", "from")
	c.MarkFlagsMutuallyExclusive("namespace", "all-namespaces")
}

// completeContexts has the shell complete the names of contexts, each with its server.
func completeContexts(c *cobra.Command, flags *live.Flags) {
	complete := func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		contexts, err := flags.List()
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		var described []string
		for _, known := range contexts {
			described = append(described, printable.Text(known.Name)+"\t"+printable.Text(known.Server))
		}
		return described, cobra.ShellCompDirectiveNoFileComp
	}
	if err := c.RegisterFlagCompletionFunc("context", complete); err != nil {
		panic(err) // the flag is defined with the others of kubectl
	}
}

// source opens the target. The error has its exit code.
func (t *target) source(ctx context.Context, s *streams) (kube.Source, error) {
	source, err := t.read(ctx, s)
	if err != nil {
		return nil, err
	}
	return t.measuring.beside(s, source)
}

// read opens the target alone.
func (t *target) read(ctx context.Context, s *streams) (kube.Source, error) {
	switch {
	case len(t.files) > 0:
		options := manifest.Options{Stdin: s.in, Now: s.now}
		if len(t.flags.Namespaces) > 0 {
			options.DefaultNamespace = t.flags.Namespaces[0]
		}
		allowGarbage()
		return manifest.New(t.files, options), nil
	case t.from != "":
		return recordingFile(t.from), nil
	}
	return t.connect(ctx, s)
}

// connect opens the cluster that the flags name.
func (t *target) connect(ctx context.Context, s *streams) (*live.Source, error) {
	options := live.Options{
		Flags: &t.flags, Namespaces: t.flags.Namespaces, Only: t.only, Version: version(), Interactive: true,
		Log: s.notes.tell,
	}
	switch len(t.flags.Contexts) {
	case 0:
	case 1:
		options.Context = t.flags.Contexts[0]
	default:
		return nil, usagef("looking at %d contexts: one at a time can be looked at", len(t.flags.Contexts))
	}
	limitGarbage()
	source, err := live.New(ctx, options)
	if err == nil {
		return source, nil
	}
	return nil, connectError(err)
}

// connectError gives an error of connecting its exit code.
func connectError(err error) error {
	var failure *live.Error
	if errors.As(err, &failure) && failure.Reason.Usage() {
		return &exitError{exitUsage, err}
	}
	return couldNotLook(err)
}

func recordingFile(name string, options ...recording.Option) *recording.Source {
	return recording.New(name, opened(name), options...)
}

// opened returns what opens a file.
func opened(name string) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return os.Open(name) }
}

// load reads the target once, with progress and warnings on standard error.
func (t *target) load(ctx context.Context, s *streams) (*kube.Cluster, error) {
	source, err := t.source(ctx, s)
	if err != nil {
		return nil, err
	}
	return loadSource(ctx, s, source)
}

func loadSource(ctx context.Context, s *streams, source kube.Source) (*kube.Cluster, error) {
	p := &progress{s: s}
	view, err := kube.Load(ctx, source, p.show)
	p.done()
	if err == nil {
		err = live.Refused(view)
	}
	if err != nil { // it says what a warning would say
		return nil, couldNotLook(err)
	}
	warn(s, source)
	warnUnmeasured(s, view)
	return view, expectNamespaces(s, view)
}

// expectNamespaces warns of namespaces that were asked for and are not there; if
// none is, there is nothing to look at.
func expectNamespaces(s *streams, view *kube.Cluster) error {
	var absent []string
	for _, state := range view.States() {
		if state.Resource == kube.Namespaces && state.Namespace != "" && state.Phase == kube.Absent {
			absent = append(absent, state.Namespace)
		}
	}
	if len(absent) == 0 {
		return nil
	}
	text := fmt.Sprintf("%s has no namespace %s", view.Info.Name, strings.Join(absent, ", "))
	if len(absent) == len(view.Info.Scope) {
		return couldNotLook(errors.New(text))
	}
	_, _ = fmt.Fprintf(s.err, "warning: %s\n", printable.Text(text))
	return nil
}

// warn tells of what was wrong with a source and did not keep it from being read.
func warn(s *streams, source kube.Source) {
	switch source := source.(type) {
	case *prometheus.Source:
		warn(s, source.Inner())
	case *manifest.Source:
		for _, problem := range source.Problems() {
			_, _ = fmt.Fprintf(s.err, "warning: %s\n", printable.Text(problem.Error()))
		}
		for _, skipped := range source.Skipped() {
			_, _ = fmt.Fprintf(s.err, "note: %s\n", describeSkipped(skipped))
		}
	case *recording.Source:
		for _, problem := range source.Problems() {
			_, _ = fmt.Fprintf(s.err, "warning: %s\n", printable.Text(problem.Error()))
		}
	}
}

func describeSkipped(skipped manifest.Skipped) string {
	what := fmt.Sprintf("%d × %s of %s", skipped.Count, skipped.Kind, skipped.APIVersion)
	if skipped.Kind == "" {
		what = fmt.Sprintf("%d × a document that is no Kubernetes object", skipped.Count)
	}
	return printable.Text(what) + " not audited"
}
