package report

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit"
)

//go:embed html.css
var htmlStyle string

//go:embed html.js
var htmlScript string

// writeHTML writes one page that needs nothing else: first who looked at what and
// how much of it could be seen, then scores, frameworks, findings by rule, and what
// was accepted. Everything is in it and can be read without the script, which only
// narrows what is shown.
func writeHTML(w io.Writer, d *draft) error {
	p := &page{w: bufio.NewWriterSize(w, 64<<10)}
	found := d.discoveries()
	p.write("<!doctype html>\n")
	p.begin(el("html", attribute{"lang", "en"}))
	p.add(d.htmlHead())
	p.begin(el("body"))
	p.add(d.htmlHeader())
	p.begin(el("main"))
	p.add(d.htmlSummary(found))
	p.add(d.htmlLimits(found))
	p.add(d.htmlContents(found))
	d.htmlCategories(p)
	d.htmlNamespaces(p)
	d.htmlFrameworks(p, found)
	d.htmlFindings(p, found)
	d.htmlAccepted(p, found)
	p.end()
	p.add(el("footer", el("p", text(d.Schema+", rule set "+d.RuleSet))))
	p.add(asset("script", htmlScript))
	p.end()
	p.end()
	if p.err != nil {
		return p.err
	}
	return p.w.Flush()
}

func (d *draft) htmlHead() element {
	meta := func(name, content string) element {
		return el("meta", attribute{"name", name}, attribute{"content", content})
	}
	return el("head",
		el("meta", attribute{"charset", "utf-8"}),
		el("meta", attribute{"http-equiv", "Content-Security-Policy"}, attribute{"content", htmlPolicy()}),
		meta("viewport", "width=device-width, initial-scale=1"),
		meta("color-scheme", "light dark"),
		meta("referrer", "no-referrer"),
		meta("generator", "seaworthy"),
		el("title", text("seaworthy report: "+d.Cluster.Name)),
		asset("style", htmlStyle),
	)
}

// htmlPolicy allows the page its own style and script, by what they are, and nothing
// else: no request, no other script, no attribute that is a style or a script. Text
// of a cluster that was taken for markup would still do nothing.
func htmlPolicy() string {
	hash := func(content string) string {
		sum := sha256.Sum256([]byte(content))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return strings.Join([]string{
		"default-src 'none'", "style-src " + hash(htmlStyle), "script-src " + hash(htmlScript),
		"base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
	}, "; ")
}

// htmlHeader says who looked at what, and when.
func (d *draft) htmlHeader() element {
	list := el("dl", class("facts"))
	fact := func(term, value string) {
		if value != "" {
			el("div", el("dt", text(term)), el("dd", text(value))).join(list.Node)
		}
	}
	fact("Cluster", d.Cluster.Name)
	fact("Server", d.Cluster.Server)
	fact("Version", d.Cluster.Version)
	if d.Cluster.Offline {
		fact("Read from", "manifests")
	} else {
		fact("Seen as", cmp.Or(d.Cluster.User, "somebody the server did not name"))
	}
	at := el("time", attribute{"datetime", d.Generated.Format(time.RFC3339)}, text(d.Generated.Format("2006-01-02 15:04:05 UTC")))
	el("div", el("dt", text("Seen at")), el("dd", at)).join(list.Node)
	scope := "all namespaces"
	if len(d.Cluster.Namespaces) > 0 {
		scope = "namespaces " + strings.Join(d.Cluster.Namespaces, ", ")
	}
	fact("Scope", scope)
	rules := "set " + d.RuleSet
	if p := d.Policy; p != nil {
		rules += fmt.Sprintf(", profile %s, %d of %d on", p.Profile, p.On, p.Rules)
		fact("Configured in", p.File)
	}
	fact("Rules", rules)
	return el("header",
		el("h1", text("Seaworthiness of "+d.Cluster.Name)), list,
		el("p", id("narrowed"), class("notice"), flag("hidden")),
	)
}

// htmlSummary has the score, and how many findings there are.
func (d *draft) htmlSummary(found *discoveries) element {
	grade := "nothing to judge"
	if d.Grade != "" {
		grade = "grade " + d.Grade
	}
	counts := el("dl", class("counts"))
	count := func(term string, value ...part) {
		el("div", el("dt", text(term)), el("dd", value...)).join(counts.Node)
	}
	for i, n := range d.Counts.worstFirst() {
		severity := audit.Severities()[i].String()
		count(title(severity), class("severity "+severity), text(fmt.Sprint(n)))
	}
	count("Coverage", text(fmt.Sprintf("%.1f %%", d.Coverage.Percent)))
	if d.Accepted > 0 {
		count("Accepted", text(fmt.Sprint(d.Accepted)))
		count("Score with them", text(number(d.RawScore)))
	}
	if d.Platform != nil {
		count("Platform", text(number(d.Platform)))
	}
	said := "Counted is what stands for itself and nobody has accepted"
	if found.implied > 0 {
		said += fmt.Sprintf("; what follows from that is left out (%s)", plural(found.implied, "finding"))
	}
	said += ". "
	if d.Platform != nil {
		said += "Platform is the score of kube-system and its like, which the score leaves out."
	}
	return el("section", labelled("summary"),
		heading("summary", "Summary"),
		el("div", class("card"),
			el("p", class("score "+tone(d.Score)), el("span", class("figure"), text(number(d.Score))), text(" "), el("span", text(grade))),
			counts),
		el("p", class("aside"), text(said)))
}

// worstFirst returns the counts in the order of [audit.Severities].
func (c Counts) worstFirst() []int { return []int{c.Critical, c.High, c.Medium, c.Low, c.Info} }

// title is a word as a heading has it.
func title(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

// column is a cell above a column, or what is in it.
func column(of string) part { return parts{attribute{"scope", "col"}, text(of)} }

// row is a row of cells of a kind.
func row(kind string, cells ...part) element {
	r := el("tr")
	for _, cell := range cells {
		el(kind, cell).join(r.Node)
	}
	return r
}

// scrolling lets what is wider than the screen be moved by itself, also with the
// keys; caption names it.
func scrolling(caption string) element {
	return el("div", class("scroll"), attribute{"role", "region"}, attribute{"tabindex", "0"}, attribute{"aria-label", caption})
}

// tone is the class of a score: its colour repeats what the number says.
func tone(score *float64) string {
	switch {
	case score == nil:
		return "tone-none"
	case *score >= 80:
		return "tone-good"
	case *score >= 60:
		return "tone-fair"
	case *score >= 50:
		return "tone-poor"
	}
	return "tone-bad"
}
