package uitest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Expect fails the test unless every text stands somewhere on the screen,
// within one line.
func (r *Robot) Expect(texts ...string) *Robot {
	r.t.Helper()
	for _, text := range texts {
		if !r.shows(text) {
			r.t.Fatalf("the screen does not show %q:\n%s", text, r.framed())
		}
	}
	return r
}

// ExpectNot fails the test if one of the texts stands on the screen.
func (r *Robot) ExpectNot(texts ...string) *Robot {
	r.t.Helper()
	for _, text := range texts {
		if r.shows(text) {
			r.t.Fatalf("the screen shows %q:\n%s", text, r.framed())
		}
	}
	return r
}

// ExpectLine fails the test unless all texts stand in one line, in this order.
func (r *Robot) ExpectLine(texts ...string) *Robot {
	r.t.Helper()
	for _, line := range r.Lines() {
		if inOrder(line, texts) {
			return r
		}
	}
	r.t.Fatalf("no line of the screen has %q in this order:\n%s", texts, r.framed())
	return r
}

// ExpectSelected fails the test unless the cursor, a ">" before a row, stands
// in a line that has the text.
func (r *Robot) ExpectSelected(text string) *Robot {
	r.t.Helper()
	for _, line := range r.Lines() {
		before, row, found := strings.Cut(line, ">")
		if found && atSide(before) && strings.Contains(row, text) {
			return r
		}
	}
	r.t.Fatalf("the cursor is not on %q:\n%s", text, r.framed())
	return r
}

// atSide reports whether what stands before a cursor is nothing but the side of a box.
func atSide(before string) bool {
	before = strings.TrimRight(before, " ")
	for _, side := range []string{"│", "┃", "|", "#"} {
		if strings.HasSuffix(before, side) {
			return true
		}
	}
	return before == ""
}

// ExpectQuit fails the test unless the program has asked to end.
func (r *Robot) ExpectQuit() *Robot {
	r.t.Helper()
	if !r.quit {
		r.t.Fatalf("the program goes on:\n%s", r.framed())
	}
	return r
}

// WaitFor takes in the answers of running commands until the text stands on
// the screen, and fails the test if it does not within the time. It is for
// what comes by itself: ticks, watches. In a testing/synctest bubble the time
// is the bubble's.
func (r *Robot) WaitFor(text string, within time.Duration) *Robot {
	r.t.Helper()
	deadline := time.NewTimer(within)
	defer deadline.Stop()
	for !r.shows(text) {
		select {
		case msg := <-r.results:
			r.running--
			r.update(msg)
		case <-deadline.C:
			r.t.Fatalf("after %v the screen does not show %q:\n%s", within, text, r.framed())
		}
	}
	return r
}

// Golden compares the screen as plain text with a golden file; see Golden.
func (r *Robot) Golden(name string) *Robot {
	r.t.Helper()
	Golden(r.t, name, r.Screen())
	return r
}

// GoldenStyled compares the screen with its styles with a golden file; see
// Golden.
func (r *Robot) GoldenStyled(name string) *Robot {
	r.t.Helper()
	Golden(r.t, name, r.view.Content)
	return r
}

func (r *Robot) shows(text string) bool {
	return slices.ContainsFunc(r.Lines(), func(line string) bool { return strings.Contains(line, text) })
}

// framed returns the screen with a frame around it and numbered lines, for the
// message of a failure.
func (r *Robot) framed() string {
	var b strings.Builder
	fmt.Fprintf(&b, "screen %dx%d\n", r.width, r.height)
	for i, line := range r.Lines() {
		fmt.Fprintf(&b, "%3d |%s|\n", i+1, line)
	}
	return b.String()
}

func inOrder(line string, texts []string) bool {
	for _, text := range texts {
		_, rest, found := strings.Cut(line, text)
		if !found {
			return false
		}
		line = rest
	}
	return true
}
