package main

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/ui"
)

// board is a clipboard of a world with an environment and tools, of which some fail.
func board(system string, env map[string]string, tools ...string) (*clipboard, *[]string) {
	var ran []string
	return &clipboard{
		env: func(name string) string { return env[name] }, os: system,
		find: func(name string) (string, error) {
			for _, t := range tools {
				if strings.TrimPrefix(t, "!") == name {
					return "/bin/" + t, nil
				}
			}
			return "", fs.ErrNotExist
		},
		run: func(_ context.Context, path string, args []string, text string) error {
			ran = append(ran, strings.Join(append([]string{path}, args...), " ")+" < "+text)
			if strings.Contains(path, "!") {
				return errors.New("no display")
			}
			return nil
		},
	}, &ran
}

func TestClipboardUsesTheToolOfTheDisplay(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		system string
		env    map[string]string
		tools  []string
		want   []string // that ran
		told   string   // the tool that is told of, "" for none
	}{
		"macOS":                {"darwin", nil, []string{"pbcopy"}, []string{"/bin/pbcopy < text"}, "pbcopy"},
		"macOS by SSH":         {"darwin", map[string]string{"SSH_CONNECTION": "x"}, []string{"pbcopy"}, nil, ""},
		"Wayland":              {"linux", map[string]string{"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, []string{"wl-copy", "xclip"}, []string{"/bin/wl-copy < text"}, "wl-copy"},
		"X":                    {"linux", map[string]string{"DISPLAY": ":0"}, []string{"wl-copy", "xclip", "xsel"}, []string{"/bin/xclip -selection clipboard < text"}, "xclip"},
		"X forwarded":          {"linux", map[string]string{"DISPLAY": "localhost:10", "SSH_TTY": "/dev/pts/1", "WAYLAND_DISPLAY": "x"}, []string{"wl-copy", "xsel"}, []string{"/bin/xsel --clipboard --input < text"}, "xsel"},
		"WSL":                  {"linux", map[string]string{"WSL_DISTRO_NAME": "Ubuntu"}, []string{"clip.exe"}, []string{"/bin/clip.exe < text"}, "clip.exe"},
		"no display":           {"linux", nil, []string{"wl-copy", "xclip", "pbcopy"}, nil, ""},
		"nothing installed":    {"linux", map[string]string{"DISPLAY": ":0"}, nil, nil, ""},
		"one of two that fail": {"linux", map[string]string{"DISPLAY": ":0"}, []string{"!xclip", "xsel"}, []string{"/bin/!xclip -selection clipboard < text", "/bin/xsel --clipboard --input < text"}, "xsel"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state := t.TempDir()
			env := map[string]string{"XDG_STATE_HOME": state}
			maps.Copy(env, test.env)
			c, ran := board(test.system, env, test.tools...)
			places, err := c.Copy(t.Context(), "text")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, *ran); diff != "" {
				t.Errorf("ran (-want +got):\n%s", diff)
			}
			want := []string{filepath.Join(state, "seaworthy", "clipboard")}
			if test.told != "" {
				want = append([]string{test.told}, want...)
			}
			if diff := cmp.Diff(want, places); diff != "" {
				t.Errorf("told (-want +got):\n%s", diff)
			}
		})
	}
}

func TestClipboardsFileIsPrivate(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	c, _ := board("linux", map[string]string{"HOME": home, "XDG_STATE_HOME": "relative"})
	file := filepath.Join(home, ".local", "state", "seaworthy", "clipboard")
	for _, text := range []string{"a longer text", "short"} {
		places, err := c.Copy(t.Context(), text)
		if err != nil || !cmp.Equal(places, []string{filepath.Join("~", ".local", "state", "seaworthy", "clipboard")}) {
			t.Fatalf("copied to %q with error %v", places, err)
		}
		got, err := os.ReadFile(file)
		if err != nil || string(got) != text {
			t.Errorf("the file has %q with error %v, want %q", got, err, text)
		}
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file's mode is %v, %v, want 0600", info.Mode(), err)
	}
	if entries, err := os.ReadDir(filepath.Dir(file)); err != nil || len(entries) != 1 {
		t.Errorf("the folder has %v, want the file alone", entries)
	}
}

// Where nothing works, it is said why.
func TestClipboardNowhere(t *testing.T) {
	t.Parallel()
	c, _ := board("linux", map[string]string{"DISPLAY": ":0"}, "!xclip")
	places, err := c.Copy(t.Context(), "text")
	if len(places) > 0 || err == nil || !strings.Contains(err.Error(), "no display") || !strings.Contains(err.Error(), "HOME") {
		t.Errorf("copied to %v with error %v", places, err)
	}
	blocked := filepath.Join(t.TempDir(), "state")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c, _ = board("linux", map[string]string{"XDG_STATE_HOME": blocked})
	if _, err := c.Copy(t.Context(), "text"); err == nil {
		t.Error("copied into a file that is no folder")
	}
}

// A tool is given the text, and its failure is told.
func TestRunTool(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "out")
	if err := runTool(t.Context(), "/bin/sh", []string{"-c", `cat > "$0"`, file}, "a\ntext"); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != "a\ntext" {
		t.Errorf("the tool was given %q, %v", got, err)
	}
	if err := runTool(t.Context(), "/bin/sh", []string{"-c", "exit 3"}, "x"); err == nil {
		t.Error("a tool that fails is taken for one that works")
	}
}

// TestClipboardInOneWay copies only in the way that the settings ask for.
func TestClipboardInOneWay(t *testing.T) {
	t.Parallel()
	for way, want := range map[string]string{
		"": "OSC 52, xclip, file", "auto": "OSC 52, xclip, file", "osc52": "OSC 52", "native": "xclip", "file": "file",
	} {
		t.Run("as "+way, func(t *testing.T) {
			t.Parallel()
			var options ui.Options
			var got []string
			copyAs(&options, way, func(string) string { return "" })
			if !options.NoOSC52 {
				got = append(got, "OSC 52")
			}
			if made, ok := options.Clipboard.(*clipboard); ok {
				c, _ := board("linux", map[string]string{"DISPLAY": ":0", "XDG_STATE_HOME": t.TempDir()}, "xclip")
				c.noTool, c.noFile = made.noTool, made.noFile
				places, err := c.Copy(t.Context(), "text")
				if err != nil {
					t.Error(err)
				}
				for _, place := range places {
					if strings.HasSuffix(place, "clipboard") {
						place = "file"
					}
					got = append(got, place)
				}
			}
			if strings.Join(got, ", ") != want {
				t.Errorf("copied to %q, want %q", got, want)
			}
		})
	}
}

// TestClipboardWithoutATool says why nothing was copied where only a tool is asked for.
func TestClipboardWithoutATool(t *testing.T) {
	t.Parallel()
	c, _ := board("linux", nil)
	c.noFile = true
	if places, err := c.Copy(t.Context(), "text"); err == nil || len(places) > 0 {
		t.Errorf("copied to %q with error %v", places, err)
	}
}
