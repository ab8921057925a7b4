package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// progress tells on standard error how far reading has come: one line, drawn
// over, and nothing at all where that is no terminal.
type progress struct {
	s     *streams
	last  time.Time
	shown int // columns of the line on the screen
}

// show is told of each view.
func (p *progress) show(c *kube.Cluster) {
	now := p.s.now()
	if !p.s.progress || now.Sub(p.last) < 100*time.Millisecond {
		return
	}
	p.last = now
	states, settled, objects, total := c.States(), 0, 0, 0
	var reading []string
	for _, s := range states {
		objects += s.Count
		total += max(s.Count, s.Total)
		if s.Settled() {
			settled++
		} else if s.Phase == kube.Syncing && len(reading) < 3 {
			reading = append(reading, s.Resource.String())
		}
	}
	text := fmt.Sprintf("reading %d of %d kinds, %d of about %d objects %s", settled, len(states), objects, total, strings.Join(reading, ", "))
	p.draw(text[:min(len(text), 78)])
}

// done clears the line.
func (p *progress) done() {
	if p.shown > 0 {
		p.draw("")
		_, _ = fmt.Fprint(p.s.err, "\r")
		p.shown = 0
	}
}

func (p *progress) draw(text string) {
	blank := strings.Repeat(" ", max(0, p.shown-len(text)))
	_, _ = fmt.Fprint(p.s.err, "\r"+text+blank)
	p.shown = len(text)
}
