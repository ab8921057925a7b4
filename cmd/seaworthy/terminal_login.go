package main

import (
	"context"
	"errors"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/live"
	"github.com/seaworthy-dev/seaworthy/kube/prometheus"
	"github.com/seaworthy-dev/seaworthy/ui"
)

// login runs a credential plugin again, with the terminal for its questions.
type login struct {
	source *live.Source
	screen *console
}

var _ ui.Login = login{}

// loginOf returns how the user logs in to a source again; nil where no plugin does it.
func loginOf(source kube.Source, screen *console) ui.Login {
	switch source := source.(type) {
	case *live.Source:
		if source.HasPlugin() && screen.prompts() {
			return login{source, screen}
		}
	case *prometheus.Source:
		return loginOf(source.Inner(), screen)
	}
	return nil
}

// Needed reports whether the server does not know who asks.
func (l login) Needed() bool { return l.source.LoginNeeded() }

// Login has the plugin run with the standard input and error that the process was
// started with.
func (l login) Login(ctx context.Context) error {
	if err := l.screen.lend(); err != nil {
		return err
	}
	return errors.Join(l.source.Login(ctx), l.screen.again())
}
