package main

import (
	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/kube/recording/demo"
)

func newDemo(s *streams) *cobra.Command {
	o := &uiOptions{}
	c := &cobra.Command{
		Use:   "demo",
		Short: "Play a recorded shop with flaws and an outage, without any cluster",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			r, err := o.ruling(s)
			if err != nil {
				return err
			}
			if !s.terminal {
				return printReport(c.Context(), s, r, demo.New())
			}
			return o.show(c.Context(), s, r, newConsole(), demoPlace, nil)
		},
	}
	o.addScreenFlags(c)
	return c
}
