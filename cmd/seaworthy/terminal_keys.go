package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/settings"
)

// keyRow is a binding, as config keys -o json tells it.
type keyRow struct {
	ID    keymap.ID    `json:"id"`
	Scope keymap.Scope `json:"scope"`
	Keys  []string     `json:"keys"`
	Help  string       `json:"help"`
	Group string       `json:"group"`
	Own   bool         `json:"own"` // the settings have bound it, not the preset
}

func newConfigKeys(s *streams) *cobra.Command {
	var format, preset string
	c := &cobra.Command{
		Use:   "keys",
		Short: "List the keys of the terminal UI, as they are bound",
		Long: `List the keys of the terminal UI, as they are bound.

The presets are ` + strings.Join(describePresets(), "; ") + `.
keys.preset of $XDG_CONFIG_HOME/seaworthy/` + settingsFile + ` chooses one, and
keys.bind binds keys by the ids of this list; seaworthy config init --terminal
writes an example.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			preferred, err := readSettings(s.env)
			if err != nil {
				return err
			}
			if c.Flags().Changed("preset") {
				preferred = settings.Settings{Keys: settings.Keys{Preset: preset}}
			}
			return listKeys(s, preferred, format)
		},
	}
	c.Flags().StringVarP(&format, "output", "o", "text", "text, json or markdown")
	c.Flags().StringVar(&preset, "preset", "", "list those of a preset, in place of those in force: "+strings.Join(keymap.Presets(), ", "))
	return c
}

// describePresets names each preset with what it is.
func describePresets() []string {
	var described []string
	for _, name := range keymap.Presets() {
		described = append(described, fmt.Sprintf("%s (%s)", name, keymap.AboutPreset(name)))
	}
	return described
}

func listKeys(s *streams, preferred settings.Settings, format string) error {
	keys, err := keysOf(preferred)
	if err != nil {
		return err
	}
	switch format {
	case "text":
		return printKeys(s, keys)
	case "markdown":
		_, err := fmt.Fprint(s.out, keys.Markdown())
		return err
	case "json":
		rows := []keyRow{}
		for _, b := range keys.Bindings() {
			_, own := preferred.Keys.Bind[b.ID]
			rows = append(rows, keyRow{b.ID, b.Scope, b.Keys, b.Help, b.Group, own})
		}
		encoder := json.NewEncoder(s.out)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		return encoder.Encode(rows)
	}
	return usagef("reading -o %s: keys are told as text, json or markdown", format)
}

func printKeys(s *streams, keys *keymap.Map) error {
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	for i, group := range keys.Groups() {
		if i > 0 {
			_, _ = fmt.Fprintln(w)
		}
		_, _ = fmt.Fprintln(w, group.Title)
		for _, b := range group.Bindings {
			_, _ = fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", strings.Join(b.Keys, " "), b.ID, b.Scope, b.Help)
		}
	}
	return w.Flush()
}
