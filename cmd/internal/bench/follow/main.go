// Command follow follows a live cluster as the terminal program does, without a
// terminal: it reads, judges and scores until it is interrupted, and prints a line
// of figures each second.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/live"
	"github.com/seaworthy-dev/seaworthy/ui/feed"
)

// Figures are what is known at a moment.
type figures struct {
	Settled  bool          `json:"settled"`
	Complete bool          `json:"complete"` // every rule has judged the newest view
	Events   int64         `json:"events"`   // changes of pods that the newest assessment knows of
	Judging  time.Duration `json:"judging"`  // the last time
	Longest  time.Duration `json:"longest"`
	Lag      time.Duration `json:"lag"` // from a view to its assessment
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	flags := &live.Flags{}
	path := flag.String("kubeconfig", "", "the kubeconfig `file`")
	name := flag.String("context", "", "its `context`")
	flag.Parse()
	flags.Kubeconfig = *path
	if err := follow(ctx, flags, *name); err != nil {
		fmt.Fprintln(os.Stderr, "follow:", err)
		os.Exit(1)
	}
}

func follow(ctx context.Context, flags *live.Flags, name string) error {
	source, err := live.New(ctx, live.Options{Flags: flags, Context: name, Version: "bench"})
	if err != nil {
		return err
	}
	f := feed.New(source, rules.All())
	ended := make(chan struct{})
	go func() { f.Run(ctx); close(ended) }()
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	out := json.NewEncoder(os.Stdout)
	for {
		select {
		case <-ctx.Done():
			<-ended
			return nil
		case <-ticker.C:
			if err := out.Encode(figuresOf(f)); err != nil {
				return err
			}
		}
	}
}

func figuresOf(f *feed.Feed) figures {
	s := f.Statistics()
	now := figures{Judging: s.Last, Longest: s.Longest, Lag: s.Lag}
	a := f.Newest().Assessment
	if a == nil {
		return now
	}
	now.Settled, now.Complete = a.Cluster.Settled(), a.Complete
	for _, state := range a.Cluster.States() {
		if state.Resource == kube.Pods {
			now.Events += state.Events
		}
	}
	return now
}
