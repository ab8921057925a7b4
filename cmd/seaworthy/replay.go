package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/kube/recording"
)

// replayOptions are the flags of replay.
type replayOptions struct {
	uiOptions
	start recording.Start
}

func newReplay(s *streams) *cobra.Command {
	o := &replayOptions{}
	c := &cobra.Command{
		Use:   "replay FILE",
		Short: "Walk through a recording: play, pause, step, jump to the first symptom",
		Long: `Walk through a recording in the terminal UI. A time line above the last row says which
moment is shown, and where incidents began and ended; everything on the screen is as it
was at that moment, by the clock of the recording. ? lists the keys.

seaworthy --from FILE opens the same at the last moment, and paused: what every other
command reads of a recording. Where standard output is no terminal, a report of the last
moment is printed.`,
		Example: `  seaworthy replay friday.seaworthy
  seaworthy replay friday.seaworthy --at triage --speed 10`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return o.run(c.Context(), s, args[0]) },
	}
	o.addScreenFlags(c)
	c.Flags().Float64Var(&o.start.Speed, "speed", 1, "how many times as fast as it was")
	paused := c.Flags().Bool("paused", false, "begin paused at the first moment")
	c.PreRun = func(*cobra.Command, []string) { o.start.Playing = !*paused }
	c.ValidArgsFunction = completeRecordings
	return c
}

func (o *replayOptions) run(ctx context.Context, s *streams, file string) error {
	if o.start.Speed < leastSpeed || o.start.Speed > mostSpeed {
		return usagef("reading --speed %g: it is not between %g and %g", o.start.Speed, leastSpeed, mostSpeed)
	}
	o.target.from, o.replay = file, &o.start
	return o.uiOptions.run(ctx, s)
}

// The speeds that make sense: slower stands still, and faster shows nothing.
const (
	leastSpeed = 0.01
	mostSpeed  = 10000.0
)

// completeRecordings completes the name of a recording.
func completeRecordings(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return []string{"seaworthy"}, cobra.ShellCompDirectiveFilterFileExt
}
