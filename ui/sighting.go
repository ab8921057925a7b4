package ui

import (
	"context"
	"slices"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/fix/plan"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/audit/triage/cause"
	"github.com/seaworthy-dev/seaworthy/audit/triage/incident"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/recording"
	"github.com/seaworthy-dev/seaworthy/ui/feed"
	"github.com/seaworthy-dev/seaworthy/ui/replay"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/screen/snapshots"
)

// Sighting is what is looked at: a source, and all that belongs to it alone. The program
// turns from one to another while it runs.
type Sighting struct {
	// Place names it among the [Contexts], "" for what is not one of them.
	Place string
	// Name is what people call it.
	Name   string
	Source kube.Source  // nil while it is not opened
	Policy score.Policy // of this source alone; nil if nothing was decided
	// NewPolicy returns another policy like Policy, for judging views that are not of
	// the source: what fixes would lead to. Nil if nothing was decided.
	NewPolicy func() score.Policy
	// Server is asked what it would say of changes, when the user wants to know; nil
	// where there is none behind what is shown.
	Server plan.Server
	// Rights knows what who looks may do; nil where nobody can be asked.
	Rights cause.Rights
	// Objects reads what a view does not hold of objects that somebody looks at; nil
	// where only the view is there.
	Objects  screen.Inspector
	Exporter Exporter // nil if plans cannot be written down
	Login    Login    // nil where there is nothing to log in to
	// Replay is what plays the source, nil for what is no recording.
	Replay *recording.Player
	// Past are its assessments of earlier moments, the oldest first, with which trends
	// begin; nil for none.
	Past []*score.Assessment
	// UID asks what tells the cluster from all others ([kube.Cluster.UID]), "" if nobody
	// says; nil where there is no server.
	UID func(context.Context) string
	// Close ends its connections. It is called in the background when it is not looked at
	// any more, and for one that is not looked at after all; nil for nothing to end.
	Close func()

	followed *feed.Feed // that goes on whether it is looked at or not, nil for one to begin
}

// end closes a sighting.
func (s Sighting) end() {
	if s.Close != nil {
		s.Close()
	}
}

// following is what the root has for one source: all of it ends when the program turns to
// another.
type following struct {
	stop   context.CancelFunc
	ctx    context.Context
	feed   *feed.Feed
	crew   *screen.Crew
	news   feed.News
	marks  *marked
	stack  []screen.Screen   // the last is on the screen; never empty
	ahead  []screen.Screen   // what was left by going back, the next one last
	landed screen.Screen     // what was shown first
	start  *score.Assessment // the first of the whole cluster, nil before it
	past   *snapshots.Past   // what its recordings were worth
	seen   *screen.Acknowledged
	asked  bool               // for the acknowledgements that were kept
	alarm  *incident.Incident // that the line of all screens tells of, nil for none
	alarms int                // how many there are like it
	read   firstRead
	replay *replay.Replay  // nil for what is no recording
	lined  bool            // there is a time line, as the shown screen was told
	warned bool            // of what is wrong with the recording
	blank  *kube.Cluster   // stands in until there is a view
	ending *sync.WaitGroup // of the goroutines of this one and those before
}

// nowhere is the source of a sighting that is not opened.
type nowhere struct{}

// Watch shows nothing.
func (nowhere) Watch(ctx context.Context, _ func(*kube.Cluster)) error {
	<-ctx.Done()
	return ctx.Err()
}

// turnTo follows a source in the place of the one before, whose goroutines end in the
// background. The first screen is at an address that can be opened; if it cannot, it is
// the overview. The marks are the source's, and so are the screens.
func (m *Model) turnTo(s Sighting, at string) {
	ending := &sync.WaitGroup{}
	if before := m.following; before != nil {
		ending = before.ending
		screen.Leave(m.top())
		m.marks.weighing.Stop()
		m.finder.close()
		m.chooser = nil
		m.memory.forget()
		before.stop()
		ended := m.options.Sighting
		ending.Go(func() { before.crew.Close(); ended.end() })
	}
	m.options.Sighting, m.prompt = s, nil
	ctx, stop := context.WithCancel(m.ctx)
	source := s.Source
	if source == nil {
		source = nowhere{}
	}
	followed := s.followed
	if followed == nil {
		followed = feed.NewUnder(s.Policy, source, m.options.Categories)
	}
	f := &following{
		stop: stop, ctx: ctx, feed: followed, crew: screen.NewCrew(ctx),
		blank: kube.NewBuilder(kube.Info{Name: s.Name}).Build(time.Time{}), ending: ending,
		seen: screen.NewAcknowledged(),
	}
	f.past = snapshots.NewPast()
	f.marks = newMarked(func() *score.Assessment { return f.news.Assessment })
	m.following = f
	for _, a := range s.Past {
		f.feed.Trend().Record(a)
	}
	if s.followed != nil {
		f.feed.Again() // who looked before may have heard the newest
	} else {
		ending.Go(func() {
			defer m.options.crashes.catch("following the cluster")
			f.feed.Run(ctx)
		})
	}
	m.beginReplay()
	if m.places.Looked = s.Place; s.Source == nil {
		m.places.Looked = ""
	}
	m.land(at)
}

