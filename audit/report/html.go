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
	p.open(htmlStyle, d.Cluster.Name, d.htmlFacts())
	p.add(d.htmlSummary(found))
	p.add(d.htmlLimits(found))
	p.add(d.htmlContents(found))
	d.htmlCategories(p)
	p.begin(el("section", labelled("namespaces")))
	p.add(heading("namespaces", "Namespaces"))
	htmlNamespaces(p, d.Namespaces, d.applicable())
	p.end()
	d.htmlReadiness(p)
	d.htmlUpgrade(p)
	d.htmlOwnership(p)
	d.htmlFrameworks(p, found)
	found.htmlFindings(p)
	found.htmlAccepted(p)
	return p.close(d.Schema, d.RuleSet)
}

// open writes the beginning of a page, which is of something, up to what it says.
func (p *page) open(style, of string, facts element) {
	p.write("<!doctype html>\n")
	p.begin(el("html", attribute{"lang", "en"}))
	p.add(htmlHead(style, of))
	p.begin(el("body"))
	p.add(el("header",
		el("h1", text("Seaworthiness of "+of)), facts,
		el("p", id("narrowed"), class("notice"), flag("hidden")),
	))
	p.begin(el("main"))
}

// close writes the end of a page.
func (p *page) close(schema, ruleSet string) error {
	p.end()
	p.add(el("footer", el("p", text(schema+", rule set "+ruleSet))))
	p.add(asset("script", htmlScript))
	p.end()
	p.end()
	if p.err != nil {
		return p.err
	}
	return p.w.Flush()
}

func htmlHead(style, of string) element {
	meta := func(name, content string) element {
		return el("meta", attribute{"name", name}, attribute{"content", content})
	}
	return el("head",
		el("meta", attribute{"charset", "utf-8"}),
		el("meta", attribute{"http-equiv", "Content-Security-Policy"}, attribute{"content", htmlPolicy(style)}),
		meta("viewport", "width=device-width, initial-scale=1"),
		meta("color-scheme", "light dark"),
		meta("referrer", "no-referrer"),
		meta("generator", "seaworthy"),
		el("title", text("seaworthy report: "+of)),
		asset("style", style),
	)
}

// htmlPolicy allows the page its own style and script, by what they are, and nothing
// else: no request, no other script, no attribute that is a style or a script. Text
// of a cluster that was taken for markup would still do nothing.
func htmlPolicy(style string) string {
	hash := func(content string) string {
		sum := sha256.Sum256([]byte(content))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return strings.Join([]string{
		"default-src 'none'", "style-src " + hash(style), "script-src " + hash(htmlScript),
		"base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
	}, "; ")
}

// facts is a list of terms and what is said of each.
type facts struct{ element }

func newFacts() facts { return facts{el("dl", class("facts"))} }

// say tells a fact, unless there is nothing to say.
func (f facts) say(term, value string) {
	if value != "" {
		f.add(term, text(value))
	}
}

func (f facts) add(term string, value part) {
	el("div", el("dt", text(term)), el("dd", value)).join(f.Node)
}

// moment is a time for people and for programs.
func moment(at time.Time) element {
	return el("time", attribute{"datetime", at.Format(time.RFC3339)}, text(at.Format("2006-01-02 15:04:05 UTC")))
}

// htmlFacts says who looked at what, and when.
func (d *draft) htmlFacts() element {
	list := newFacts()
	list.say("Cluster", d.Cluster.Name)
	list.say("Server", d.Cluster.Server)
	list.say("Version", d.Cluster.Version)
	if d.Cluster.Offline {
		list.say("Read from", "manifests")
	} else {
		list.say("Seen as", d.Cluster.seenAs())
	}
	list.add("Seen at", moment(d.Generated))
	list.say("Scope", d.Cluster.scope())
	list.rules(d.RuleSet, d.Policy)
	return list.element
}

// rules says what was judged by.
func (f facts) rules(set string, p *Policy) {
	said := "set " + set
	if p != nil {
		said += fmt.Sprintf(", profile %s, %d of %d on", p.Profile, p.On, p.Rules)
		f.say("Configured in", p.File)
	}
	f.say("Rules", said)
}

func (c Cluster) seenAs() string { return cmp.Or(c.User, "somebody the server did not name") }

func (c Cluster) scope() string {
	if len(c.Namespaces) == 0 {
		return "all namespaces"
	}
	return "namespaces " + strings.Join(c.Namespaces, ", ")
}

// htmlSummary has the score, and how many findings there are.
func (d *draft) htmlSummary(found *discoveries) element {
	grade := "nothing to judge"
	if d.Grade != "" {
		grade = "grade " + d.Grade
	}
	counts := newCounts(d.Counts)
	counts.add("Coverage", text(fmt.Sprintf("%.1f %%", d.Coverage.Percent)))
	if d.Accepted > 0 {
		counts.add("Accepted", text(fmt.Sprint(d.Accepted)))
		counts.add("Score with them", text(number(d.RawScore)))
	}
	if d.Platform != nil {
		counts.add("Platform", text(number(d.Platform)))
	}
	said := found.counted() + " "
	if d.Platform != nil {
		said += "Platform is the score of kube-system and its like, which the score leaves out."
	}
	return el("section", labelled("summary"),
		heading("summary", "Summary"),
		el("div", class("card"),
			el("p", class("score "+tone(d.Score)), el("span", class("figure"), text(number(d.Score))), text(" "), el("span", text(grade))),
			counts.element),
		el("p", class("aside"), text(said)))
}

// newCounts is a list that begins with how many findings there are of each severity.
func newCounts(c Counts) facts {
	counts := facts{el("dl", class("counts"))}
	for i, n := range c.worstFirst() {
		severity := audit.Severities()[i].String()
		counts.add(title(severity), parts{class("severity " + severity), text(fmt.Sprint(n))})
	}
	return counts
}

// counted says which findings are counted.
func (all *discoveries) counted() string {
	said := "Counted is what stands for itself and nobody has accepted"
	if all.implied > 0 {
		said += fmt.Sprintf("; what follows from that is left out (%s)", plural(all.implied, "finding"))
	}
	return said + "."
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
