package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	explaining "github.com/seaworthy-dev/seaworthy/audit/explain"
	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/audit/triage/cause"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/live"
	"github.com/seaworthy-dev/seaworthy/kube/recording"
	"github.com/seaworthy-dev/seaworthy/kube/recording/demo"
	"github.com/seaworthy-dev/seaworthy/themes"
	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/feed"
	"github.com/seaworthy-dev/seaworthy/ui/logbook"
	"github.com/seaworthy-dev/seaworthy/ui/settings"
)

// uiOptions are the flags of the terminal UI.
type uiOptions struct {
	target target
	policy policyOptions
	at     string
	theme  string
	color  string
	ascii  bool
	mouse  bool
	// accessible is for who has the screen read to them.
	accessible bool
	replay     *recording.Start // how the recording begins that is looked at, nil for at its last moment
}

func (o *uiOptions) addFlags(c *cobra.Command) {
	o.target.addFleetFlags(c)
	o.target.measuring.addFlags(c)
	o.addScreenFlags(c)
}

// addScreenFlags adds the flags that say how the screen looks.
func (o *uiOptions) addScreenFlags(c *cobra.Command) {
	o.policy.addJudgingFlags(c)
	c.Flags().StringVar(&o.at, "at", "overview", "the screen to open, as in ns/payments or findings?sev=critical")
	c.Flags().StringVar(&o.theme, "theme", "", "auto (by the terminal's background, without this flag), auto:LIGHT/DARK, a FILE.yaml, or one of "+strings.Join(themes.Names(), ", "))
	c.Flags().StringVar(&o.color, "color", "", strings.Join(settings.Colors(), ", ")+"; without it auto: NO_COLOR, CLICOLOR=0 and TERM=dumb mean never, CLICOLOR_FORCE always")
	c.Flags().BoolVar(&o.mouse, "mouse", false, "take the mouse at once: click, double click, wheel (M gives it back)")
	c.Flags().BoolVar(&o.ascii, "ascii", false, "draw with ASCII characters only")
	c.Flags().BoolVar(&o.accessible, "accessible", false, "for screen readers: words in the place of signs, no change more often than every two seconds")
}

// run opens the target in the terminal UI, or prints a report where there is no
// terminal.
func (o *uiOptions) run(ctx context.Context, s *streams) error {
	r, err := o.ruling(s)
	if err != nil {
		return err
	}
	several, err := o.target.namedClusters()
	switch {
	case err != nil:
		return err
	case several != nil && !s.terminal:
		return printFleet(ctx, s, r, &o.target, several)
	case several != nil:
		return o.showFleet(ctx, s, r, several)
	case s.terminal:
		return o.start(ctx, s, r)
	}
	source, err := o.target.source(ctx, s)
	if errors.Is(err, live.ErrNoCluster) {
		tellOfDemo(s)
		source, err = demo.New(), nil
	}
	if err != nil {
		return err
	}
	return printReport(ctx, s, r, source)
}

func tellOfDemo(s *streams) {
	_, _ = fmt.Fprintln(s.err, "seaworthy: no cluster is configured (no kubeconfig was found), so this is the demo")
}

// start opens the terminal UI. A cluster is asked from within it, so that one that does
// not answer keeps nobody from choosing another; but what it takes to log in may ask
// something, which it can only while the terminal is the shell's.
func (o *uiOptions) start(ctx context.Context, s *streams, r *ruling) error {
	if _, err := o.target.measuring.beside(s, nil); err != nil {
		return err
	}
	screen := newConsole() // before there is a client, and with it a credential plugin
	place, plugin, err := o.target.startedWith()
	switch {
	case errors.Is(err, live.ErrNoCluster):
		tellOfDemo(s)
		place = demoPlace
	case err != nil:
		return connectError(err)
	case plugin != "":
		source, err := o.target.source(ctx, s)
		var failure *live.Error
		switch {
		case err == nil:
			return o.show(ctx, s, r, screen, place, source)
		case !errors.As(err, &failure) || failure.Reason.Usage() || failure.Reason == live.Login:
			return err
		}
	}
	return o.show(ctx, s, r, screen, place, nil)
}

// ruling reads what to judge by. An error about the other flags is told as well,
// also where there is no terminal to use them.
func (o *uiOptions) ruling(s *streams) (*ruling, error) {
	r, err := o.policy.load(s)
	if err != nil {
		return nil, err
	}
	_, err = o.screen(s, &contexts{s: s, o: o, r: r}, "", nil)
	return r, err
}

