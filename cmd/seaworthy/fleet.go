package main

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/live"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// fleetFlags name several clusters, of commands that look at more than one.
type fleetFlags struct {
	allContexts bool
	recordings  []string
}

// namedCluster is one of the clusters that were named: a context or a recording.
type namedCluster struct {
	name string // of the context, or the file
	file bool
	// address is equal for contexts of the same server and authority, "" for a recording.
	address string
}

// place is what the terminal UI calls it.
func (v namedCluster) place() string {
	if v.file {
		return filePlace + v.name
	}
	return screen.ContextID(v.name)
}

// addFleetFlags adds the flags that choose a target, of which some can be given several
// times to look at several clusters.
func (t *target) addFleetFlags(c *cobra.Command) {
	t.addSingleFlags(c)
	c.Flags().StringArrayVar(&t.fleet.recordings, "from", nil, "read a recording or snapshot instead of a cluster; repeatable, to compare several")
	c.Flags().BoolVar(&t.fleet.allContexts, "all-contexts", false, "look at the clusters of all contexts of the kubeconfig")
	context := c.Flags().Lookup("context")
	context.Usage = "the kubeconfig context to use (default the current one); repeatable, to compare several"
	c.MarkFlagsMutuallyExclusive("filename", "from")
	c.MarkFlagsMutuallyExclusive("all-contexts", "context")
	c.MarkFlagsMutuallyExclusive("all-contexts", "filename")
	c.MarkFlagsMutuallyExclusive("all-contexts", "from")
}

// namedClusters returns the clusters that were named if they are several, also if one is left of
// all contexts; nil if there is one target. The error has its exit code.
func (t *target) namedClusters() ([]namedCluster, error) {
	if len(t.fleet.recordings) == 1 {
		t.from = t.fleet.recordings[0]
	}
	switch {
	case len(t.flags.Contexts) < 2 && len(t.fleet.recordings) < 2 && !t.fleet.allContexts:
		return nil, nil
	case len(t.files) > 0:
		return nil, usagef("looking at %d contexts: -f names manifests instead of a cluster", len(t.flags.Contexts))
	case len(t.flags.Contexts) > 0 && len(t.fleet.recordings) > 0:
		return nil, usagef("looking at --context and --from: it is clusters or recordings, not both; seaworthy snapshot makes a recording of a cluster")
	case t.measuring.address != "":
		return nil, usagef("reading --prometheus: it knows the use of one cluster, and several are looked at")
	case t.flags.Particular():
		return nil, usagef("looking at several contexts: flags that say which server, credentials or user are meant hold for one; --kubeconfig, -n and --request-timeout hold for all")
	}
	if len(t.fleet.recordings) > 0 {
		var all []namedCluster
		for _, name := range unique(t.fleet.recordings) {
			all = append(all, namedCluster{name: name, file: true})
		}
		return all, nil
	}
	return t.contextsNamed()
}

// contextsNamed returns the contexts that were asked for. One that is not in the
// kubeconfig is a matter of usage; what else is wrong with one is told when it is opened,
// and keeps nobody from the others.
func (t *target) contextsNamed() ([]namedCluster, error) {
	known, err := t.flags.List()
	if err != nil {
		return nil, connectError(err)
	}
	var all []namedCluster
	if t.fleet.allContexts {
		for _, k := range known {
			all = append(all, namedCluster{name: k.Name, address: k.Fingerprint})
		}
		if len(all) == 0 {
			return nil, usagef("looking at --all-contexts: the kubeconfig has none")
		}
		return all, nil
	}
	for _, name := range unique(t.flags.Contexts) {
		i := slices.IndexFunc(known, func(k live.Context) bool { return k.Name == name })
		if i < 0 {
			_, err := t.flags.Resolve(name)
			return nil, connectError(err)
		}
		all = append(all, namedCluster{name: name, address: known[i].Fingerprint})
	}
	return all, nil
}

// unique returns the names without those that stand there before.
func unique(names []string) []string {
	var all []string
	for _, name := range names {
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

// open opens one of several clusters, and asks it which it is. A credential plugin cannot
// ask anything: several would at once.
func (t *target) open(ctx context.Context, s *streams, v namedCluster) (source kube.Source, uid string, err error) {
	if v.file {
		return recordingFile(v.name), "", nil
	}
	opened, err := live.New(ctx, live.Options{
		Flags: t.flags.Elsewhere(), Context: v.name, Namespaces: t.flags.Namespaces, Version: version(), Log: s.notes.tell,
	})
	if err != nil {
		return nil, "", err
	}
	return opened, opened.UID(ctx), nil
}

// gravity orders exit codes: what could not be seen says more than a low score, and that
// more than findings.
func gravity(code int) int {
	return slices.Index([]int{exitClean, exitFindings, exitScore, exitBlind}, code)
}

// graver returns the exit code of several clusters.
func graver(a, b int) int {
	if gravity(b) > gravity(a) {
		return b
	}
	return a
}
