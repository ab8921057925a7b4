package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
)

const (
	programName = "seaworthy"
	// completer is the name under which kubectl looks for the completion of a plugin. It
	// calls it with the words behind the plugin's name and the one that is being typed
	// (k8s.io/kubectl/pkg/cmd/plugin, SetupPluginCompletion).
	completer = "kubectl_complete-" + programName
)

// calling returns how the program is called by people, "seaworthy" or "kubectl
// seaworthy", and its arguments. kubectl finds its plugins by the names of files: by
// which of them the program runs says who called.
func calling(file string, args []string) (name string, words []string) {
	base := strings.TrimSuffix(filepath.Base(file), ".exe")
	if base == completer {
		return "kubectl " + programName, append([]string{cobra.ShellCompRequestCmd}, args...)
	}
	plugin, found := strings.CutPrefix(base, "kubectl-")
	if !found {
		return programName, args
	}
	// kubectl takes dashes for blanks, and underscores for dashes.
	return "kubectl " + strings.NewReplacer("-", " ", "_", "-").Replace(plugin), args
}

// speakAs has the help of a command and those below it name the program as it is called.
func speakAs(name string, c *cobra.Command) {
	if name == programName {
		return
	}
	c.Annotations = map[string]string{cobra.CommandDisplayNameAnnotation: name}
	commands := []string{"--"}
	for _, below := range c.Commands() {
		commands = append(commands, below.Name()+`\b`)
	}
	called := regexp.MustCompile(`\b` + programName + `(\n|$| (?:` + strings.Join(commands, "|") + `))`)
	respell(c, func(text string) string { return called.ReplaceAllString(text, name+"$1") })
}

func respell(c *cobra.Command, spell func(string) string) {
	c.Example, c.Long = spell(c.Example), spell(c.Long)
	for _, below := range c.Commands() {
		respell(below, spell)
	}
}

// addKubectlCompletion adds to the completion command what cobra does not have.
func addKubectlCompletion(root *cobra.Command, s *streams) {
	for _, c := range root.Commands() {
		if c.Name() == "completion" {
			c.AddCommand(newCompletionKubectl(s))
		}
	}
}

// newCompletionKubectl prints the file that has kubectl complete the plugin: krew links
// the plugin alone.
func newCompletionKubectl(s *streams) *cobra.Command {
	return &cobra.Command{
		Use:   "kubectl",
		Short: "Print the file by which kubectl completes the plugin",
		Long: `Print the file by which kubectl completes kubectl seaworthy. It has to be called
` + completer + ` and to be on the PATH:

  seaworthy completion kubectl > ~/.local/bin/` + completer + `
  chmod +x ~/.local/bin/` + completer + `

A link of that name to the program does the same.`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(s.out, "#!/bin/sh\nexec kubectl %s %s \"$@\"\n", programName, cobra.ShellCompRequestCmd)
			return err
		},
	}
}
