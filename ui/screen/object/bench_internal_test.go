package object

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/themes"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// largest is a text as large as etcd stores an object (1.5 MiB by default).
func largest() []byte {
	var b strings.Builder
	b.WriteString("kind: Deployment\nspec:\n  items:\n")
	for i := 0; b.Len() < 3<<19; i++ {
		fmt.Fprintf(&b, "  - name: item-%d\n    value: {a: %d}\n    more:\n      of: it\n", i, i)
	}
	return []byte(b.String())
}

// BenchmarkTakingApart is what is done in the background when such a text comes.
func BenchmarkTakingApart(b *testing.B) {
	text := kube.Text{YAML: largest(), Line: 1}
	for b.Loop() {
		newPage(text)
	}
}

// BenchmarkKey is what a key and the frame after it take in such a text: one that moves, and
// one that folds, which goes once over the lines.
func BenchmarkKey(b *testing.B) {
	theme, err := (*themes.Library)(nil).Load(themes.Default)
	if err != nil {
		b.Fatal(err)
	}
	st := style.New(theme, style.Options{})
	for name, id := range map[string]keymap.ID{"move": keymap.Down, "fold": keymap.Fold} {
		b.Run(name, func(b *testing.B) {
			s := &Screen{frame: screen.Frame{Styles: st, Width: 200, Height: 50}}
			t := newText(s, "", false)
			t.page = newPage(kube.Text{YAML: largest(), Line: 1})
			t.arrange()
			for b.Loop() {
				t.act(id)
				t.visible(st, 200, 45)
			}
		})
	}
}
