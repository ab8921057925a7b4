package screentest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
)

// Picture is a screen in a size, as a golden has it.
type Picture struct {
	At            string // its address
	Width, Height int
	Options       style.Options // the zero value for the text alone, else styles are compared too
}

// name is that of the golden.
func (p Picture) name() string {
	name := fmt.Sprintf("%s-%dx%d", strings.NewReplacer("/", "-", ":", "-").Replace(p.At), p.Width, p.Height)
	if p.Options.Tier == style.ASCII {
		name += "-ascii"
	}
	return name
}

// Pictures compares what is drawn with the golden of each picture, which is called by
// address and size. Visit opens the screen of one and hands over a robot that looks at it.
func Pictures(t *testing.T, pictures []Picture, visit func(t *testing.T, p Picture, look func(*uitest.Robot))) {
	t.Helper()
	for _, p := range pictures {
		t.Run(p.name(), func(t *testing.T) {
			t.Parallel()
			visit(t, p, func(robot *uitest.Robot) {
				if p.Options == (style.Options{}) {
					robot.Golden(p.name())
				} else {
					robot.GoldenStyled(p.name())
				}
			})
		})
	}
}
