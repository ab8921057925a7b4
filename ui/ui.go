package ui

import (
	"cmp"
	"context"
	"fmt"
	"io"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/explain"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/workgroup"
	"github.com/seaworthy-dev/seaworthy/themes"
	"github.com/seaworthy-dev/seaworthy/ui/feed"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/logbook"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/settings"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// framesPerSecond bounds how often the screen is drawn. Data comes at 10 Hz;
// more frames serve only the hand on the keys.
const framesPerSecond = 30

// Options are what the program is started with.
type Options struct {
	// Sighting is what is looked at first. If it has no source, its place is opened, again
	// and again until it can be looked at.
	Sighting
	Categories []audit.Category
	// Rules are all that there are, as the policy wants them, with those that are off;
	// nil for those of Categories.
	Rules    []explain.Rule
	Contexts Contexts // what else can be looked at; nil for nothing
	// Fleet are places of Contexts that are followed all the time, and compared. With them
	// nothing needs to be looked at first.
	Fleet     []feed.Named
	Clipboard Clipboard        // beside the terminal, nil for none
	NoOSC52   bool             // what is copied is not sent to the terminal
	Snapshots screen.Snapshots // nil if recordings cannot be reached
	// Acknowledgements keeps which incidents somebody has seen to, nil to forget them
	// with the program.
	Acknowledgements screen.AcknowledgementStore

	At string // the address of the first screen
	// Themes are those that can be chosen, nil for the embedded ones.
	Themes *themes.Library
	Theme  string // the name of a theme, or AutoTheme
	// Looks are the themes and labels by the context that is looked at, of which the
	// first that matches counts.
	Looks []settings.Context
	// SettingsFile is where a theme is written to stay, "" for nowhere.
	SettingsFile string
	// Colors is what the terminal can show, Unknown to have it found out.
	Colors    colorprofile.Profile
	ColorFGBG string // the variable of this name: a hint at the terminal's background
	Mouse     bool   // it takes the mouse from the terminal at once
	NoColor   bool   // attributes only
	ASCII     bool   // no character beyond ASCII in what the program draws
	// Accessible is for those who have the screen read to them: nothing changes by
	// itself more often than every two seconds, and what signs say is said in words.
	Accessible bool
	Keys       *keymap.Map   // nil for those of the registry
	Log        *logbook.Book // what was said while the screen is drawn; nil for none
	// Suspendable reports whether a shell could resume a program that is suspended, nil
	// for no, and Suspend stops the process until one does.
	Suspendable func() bool
	Suspend     func() error
	// Panics is given, before the terminal is touched, what takes a panic of a goroutine
	// that the program does not know of; nil if there is none. The goroutine must not go
	// on after it.
	Panics  func(report func(value any))
	crashes *crashes // takes the panics of the goroutines that the model starts, nil for none
	In      io.Reader
	Out     io.Writer
	Version string
}

// keys returns the bindings in force.
func (o Options) keys() *keymap.Map {
	if o.Keys == nil {
		return keymap.Default()
	}
	return o.Keys
}

// Validate reports what would keep the program from starting. It is called
// before the terminal is touched: an error must not leave it in disorder.
func (o Options) Validate() error {
	if err := o.checkThemes(); err != nil {
		return err
	}
	_, err := open(o.At, parts{keys: o.keys(), marks: screen.NewMarks(), seen: screen.NewAcknowledged()})
	return err
}

// rules returns the rules to tell of.
func (o Options) rules() []explain.Rule {
	if o.Rules != nil {
		return o.Rules
	}
	all, err := explain.All(nil, o.Categories)
	if err != nil {
		return nil // err is about parameters that a policy sets
	}
	return all
}

// judge returns what assesses views as those of the source are assessed.
func (o Options) judge() screen.Judge {
	var policy score.Policy
	if o.NewPolicy != nil {
		policy = o.NewPolicy()
	}
	assessor := score.NewAssessor(o.Categories, nil).Under(policy)
	return func(c *kube.Cluster) (*score.Assessment, error) { return assessor.Assess(c), nil }
}

// Run shows the program until the user leaves it or the context ends. The error is why
// nothing could be looked at, if nothing ever was. When it
// returns, the terminal is as it was and no goroutine of it runs, unless the error is a
// [*Crash]: then it does not wait for what may never end.
func Run(ctx context.Context, o Options) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	caught := &crashes{}
	o.crashes = caught
	model, err := New(ctx, o)
	if err != nil {
		return err
	}
	program := tea.NewProgram(guarded{model, caught}, append(o.terminal(), tea.WithInput(o.In), tea.WithOutput(o.Out),
		tea.WithFPS(framesPerSecond), tea.WithFilter(newMouseFilter()), tea.WithoutSignalHandler())...)
	caught.endBy(program.Quit)
	if o.Panics != nil {
		o.Panics(func(value any) {
			panicked := workgroup.Caught(value)
			caught.report("talking to the cluster", panicked.Value, panicked.Stack)
		})
	}
	// A program whose context ends is killed, and its reader of keys lives on;
	// one that is told to quit ends in order.
	quitting := context.AfterFunc(ctx, program.Quit)
	_, err = program.Run()
	quitting()
	if crash := caught.happened(); crash != nil {
		crash.Address = model.shownAddress()
		return crash
	}
	left, refused := context.Cause(ctx), model.refusedAtFirst()
	stop()
	model.Close()
	if err != nil {
		return fmt.Errorf("drawing the screen: %w", err)
	}
	return cmp.Or(left, refused)
}

// terminal is what the program is told of the terminal, instead of finding it out.
func (o Options) terminal() []tea.ProgramOption {
	profile := o.Colors
	if o.NoColor && profile == colorprofile.Unknown {
		profile = colorprofile.ASCII
	}
	if profile == colorprofile.Unknown {
		return nil
	}
	return []tea.ProgramOption{tea.WithColorProfile(profile)}
}

// tier is how rich the characters are that are drawn.
func (o Options) tier() style.Tier {
	switch {
	case o.Accessible:
		return style.Spoken
	case o.ASCII:
		return style.ASCII
	}
	return style.Unicode
}
