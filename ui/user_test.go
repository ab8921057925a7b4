package ui_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/themes"
	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/logbook"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// source publishes the views that a test gives it, until the test ends it.
type source struct {
	views chan *kube.Cluster
	end   chan error
}

func newSource() source {
	return source{views: make(chan *kube.Cluster), end: make(chan error)}
}

func (s source) Watch(ctx context.Context, publish func(*kube.Cluster)) error {
	for {
		select {
		case c := <-s.views:
			publish(c)
		case err := <-s.end:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// user is a robot before the whole program, and the hand on its cluster.
type user struct {
	*uitest.Robot
	t       *testing.T // of the bubble: it ends in it
	source  source
	cluster *kube.Builder
	log     *logbook.Book
}

// publish shows the program the cluster as it is now.
func (u *user) publish() *user {
	u.source.views <- u.cluster.Build(screentest.Noon)
	return u.wait()
}

// wait lets the program take in what comes by itself.
func (u *user) wait() *user {
	type nothing struct{}
	u.Send(nothing{})
	return u
}

// run starts the program on a cluster and gives it to a user, in a bubble of
// its own time: what is slow costs nothing, and nothing is still under way when
// the user looks.
func run(t *testing.T, o ui.Options, width, height int, story func(u *user)) {
	t.Helper()
	visit(t, func(u *user) ui.Options { o.Source = u.source; return o }, width, height, story)
}

// visit starts the program as run does, on what options say that are made in the bubble.
func visit(t *testing.T, options func(u *user) ui.Options, width, height int, story func(u *user)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		u := &user{t: t, source: newSource(), cluster: screentest.Cluster(t)}
		o := options(u)
		o.Categories = screentest.Categories()
		if o.Theme == "" {
			o.Theme = themes.Default
		}
		u.log = logbook.New(func() time.Time { return time.Now().UTC() })
		o.Log = u.log
		if o.At == "" {
			o.At = "overview"
		}
		ctx, cancel := context.WithCancel(t.Context())
		model, err := ui.New(ctx, o)
		if err != nil {
			t.Fatal(err)
		}
		u.Robot = uitest.New(t, model, width, height)
		u.Patience = time.Second
		story(u)
		cancel()
		model.Close()
	})
}

func paste(text string) tea.Msg { return tea.PasteMsg{Content: text} }
