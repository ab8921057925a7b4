package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/recording"
)

func newSnapshot(s *streams) *cobra.Command {
	t := &target{}
	values := recording.Redact
	c := &cobra.Command{
		Use:   "snapshot FILE",
		Short: "Write what can be seen of a cluster to a file, to look at later",
		Long: `Write what can be seen of a cluster to a file. Every command reads it back with
--from FILE. It holds no value of a Secret or ConfigMap: those are never read.

Values of environment variables, arguments, commands, headers and annotations are
redacted as well, but for what rules and triage need to say the same of the file as of
the cluster: names of objects, switches, short numbers. --keep-values leaves them in.`,
		Example: `  seaworthy snapshot monday.seaworthy
  seaworthy scan --from monday.seaworthy -o html=monday.html`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return snapshot(c.Context(), s, t, args[0], values) },
	}
	t.addFlags(c)
	t.measuring.addFlags(c)
	addKeepValues(c, &values)
	return c
}

func snapshot(ctx context.Context, s *streams, t *target, file string, values recording.Values) error {
	view, err := t.load(ctx, s)
	if err != nil {
		return err
	}
	if err := writeSnapshot(file, view, values); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.err, "wrote %s: %d workloads in %d namespaces, seen %s\n",
		file, len(view.Workloads()), len(view.NamespaceNames()), view.Time.UTC().Format("2006-01-02 15:04:05 UTC"))
	return err
}

// addKeepValues adds the flag that leaves values in a recording.
func addKeepValues(c *cobra.Command, values *recording.Values) {
	c.Flags().BoolVar((*bool)(values), "keep-values", false, "leave in the values of environment variables, arguments, headers and annotations; the file is then as confidential as the cluster")
}

// writeSnapshot writes a view as a recording of one moment.
func writeSnapshot(file string, view *kube.Cluster, values recording.Values) error {
	if err := writeFile(file, snapshotOf(view, values)); err != nil {
		return fmt.Errorf("taking a snapshot: %w", err)
	}
	return nil
}

// snapshotOf writes a view as a recording of one moment.
func snapshotOf(view *kube.Cluster, values recording.Values) func(io.Writer) error {
	return func(out io.Writer) error {
		w, err := recording.NewWriter(out, view.Info, values)
		if err != nil {
			return err
		}
		if err := w.Append(view); err != nil {
			return err
		}
		return w.Close()
	}
}
