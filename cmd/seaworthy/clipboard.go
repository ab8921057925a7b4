package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/ui"
)

// clipboard is where the terminal UI copies to beside the terminal itself: the tool of
// the display that is there, and a file, or one of them if the user wants it so.
type clipboard struct {
	noTool, noFile bool
	env            func(string) string
	os             string // as runtime.GOOS
	// find returns the path of a tool, run gives it a text.
	find func(name string) (string, error)
	run  func(ctx context.Context, path string, args []string, text string) error
}

// copyAs has texts copied in the way that the settings ask for (settings.Clipboards, ""
// for auto).
func copyAs(options *ui.Options, way string, env func(string) string) {
	options.NoOSC52 = way == "native" || way == "file"
	if way != "osc52" {
		options.Clipboard = &clipboard{env: env, os: runtime.GOOS, find: exec.LookPath, run: runTool, noTool: way == "file", noFile: way == "native"}
	}
}

// tool is a program that puts its standard input on a clipboard.
type tool struct {
	name string
	args []string
}

// toolWithin is how long a tool may take: one that waits for a display that is gone must
// not keep the answer.
const toolWithin = 2 * time.Second

// Copy puts a text on the clipboard of the display, if there is one, and into a file.
func (c *clipboard) Copy(ctx context.Context, text string) ([]string, error) {
	var places []string
	var failed []error
	for _, t := range c.tools() {
		path, err := c.find(t.name)
		if err != nil {
			continue // not installed
		}
		if err := c.run(ctx, path, t.args, text); err != nil {
			failed = append(failed, fmt.Errorf("running %s: %w", t.name, err))
			continue
		}
		places = append(places, t.name)
		break
	}
	if !c.noFile {
		place, err := c.keep(text)
		if err != nil {
			failed = append(failed, err)
		} else {
			places = append(places, place)
		}
	}
	switch {
	case len(places) > 0:
		return places, nil
	case len(failed) == 0:
		return nil, errors.New("no tool of a display was found")
	}
	return nil, errors.Join(failed...)
}

// keep puts a text into the file, and returns where that is.
func (c *clipboard) keep(text string) (string, error) {
	file, err := c.file()
	if err != nil {
		return "", err
	}
	if err := writePrivate(file, []byte(text)); err != nil {
		return c.near(file), fmt.Errorf("writing the clipboard's file: %w", err)
	}
	return c.near(file), nil
}

// tools are those that could reach a display of the person at the keyboard, best first.
// Over SSH the desktop of this machine is somebody else's, but an X display is forwarded.
func (c *clipboard) tools() []tool {
	if c.noTool {
		return nil
	}
	remote := c.env("SSH_CONNECTION") != "" || c.env("SSH_TTY") != ""
	var tools []tool
	if c.os == "darwin" && !remote {
		tools = append(tools, tool{name: "pbcopy"})
	}
	if (c.os == "windows" || c.env("WSL_DISTRO_NAME") != "") && !remote {
		tools = append(tools, tool{name: "clip.exe"})
	}
	if c.env("WAYLAND_DISPLAY") != "" && !remote {
		tools = append(tools, tool{name: "wl-copy"})
	}
	if c.env("DISPLAY") != "" {
		tools = append(tools, tool{"xclip", []string{"-selection", "clipboard"}}, tool{"xsel", []string{"--clipboard", "--input"}})
	}
	return tools
}

// file is where the last copied text is kept.
func (c *clipboard) file() (string, error) {
	folder, err := stateFolder(c.env)
	if err != nil {
		return "", fmt.Errorf("writing the clipboard's file: %w", err)
	}
	return filepath.Join(folder, "clipboard"), nil
}

// stateFolder is where the program keeps what is no setting and worth keeping
// (specifications.freedesktop.org/basedir-spec).
func stateFolder(env func(string) string) (string, error) {
	folder := env("XDG_STATE_HOME")
	if !filepath.IsAbs(folder) {
		switch {
		case env("HOME") != "":
			folder = filepath.Join(env("HOME"), ".local", "state")
		case env("LOCALAPPDATA") != "": // Windows
			folder = env("LOCALAPPDATA")
		default:
			return "", errors.New("neither XDG_STATE_HOME nor HOME is set")
		}
	}
	return filepath.Join(folder, "seaworthy"), nil
}

// near is a path as people write it, from the home folder.
func (c *clipboard) near(path string) string {
	if rest, below := strings.CutPrefix(path, c.env("HOME")+string(filepath.Separator)); below && c.env("HOME") != "" {
		return filepath.Join("~", rest)
	}
	return path
}

// runTool gives a tool a text. Its output goes nowhere: a tool that lives on to serve the
// clipboard keeps it open.
func runTool(ctx context.Context, path string, args []string, text string) error {
	ctx, cancel := context.WithTimeout(ctx, toolWithin)
	defer cancel()
	command := exec.CommandContext(ctx, path, args...)
	command.Stdin = strings.NewReader(text)
	return command.Run()
}
