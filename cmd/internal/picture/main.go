// Command picture draws the screen of the program, on the demo, into the SVG
// files that the README shows. It runs the real root on the real recording, so
// that a picture cannot show what the program does not.
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
	"strings"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"

	"github.com/seaworthy-dev/seaworthy/audit/rules"
	"github.com/seaworthy-dev/seaworthy/kube/recording/demo"
	"github.com/seaworthy-dev/seaworthy/themes"
	"github.com/seaworthy-dev/seaworthy/ui"
)

// The size of the terminal in the pictures, and of a cell in pixels.
const (
	columns, lines     = 132, 34
	cellWidth, rowSize = 8.4, 18.0
	ground, ink        = "#0d1620", "#c8d3de"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: picture FOLDER")
		os.Exit(2)
	}
	for name, address := range map[string]string{
		"overview.svg": "overview",
		"finding.svg":  "finding/privileged-container/checkout/Deployment/checkout-api/checkout-api/spec.template.spec.containers%5B0%5D.securityContext.privileged",
	} {
		if err := draw(filepath.Join(os.Args[1], name), address); err != nil {
			fmt.Fprintln(os.Stderr, "picture:", err)
			os.Exit(1)
		}
	}
}

// draw writes the picture of the screen at an address.
func draw(file, address string) error {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	options := ui.Options{Sighting: ui.Sighting{Source: demo.New()}, Categories: rules.All(), At: address, Theme: themes.Default}
	model, err := ui.New(ctx, options)
	if err != nil {
		return err
	}
	defer model.Close()
	defer stop()
	var m tea.Model = model
	m, _ = m.Update(tea.WindowSizeMsg{Width: columns, Height: lines})
	for !strings.Contains(m.View().Content, " still") { // the demo without a pace ends by itself
		m, _ = m.Update(m.Init()())
	}
	screen := uv.NewScreenBuffer(columns, lines)
	uv.NewStyledString(m.View().Content).Draw(screen, screen.Bounds())
	return os.WriteFile(file, []byte(svg(screen)), 0o644)
}

// svg draws a screen of cells: a rectangle where there is a background, a text
// for each run of cells that look alike.
func svg(screen uv.ScreenBuffer) string {
	var b strings.Builder
	width, height := columns*cellWidth+24, lines*rowSize+24
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
		left, top+13.5, float64(cells)*cellWidth, foreground, weight, html.EscapeString(content))
}

// hex writes a colour, or what is in its place where there is none.
func hex(c color.Color, none string) string {
	if c == nil {
		return none
	}
	r, g, bl, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, bl>>8)
}
