package screentest

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
)

// Nothing is a message that no screen knows: it lets what is under way come.
type Nothing struct{}

// Visit opens a screen as [Show] does, in a bubble of time ([synctest.Test]): when the
// story begins, and after each thing the robot does, nothing is under way any more
// but what a screen puts off.
func Visit[S screen.Screen](t *testing.T, open func() S, a *score.Assessment, width, height int, o style.Options, story func(*uitest.Robot, S, *Host)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := open()
		robot, host := Show(t, s, a, width, height, o)
		robot.Patience = 5 * time.Second
		robot.Send(Nothing{})
		story(robot, s, host)
		screen.Leave(s)
		host.Close()
	})
}
