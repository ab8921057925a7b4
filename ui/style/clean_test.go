package style_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/seaworthy-dev/seaworthy/themes"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

func TestStyleCleans(t *testing.T) {
	t.Parallel()
	theme, err := (*themes.Library)(nil).Load(themes.Default)
	if err != nil {
		t.Fatal(err)
	}
	styles := style.New(theme, style.Options{})
	attack := "a\x1b[2Jb"
	var b strings.Builder
	styles.Severity(style.Critical).Append(&b, attack)
	for _, got := range []string{styles.Title.Render(attack), b.String(), (style.Style{}).Render(attack)} {
		if plain := ansi.Strip(got); plain != "a␛[2Jb" {
			t.Errorf("the styled text is %q, shown as %q", got, plain)
		}
	}
}
