package themes

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A scheme is a palette of sixteen or 24 colours by number, as hundreds of programs
// share them: base16 and base24 (github.com/tinted-theming/home/blob/main/styling.md).
// It says where a colour is used in an editor, nothing of severities; schemeRoles is
// what becomes of it here.
var schemeRoles = []struct {
	role  Role
	value string
}{
	{Text, "base05"},
	{Muted, "base04"},
	{Title, "base05 bold"},
	{Header, "base04 bold"},
	{Border, "base03"},
	{BorderFocus, "base0D"},
	{Selection, "bold reverse"},
	{Accent, "base0D"},
	{Context, "base08 bold reverse"},
	{Mark, "base0E bold"},
	{Match, "base0E underline"},
	{Key, "base0C"},
	{Prompt, "base0D bold"},
	{OK, "base0B"},
	{Warn, "base0A"},
	{Error, "base08 bold"},
	{Critical, "base08 bold"},
	{High, "base09"},
	{Medium, "base0A"},
	{Low, "base0E"},
	{Info, "base04"},
	{Score3, "base0C"},
	{Track, "base03"},
	{Spark, "base0C"},
	{DiffHunk, "base0D"},
}

// schemeColors is how many colours a scheme of base16 has; base24 has eight more.
const schemeColors = 16

// isScheme reports whether a file is a scheme: it names the colour base00, itself or
// in its palette, and has no roles.
func isScheme(root *yaml.Node) bool {
	if entry(root, "roles") != nil {
		return false
	}
	return entry(root, "base00") != nil || entry(entry(root, "palette"), "base00") != nil
}

// entry returns the value of a key of a mapping, nil if there is none.
func entry(node *yaml.Node, key string) *yaml.Node {
	if node == nil || node.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == key {
			return node.Content[i+1]
		}
	}
	return nil
}

// text returns the text of a key, "" if there is none.
func text(node *yaml.Node, key string) string {
	if value := entry(node, key); value != nil {
		return value.Value
	}
	return ""
}

// parseScheme makes a theme of a scheme, of the old flat form or of that of
// tinted-theming. A colour that could not be read on the ground is made lighter or
// darker until it can: schemes are made for editors, where comments may be faint.
func parseScheme(root *yaml.Node, problem func(line int, err error)) *Theme {
	colors := root
	if below := entry(root, "palette"); below != nil {
		colors = below
	}
	theme := &Theme{
		Title:   strings.TrimSpace(text(root, "name") + text(root, "scheme")),
		palette: map[string]Color{}, said: map[Role]Value{},
	}
	for name, value := range pairs(colors, problem) {
		if !strings.HasPrefix(name.Value, "base") {
			continue // author, variant and the like
		}
		color, err := parseColor("#" + strings.TrimPrefix(value.Value, "#"))
		if err != nil {
			problem(value.Line, err)
			continue
		}
		theme.palette[name.Value] = color
	}
	for i := range schemeColors {
		if _, ok := theme.palette[fmt.Sprintf("base%02X", i)]; !ok {
			problem(root.Line, fmt.Errorf("a scheme has the colours base00 to base0F, and base%02X is missing", i))
			return theme
		}
	}
	if system := text(root, "system"); system != "" && system != "base16" && system != "base24" {
		problem(entry(root, "system").Line, fmt.Errorf("unknown system %q: want base16 or base24", system))
	}
	theme.Ground = theme.palette["base00"]
	theme.Dark = theme.Ground.Dark()
	for _, r := range schemeRoles {
		value, err := parseValue(r.value, theme.palette)
		if err != nil { // TestSchemes reads every role.
			problem(root.Line, err)
		}
		contrast := Readable
		if r.role.line() {
			contrast = 2.5
		}
		value.Foreground = value.Foreground.readableOn(theme.Ground, contrast)
		theme.said[r.role] = value
	}
	return theme
}
