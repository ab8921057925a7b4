// Command fleet writes a cluster that does not exist, for "testbed fill" to put
// into etcd, or changes of the status of its pods without end.
//
//	go run ./cmd/internal/fleet -pods 30000 | (cd kube/testbed && go run . fill -etcd URL)
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/kubetest/fleet"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	pods := flag.Int("pods", 1000, "how many `pods` there are")
	changes := flag.Int("changes", 0, "write so many `changes` of pods instead of the objects")
	flag.Parse()
	if err := write(ctx, fleet.Of(*pods), *changes, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "fleet:", err)
		os.Exit(1)
	}
}

func write(ctx context.Context, f fleet.Fleet, changes int, w io.Writer) error {
	if changes == 0 {
		_, err := f.WriteTo(w)
		return err
	}
	out := bufio.NewWriter(w)
	for i := 0; i < changes && ctx.Err() == nil; i++ {
		if _, err := fleet.WriteObject(out, kube.Pods, f.Change(i)); err != nil {
			return err
		}
	}
	return out.Flush()
}
