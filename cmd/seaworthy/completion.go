package main

import "github.com/spf13/cobra"

// completeValues has the shell complete flags that take one of a few values.
func completeValues(c *cobra.Command, values map[string][]string) {
	for flag, all := range values {
		if err := c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(all, cobra.ShellCompDirectiveNoFileComp)); err != nil {
			panic(err) // who calls has defined the flag
		}
	}
}
