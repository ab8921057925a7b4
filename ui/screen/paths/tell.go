package paths

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/seaworthy-dev/seaworthy/kube/printable"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// heading says in one sentence whether the target is reached.
func (f *found) heading(name string) string {
	switch {
	case f.none != "":
		return f.none
	case f.open == 0 && len(f.from) == 1:
		return fmt.Sprintf("No way was found from %s to %s.", name, f.to)
	case f.open == 0:
		return fmt.Sprintf("No way was found to %s from any of %d starts%s.", f.to, len(f.from), of(name))
	case len(f.from) == 1:
		return fmt.Sprintf("%s reaches %s.", f.of.Vertex(f.from[0]), f.to)
	}
	return fmt.Sprintf("%d of %d starts%s reach %s.", f.open, len(f.from), of(name), f.to)
}

// capital begins a sentence: what a vertex is called may begin small.
func capital(sentence string) string {
	first, size := utf8.DecodeRuneInString(sentence)
	return string(unicode.ToUpper(first)) + sentence[size:]
}

// of says of what several starts are, nothing for all.
func of(name string) string {
	if name == "" {
		return ""
	}
	return " of " + name
}

// rest says how many starts are not told of, "" for none.
func (f *found) rest() string {
	if rest := f.open - len(f.told); rest > 0 {
		return fmt.Sprintf("And %d more, none of them easier.", rest)
	}
	return ""
}

// story are the ways.
func (f *found) story(st *style.Styles, width int, name string) []string {
	var lines []string
	add := func(look style.Style, text string) {
		lines = append(lines, look.Wrap(text, width)...)
	}
	add(st.Title, capital(f.heading(name)))
	for _, ways := range f.told {
		for i, way := range ways {
			begin := capital(way.Start) + ": "
			if i > 0 {
				begin = "Without all that: "
			}
			lines = append(lines, "")
			add(st.Accent, begin+way.Measure())
			lines = append(lines, way.Lines(st, width)...)
		}
	}
	if rest := f.rest(); rest != "" {
		lines = append(lines, "")
		add(st.Muted, rest)
	}
	return lines
}

// section is a part of what stands behind the ways.
type section struct {
	title    string
	numbered bool
	lines    []string
}

// around are what falls, what would close the ways, and what is not seen.
func (f *found) around() []section {
	var sections []section
	if len(f.blast) > 0 {
		sections = append(sections, section{"What falls with it", false, f.blast})
	}
	switch {
	case len(f.plan) > 0:
		sections = append(sections, section{"What would close it", true, f.plan})
	case f.open > 0:
		sections = append(sections, section{"What would close it", false, []string{"No grant and no field by itself: it follows from how Kubernetes works."}})
	}
	if len(f.into) > 0 {
		sections = append(sections, section{"What leads to it", false, f.into})
	}
	return append(sections, section{"What this does not know", false, f.limits})
}

// aroundLines draws what stands behind the ways.
func (f *found) aroundLines(st *style.Styles, width int) []string {
	var lines []string
	for _, s := range f.around() {
		if len(lines) > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, st.Title.Render(s.title))
		for i, text := range s.lines {
			if !s.numbered {
				lines = append(lines, screen.Point(st, text, width)...)
				continue
			}
			mark := fmt.Sprintf("%d. ", i+1)
			for n, line := range style.Wrap(text, max(1, width-len(mark))) {
				if n > 0 {
					mark = style.Blanks(len(mark))
				}
				lines = append(lines, st.Text.Render(mark+line))
			}
		}
	}
	return lines
}

// text is all of it as plain text, to be copied.
func (f *found) text(name string) string {
	var b strings.Builder
	b.WriteString(printable.Text(capital(f.heading(name))) + "\n")
	for _, ways := range f.told {
		for i, way := range ways {
			begin := capital(way.Start)
			if i > 0 {
				begin = "Without all that"
			}
			fmt.Fprintf(&b, "\n%s: %s\n%s", begin, way.Measure(), way.Text())
		}
	}
	if rest := f.rest(); rest != "" {
		b.WriteString("\n" + rest + "\n")
	}
	for _, s := range f.around() {
		fmt.Fprintf(&b, "\n%s:\n", s.title)
		for i, text := range s.lines {
			mark := "   - "
			if s.numbered {
				mark = fmt.Sprintf("%3d. ", i+1)
			}
			b.WriteString(mark + printable.Text(text) + "\n")
		}
	}
	return b.String()
}
