package main

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/audit/policy"
)

//go:embed example.yaml
var exampleConfig []byte

func newConfig(s *streams) *cobra.Command {
	o, format := policyOptions{}, ""
	c := &cobra.Command{
		Use:   "config",
		Short: "Say what configuration is in force, and where it is written",
		Long: `Say what configuration is in force, and where it is written.

It is the file of --config; else the first seaworthy.yaml from the working
folder upward, as far as the top of a Git repository; else that of
$XDG_CONFIG_HOME/seaworthy. Where there is none, every rule is on as it comes.
Your own settings of the terminal UI are ` + settingsFile + ` in the latter folder.`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return showConfig(s, &o, format) },
	}
	o.addJudgingFlags(c)
	c.Flags().StringVarP(&format, "output", "o", "", "json for programs; text otherwise")
	c.AddCommand(newConfigCheck(s), newConfigInit(s), newConfigKeys(s), newConfigThemes(s), newConfigRBAC(s), newConfigDeploy(s), newConfigDashboard(s))
	return c
}

func newConfigCheck(s *streams) *cobra.Command {
	o := policyOptions{}
	c := &cobra.Command{
		Use:   "check [FILE]",
		Short: "Check a configuration; without FILE, that which is in force",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				o.file = args[0]
			}
			p, err := o.load(s)
			if err != nil {
				return err
			}
			if p.File == "" {
				return usagef("there is no configuration to check; seaworthy config init writes an example")
			}
			_, err = fmt.Fprintf(s.out, "%s is valid\n", p.File)
			return err
		},
	}
	return c
}

func newConfigInit(s *streams) *cobra.Command {
	terminal := false
	c := &cobra.Command{
		Use:   "init [FILE]",
		Short: "Write a commented example to " + policyFile + ", or to FILE, which must not exist",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			file, text := policyFile, exampleConfig
			if terminal {
				file, text = settingsPath(s.env), exampleSettings
			}
			if len(args) > 0 {
				file = args[0]
			}
			if file == "" {
				return usagef("writing settings: neither XDG_CONFIG_HOME nor HOME is set; name a FILE")
			}
			if terminal && len(args) == 0 {
				if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
					return usagef("writing settings: %w", err)
				}
			}
			if err := writeNew(file, text); err != nil {
				return usagef("%w", err)
			}
			_, err := fmt.Fprintf(s.err, "wrote %s\n", file)
			return err
		},
	}
	c.Flags().BoolVar(&terminal, "terminal", false, "write an example of your settings of the terminal UI, to where they are read")
	return c
}

// writeNew writes a file that does not exist yet, as a whole or not at all.
func writeNew(name string, text []byte) error {
	err := putNew(name, forOthers, text)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("writing %s: it is there already", name)
	}
	return err
}

// configuration is what config -o json says.
type configuration struct {
	File              string              `json:"file"`     // "" if there is none
	Terminal          string              `json:"terminal"` // a user's settings of the terminal UI, "" if there are none
	Profile           string              `json:"profile"`
	On                int                 `json:"on"`
	Rules             int                 `json:"rules"`
	Changed           []ruleRow           `json:"changed"` // rules that are not as they come
	Thresholds        configuredThreshold `json:"thresholds"`
	Groups            []policy.Grouping   `json:"groups"`
	Exemptions        []exemptionRow      `json:"exemptions"`
	IgnoreAnnotations bool                `json:"ignoreAnnotations"`
}

type configuredThreshold struct {
	FailOn      string  `json:"failOn"`
	MinScore    float64 `json:"minScore"`
	MinCoverage float64 `json:"minCoverage"`
}

// exemptionRow is an exemption of the file.
type exemptionRow struct {
	Scope   string `json:"scope"`
	Reason  string `json:"reason"`
	Owner   string `json:"owner"`
	Expires string `json:"expires"` // "" for never
	Origin  string `json:"origin"`
}

func showConfig(s *streams, o *policyOptions, format string) error {
	p, err := o.load(s)
	if err != nil {
		return err
	}
	inForce, err := configurationOf(p)
	if err != nil {
		return err
	}
	preferred, err := readSettings(s.env)
	if err != nil {
		return err
	}
	inForce.Terminal = preferred.File
	switch format {
	case "":
		return printConfig(s, inForce)
	case "json":
		encoder := json.NewEncoder(s.out)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		return encoder.Encode(inForce)
	}
	return usagef("reading -o %s: a configuration is told as text or as json", format)
}

func configurationOf(p *ruling) (*configuration, error) {
	terms := p.Terms(p.known)
	inForce := &configuration{
		File: p.File, Profile: p.Profile, On: terms.On, Rules: terms.Rules, Changed: []ruleRow{},
		Thresholds: configuredThreshold{FailOn: p.Thresholds.FailOn, MinScore: p.Thresholds.MinScore, MinCoverage: p.Thresholds.MinCoverage},
		Groups:     p.Groups(), Exemptions: []exemptionRow{}, IgnoreAnnotations: p.IgnoreAnnotations,
	}
	if inForce.Thresholds.FailOn == "" {
		inForce.Thresholds.FailOn = "never"
	}
	rows, err := p.rows()
	if err != nil {
		return nil, err
	}
	changed := map[string]bool{}
	for _, id := range p.Changed(p.known) {
		changed[id] = true
	}
	for _, row := range rows {
		if changed[row.ID] {
			inForce.Changed = append(inForce.Changed, row)
		}
	}
	for _, e := range p.Exemptions() {
		row := exemptionRow{Scope: e.String(), Reason: e.Reason, Owner: e.Owner, Origin: e.Origin}
		if !e.Expires.IsZero() {
			row.Expires = e.Expires.Format(time.DateOnly)
		}
		inForce.Exemptions = append(inForce.Exemptions, row)
	}
	return inForce, nil
}

func printConfig(s *streams, c *configuration) error {
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	line := func(cells ...string) { _, _ = fmt.Fprintln(w, strings.Join(cells, "\t")) }
	file := c.File
	if file == "" {
		file = "none"
	}
	line("file:", file)
	if c.Terminal != "" {
		line("terminal:", c.Terminal)
	}
	line("profile:", fmt.Sprintf("%s, %d of %d rules on", c.Profile, c.On, c.Rules))
	line("thresholds:", fmt.Sprintf("fail on %s, score %v, coverage %v %%", c.Thresholds.FailOn, c.Thresholds.MinScore, c.Thresholds.MinCoverage))
	annotations := "exempt what bears them"
	if c.IgnoreAnnotations {
		annotations = "are ignored"
	}
	line("annotations:", annotations)
	for _, g := range c.Groups {
		line("group "+g.Name+":", g.String())
	}
	for _, r := range c.Changed {
		how := r.Severity
		if !r.Enabled {
			how = "off"
		}
		for _, name := range slices.Sorted(maps.Keys(r.Parameters)) {
			how += fmt.Sprintf(", %s %v", name, r.Parameters[name])
		}
		line("rule "+r.ID+":", how)
	}
	for _, e := range c.Exemptions {
		until := ""
		if e.Expires != "" {
			until = ", until " + e.Expires
		}
		line("exempt:", fmt.Sprintf("%s: %s (%s%s), %s", e.Scope, e.Reason, e.Owner, until, e.Origin))
	}
	return w.Flush()
}
