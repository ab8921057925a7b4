// Command picture draws the screen of the program, on the demo, into the SVG
// files that the README shows. It runs the real root on the real recording, so
// that a picture cannot show what the program does not. Every moment of the recording
// is judged on the way, so that the trends are those of somebody who watched it.
//
//	go run ./cmd/internal/picture FOLDER
//
//go:generate go run . ../../../.github
package main

import (
	"context"
	"fmt"
	"html"
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"

	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/audit/triage/briefing"
	"github.com/seaworthy-dev/seaworthy/audit/triage/signals"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/recording"
	"github.com/seaworthy-dev/seaworthy/kube/recording/demo"
	"github.com/seaworthy-dev/seaworthy/themes"
	"github.com/seaworthy-dev/seaworthy/ui"
)

// The size of a cell in pixels, such that lines meet, and the colours of a terminal without a theme.
const (
	cellWidth, rowSize = 8.43, 16.4
	ground, ink        = "#0d1620", "#c8d3de"
)

// picture is a screen and the terminal that it is drawn in.
type picture struct {
	file, address  string
	columns, lines int
	after          time.Duration // since the demo's beginning, 0 for its end
}

// broken is when the demo's incident is in full.
const broken = 50 * time.Second

// pictures returns what is drawn; incident is the ID of what is broken.
func pictures(incident string) []picture {
	return []picture{
		{"overview.svg", "overview", 140, 40, 0},
		{"heatmap.svg", "heatmap", 124, 36, 0},
		{"incident.svg", "incident/" + incident, 132, 30, broken},
		{"finding.svg", "finding/privileged-container/checkout/Deployment/checkout-api/checkout-api/spec.template.spec.containers%5B0%5D.securityContext.privileged", 132, 34, 0},
		{"plan.svg", "plan?target=70", 132, 36, 0},
		{"rbac.svg", "rbac/escalation", 132, 34, 0},
	}
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: picture FOLDER")
		os.Exit(2)
	}
	if err := draw(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "picture:", err)
		os.Exit(1)
	}
}

// draw writes every picture into a folder.
func draw(folder string) error {
	session, err := play()
	if err != nil {
		return err
	}
	seen := session.until(broken).views
	now := seen[len(seen)-1]
	report := briefing.NewResponder(signals.All()).Update(now, now.Time)
	if len(report.Incidents) == 0 {
		return fmt.Errorf("nothing is broken %s after the demo's beginning", broken)
	}
	for _, p := range pictures(report.Incidents[0].ID) {
		screen, err := show(p, session)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, p.file), []byte(svg(screen)), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// atOnce is a speed at which no frame of the demo is waited for.
const atOnce = 1e9

// session is the demo, moment for moment.
type session struct {
	views    []*kube.Cluster
	judgings []*score.Assessment // of the views
}

// play judges every moment of the demo, for the trends, which a feed would judge as
// it finds time to.
func play() (session, error) {
	var s session
	assessor := score.NewAssessor(rules.All(), nil)
	err := demo.New(recording.Paced(atOnce)).Watch(context.Background(), func(c *kube.Cluster) {
		s.views, s.judgings = append(s.views, c), append(s.judgings, assessor.Assess(c))
	})
	return s, err
}

// until returns the session up to a moment, whole for 0.
func (s session) until(after time.Duration) session {
	end := slices.IndexFunc(s.views, func(c *kube.Cluster) bool { return after > 0 && c.Time.Sub(s.views[0].Time) > after })
	if end < 0 {
		return s
	}
	return session{s.views[:end], s.judgings[:end]}
}

// still is a source of one view.
type still struct{ view *kube.Cluster }

// Watch publishes the view.
func (s still) Watch(_ context.Context, publish func(*kube.Cluster)) error {
	publish(s.view)
	return nil
}

// show returns what a terminal has on it at the picture's moment, to somebody who then
// looks at the cluster itself for the first time.
func show(p picture, whole session) (uv.ScreenBuffer, error) {
	s := whole.until(p.after)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	options := ui.Options{
		Sighting: ui.Sighting{Source: still{s.views[len(s.views)-1]}, Past: s.judgings}, Categories: rules.All(), At: p.address, Theme: themes.Default,
	}
	model, err := ui.New(ctx, options)
	if err != nil {
		return uv.ScreenBuffer{}, err
	}
	defer model.Close()
	defer stop()
	run(model, tea.WindowSizeMsg{Width: p.columns, Height: p.lines})
	screen := uv.NewScreenBuffer(p.columns, p.lines)
	uv.NewStyledString(model.View().Content).Draw(screen, screen.Bounds())
	return screen, nil
}

// run gives a model a message and all that follows from it. The demo has ended, so
// that every command does.
func run(m tea.Model, first tea.Msg) {
	answers, running := make(chan tea.Msg), 0
	begin := func(cmd tea.Cmd) {
		if cmd != nil {
			running++
			go func() { answers <- cmd() }()
		}
	}
	begin(m.Init())
	begin(func() tea.Msg { return first })
	for ; running > 0; running-- {
		switch msg := (<-answers).(type) {
		case nil:
		case tea.BatchMsg:
			for _, cmd := range msg {
				begin(cmd)
			}
		default:
			_, cmd := m.Update(msg)
			begin(cmd)
		}
	}
}

// svg draws a screen of cells: a rectangle where there is a background, a text
// for each run of cells that look alike.
func svg(screen uv.ScreenBuffer) string {
	var b strings.Builder
	columns, lines := screen.Bounds().Dx(), screen.Bounds().Dy()
	width, height := float64(columns)*cellWidth+24, float64(lines)*rowSize+24
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" fill="%s">`+"\n", width, height, ink)
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" rx="8" fill="%s"/>`+"\n", ground)
	for y := range lines {
		for x := 0; x < columns; {
			cell := screen.CellAt(x, y)
			if cell == nil {
				x++
				continue
			}
			run, end := strings.Builder{}, x
			for end < columns {
				next := screen.CellAt(end, y)
				if next == nil || !next.Style.Equal(&cell.Style) {
					break
				}
				run.WriteString(next.Content)
				end += max(1, next.Width)
			}
			text(&b, x, y, end-x, run.String(), cell.Style)
			x = max(end, x+1)
		}
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func text(b *strings.Builder, x, y, cells int, content string, s uv.Style) {
	foreground, background := hex(s.Fg, ink), hex(s.Bg, "")
	if s.Attrs&uv.AttrReverse != 0 {
		foreground, background = hex(s.Bg, ground), foreground
	}
	left, top := 12+float64(x)*cellWidth, 12+float64(y)*rowSize
	if background != "" {
		fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`+"\n", left, top, float64(cells)*cellWidth, rowSize, background)
	}
	if strings.TrimSpace(content) == "" {
		return
	}
	weight := ""
	if s.Attrs&uv.AttrBold != 0 {
		weight = ` font-weight="bold"`
	}
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" textLength="%.1f" fill="%s"%s xml:space="preserve">%s</text>`+"\n",
		left, top+13, float64(cells)*cellWidth, foreground, weight, html.EscapeString(content))
}

// hex writes a colour, or what is in its place where there is none.
func hex(c color.Color, none string) string {
	if c == nil {
		return none
	}
	r, g, bl, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, bl>>8)
}