// screen says how the screen looks, by what it judges, and what it shows first: a place,
// with its source if it is open already.
func (o *uiOptions) screen(s *streams, known *contexts, place string, source kube.Source) (ui.Options, error) {
	categories, err := known.r.categories()
	if err != nil {
		return ui.Options{}, err
	}
	rules, err := explaining.All(known.r.Policy, known.r.known)
	if err != nil {
		return ui.Options{}, usagef("%w", err)
	}
	options := ui.Options{
		Sighting: known.sighting(place, source), Categories: categories, Contexts: known, At: o.at,
		Suspendable: suspendable, Suspend: suspend, Panics: takePanics,
		In: s.in, Out: s.out, Version: version(),
		Snapshots: newArchive(s.env), Rules: rules, Acknowledgements: newAcknowledgements(s.env),
	}
	if err := o.dress(&options, s.env); err != nil {
		return ui.Options{}, err
	}
	if err := options.Validate(); err != nil {
		return ui.Options{}, usagef("%w", err)
	}
	return options, nil
}

// serverOf returns the server behind a source, which can be asked about changes; nil for
// manifests and recordings.
func serverOf(source kube.Source) plan.Server {
	if cluster := liveOf(source); cluster != nil {
		return cluster
	}
	return nil
}

// rightsOf returns the server behind a source, which knows what who looks may do; nil for
// manifests and recordings.
func rightsOf(source kube.Source) cause.Rights {
	if cluster := liveOf(source); cluster != nil {
		return cluster
	}
	return nil
}

// show runs the terminal UI on a place until the user leaves it. The source is nil if it
// is still to be opened.
func (o *uiOptions) show(ctx context.Context, s *streams, r *ruling, screen *console, place string, source kube.Source) (err error) {
	known := &contexts{s: s, o: o, r: r, started: place, screen: screen}
	if source == nil && !known.isCluster(place) { // there is nothing to wait for
		if source, err = known.source(ctx, place); err != nil {
			return err
		}
	}
	options, err := o.screen(s, known, place, source)
	if err != nil {
		return err
	}
	return o.draw(ctx, s, screen, options)
}

// showFleet runs the terminal UI on several clusters until the user leaves it.
func (o *uiOptions) showFleet(ctx context.Context, s *streams, r *ruling, several []namedCluster) error {
	screen := newConsole()
	options, err := o.fleet(s, r, screen, several)
	if err != nil {
		return err
	}
	limitGarbage()
	return o.draw(ctx, s, screen, options)
}

// fleet says how the screen looks that shows several clusters.
func (o *uiOptions) fleet(s *streams, r *ruling, screen *console, several []namedCluster) (ui.Options, error) {
	options, err := o.screen(s, &contexts{s: s, o: o, r: r, screen: screen}, "", nil)
	for _, v := range several {
		options.Fleet = append(options.Fleet, feed.Named{Place: v.place(), Name: v.name, Address: v.address})
	}
	return options, err
}

// draw runs the terminal UI until the user leaves it.
func (o *uiOptions) draw(ctx context.Context, s *streams, screen *console, options ui.Options) (err error) {
	options.Log = logbook.New(s.now)
	defer s.notes.hold(options.Log)()
	options.In, err = screen.take(func(line string) { s.notes.say(standardError, line) })
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, screen.release()) }()
	return s.reported(ui.Run(ctx, options))
}

// plainTerminal reports whether a terminal may have no characters beyond ASCII, by what
// its environment says. A console of Windows says nothing of its code page there; its
// newer terminals, and those that come with editors, name themselves.
func plainTerminal(env func(string) string, system string) bool {
	if system == "windows" {
		return env("WT_SESSION") == "" && env("TERM_PROGRAM") == "" && env("ConEmuANSI") == "" && !utf8Locale(env)
	}
	return !utf8Locale(env) || env("TERM") == "linux"
}

// utf8Locale reports whether the locale's character set is UTF-8. The first of
// the variables that is set counts (POSIX, Environment Variables); with none the
// locale is C.
func utf8Locale(env func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := strings.ToUpper(env(name)); value != "" {
			return strings.Contains(value, "UTF-8") || strings.Contains(value, "UTF8")
		}
	}
	return false
}
