package main

import (
	"cmp"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/charmbracelet/colorprofile"

	"github.com/seaworthy-dev/seaworthy/themes"
	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/settings"
)

const (
	settingsFile = "terminal.yaml" // what a user prefers of the terminal UI
	themeFolder  = "themes"        // the user's own themes, beside it
)

// userFolder is where the files of a user are, "" if that is nowhere.
func userFolder(env func(string) string) string {
	// https://specifications.freedesktop.org/basedir-spec/ ignores relative paths.
	folder := env("XDG_CONFIG_HOME")
	switch {
	case filepath.IsAbs(folder):
	case env("HOME") != "":
		folder = filepath.Join(env("HOME"), ".config")
	case env("APPDATA") != "": // Windows
		folder = env("APPDATA")
	default:
		return ""
	}
	return filepath.Join(folder, "seaworthy")
}

// readSettings reads what the user prefers; a file that is not there says nothing.
func readSettings(env func(string) string) (settings.Settings, error) {
	folder := userFolder(env)
	if folder == "" {
		return settings.Settings{}, nil
	}
	file := filepath.Join(folder, settingsFile)
	text, err := os.ReadFile(file) //nolint:gosec // the user's own file, where XDG has it
	if errors.Is(err, fs.ErrNotExist) {
		return settings.Settings{}, nil
	}
	if err != nil {
		return settings.Settings{}, usagef("reading the settings: %w", err)
	}
	s, err := settings.Parse(file, text)
	if err != nil {
		return settings.Settings{}, usagef("%w", err)
	}
	return s, nil
}

// readThemes returns the themes that can be chosen, those of the user's folder and of a
// file among them, and the name of the theme that was asked for, which may be such a file.
func readThemes(env func(string) string, asked string) (*themes.Library, string, error) {
	var folders []themes.Folder
	if folder := userFolder(env); folder != "" {
		folder = filepath.Join(folder, themeFolder)
		folders = append(folders, themes.Folder{Files: os.DirFS(folder), Name: folder})
	}
	if ext := filepath.Ext(asked); ext == ".yaml" || ext == ".yml" {
		dir, file := filepath.Split(asked)
		folders = append(folders, themes.Folder{Files: os.DirFS(cmp.Or(dir, ".")), Name: dir, Only: file})
		asked = strings.TrimSuffix(file, ext)
	}
	library, err := themes.Read(folders...)
	if err != nil {
		return nil, "", usagef("%w", err)
	}
	return library, asked, nil
}

// dress says how the screen looks: by the flags, else by the user's settings, else by
// what the environment tells of the terminal.
func (o *uiOptions) dress(options *ui.Options, env func(string) string) error {
	prefers, err := readSettings(env)
	if err != nil {
		return err
	}
	options.Themes, options.Theme, err = readThemes(env, cmp.Or(o.theme, prefers.Theme, ui.AutoTheme))
	if err != nil {
		return err
	}
	if err := checkPreferred(prefers, options.Themes, o.theme != ""); err != nil {
		return err
	}
	options.NoColor, options.Colors, err = colorsOf(cmp.Or(o.color, prefers.Color, "auto"), env)
	if err != nil {
		return err
	}
	if folder := userFolder(env); folder != "" {
		options.SettingsFile = filepath.Join(folder, settingsFile)
	}
	options.Mouse = o.mouse || prefers.Mouse
	copyAs(options, prefers.Clipboard, env)
	options.Looks, options.ColorFGBG = prefers.Contexts, env("COLORFGBG")
	options.ASCII = o.ascii || prefers.ASCII || plainTerminal(env, runtime.GOOS)
	options.Accessible = o.accessible || prefers.Accessible
	options.Keys, err = keysOf(prefers)
	return err
}

// checkPreferred says where in the settings a theme stands that cannot be used. With a
// theme by flag, that of all is not looked at.
func checkPreferred(prefers settings.Settings, library *themes.Library, byFlag bool) error {
	named := map[string]string{} // by the name of the setting
	if prefers.Theme != "" && !byFlag {
		named["theme"] = prefers.Theme
	}
	for _, c := range prefers.Contexts {
		if c.Theme != "" {
			named["contexts."+c.Theme] = c.Theme
		}
	}
	for _, setting := range slices.Sorted(maps.Keys(named)) {
		at, _ := prefers.At(setting)
		if err := ui.CheckTheme(library, named[setting]); err != nil {
			return usagef("%s:%d: %w", at.File, at.Line, err)
		}
	}
	return nil
}

// colorsOf says what colours there are: none, or those of a profile, which is Unknown
// where the terminal is to be asked. The variables are those of no-color.org and
// bixense.com/clicolors, of which the first wins.
func colorsOf(mode string, env func(string) string) (none bool, profile colorprofile.Profile, err error) {
	forced := env("CLICOLOR_FORCE") != "" && env("CLICOLOR_FORCE") != "0"
	switch mode {
	case "never":
		return true, colorprofile.ASCII, nil
	case "always":
		return false, colorsByName(env), nil
	case "16":
		return false, colorprofile.ANSI, nil
	case "256":
		return false, colorprofile.ANSI256, nil
	case "truecolor":
		return false, colorprofile.TrueColor, nil
	case "auto":
	default:
		return false, 0, usagef("reading --color %s: it is none of %s", mode, strings.Join(settings.Colors(), ", "))
	}
	switch {
	case env("NO_COLOR") != "":
		return true, colorprofile.ASCII, nil
	case forced:
		return false, colorsByName(env), nil
	case env("TERM") == "dumb":
		return true, colorprofile.NoTTY, nil
	case env("CLICOLOR") == "0":
		return true, colorprofile.ASCII, nil
	case env("TERM") == "linux": // it prints what it is asked of its background
		return false, colorprofile.ANSI, nil
	}
	return false, colorprofile.Unknown, nil
}

// colorsByName returns the profile of a terminal by the variables that name it, sixteen
// colours at least.
func colorsByName(env func(string) string) colorprofile.Profile {
	var known []string
	for _, name := range []string{"TERM", "COLORTERM", "WT_SESSION", "GOOGLE_CLOUD_SHELL"} {
		if value := env(name); value != "" {
			known = append(known, name+"="+value)
		}
	}
	return max(colorprofile.ANSI, colorprofile.Env(slices.Clip(known)))
}
