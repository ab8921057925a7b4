package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/live"
	"github.com/seaworthy-dev/seaworthy/kube/prometheus"
	"github.com/seaworthy-dev/seaworthy/kube/recording"
	"github.com/seaworthy-dev/seaworthy/kube/recording/demo"
	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// The places that are no contexts of a kubeconfig.
const (
	demoPlace  = "demo"
	givenPlace = "given"
	filePlace  = "file/" // and the name of the file
)

// recordings is what files are called that are offered to be looked at.
const recordings = "*.seaworthy"

// contexts are what can be looked at from within the terminal UI: the contexts of the
// kubeconfig, what the program was started with, recordings of the working folder, the
// demo. What is opened is judged under the same policy.
//
// The flags hold for what they were given for. Another context is looked at with the
// kubeconfig, the namespaces and the time that were asked for, and never with the server
// or the credentials that a flag named, nor with another Prometheus's figures.
type contexts struct {
	s       *streams
	o       *uiOptions
	r       *ruling
	started string // the place that the program was started with
	screen  *console
}

var _ ui.Contexts = (*contexts)(nil)

// List returns the places there are. The error is about the kubeconfig.
func (c *contexts) List(context.Context) ([]screen.Destination, error) {
	known, err := c.o.target.flags.List()
	var all []screen.Destination
	for _, k := range known {
		all = append(all, screen.Destination{
			ID: screen.ContextID(k.Name), Kind: screen.ContextPlace, Name: k.Name, Cluster: k.Cluster, User: k.User,
			Namespace: k.Namespace, Server: k.Server, Login: k.Plugin, Current: k.Current, Same: k.Fingerprint,
		})
	}
	if c.started == givenPlace {
		all = append(all, screen.Destination{ID: givenPlace, Kind: screen.GivenPlace, Name: c.given()})
	}
	return append(append(all, c.files()...), screen.Destination{ID: demoPlace, Kind: screen.DemoPlace, Name: "demo"}), err
}

// files are the recordings of the working folder and the one that was asked for, the
// newest first.
func (c *contexts) files() []screen.Destination {
	names, _ := filepath.Glob(recordings) // the pattern is well formed
	for _, from := range append(slices.Clone(c.o.target.fleet.recordings), c.o.target.from) {
		if from != "" && !slices.Contains(names, from) {
			names = append(names, from)
		}
	}
	var all []screen.Destination
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		all = append(all, screen.Destination{ID: filePlace + name, Kind: screen.RecordingPlace, Name: name, Time: info.ModTime()})
	}
	slices.SortStableFunc(all, func(a, b screen.Destination) int { return b.Time.Compare(a.Time) })
	return all
}

// given is what the program was started with, as its flags say it.
func (c *contexts) given() string {
	if files := c.o.target.files; len(files) > 0 {
		return strings.Join(files, ", ")
	}
	return "the cluster of the flags"
}

// Probe asks a context whether it answers.
func (c *contexts) Probe(ctx context.Context, place string, login bool) screen.Reach {
	options, err := c.connection(place)
	if err != nil {
		return reachOf(err)
	}
	if resolved, err := options.Flags.Resolve(options.Context); err == nil && resolved.Plugin != "" && !login {
		return screen.Reach{State: screen.NeedsLogin, Brief: resolved.Plugin, Why: "its credentials come from " + resolved.Plugin}
	}
	greeting, err := live.Probe(ctx, options)
	if err != nil {
		return reachOf(err)
	}
	return screen.Reach{State: screen.Reachable, Version: greeting.Version, User: greeting.User, Latency: greeting.Latency}
}

// reachOf says how a place answers that cannot be looked at.
func reachOf(err error) screen.Reach {
	reach := screen.Reach{State: screen.Unreachable, Why: err.Error()}
	var failure *live.Error
	if !errors.As(err, &failure) {
		return reach
	}
	reach.Brief = failure.Brief()
	switch failure.Reason {
	case live.Unauthorized, live.Forbidden:
		reach.State = screen.Refused
	case live.Login:
		reach.State = screen.NeedsLogin
	default:
	}
	return reach
}

// isCluster reports whether a place has a server to be asked.
func (c *contexts) isCluster(place string) bool {
	return strings.HasPrefix(place, screen.ContextID("")) || place == givenPlace && len(c.o.target.files) == 0
}

