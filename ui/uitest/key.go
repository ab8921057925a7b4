package uitest

import (
	"strings"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
)

// keyCodes are the keys that have a name instead of a letter.
func keyCodes() map[string]rune {
	return map[string]rune{
		"enter": tea.KeyEnter, "tab": tea.KeyTab, "esc": tea.KeyEscape, "backspace": tea.KeyBackspace,
		"delete": tea.KeyDelete, "space": tea.KeySpace, "up": tea.KeyUp, "down": tea.KeyDown,
		"left": tea.KeyLeft, "right": tea.KeyRight, "home": tea.KeyHome, "end": tea.KeyEnd,
		"pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "f1": tea.KeyF1, "f2": tea.KeyF2, "f3": tea.KeyF3,
		"f4": tea.KeyF4, "f5": tea.KeyF5, "f6": tea.KeyF6, "f7": tea.KeyF7, "f8": tea.KeyF8,
		"f9": tea.KeyF9, "f10": tea.KeyF10, "f11": tea.KeyF11, "f12": tea.KeyF12,
	}
}

// Key returns the message of a key by the name that tea.KeyPressMsg.String
// gives it, and whether there is such a key.
func Key(name string) (tea.KeyPressMsg, bool) {
	var key tea.KeyPressMsg
	rest := name
	for prefix, mod := range map[string]tea.KeyMod{"ctrl+": tea.ModCtrl, "alt+": tea.ModAlt, "shift+": tea.ModShift} {
		if before, after, found := strings.Cut(rest, prefix); found && len(after) > 0 {
			key.Mod |= mod
			rest = before + after
		}
	}
	if code, ok := keyCodes()[rest]; ok {
		key.Code = code
		if rest == "space" && key.Mod == 0 {
			key.Text = " "
		}
		return key, key.String() == name
	}
	letter, size := utf8.DecodeRuneInString(rest)
	if size == 0 || size != len(rest) {
		return key, false
	}
	key.Code = unicode.ToLower(letter)
	if key.Mod == 0 {
		key.Text = rest
		if unicode.IsUpper(letter) {
			key.Mod = tea.ModShift
		}
	}
	return key, key.String() == name
}
