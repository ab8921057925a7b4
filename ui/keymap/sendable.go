package keymap

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// named are the keys that every terminal sends under their own name.
var named = []string{
	"enter", "tab", "shift+tab", "esc", "backspace", "delete", "space", "up", "down", "left", "right",
	"home", "end", "pgup", "pgdown", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11", "f12",
}

// swallowed are the letters whose control key never arrives, or arrives as
// another key, in a terminal without an enhanced keyboard protocol.
var swallowed = map[string]string{
	"h": "is backspace in some terminals",
	"i": "is the same byte as tab",
	"j": "is the same byte as a line feed",
	"m": "is the same byte as enter",
	"q": "is flow control (XON)",
	"s": "is flow control (XOFF)",
	"z": "must suspend the program",
}

// own are the keys of swallowed that one binding may have all the same.
var own = map[string]ID{"ctrl+z": Suspend}

// unsendable says why a key must not be bound, or nothing if it may: some
// terminal cannot send it, keeps it, or sends it as another key.
func unsendable(id ID, key string) string {
	if own[key] == id && id != "" {
		return ""
	}
	if slices.Contains(named, key) || utf8.RuneCountInString(key) == 1 && key > " " && key != "\x7f" {
		return ""
	}
	letter, control := strings.CutPrefix(key, "ctrl+")
	if !control || len(letter) != 1 || letter[0] < 'a' || letter[0] > 'z' {
		return "is not sent by every terminal"
	}
	return swallowed[letter]
}