// connection says how a context is looked at.
func (c *contexts) connection(place string) (live.Options, error) {
	name, ok := strings.CutPrefix(place, screen.ContextID(""))
	if !ok && place != givenPlace {
		return live.Options{}, fmt.Errorf("opening %s: there is no such place", place)
	}
	flags := &c.o.target.flags
	if place != c.started {
		flags = flags.Elsewhere()
	} else if !ok { // what was given has no name of its own
		name = ""
		if len(flags.Contexts) > 0 {
			name = flags.Contexts[0]
		}
	}
	return live.Options{
		Flags: flags, Context: name, Namespaces: flags.Namespaces, Only: c.o.target.only, Version: version(), Log: c.s.notes.tell,
	}, nil
}

// Open opens a place to look at.
func (c *contexts) Open(ctx context.Context, place string) (ui.Sighting, error) {
	source, err := c.source(ctx, place)
	if err != nil {
		return ui.Sighting{}, &screen.Unreached{Reach: reachOf(err), Err: err}
	}
	return c.sighting(place, source), nil
}

// source opens the source of a place.
func (c *contexts) source(ctx context.Context, place string) (kube.Source, error) {
	file, isFile := strings.CutPrefix(place, filePlace)
	switch {
	case place == demoPlace:
		return demo.NewPlayer(), nil
	case isFile:
		return c.recording(place, file)
	case place == c.started && !c.isCluster(place):
		return c.o.target.source(ctx, c.s)
	}
	options, err := c.connection(place)
	if err != nil {
		return nil, err
	}
	limitGarbage()
	source, err := live.New(ctx, options)
	if err != nil {
		return nil, err
	}
	if place == c.started {
		return c.o.target.measuring.beside(c.s, source)
	}
	return source, nil
}

// recording opens a recording, at its last moment unless it was asked to be replayed. With
// what a Prometheus says of now beside it, it is only looked at.
func (c *contexts) recording(place, file string) (kube.Source, error) {
	if _, err := os.Stat(file); err != nil {
		return nil, fmt.Errorf("opening the recording: %w", err)
	}
	start := recording.Start{Last: true}
	if place == c.started {
		if c.o.target.measuring.address != "" {
			return c.o.target.measuring.beside(c.s, recordingFile(file))
		}
		if c.o.replay != nil {
			start = *c.o.replay
		}
	}
	return recording.NewPlayer(file, opened(file), start), nil
}

// sighting puts together what belongs to a source.
func (c *contexts) sighting(place string, source kube.Source) ui.Sighting {
	s := ui.Sighting{
		Place: place, Name: c.name(place), Source: source,
		Policy:    c.r.NewReviewer(c.r.known),
		NewPolicy: func() score.Policy { return c.r.NewReviewer(c.r.known) },
		Server:    serverOf(source), Rights: rightsOf(source), Objects: objectsOf(source), Exporter: c.exporter(place), Login: loginOf(source, c.screen),
	}
	if cluster := liveOf(source); cluster != nil {
		s.Close, s.UID = cluster.Close, cluster.UID
	}
	s.Replay, _ = source.(*recording.Player)
	return s
}

// name is what people call a place.
func (c *contexts) name(place string) string {
	if place == givenPlace {
		return c.given()
	}
	if _, name, named := strings.Cut(place, "/"); named {
		return name
	}
	return place
}

// exporter writes plans of what is looked at: changes of files belong to what was given.
func (c *contexts) exporter(place string) *exporter {
	e := &exporter{s: c.s, r: c.r}
	if place == c.started {
		e.files = c.o.target.files
	}
	if names := c.o.target.flags.Namespaces; len(names) > 0 {
		e.namespace = names[0]
	}
	return e
}

// liveOf returns the cluster behind a source, nil for manifests and recordings.
func liveOf(source kube.Source) *live.Source {
	switch source := source.(type) {
	case *live.Source:
		return source
	case *prometheus.Source:
		return liveOf(source.Inner())
	}
	return nil
}

// startedWith returns the place that the flags name. The error is of a context that is
// not there, or does not make sense; nothing is asked.
func (t *target) startedWith() (place, plugin string, err error) {
	switch {
	case len(t.files) > 0:
		return givenPlace, "", nil
	case t.from != "":
		return filePlace + t.from, "", nil
	case len(t.flags.Contexts) > 1:
		return "", "", oneAtATime(len(t.flags.Contexts))
	}
	name := ""
	if len(t.flags.Contexts) > 0 {
		name = t.flags.Contexts[0]
	}
	resolved, err := t.flags.Resolve(name)
	switch {
	case err != nil:
		return "", "", err
	case resolved.Name == "" || t.flags.Overridden():
		return givenPlace, resolved.Plugin, nil
	}
	return screen.ContextID(resolved.Name), resolved.Plugin, nil
}
