package ui_test

import (
	"io"
	"os"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/kube/recording"
	"github.com/seaworthy-dev/seaworthy/ui"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// incident is a recording in which a limit is lowered and an API runs out of memory.
const incident = "../audit/triage/scenario/testdata/oom-after-limit/recording.seaworthy"

// replayed plays a recording for a user.
func replayed(t *testing.T, o ui.Options, start recording.Start, width, height int, story func(u *user)) {
	t.Helper()
	visit(t, func(*user) ui.Options {
		p := recording.NewPlayer("oom", func() (io.ReadCloser, error) { return os.Open(incident) }, start)
		o.Sighting = ui.Sighting{Place: "file/oom", Name: "oom", Source: p, Replay: p}
		return o
	}, width, height, func(u *user) { u.wait(); story(u) })
}

// TestWalkThroughAnIncident is the way of who looks at it the morning after.
func TestWalkThroughAnIncident(t *testing.T) {
	t.Parallel()
	replayed(t, ui.Options{At: "triage"}, recording.Start{}, 80, 24, func(u *user) {
		u.Expect("paused 02:59:59", "◌ paused", "; play").ExpectNot("api 0/3")
		u.Press("0").Expect("paused 03:00:05", "S1 began: api 0/3 available").ExpectLine("S1", "api 0/3", "open")
		u.Press("(").ExpectNot("paused 03:00:05", "S1 began").Press(")").Expect("paused 03:00:05").ExpectLine("S1", "api 0/3", "open")
		u.Press("}").Expect("there is no such mark").Press("(", "(", "(", "{").Expect("there is no such mark")
		u.Press("}").Expect("paused 03:00:05", "S1 began")
		u.Press("=", ";").Expect("2x 03:00:", "● replay", "; pause")
		u.Press("_", "_", ";").Expect("paused 03:00:")
		u.Press("?").Expect("Help").Press("/").Type("recording").Expect("play the recording, or pause")
	})
}

// TestThePastIsTheSameFromBothSides holds that what is broken at a moment does not depend
// on whether one came to it from the beginning or from the end.
func TestThePastIsTheSameFromBothSides(t *testing.T) {
	t.Parallel()
	frames := map[bool]string{}
	for _, last := range []bool{false, true} {
		replayed(t, ui.Options{At: "triage"}, recording.Start{Last: last}, 100, 30, func(u *user) {
			if u.Press("0"); !last {
				u.Press("(")
				u.Press(")")
			}
			u.Press("j", "g")
			frames[last] = u.Screen()
		})
	}
	if frames[false] != frames[true] || !strings.Contains(frames[true], "api 0/3") {
		t.Errorf("from the beginning:\n%s\nfrom the end:\n%s", frames[false], frames[true])
	}
}

func TestAClickOnTheTimeLine(t *testing.T) {
	t.Parallel()
	replayed(t, ui.Options{Mouse: true}, recording.Start{}, 80, 24, func(u *user) {
		click := func(x int) {
			u.Send(ui.Pointed(tea.MouseClickMsg{X: x, Y: 22, Button: tea.MouseLeft}, screentest.Noon.Add(time.Duration(x)*time.Minute)))
		}
		line := []rune(u.Lines()[22])
		from, to := strings.IndexRune(string(line), '●'), 0
		for i, r := range line {
			if r == '─' {
				to = i
			}
		}
		click(to)
		u.Expect("paused 03:00:21")
		click(from)
		u.Expect("paused 02:59:59")
		click(2)
		u.Expect("paused 02:59:59")
	})
}

func TestNothingToPlay(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 80, 24, func(u *user) {
		u.publish().Press(";", "0", "}").ExpectNot("paused", "mark")
	})
}

func TestTimeLines(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]ui.Options{"": {}, "-ascii": {ASCII: true}, "-accessible": {Accessible: true}} {
		for size, at := range map[string][2]int{"80x24": {80, 24}, "140x40": {140, 40}, "60x15": {60, 15}} {
			o.At = "triage"
			t.Run("replay"+name+"-"+size, func(t *testing.T) {
				t.Parallel()
				replayed(t, o, recording.Start{}, at[0], at[1], func(u *user) {
					u.Press("0", "j", "g").Golden("replay" + name + "-" + size)
				})
			})
		}
	}
}
