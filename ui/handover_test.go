package ui_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// desk is what the program is given to copy and to write with.
type desk struct {
	places   []string
	err      error
	copied   []string
	exported []screen.Format
}

func (d *desk) Copy(_ context.Context, text string) ([]string, error) {
	d.copied = append(d.copied, text)
	return d.places, d.err
}

func (d *desk) Export(_ context.Context, msg screen.ExportMsg) (string, error) {
	d.exported = append(d.exported, msg.Format)
	return "plan.out", d.err
}

// TestWhereTextIsCopied says in which ways a text was copied, and why in others it was
// not.
func TestWhereTextIsCopied(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 74995)
	for name, test := range map[string]struct {
		desk *desk
		text string
		want string
	}{
		"everywhere":       {&desk{places: []string{"wl-copy", "/state/clipboard"}}, "a", "copied the patch: OSC 52 if allowed, wl-copy, /state/clipboard"},
		"terminal alone":   {&desk{err: errors.New("no home")}, "a", "copied the patch: OSC 52 if allowed"},
		"too long":         {&desk{places: []string{"/state/clipboard"}}, long, "copied the patch: /state/clipboard; too long for OSC 52, 74995 bytes of 74994 at most"},
		"too long, no way": {&desk{err: errors.New("no home")}, long, "the patch is too long for the terminal, 74995 bytes of 74994 at most: no home"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, ui.Options{Clipboard: test.desk}, 140, 40, func(u *user) {
				u.publish().Send(nav.CopyMsg{Text: test.text, What: "the patch"}).Expect(test.want)
				if len(test.desk.copied) != 1 || test.desk.copied[0] != test.text {
					u.t.Errorf("%d texts were copied", len(test.desk.copied))
				}
			})
		})
	}
}

// TestPlansAreWritten writes a plan in each format, and tells what comes of it.
func TestPlansAreWritten(t *testing.T) {
	t.Parallel()
	d := &desk{}
	run(t, ui.Options{At: "plan/payments", Sighting: ui.Sighting{Exporter: d}}, 100, 30, func(u *user) {
		u.publish().Press("e").Expect("written to plan.out").Press("K", "O").Expect("written to plan.out")
		d.err = errors.New("the disk is full\x1b[2J")
		u.Press("e").Expect("the disk is full").ExpectNot("written to")
		if len(d.exported) != 4 || d.exported[1] != screen.Kubectl || d.exported[2] != screen.Kustomize {
			u.t.Errorf("written as %v", d.exported)
		}
	})
}
