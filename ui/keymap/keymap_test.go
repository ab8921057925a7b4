package keymap_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/ui/keymap"
)

func TestDefault(t *testing.T) {
	t.Parallel()
	m := keymap.Default() // Panics if a binding clashes or cannot be sent.
	scopes := []keymap.Scope{"overview", keymap.Table, keymap.Global}
	for msg, want := range map[tea.KeyPressMsg]keymap.ID{
		{Code: 'j', Text: "j"}:                       keymap.Down,
		{Code: tea.KeyUp}:                            keymap.Up,
		{Code: 'g', Text: "G", Mod: tea.ModShift}:    keymap.Bottom,
		{Code: 'f', Mod: tea.ModCtrl}:                keymap.PageDown,
		{Code: tea.KeyPgUp}:                          keymap.PageUp,
		{Code: tea.KeyTab, Mod: tea.ModShift}:        keymap.PrevFocus,
		{Code: tea.KeyTab}:                           keymap.NextFocus,
		{Code: tea.KeyF1}:                            keymap.Help,
		{Code: '/', Text: "?", Mod: tea.ModShift}:    keymap.Help,
		{Code: ';', Text: ":", Mod: tea.ModShift}:    keymap.Command,
		{Code: tea.KeyBackspace}:                     keymap.Back,
		{Code: tea.KeyEscape}:                        keymap.Back,
		{Code: 'c', Mod: tea.ModCtrl}:                keymap.Quit,
		{Code: '-', Text: "-"}:                       keymap.Last,
		{Code: tea.KeyKpEnter}:                       keymap.Open,
		{Code: 'x', Text: "x"}:                       "",
		{Code: tea.KeyEnter, Mod: tea.ModCtrl}:       "",
		{Code: 's', Text: "S", Mod: tea.ModShift}:    keymap.Reverse,
		{Code: 'p', Mod: tea.ModCtrl}:                keymap.Palette,
		{Code: tea.KeyPgDown, Mod: tea.ModShift}:     "",
		{Code: 'j', Text: "j", Mod: tea.ModCapsLock}: keymap.Down,
	} {
		if got := m.Lookup(msg.String(), scopes...); got != want {
			t.Errorf("key %q means %q, want %q", msg.String(), got, want)
		}
	}
	if got := m.Lookup("enter", keymap.Prompt); got != keymap.Accept {
		t.Errorf("enter means %q while typing", got)
	}
	if got := m.Lookup("q", keymap.Prompt); got != "" {
		t.Errorf("q means %q while typing, want a letter", got)
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	bind := func(id keymap.ID, scope keymap.Scope, keys ...string) keymap.Binding {
		return keymap.Binding{ID: id, Scope: scope, Keys: keys, Help: "does it", Group: "Some"}
	}
	tests := map[string]struct {
		bindings []keymap.Binding
		want     string // Empty: accepted.
	}{
		"same scope":             {[]keymap.Binding{bind("a", "x", "z"), bind("b", "x", "z")}, `key "z" already means "a" in scope x`},
		"screen against global":  {[]keymap.Binding{bind("a", keymap.Global, "z"), bind("b", "x", "z")}, `already means "a"`},
		"global against screen":  {[]keymap.Binding{bind("a", "x", "z"), bind("b", keymap.Global, "z")}, `already means "a"`},
		"screen against table":   {[]keymap.Binding{bind("a", keymap.Table, "z"), bind("b", "x", "z")}, `already means "a"`},
		"table against global":   {[]keymap.Binding{bind("a", keymap.Table, "z"), bind("b", keymap.Global, "z")}, `already means "a"`},
		"two screens":            {[]keymap.Binding{bind("a", "x", "z"), bind("b", "y", "z")}, ""},
		"prompt against global":  {[]keymap.Binding{bind("a", keymap.Global, "enter"), bind("b", keymap.Prompt, "enter")}, ""},
		"twice in one binding":   {[]keymap.Binding{bind("a", "x", "z", "z")}, `already means "a"`},
		"same id":                {[]keymap.Binding{bind("a", "x", "z"), bind("a", "y", "y")}, `"a": it is given twice`},
		"no key":                 {[]keymap.Binding{bind("a", "x")}, "must all be given"},
		"suspend":                {[]keymap.Binding{bind("a", "x", "ctrl+z")}, "must suspend"},
		"flow control":           {[]keymap.Binding{bind("a", "x", "ctrl+s"), bind("b", "x", "ctrl+q")}, "XOFF"},
		"tab by control":         {[]keymap.Binding{bind("a", "x", "ctrl+i")}, "same byte as tab"},
		"enter by control":       {[]keymap.Binding{bind("a", "x", "ctrl+m")}, "same byte as enter"},
		"Kitty chord":            {[]keymap.Binding{bind("a", "x", "ctrl+shift+p")}, "not sent by every terminal"},
		"shift and enter":        {[]keymap.Binding{bind("a", "x", "shift+enter")}, "not sent by every terminal"},
		"control and a digit":    {[]keymap.Binding{bind("a", "x", "ctrl+1")}, "not sent by every terminal"},
		"alt waits for escape":   {[]keymap.Binding{bind("a", "x", "alt+x")}, "not sent by every terminal"},
		"blank is called space":  {[]keymap.Binding{bind("a", "x", " ")}, "not sent by every terminal"},
		"letters, capitals, F12": {[]keymap.Binding{bind("a", "x", "z", "Z", "!", "f12", "ctrl+x")}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := keymap.New(test.bindings)
			if test.want == "" && err != nil {
				t.Errorf("error is %v, want none", err)
			}
			if test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("error is %v, want %q", err, test.want)
			}
		})
	}
}

