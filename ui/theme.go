package ui

import (
	"cmp"
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/seaworthy-dev/seaworthy/themes"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	picker "github.com/seaworthy-dev/seaworthy/ui/screen/themes"
	"github.com/seaworthy-dev/seaworthy/ui/settings"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// AutoTheme is the name of the theme that goes by the terminal's background: light or
// dark, or the two that stand behind a colon, as in auto:solarized-light/solarized-dark.
const AutoTheme = "auto"

// terminalsOwn is the theme of a terminal of sixteen colours. The nearest of sixteen is
// the same for most severities of any other theme.
const terminalsOwn = "ansi"

// looks is how the program is drawn, and why so.
type looks struct {
	library *themes.Library
	profile colorprofile.Profile // Unknown before the terminal has said
	behind  behind
	held    *newsMsg // what is not shown before it is known on what
	context string   // the name of what is looked at, "" before the first view
	label   string   // a word for the header

	kept, keptFor string        // the theme that was picked, and for which context
	preview       string        // the theme under the cursor of the picker
	theme         *themes.Theme // in force, nil before that is decided
	made          made
	stopWatching  context.CancelFunc // nil while no file is watched
}

// made is all that the styles in force depend on: the same makes the same.
type made struct {
	name    string
	library *themes.Library
	sixteen bool
}

// sixteen reports whether the terminal has its own sixteen colours only, poor whether it
// has no more than these.
func (l *looks) sixteen() bool { return l.profile == colorprofile.ANSI }

func (l *looks) poor() bool {
	return l.profile != colorprofile.Unknown && l.profile < colorprofile.ANSI256
}

// automatic returns the themes for a light and for a dark ground that a name asks for,
// false if it is that of one theme.
func automatic(name string) (light, dark string, ok bool) {
	if name == AutoTheme {
		return "light", "dark", true
	}
	two, ok := strings.CutPrefix(name, AutoTheme+":")
	if !ok {
		return "", "", false
	}
	light, dark, ok = strings.Cut(two, "/")
	return light, dark, ok
}

// plain are the styles before the theme is decided: the terminal's own, with no colour.
func (o Options) plain() *style.Styles {
	return style.New(&themes.Theme{}, style.Options{Tier: o.tier(), NoColor: o.NoColor})
}

// CheckTheme reports what keeps a theme from being used, by its name or as [AutoTheme]
// has it.
func CheckTheme(library *themes.Library, name string) error {
	light, dark, ok := automatic(name)
	if !ok {
		light, dark = name, name
	}
	for _, one := range []string{light, dark} {
		if _, err := library.Load(one); err != nil {
			return err
		}
	}
	return nil
}

// checkThemes reports what is wrong with the themes that the options name.
func (o Options) checkThemes() error {
	if err := CheckTheme(o.Themes, o.Theme); err != nil {
		return err
	}
	for _, c := range o.Looks {
		if c.Theme == "" {
			continue
		}
		if err := CheckTheme(o.Themes, c.Theme); err != nil {
			return err
		}
	}
	return nil
}

// newLooks returns the looks that a program starts with. Where the theme goes by the
// terminal's background, that is asked for first.
func newLooks(o Options) looks {
	l := looks{library: o.Themes, profile: o.Colors, behind: behind{hint: o.ColorFGBG}}
	_, _, l.behind.asked = automatic(o.Theme)
	if o.NoColor || l.poor() {
		l.behind.asked, l.behind.late = true, true // nothing depends on the answer
	}
	return l
}

// rule is what the user's settings say of what is looked at.
func (m *Model) rule() settings.Context {
	return settings.Settings{Contexts: m.options.Looks}.Of(m.looks.context)
}

// themeName returns the name of the theme to draw in: the one that is tried on, the one
// that was picked, that of the context, that of the program. What was picked in one
// context does not hide that another is production.
func (m *Model) themeName() string {
	l, rule := &m.looks, m.rule()
	kept := l.kept
	if rule.Theme != "" && l.keptFor != l.context {
		kept = ""
	}
	name := cmp.Or(l.preview, kept, rule.Theme, m.options.Theme)
	if _, _, two := automatic(m.options.Theme); two && name == AutoTheme {
		return m.options.Theme // the two that the user has named
	}
	return name
}

// lookAt takes the name of what is looked at, a context of the kubeconfig: it may have a
// theme of its own. Everything else that a theme depends on is asked for by retheme.
func (m *Model) lookAt(context string) tea.Cmd {
	if context == m.looks.context {
		return nil
	}
	m.looks.context = context
	return m.retheme()
}

// retheme draws in the theme that is to be in force, and returns what follows from it.
// Where the theme cannot be had, that is said, and the one before stays.
func (m *Model) retheme() tea.Cmd {
	l := &m.looks
	if l.waiting() {
		return nil
	}
	name := m.themeName()
	light, dark, auto := automatic(name)
	if auto {
		name = dark
		if !l.behind.dark() {
			name = light
		}
	}
	wanted := made{name, l.library, l.sixteen()}
	if wanted != l.made {
		theme, err := l.load(wanted)
		if err != nil {
			m.notice = notice{err.Error(), true}
			return nil
		}
		l.theme, l.made = theme, wanted
		m.styles.Become(style.New(theme, style.Options{Tier: m.options.tier(), NoColor: m.options.NoColor}))
	}
	l.label = cmp.Or(m.rule().Label, l.labelOf(m.rule().Theme), l.theme.Label)
	if auto {
		return tea.Batch(l.ask(m.ctx), m.watchTheme())
	}
	return m.watchTheme()
}

// load returns a theme as the terminal can show it.
func (l *looks) load(wanted made) (*themes.Theme, error) {
	theme, err := wanted.library.Load(wanted.name)
	if err != nil || !wanted.sixteen || !theme.HasRGB() {
		return theme, err
	}
	poor, err := wanted.library.Load(terminalsOwn)
	if err != nil {
		return nil, err
	}
	return theme.In(poor), nil
}

// labelPart is the word in the header that says which kind of cluster is looked at. It is
// the last to give way.
func (m *Model) labelPart() widget.Part {
	if m.looks.label == "" {
		return widget.Part{}
	}
	return widget.Part{Text: " " + m.looks.label + " ", Style: m.styles.Context, Priority: 1 << 10}
}

// labelOf returns the label of a theme, "" if it cannot be had.
func (l *looks) labelOf(name string) string {
	if theme, err := l.library.Load(name); err == nil {
		return theme.Label
	}
	return ""
}

// themeMessage takes the messages that are about the theme, false for any other.
func (m *Model) themeMessage(msg tea.Msg) (cmd tea.Cmd, ok bool) {
	l := &m.looks
	switch msg := msg.(type) {
	case tea.BackgroundColorMsg:
		return m.answered(msg), true
	case lateMsg:
		return m.undecided(), true
	case tea.ColorProfileMsg:
		l.profile = msg.Profile
		return m.retheme(), true
	case themesChangedMsg:
		l.library = msg.library
		l.stopWatch()
		if cmd = m.retheme(); l.stopWatching == nil {
			cmd = tea.Batch(cmd, m.watchTheme())
		}
		return cmd, true
	case picker.PreviewMsg:
		if m.picking() {
			l.preview = msg.Name
		}
		return m.retheme(), true
	case picker.KeepMsg:
		l.kept, l.keptFor = msg.Name, l.context
		m.back()
		m.notice = notice{keptText(msg.Name, m.options.SettingsFile), false}
		return nil, true
	}
	return nil, false
}

// keptText says what becomes of a theme that was picked.
func keptText(name, file string) string {
	if file == "" {
		return "theme " + name + " for now; --theme " + name + " starts in it"
	}
	return "theme " + name + " for now; \"theme: " + name + "\" in " + file + " keeps it"
}

// picking reports whether the picker of themes is on the stack.
func (m *Model) picking() bool {
	return slices.ContainsFunc(m.stack, func(s screen.Screen) bool { _, ok := s.(*picker.Screen); return ok })
}

// endPreview takes back what was only tried on, when the picker is left.
func (m *Model) endPreview() tea.Cmd {
	if m.looks.preview == "" || m.picking() {
		return nil
	}
	m.looks.preview = ""
	return m.retheme()
}

// choices are the themes for the picker, each with its own look.
func (m *Model) choices() []picker.Choice {
	l := &m.looks
	all := []picker.Choice{{Name: AutoTheme, Title: "Light or dark, as the terminal's background is", Ground: "auto", Styles: m.styles}}
	for _, name := range l.library.Names() {
		if name == AutoTheme {
			continue // a file of this name could not be asked for
		}
		choice := picker.Choice{Name: name, Styles: m.styles}
		theme, err := l.load(made{name, l.library, l.sixteen()})
		if err != nil {
			choice.Problem = err
		} else {
			choice.Title, choice.Ground, choice.Own = theme.Title, theme.GroundName(), theme.File != ""
			choice.Styles = style.New(theme, style.Options{Tier: m.options.tier(), NoColor: m.options.NoColor, Painted: true})
		}
		all = append(all, choice)
	}
	return all
}

// pickerOf returns the picker of themes, empty where only an address is checked.
func pickerOf(a nav.Address, p parts) screen.Screen {
	if p.picker == nil {
		return picker.New(a, nil, "")
	}
	return p.picker(a)
}

// picker returns the picker of themes at an address, with the cursor on that in force.
func (m *Model) picker(address nav.Address) screen.Screen {
	inForce := m.themeName()
	if _, _, auto := automatic(inForce); auto {
		inForce = AutoTheme
	}
	return picker.New(address, m.choices(), inForce)
}
