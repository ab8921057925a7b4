package style_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

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

func TestWrapStyled(t *testing.T) {
	t.Parallel()
	theme, err := (*themes.Library)(nil).Load(themes.Default)
	if err != nil {
		t.Fatal(err)
	}
	look := style.New(theme, style.Options{}).Error
	if diff := cmp.Diff([]string{look.Render("one two"), look.Render("three")}, look.Wrap("one two three", 8)); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}
