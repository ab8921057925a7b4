package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/spf13/cobra"

	"github.com/seaworthy-dev/seaworthy/cmd/internal/server"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/live"
	"github.com/seaworthy-dev/seaworthy/kube/workgroup"
	"github.com/seaworthy-dev/seaworthy/ui/feed"
)

// serveOptions are the flags of serve.
type serveOptions struct {
	target      target
	policy      policyOptions
	listen      string
	certificate string
	key         string
	sections    sectionOptions
}

func newServe(s *streams) *cobra.Command {
	o := &serveOptions{}
	c := &cobra.Command{
		Use:   "serve",
		Short: "Follow a cluster and serve metrics and the report over HTTP",
		Long: `Follow a cluster and serve over HTTP what is known of it, until it is interrupted:

  /metrics      scores, findings by rule and severity, coverage and incidents, for Prometheus
  /report       the HTML report; /report.json the same for programs
  /livez        200 while the program runs
  /readyz       200 once everything was read for the first time; ?verbose says more

It listens on port 8080: in a pod on all addresses, else on 127.0.0.1 alone. Who can reach
the address can read the report, with the names of everything in the cluster. Let a
NetworkPolicy or a proxy that logs people in (kube-rbac-proxy) stand before it.

A cluster that does not answer is waited for, and when it is lost, what was known last is
still served. To be interrupted is no failure: it then exits with 0. seaworthy config deploy
prints what runs this in a cluster.`,
		Example: `  seaworthy serve
  seaworthy serve --listen :9443 --tls-cert tls.crt --tls-key tls.key
  seaworthy serve -n payments --profile production`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return o.run(c.Context(), s) },
	}
	o.target.addFlags(c)
	o.target.measuring.addFlags(c)
	o.policy.addJudgingFlags(c)
	c.Flags().StringVar(&o.listen, "listen", "", "the address and port to listen on, \":8080\" for all addresses (default \":8080\" in a pod, else \"127.0.0.1:8080\")")
	c.Flags().StringVar(&o.certificate, "tls-cert", "", "the file of a certificate, to talk TLS; it is read again when it was written again")
	c.Flags().StringVar(&o.key, "tls-key", "", "the file of its key")
	c.MarkFlagsRequiredTogether("tls-cert", "tls-key")
	o.sections.addFlags(c)
	return c
}

func (o *serveOptions) run(ctx context.Context, s *streams) error {
	r, err := o.policy.load(s)
	if err != nil {
		return err
	}
	categories, err := r.categories()
	if err != nil {
		return err
	}
	web, err := o.server(s)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", o.address(s.env))
	if err != nil {
		return usagef("listening on %s: %w; name another address with --listen", o.address(s.env), err)
	}
	_, _ = fmt.Fprintf(s.err, "serving on %s\n", listener.Addr())
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	working := workgroup.Group{Stop: func() { stop(nil) }}
	working.Go(func() { stop(web.Serve(ctx, listener)) })
	working.Go(func() {
		source, err := o.reach(ctx, s, web)
		if err != nil {
			stop(err)
			return
		}
		f := feed.NewUnder(r.NewReviewer(r.known), source, categories)
		web.Follow(f)
		f.Run(ctx)
		warn(s, source)
		if err := f.Newest().Err; err != nil {
			stop(couldNotLook(err))
		}
	})
	working.Wait()
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil // to be interrupted is how it ends
}

// address returns where to listen: what only this computer can reach, unless this is a
// pod, of which nobody else would be served.
func (o *serveOptions) address(env func(string) string) string {
	switch {
	case o.listen != "":
		return o.listen
	case inPod(env):
		return ":8080"
	}
	return "127.0.0.1:8080"
}

// inPod reports whether this is a pod, by what client-go knows one by.
func inPod(env func(string) string) bool { return env("KUBERNETES_SERVICE_HOST") != "" }

// server returns the server as the flags want it.
func (o *serveOptions) server(s *streams) (*server.Server, error) {
	sections, err := o.sections.read()
	if err != nil {
		return nil, err
	}
	options := server.Options{Sections: sections, Version: version(), Log: s.notes.tell, AnyName: inPod(s.env)}
	if o.certificate != "" {
		if options.Certificate, err = server.Certificate(o.certificate, o.key, s.notes.tell); err != nil {
			return nil, usagef("%w", err)
		}
	}
	return server.New(options)
}

const (
	firstAgain = time.Second      // before a cluster that did not answer is asked again
	lastAgain  = 30 * time.Second // it doubles up to this
)

// reach opens the target, and asks a cluster that does not answer again and again: a
// program that ended would only be started again. The error is one that does not pass.
func (o *serveOptions) reach(ctx context.Context, s *streams, web *server.Server) (kube.Source, error) {
	told := ""
	for again := firstAgain; ; again = min(2*again, lastAgain) {
		source, err := o.target.source(ctx, s)
		if err == nil {
			return source, nil
		}
		var failure *live.Error
		if !errors.As(err, &failure) || failure.Reason.Usage() {
			return nil, err
		}
		web.Waiting(err.Error())
		if err.Error() != told && ctx.Err() == nil {
			told = err.Error()
			s.notes.tell(told + "; trying again")
		}
		timer := time.NewTimer(again)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil, ctx.Err()
		case <-timer.C:
		}
	}
}