// land puts the first screens on the stack.
func (m *Model) land(at string) {
	m.stack, m.ahead = m.ground(), nil
	below := len(m.stack)
	if below > 0 && m.options.Source == nil {
		m.landed = m.top()
		m.refresh()
		return
	}
	for _, address := range []string{home, at} {
		s, err := m.make(address)
		switch {
		case err != nil || s.Address().Screen == fleetName && below > 0:
			continue
		case s.Address().Screen == home:
			m.stack = m.stack[:below] // the overview with a filter is another one
		}
		m.stack = append(m.stack, s)
		m.restore(s, address)
	}
	m.landed = m.top()
	m.refresh()
}

// listen begins to wait for news of what is looked at, unless that goes on already.
func (m *Model) listen() tea.Cmd {
	if m.heard == m.feed {
		return nil
	}
	m.heard = m.feed
	return tea.Batch(m.wait(), m.waitReplay())
}

// wait returns a command that waits for news of what is looked at now; it ends with it.
func (m *Model) wait() tea.Cmd {
	ctx, of, rest := m.following.ctx, m.feed, time.Duration(0)
	if m.options.Accessible && m.news.Cluster != nil {
		rest = calm
	}
	return func() tea.Msg {
		if !screen.Pause(ctx, rest) {
			return nil
		}
		news, ok := of.Next(ctx)
		if !ok {
			return nil
		}
		return newsMsg{news, of}
	}
}

// hear takes news, as soon as it is known on what ground they are shown, and waits for
// more.
func (m *Model) hear(msg newsMsg) tea.Cmd {
	if msg.of != m.feed {
		return nil // it is not looked at any more
	}
	if m.looks.waiting() {
		m.looks.held = &msg
		return nil
	}
	looked := m.take(msg.News)
	if !m.news.Ended {
		return tea.Batch(looked, m.wait())
	}
	if m.news.Err != nil {
		m.notice = notice{m.news.Err.Error(), true}
	}
	return looked
}

// take shows news.
func (m *Model) take(news feed.News) tea.Cmd {
	m.news = news
	m.keepStart()
	m.saw()
	if m.news.Assessment != nil {
		m.read.follow(m.news.Cluster, m.news.Assessment.Cluster)
	}
	var looked tea.Cmd
	if c := m.news.Cluster; c != nil {
		looked = tea.Batch(m.lookAt(c.Info.Name), m.recall(c.Info))
	}
	m.sound()
	m.refresh()
	return looked
}

// saw keeps what is known of a place for as long as the program runs.
func (m *Model) saw() {
	if m.news.Assessment != nil {
		m.places.Saw(m.options.Place, m.news.Assessment)
	}
}

// cluster is the newest view, or an empty one with the name of what is looked at.
func (m *Model) cluster() *kube.Cluster {
	if m.news.Cluster == nil {
		return m.blank
	}
	return m.news.Cluster
}

// sameKind returns the address to begin at in another place: where the user is, if that
// names nothing that only one cluster has.
func (m *Model) sameKind() string {
	everywhere := []string{home, "triage", "findings", "rbac", "frameworks", "framework", "platform", "upgrade", "ownership", "coverage", "diagnostics", "rules", "rule"}
	for _, s := range slices.Backward(m.stack) {
		a := s.Address()
		switch {
		case needsNothing(s):
		case slices.Contains(everywhere, a.Screen), a.Target == "" && a.Screen == "paths":
			return a.String()
		default:
			return home
		}
	}
	return home
}

// where is the address of the screen that is shown of what is looked at.
func (m *Model) where() string {
	for _, s := range slices.Backward(m.stack) {
		if !needsNothing(s) {
			return s.Address().String()
		}
	}
	return home
}
