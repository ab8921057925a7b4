package report

import (
	"bufio"
	"strings"

	"golang.org/x/net/html"

	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// part is what an element is made of: text, an attribute, another element, or
// several of them. What they say goes through [printable.Text] and is escaped when
// it is rendered; there is no part that is taken as markup.
type part interface{ join(*html.Node) }

type (
	element   struct{ *html.Node }
	attribute struct{ key, value string }
	text      string
	lines     string // a text that keeps its line breaks
	parts     []part
)

// el returns an element. Its name and those of attributes are constants of this
// package, never what a cluster says.
func el(name string, of ...part) element {
	e := element{&html.Node{Type: html.ElementNode, Data: name}}
	parts(of).join(e.Node)
	return e
}

func (e element) join(to *html.Node) { to.AppendChild(e.Node) }

func (a attribute) join(to *html.Node) {
	to.Attr = append(to.Attr, html.Attribute{Key: a.key, Val: printable.Text(a.value)})
}

func (t text) join(to *html.Node) {
	to.AppendChild(&html.Node{Type: html.TextNode, Data: printable.Text(string(t))})
}

func (l lines) join(to *html.Node) {
	to.AppendChild(&html.Node{Type: html.TextNode, Data: strings.Join(printable.Lines(string(l)), "\n")})
}

func (all parts) join(to *html.Node) {
	for _, p := range all {
		p.join(to)
	}
}

func id(value string) attribute        { return attribute{"id", value} }
func class(value string) attribute     { return attribute{"class", value} }
func labelled(by string) attribute     { return attribute{"aria-labelledby", by} }
func href(fragment string) attribute   { return attribute{"href", "#" + fragment} }
func flag(key string) attribute        { return attribute{key, ""} }
func mono(value string) element        { return el("code", text(value)) }
func heading(at, title string) element { return el("h2", id(at), text(title)) }

// outside is a link to where something is published. Only https is a link: any
// other scheme is shown and cannot be followed.
func outside(url string) part {
	if !strings.HasPrefix(url, "https://") {
		return text(url)
	}
	return el("a", attribute{"href", url}, attribute{"rel", "noreferrer"}, text(url))
}

// asset is an element whose content is compiled in: a style or a script.
func asset(name, content string) element {
	e := el(name)
	e.AppendChild(&html.Node{Type: html.TextNode, Data: content})
	return e
}

// page writes elements one after the other, so that a page of many findings is
// never in memory as a whole. It keeps the first error.
type page struct {
	w     *bufio.Writer
	began []string
	err   error
}

// add writes an element with all that is in it.
func (p *page) add(e element) {
	if p.err == nil {
		p.err = html.Render(p.w, e.Node)
	}
	p.write("\n")
}

// begin writes the start of an element, in which what follows stands until [page.end].
func (p *page) begin(e element) {
	p.write(html.Token{Type: html.StartTagToken, Data: e.Data, Attr: e.Attr}.String() + "\n")
	p.began = append(p.began, e.Data)
}

func (p *page) end() {
	last := len(p.began) - 1
	p.write("</" + p.began[last] + ">\n")
	p.began = p.began[:last]
}

// fail keeps an error, unless there is one already.
func (p *page) fail(err error) {
	if p.err == nil {
		p.err = err
	}
}

func (p *page) write(markup string) {
	if p.err == nil {
		_, p.err = p.w.WriteString(markup)
	}
}
