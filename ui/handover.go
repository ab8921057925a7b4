package ui

import (
	"context"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// Clipboard is where copied text goes beside the terminal. It may take its time.
type Clipboard interface {
	// Copy takes a text, and returns where it was put, in words of a list: the name of
	// a tool, the path of a file. The error says what failed, if nothing worked.
	Copy(ctx context.Context, text string) ([]string, error)
}

// Exporter writes plans down.
type Exporter interface {
	// Export writes a plan, and returns the path of the file or folder that is new.
	Export(ctx context.Context, export screen.ExportMsg) (string, error)
}

// longestByTerminal is the most that is sent to the terminal to be copied, in bytes: the
// escape sequence (OSC 52) is base64, and xterm and tmux take no more than about 100,000
// bytes of it.
const longestByTerminal = 74994

// copiedMsg says where a text was put beside the terminal.
type copiedMsg struct {
	what   string
	sent   bool // to the terminal
	tooBig int  // bytes of a text that was not sent to the terminal, 0 for one that was
	places []string
	err    error
}

// handOver takes the messages that are about what leaves the program.
func (m *Model) handOver(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case nav.CopyMsg:
		return m.copy(msg)
	case copiedMsg:
		m.copied(msg)
	case screen.ExportMsg:
		return m.export(msg)
	case screen.SaveMsg:
		return m.save(msg)
	case screen.ReportMsg:
		return m.report(msg)
	case screen.AcknowledgeMsg:
		return m.acknowledge(msg)
	case recalledMsg:
		m.recalled(msg)
	case screen.DryRunMsg:
		return m.dryRun(msg)
	}
	return nil
}

// copy puts a text on the clipboard in every way there is, and says in which.
func (m *Model) copy(msg nav.CopyMsg) tea.Cmd {
	var sent tea.Cmd
	done := copiedMsg{what: msg.What}
	switch size := len(msg.Text); {
	case m.options.NoOSC52:
	case size <= longestByTerminal:
		done.sent, sent = true, tea.SetClipboard(msg.Text)
	default:
		done.tooBig = size
	}
	if m.options.Clipboard == nil {
		m.copied(done)
		return sent
	}
	put := func() tea.Msg {
		done.places, done.err = m.options.Clipboard.Copy(m.ctx, msg.Text)
		return done
	}
	return tea.Batch(sent, put)
}

// copied says where a text was put.
func (m *Model) copied(done copiedMsg) {
	places := done.places
	if done.sent {
		places = append([]string{"OSC 52 if allowed"}, places...)
	}
	if len(places) == 0 {
		m.notice = notice{done.what + " was not copied", true}
		if done.tooBig > 0 {
			m.notice.text = fmt.Sprintf("%s is too long for the terminal, %d bytes of %d at most", done.what, done.tooBig, longestByTerminal)
		}
		if done.err != nil {
			m.notice.text += ": " + done.err.Error()
		}
		return
	}
	text := fmt.Sprintf("copied %s: %s", done.what, strings.Join(places, ", "))
	if done.tooBig > 0 {
		text += fmt.Sprintf("; too long for OSC 52, %d bytes of %d at most", done.tooBig, longestByTerminal)
	}
	m.notice = notice{text, false}
}

// export writes a plan down in the background.
func (m *Model) export(msg screen.ExportMsg) tea.Cmd {
	if m.options.Exporter == nil {
		return nav.Notice("plans cannot be written here: seaworthy fix does")
	}
	m.notice = notice{"writing the plan", false}
	return func() tea.Msg {
		path, err := m.options.Exporter.Export(m.ctx, msg)
		if err != nil {
			return nav.FailMsg{Err: err}
		}
		return nav.NoticeMsg{Text: "written to " + path}
	}
}

// dryRun has the server asked about changes, where there is one. The work is the shown
// screen's, and begins after this message.
func (m *Model) dryRun(msg screen.DryRunMsg) tea.Cmd {
	if m.options.Server == nil {
		return nav.Notice("there is no server to ask: this is of manifests or a recording")
	}
	msg.Begin(m.options.Server)
	return nil
}
