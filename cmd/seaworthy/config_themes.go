package main

import (
	"encoding/json"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/themes"
)

func newConfigThemes(s *streams) *cobra.Command {
	format := ""
	c := &cobra.Command{
		Use:   "themes",
		Short: "List the themes of the terminal UI, yours among them",
		Long: `List the themes of the terminal UI, yours among them.

Yours are the files of $XDG_CONFIG_HOME/seaworthy/themes, in which "extends: dark"
takes another theme over and "base24: FILE" a scheme of base16 or base24; such a
scheme by itself is a theme as well. --theme or "theme: NAME" in
$XDG_CONFIG_HOME/seaworthy/terminal.yaml chooses one, and T tries them on.`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return listThemes(s, format) },
	}
	c.Flags().StringVarP(&format, "output", "o", "", "json for programs; text otherwise")
	return c
}

// themeRow is a theme as config themes -o json has it.
type themeRow struct {
	Name       string `json:"name"`
	Title      string `json:"title"`
	Ground     string `json:"ground"` // dark, light or any
	ColorBlind bool   `json:"colorBlind"`
	File       string `json:"file"`    // "" for one of the program's own
	Problem    string `json:"problem"` // why it cannot be used, "" if it can
}

func listThemes(s *streams, format string) error {
	library, _, err := readThemes(s.env, "")
	if err != nil {
		return err
	}
	var rows []themeRow
	for _, name := range library.Names() {
		rows = append(rows, rowOf(library, name))
	}
	switch format {
	case "":
		w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
		for _, row := range rows {
			if row.Problem != "" {
				row.Ground, row.Title = "broken", row.Problem
			}
			_, _ = fmt.Fprintf(w, "%s\t%s\t%s\n", row.Name, row.Ground, row.Title)
		}
		return w.Flush()
	case "json":
		encoder := json.NewEncoder(s.out)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		return encoder.Encode(rows)
	}
	return usagef("reading -o %s: themes are listed as text or as json", format)
}

func rowOf(library *themes.Library, name string) themeRow {
	theme, err := library.Load(name)
	if err != nil {
		return themeRow{Name: name, Problem: err.Error()}
	}
	return themeRow{Name: name, Title: theme.Title, Ground: theme.GroundName(), ColorBlind: theme.ColorBlind, File: theme.File}
}
