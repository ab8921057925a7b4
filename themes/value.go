package themes

import (
	"fmt"
	"strconv"
	"strings"
)

// ColorKind says how a Color is given.
type ColorKind uint8

// The kinds of Color.
const (
	// None is no colour: the terminal's own is kept. It is the zero value.
	None ColorKind = iota
	// Indexed is one of the 256 colours of the terminal; 0 to 15 are the ANSI
	// colours, which the user may have set to anything.
	Indexed
	// RGB is a colour of 24 bits.
	RGB
)

// Color is one colour of a theme.
type Color struct {
	// Kind says which of the other fields count.
	Kind ColorKind
	// Index is the number of the colour, 0 to 255, where Kind is Indexed.
	Index uint8
	// R, G and B are the parts of the colour where Kind is RGB.
	R, G, B uint8
}

// Value is the look of one role: colours and attributes.
type Value struct {
	// Foreground is the colour of the letters.
	Foreground Color
	// Background is the colour behind them.
	Background Color
	// Bold, Faint, Italic, Underline and Reverse are the attributes.
	Bold, Faint, Italic, Underline, Reverse bool
}

// ansiNames are the names of the sixteen ANSI colours, in their order. The
// second eight are the same with "bright-" before the name.
var ansiNames = []string{"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"}

// parseColor reads #rrggbb, 0 to 255, an ANSI name or "default".
func parseColor(text string) (Color, error) {
	if text == "default" {
		return Color{}, nil
	}
	if digits, ok := strings.CutPrefix(text, "#"); ok {
		number, err := strconv.ParseUint(digits, 16, 32)
		if err != nil || len(digits) != 6 {
			return Color{}, fmt.Errorf("bad colour %q: want # and six hexadecimal digits", text)
		}
		return Color{Kind: RGB, R: uint8(number >> 16), G: uint8(number >> 8), B: uint8(number)}, nil
	}
	if number, err := strconv.Atoi(text); err == nil {
		if number < 0 || number > 255 {
			return Color{}, fmt.Errorf("bad colour %q: a number must be 0 to 255", text)
		}
		return Color{Kind: Indexed, Index: uint8(number)}, nil
	}
	name, bright := strings.CutPrefix(text, "bright-")
	for i, ansi := range ansiNames {
		if ansi != name {
			continue
		}
		if bright {
			i += 8
		}
		return Color{Kind: Indexed, Index: uint8(i)}, nil
	}
	return Color{}, fmt.Errorf("unknown colour %q: want a name of the palette, #rrggbb, 0 to 255, an ANSI name or default", text)
}

// parseValue reads the value of a role: words, of which each is an attribute,
// a colour (the letters), or "on" and a colour (the ground behind them).
func parseValue(text string, palette map[string]Color) (Value, error) {
	var value Value
	words := strings.Fields(text)
	colored := false
	for i := 0; i < len(words); i++ {
		if setAttribute(&value, words[i]) {
			continue
		}
		target := &value.Foreground
		if words[i] == "on" {
			if i++; i == len(words) {
				return Value{}, fmt.Errorf("bad value %q: a colour must follow %q", text, "on")
			}
			target = &value.Background
		} else if colored {
			return Value{}, fmt.Errorf("bad value %q: %q is a second colour (write %q before the background)", text, words[i], "on")
		} else {
			colored = true
		}
		color, known := palette[words[i]]
		if !known {
			var err error
			if color, err = parseColor(words[i]); err != nil {
				return Value{}, err
			}
		}
		*target = color
	}
	return value, nil
}

// setAttribute sets the attribute of that name and reports whether there is one.
func setAttribute(value *Value, name string) bool {
	switch name {
	case "bold":
		value.Bold = true
	case "faint":
		value.Faint = true
	case "italic":
		value.Italic = true
	case "underline":
		value.Underline = true
	case "reverse":
		value.Reverse = true
	default:
		return false
	}
	return true
}
