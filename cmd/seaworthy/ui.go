package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/live"
	"github.com/seaworthy-dev/seaworthy/kube/prometheus"
	"github.com/seaworthy-dev/seaworthy/kube/recording"
	"github.com/seaworthy-dev/seaworthy/kube/recording/demo"
	"github.com/seaworthy-dev/seaworthy/themes"
	"github.com/seaworthy-dev/seaworthy/ui"
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
	// accessible is for who has the screen read to them.
	accessible bool
}

func (o *uiOptions) addFlags(c *cobra.Command) {
	o.target.addFlags(c)
	o.target.measuring.addFlags(c)
	o.addScreenFlags(c)
}

// addScreenFlags adds the flags that say how the screen looks.
func (o *uiOptions) addScreenFlags(c *cobra.Command) {
	o.policy.addJudgingFlags(c)
	c.Flags().StringVar(&o.at, "at", "overview", "the screen to open, as in ns/payments or findings?sev=critical")
	c.Flags().StringVar(&o.theme, "theme", "", "auto (by the terminal's background, without this flag), auto:LIGHT/DARK, a FILE.yaml, or one of "+strings.Join(themes.Names(), ", "))
	c.Flags().StringVar(&o.color, "color", "", strings.Join(settings.Colors(), ", ")+"; without it auto: NO_COLOR, CLICOLOR=0 and TERM=dumb mean never, CLICOLOR_FORCE always")
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
	var screen *console
	if s.terminal {
		screen = newConsole() // before there is a client, and with it a credential plugin
	}
	source, err := o.target.source(ctx, s)
	isDemo := false
	if errors.Is(err, live.ErrNoCluster) {
		_, _ = fmt.Fprintln(s.err, "seaworthy: no cluster is configured (no kubeconfig was found), so this is the demo")
		source, err, isDemo = demo.New(), nil, true
	}
	if err != nil {
		return err
	}
	if !s.terminal {
		return printReport(ctx, s, r, source)
	}
	if isDemo {
		source = demo.New(recording.Paced(1), recording.Looped())
	}
	return o.show(ctx, s, source, r, screen)
}

// ruling reads what to judge by. An error about the other flags is told as well,
// also where there is no terminal to use them.
func (o *uiOptions) ruling(s *streams) (*ruling, error) {
	r, err := o.policy.load(s)
	if err != nil {
		return nil, err
	}
	_, err = o.screen(s, nil, r)
	return r, err
}

// screen says how the screen looks, and by what it judges.
func (o *uiOptions) screen(s *streams, source kube.Source, r *ruling) (ui.Options, error) {
	categories, err := r.categories()
	if err != nil {
		return ui.Options{}, err
	}
	options := ui.Options{
		Source: source, Categories: categories, Policy: r.NewReviewer(r.known), At: o.at,
		Suspendable: suspendable, Panics: takePanics,
		In: s.in, Out: s.out, Version: version(),
		NewPolicy: func() score.Policy { return r.NewReviewer(r.known) },
		Clipboard: newClipboard(s.env), Exporter: o.exporter(s, r),
		Server: serverOf(source),
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
	switch source := source.(type) {
	case *live.Source:
		return source
	case *prometheus.Source:
		return serverOf(source.Inner())
	}
	return nil
}

// exporter writes plans of what is looked at.
func (o *uiOptions) exporter(s *streams, r *ruling) *exporter {
	e := &exporter{s: s, r: r, files: o.target.files}
	if len(o.target.flags.Namespaces) > 0 {
		e.namespace = o.target.flags.Namespaces[0]
	}
	return e
}

// show runs the terminal UI until the user leaves it.
func (o *uiOptions) show(ctx context.Context, s *streams, source kube.Source, r *ruling, screen *console) (err error) {
	options, err := o.screen(s, source, r)
	if err != nil {
		return err
	}
	options.Log = logbook.New(s.now)
	defer s.notes.hold(options.Log)()
	options.In, err = screen.take(func(line string) { s.notes.say(standardError, line) })
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, screen.release()) }()
	options.Login = loginOf(source, screen)
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