// TestEveryBindingIsComplete also keeps function keys from being the only way.
func TestEveryBindingIsComplete(t *testing.T) {
	t.Parallel()
	for _, b := range keymap.Default().Bindings() {
		if b.Hint == "" || len(b.Hint) > 12 {
			t.Errorf("binding %q has the hint %q, want 1 to 12 letters", b.ID, b.Hint)
		}
		if strings.HasPrefix(b.Keys[0], "f") && len(b.Keys[0]) > 1 {
			t.Errorf("binding %q shows the function key %q first", b.ID, b.Keys[0])
		}
		if strings.ToLower(b.Help[:1]) != b.Help[:1] || strings.HasSuffix(b.Help, ".") {
			t.Errorf("binding %q has the help %q, want a phrase", b.ID, b.Help)
		}
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	m := keymap.Default()
	var titles []string
	for _, group := range m.Groups(keymap.Table, keymap.Global) {
		titles = append(titles, group.Title)
	}
	if diff := cmp.Diff([]string{"Move", "Find", "List", "Act", "Program", "An object", "What is broken"}, titles); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
	want := []keymap.Hint{{Key: "^p", Text: "palette"}, {Key: "esc", Text: "back"}}
	if diff := cmp.Diff(want, m.Hints(keymap.Palette, "nothing", keymap.Back)); diff != "" {
		t.Errorf("hints (-want +got):\n%s", diff)
	}
	markdown := m.Markdown()
	for _, b := range m.Bindings() {
		if !strings.Contains(markdown, "`"+string(b.ID)+"` |\n") {
			t.Errorf("the documentation lacks %q", b.ID)
		}
	}
}

func TestRebind(t *testing.T) {
	t.Parallel()
	m, err := keymap.Default().Rebind(map[keymap.ID][]string{keymap.Down: {"ctrl+n", "down"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Lookup("ctrl+n", keymap.Table); got != keymap.Down {
		t.Errorf("ctrl+n means %q", got)
	}
	if got := m.Lookup("j", keymap.Table); got != "" {
		t.Errorf("j still means %q", got)
	}
	if got := keymap.Default().Lookup("j", keymap.Table); got != keymap.Down {
		t.Errorf("j means %q in the default", got)
	}
	for _, keys := range []map[keymap.ID][]string{{keymap.Down: {"q"}}, {"nothing": {"x"}}, {keymap.Down: nil}} {
		if _, err := keymap.Default().Rebind(keys); err == nil {
			t.Errorf("rebinding %v gives no error", keys)
		}
	}
}
