package widget_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// press sends keys to a prompt; what is no name of a key is typed letter by
// letter. It returns the last event.
func press(t *testing.T, prompt *widget.Prompt, keys ...string) widget.PromptEvent {
	t.Helper()
	var event widget.PromptEvent
	for _, name := range keys {
		if key, ok := uitest.Key(name); ok {
			event = prompt.Handle(key, keymap.Default())
			continue
		}
		for _, letter := range name {
			key, ok := uitest.Key(strings.Replace(string(letter), " ", "space", 1))
			if !ok {
				t.Fatalf("there is no key %q", letter)
			}
			event = prompt.Handle(key, keymap.Default())
		}
	}
	return event
}

func TestPromptEdits(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		keys  []string
		want  string // The text with | at the cursor.
		event widget.PromptEvent
	}{
		"types":               {[]string{"ns:pay j?Q"}, "ns:pay j?Q|", widget.PromptEdited},
		"takes":               {[]string{"ab", "enter"}, "ab|", widget.PromptAccepted},
		"leaves":              {[]string{"ab", "esc"}, "ab|", widget.PromptCanceled},
		"leaves by ctrl+c":    {[]string{"ctrl+c"}, "|", widget.PromptCanceled},
		"erases":              {[]string{"abc", "backspace"}, "ab|", widget.PromptEdited},
		"erases nothing":      {[]string{"backspace"}, "|", widget.PromptEdited},
		"moves and types":     {[]string{"abc", "left", "left", "x"}, "ax|bc", widget.PromptEdited},
		"moves over the end":  {[]string{"ab", "right", "left", "left", "left"}, "|ab", widget.PromptMoved},
		"home and delete":     {[]string{"abc", "home", "delete"}, "|bc", widget.PromptEdited},
		"home and end":        {[]string{"abc", "ctrl+a", "ctrl+e"}, "abc|", widget.PromptMoved},
		"deletes at the end":  {[]string{"abc", "delete"}, "abc|", widget.PromptEdited},
		"erases a word":       {[]string{"one two  ", "ctrl+w"}, "one |", widget.PromptEdited},
		"erases to the start": {[]string{"abc", "left", "ctrl+u"}, "|c", widget.PromptEdited},
		"wide letters":        {[]string{"支付", "left", "x"}, "支x|付", widget.PromptEdited},
		"a key of no use":     {[]string{"ab", "f5"}, "ab|", widget.PromptIgnored},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var prompt widget.Prompt
			event := press(t, &prompt, test.keys...)
			s := stylesOf(t, style.Options{NoColor: true})
			line := ansi.Strip(prompt.Render(s, 40))
			column := prompt.CursorColumn(s, 40)
			got := strings.TrimRight(ansi.Cut(line, 0, column)+"|"+ansi.Cut(line, column, 40), " ")
			if got != test.want || event != test.event {
				t.Errorf("the line is %q after event %d, want %q after %d", got, event, test.want, test.event)
			}
			if value := strings.Replace(test.want, "|", "", 1); prompt.Value() != value {
				t.Errorf("the value is %q, want %q", prompt.Value(), value)
			}
		})
	}
}

func TestPromptHistory(t *testing.T) {
	t.Parallel()
	var prompt widget.Prompt
	for _, line := range []string{"one", "two", " ", "one"} {
		prompt.Reset()
		press(t, &prompt, line, "enter")
	}
	prompt.Reset()
	press(t, &prompt, "thr")
	var got []string
	for _, key := range []string{"up", "up", "up", "down", "down", "down"} {
		press(t, &prompt, key)
		got = append(got, prompt.Value())
	}
	if want := "one two two one thr thr"; strings.Join(got, " ") != want {
		t.Errorf("going through the history shows %q, want %q", got, want)
	}
}

func TestPromptHistoryIsBounded(t *testing.T) {
	t.Parallel()
	var prompt widget.Prompt
	for i := range 150 {
		prompt.SetValue(fmt.Sprint("line ", i))
		press(t, &prompt, "enter")
	}
	for range 200 {
		press(t, &prompt, "up")
	}
	if got := prompt.Value(); got != "line 50" {
		t.Errorf("the oldest line is %q, want line 50", got)
	}
}

func TestPromptCompletes(t *testing.T) {
	t.Parallel()
	prompt := widget.Prompt{Label: ":", Candidates: func(text string) []string {
		var found []string
		for _, name := range []string{"namespaces", "nodes", "findings"} {
			if strings.HasPrefix(name, text) {
				found = append(found, name)
			}
		}
		return found
	}}
	s := stylesOf(t, style.Options{NoColor: true})
	press(t, &prompt, "n")
	if got := strings.TrimRight(ansi.Strip(prompt.Render(s, 30)), " "); got != ":namespaces" {
		t.Errorf("the line with its suggestion is %q", got)
	}
	var got []string
	for _, key := range []string{"tab", "tab", "tab", "x", "tab"} {
		press(t, &prompt, key)
		got = append(got, prompt.Value())
	}
	if want := "namespaces nodes namespaces namespacesx namespacesx"; strings.Join(got, " ") != want {
		t.Errorf("completing shows %q, want %q", got, want)
	}
}

func TestPromptInsertsPaste(t *testing.T) {
	t.Parallel()
	var prompt widget.Prompt
	press(t, &prompt, "ad", "left")
	prompt.Insert("b\r\n\tc\x1b\x00")
	if got := prompt.Value(); got != "ab  cd" {
		t.Errorf("the value is %q, want %q", got, "ab  cd")
	}
}

// TestPromptShowsTheCursor keeps the cursor inside of the line at any width.
func TestPromptShowsTheCursor(t *testing.T) {
	t.Parallel()
	s := stylesOf(t, style.Options{})
	for width := 1; width < 40; width++ {
		prompt := widget.Prompt{Label: "filter: ", Problem: "unknown column"}
		prompt.Insert("支付 checkout " + attack + " 支付宝")
		for range 50 {
			line := prompt.Render(s, width)
			if got := ansi.StringWidth(line); got != width {
				t.Fatalf("the line %q has %d cells, want %d", line, got, width)
			}
			if column := prompt.CursorColumn(s, width); column < 0 || column >= width {
				t.Fatalf("the cursor is in column %d of %d", column, width)
			}
			press(t, &prompt, "left")
		}
	}
}

// TestPromptIsBounded holds no more than anybody types, whatever is pasted.
func TestPromptIsBounded(t *testing.T) {
	t.Parallel()
	var p widget.Prompt
	for range 3 {
		p.Insert(strings.Repeat("\u5168", 3000))
	}
	if got := len([]rune(p.Value())); got != 4096 {
		t.Errorf("the line holds %d letters, want 4096", got)
	}
}
