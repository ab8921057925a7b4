package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/themes"
)

// lookEvery is how often the files of the user's own theme are looked at. It costs a
// stat of each.
const lookEvery = time.Second

// themesChangedMsg brings the themes as their files have them now.
type themesChangedMsg struct{ library *themes.Library }

// watchTheme returns a command that waits for a change of the user's theme files, if the
// theme in force is one, and ends that which waits if it is none.
func (m *Model) watchTheme() tea.Cmd {
	l := &m.looks
	own := l.theme != nil && l.theme.File != ""
	switch {
	case own && l.stopWatching == nil:
		ctx, stop := context.WithCancel(m.ctx)
		l.stopWatching = stop
		return waitForChange(ctx, l.library)
	case !own:
		l.stopWatch()
	}
	return nil
}

// stopWatch ends the command that waits for a change, if there is one.
func (l *looks) stopWatch() {
	if l.stopWatching != nil {
		l.stopWatching()
		l.stopWatching = nil
	}
}

func waitForChange(ctx context.Context, library *themes.Library) tea.Cmd {
	return func() tea.Msg {
		ticker := time.NewTicker(lookEvery)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-ticker.C:
				if next := library.Reread(); next != library {
					return themesChangedMsg{next}
				}
			}
		}
	}
}
