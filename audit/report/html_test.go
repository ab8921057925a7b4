package report_test

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/framework"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// markup are texts that would be markup, a script, an address or a style in one place
// or another of a page.
var markup = []string{
	"<script>alert(1)</script>", "</script><script>alert(1)</script>", "</style><script>alert(1)</script>", "</title><script>alert(1)</script>",
	"<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<!--", "-->", "<![CDATA[", "]]>", "&lt;script&gt;alert(1)&lt;/script&gt;",
	`" onmouseover="alert(1)`, "' onfocus='alert(1)", `" autofocus onfocus=alert(1) x="`, "`onclick=alert(1)`", "x\" style=\"position:fixed;inset:0",
	"javascript:alert(1)", "JAVASCRIPT:alert(1)", "java\tscript:alert(1)", "data:text/html,<script>alert(1)</script>", "//example.com/x.js",
	"</summary></details></main>", "</code></pre><h1>All is well</h1>", "</option></select><button>", "<base href=//example.com>", "<meta http-equiv=refresh content=0>",
	"expression(alert(1))", "}*{display:none", "url(//example.com)", "\x00<script>", "\ufeff<script>", "\u2028alert(1)", "＜script＞", "{{.}}", "${alert(1)}",
}

// everywhere is a page on which a cluster, its manifests and the policy say the same
// text wherever they have a say.
func everywhere(t *testing.T, said string) *html.Node {
	t.Helper()
	return parsed(t, saidEverywhere(t, "html", said))
}

func saidEverywhere(t *testing.T, format, said string) []byte {
	t.Helper()
	a, f := saying(t, said)
	return written(t, format, a, f)
}

// saying is an assessment, and a framework, of those that say the same text everywhere.
func saying(t *testing.T, said string) (*score.Assessment, framework.Framework) {
	t.Helper()
	b := kube.NewBuilder(kube.Info{Name: said, Server: said, Version: said, User: said, Scope: []string{said}})
	d := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Namespace: "of " + said, Name: said}}
	d.Spec.Template.Spec.Containers = []corev1.Container{{Name: said}}
	if err := b.Set(kube.Deployments, d); err != nil {
		t.Fatal(err)
	}
	b.SetState(kube.State{Resource: kube.Services, Namespace: said, Phase: kube.Forbidden, Verb: "list", Reason: said})
	b.SetOrigin(kube.Deployments.Ref(d.Namespace, d.Name), kube.NewOrigin(said, 3, func(string) int { return 12 }))
	check := audit.EachContainer(func(p *audit.Pass, _ *kube.Workload, c kube.Container) bool {
		fix := audit.SetField(said, said, map[string]any{said: []any{said}})
		fix.Risk, fix.New = said, []audit.Object{{said: said}}
		p.Report(audit.Finding{Container: c.Name, Path: said, Message: said, Detail: said, Fixes: []audit.Fix{fix}})
		return true
	})
	of := []kube.Resource{kube.Deployments}
	a := score.Assess(b.Build(time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)), []audit.Category{{
		ID: "probes", Title: said, Label: said, About: said, Weight: 8, Heart: true, Rules: []*audit.Rule{
			{ID: "own-rule", Title: "of " + said, Rationale: "of " + said, Remediation: "of " + said, Severity: audit.High, Controls: []string{said}, Subjects: of, Check: check},
			{ID: "lived-with", Title: "of " + said, Severity: audit.Low, Subjects: of, Check: check},
			{ID: "unknown", Title: "of " + said, Severity: audit.Low, Subjects: of, Reads: []kube.Resource{kube.Services}, Check: check},
		},
	}})
	a.Terms = &audit.Terms{Profile: said, File: said, On: 1, Rules: 2}
	for _, n := range a.Namespaces {
		for _, f := range n.Findings {
			if f.Rule.ID == "lived-with" {
				f.Accepted = &audit.Acceptance{Reason: said, Owner: said, Origin: said}
			}
		}
	}
	return a, framework.Framework{ID: "own", Title: said, Edition: said, Source: said, Controls: []framework.Control{
		{ID: said, Title: said, Rules: []string{"own-rule"}}, {ID: "T-2", Title: said, Manual: said},
	}}
}

func parsed(t *testing.T, page []byte) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(string(page)))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// shape is what a browser makes of a page but for its text: elements and attributes,
// with the values of those that a cluster has no say in.
func shape(root *html.Node) string {
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode {
			continue
		}
		depth := 0
		for range n.Ancestors() {
			depth++
		}
		fmt.Fprintf(&b, "%*s%v %s", depth, "", n.Type, n.Data)
		for _, a := range n.Attr {
			fmt.Fprintf(&b, " %s", a.Key)
			if !slices.Contains([]string{"data-namespace", "value", "title", "aria-label"}, a.Key) {
				fmt.Fprintf(&b, "=%q", a.Val)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// TestHTMLIsWhatWeWrote holds that a page has the same elements and attributes whatever
// the cluster says: nothing that it says becomes markup, and nothing it says gets lost.
func TestHTMLIsWhatWeWrote(t *testing.T) {
	t.Parallel()
	isWhatWeWrote(t, everywhere, 40)
}

// isWhatWeWrote holds it of a page on which somebody says the same text everywhere, at
// least so often.
func isWhatWeWrote(t *testing.T, everywhere func(*testing.T, string) *html.Node, often int) {
	t.Helper()
	want := shape(everywhere(t, "harmless"))
	for _, said := range append(slices.Clone(markup), hostile) {
		if diff := cmp.Diff(want, shape(everywhere(t, said))); diff != "" {
			t.Errorf("%q changes the page (-harmless +it):\n%s", said, diff)
		}
	}
	anything(t, func(said string) bool {
		if said == "" || strings.HasPrefix(said, "https://") {
			return true // nothing is said; a link is ours
		}
		return shape(everywhere(t, said)) == want
	})
	if n := strings.Count(content(everywhere(t, "<b>&amp;\"'")), "<b>&amp;\"'"); n < often {
		t.Errorf("what the cluster says is there %d times", n)
	}
}

// eachPage runs a test with the page of one cluster and with that of several.
func eachPage(t *testing.T, test func(*testing.T, *html.Node)) {
	t.Helper()
	for name, page := range map[string][]byte{
		"one cluster": written(t, "html", accepting(t), asked()), "several clusters": fleetPage(t, fleetMembers(t, "x")),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, parsed(t, page))
		})
	}
}

// TestHTMLLinksNowhereElse holds where links lead: to the page itself, or by https to
// where a framework is published.
func TestHTMLLinksNowhereElse(t *testing.T) {
	t.Parallel()
	eachPage(t, func(t *testing.T, page *html.Node) {
		t.Helper()
		outside := 0
		for n := range page.Descendants() {
			to, there := attribute(n, "href")
			if fragment, inside := strings.CutPrefix(to, "#"); inside && find(page, fragment) == nil {
				t.Errorf("a link leads to %q, which is not on the page", to)
			} else if there && !inside {
				outside++
			}
			if _, there := attribute(n, "src"); there {
				t.Errorf("<%s> loads something", n.Data)
			}
		}
		if outside != 1 {
			t.Errorf("%d links lead outside, not the one to the framework", outside)
		}
	})
	for _, url := range []string{"http://example.com", "javascript:alert(1)", " https://example.com", "HTTPS:alert(1)"} {
		f := asked()
		f.Source = url
		for n := range parsed(t, written(t, "html", assessment(t), f)).Descendants() {
			if to, there := attribute(n, "href"); there && !strings.HasPrefix(to, "#") {
				t.Errorf("%q is a link", url)
			}
		}
	}
}

// TestHTMLPolicyAllowsOnlyOurs holds the Content-Security-Policy to the style and the
// script that are on the page.
func TestHTMLPolicyAllowsOnlyOurs(t *testing.T) {
	t.Parallel()
	eachPage(t, func(t *testing.T, page *html.Node) {
		t.Helper()
		policy := ""
		for n := range page.Descendants() {
			if about, _ := attribute(n, "http-equiv"); about == "Content-Security-Policy" {
				policy, _ = attribute(n, "content")
			}
			for _, a := range n.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
					t.Errorf("<%s> has an attribute %s, which the policy forbids", n.Data, a.Key)
				}
			}
		}
		if !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "unsafe") {
			t.Errorf("the policy is %q", policy)
		}
		for _, name := range []string{"style", "script"} {
			all := elements(page, name)
			if len(all) != 1 {
				t.Fatalf("there are %d elements <%s>", len(all), name)
			}
			sum := sha256.Sum256([]byte(content(all[0])))
			if want := name + "-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(policy, want) {
				t.Errorf("the policy %q has no %q", policy, want)
			}
		}
	})
}

// TestHTMLHeadings holds that no level of headings is left out, and that what is
// labelled by one has one.
func TestHTMLHeadings(t *testing.T) {
	t.Parallel()
	eachPage(t, func(t *testing.T, page *html.Node) {
		t.Helper()
		if lang, _ := attribute(elements(page, "html")[0], "lang"); lang != "en" {
			t.Errorf("the language is %q", lang)
		}
		level, ids := 0, map[string]bool{}
		for n := range page.Descendants() {
			if next := slices.Index([]string{"", "h1", "h2", "h3", "h4", "h5", "h6"}, n.Data); n.Type == html.ElementNode && next > 0 {
				if next > level+1 || next == 1 && level > 0 {
					t.Errorf("heading %q of level %d comes after one of level %d", content(n), next, level)
				}
				level = next
			}
			if id, there := attribute(n, "id"); there && ids[id] {
				t.Errorf("two elements have the id %q", id)
			} else {
				ids[id] = true
			}
			if by, there := attribute(n, "aria-labelledby"); there && (find(page, by) == nil || content(find(page, by)) == "") {
				t.Errorf("<%s> is labelled by %q, which says nothing", n.Data, by)
			}
		}
		if level == 0 {
			t.Error("there is no heading")
		}
	})
}

// TestHTMLTables holds that each table says what it is, and of what its cells are.
func TestHTMLTables(t *testing.T) {
	t.Parallel()
	eachPage(t, func(t *testing.T, page *html.Node) {
		t.Helper()
		tables := elements(page, "table")
		if len(tables) < 5 {
			t.Errorf("there are %d tables only", len(tables))
		}
		for _, table := range tables {
			caption := elements(table, "caption")
			if len(caption) != 1 || content(caption[0]) == "" {
				t.Errorf("a table has no caption:\n%s", content(table))
			}
			for _, th := range elements(table, "th") {
				if scope, _ := attribute(th, "scope"); scope == "" || content(th) == "" {
					t.Errorf("a header has scope %q and says %q:\n%s", scope, content(th), content(table))
				}
			}
		}
	})
}

// TestHTMLFirstSaysHowFarItGoes holds the order: who, when, where and what could not
// be seen stand before the first verdict on anything.
func TestHTMLFirstSaysHowFarItGoes(t *testing.T) {
	t.Parallel()
	said := content(elements(parsed(t, written(t, "html", accepting(t), asked())), "body")[0])
	at := 0
	for _, next := range []string{
		"prod", "https://prod.example", "v1.37.1", "auditor", "2026-05-04 03:02:01 UTC", "profile default, 4 of 4 on",
		"grade A?", "75.0 %", "75.0 % of the checks could be made", "2 findings accepted", "list services", "1 rule could not be judged everywhere",
		"Contents", "Categories", "Namespaces", "Some framework, first", "Findings", "by nobody who is named",
	} {
		found := strings.Index(said[at:], next)
		if found < 0 {
			t.Fatalf("after %.60q there is no %q", said[at:], next)
		}
		at += found + len(next)
		if next == "Findings" {
			said = strings.ReplaceAll(said, "by payments, until 2027-01-31", "by nobody who is named")
		}
	}
}

// TestHTMLLeavesOutTheLeast writes more findings than a page shows: each rule says how
// many of its own are left out, and so does the beginning.
func TestHTMLLeavesOutTheLeast(t *testing.T) {
	t.Parallel()
	const shown = 20_000
	page := parsed(t, written(t, "html", crowd(t, 21, 500, "", "one", "another")))
	rows := 0
	for _, n := range elements(page, "details") {
		if kind, _ := attribute(n, "class"); kind == "finding" {
			rows++
		}
	}
	if rows != shown {
		t.Errorf("%d findings are shown, want %d", rows, shown)
	}
	said := content(page)
	for _, want := range []string{"20000 of 21000 findings", "1000 are left out", "20000 of 21000 are shown", "Findings (21000)"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said", want)
		}
	}
	if strings.Contains(string(written(t, "html", crowd(t, 1, 10, "", "one"))), "left out") {
		t.Error("a small page says that it leaves something out")
	}
}

// TestHTMLColoursCanBeTold holds the contrast of every colour of text on every
// background in light and in dark: WCAG 2.2, 1.4.3 (AA) for text, 1.4.11 for the
// edges of what can be operated.
func TestHTMLColoursCanBeTold(t *testing.T) {
	t.Parallel()
	var style []byte
	for _, name := range []string{"html.css", "fleet_html.css"} {
		part, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		style = append(style, part...)
	}
	colours := map[string][]string{}
	for _, m := range regexp.MustCompile(`--([a-z]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);`).FindAllStringSubmatch(string(style), -1) {
		colours[m[1]] = m[2:]
	}
	for i, scheme := range []string{"light", "dark"} {
		for _, back := range []string{"page", "card", "hover"} {
			for _, front := range []string{"text", "muted", "link", "critical", "high", "medium", "low", "good"} {
				if c := contrast(t, colours[front][i], colours[back][i]); c < 4.5 {
					t.Errorf("%s: %s on %s has a contrast of %.2f, want 4.5", scheme, front, back, c)
				}
			}
			if c := contrast(t, colours["edge"][i], colours[back][i]); c < 3 {
				t.Errorf("%s: edges on %s have a contrast of %.2f, want 3", scheme, back, c)
			}
		}
	}
	rest := regexp.MustCompile(`(?s):root \{.*?\}|@page.*?\n`).ReplaceAllString(string(style), "")
	if stray := regexp.MustCompile(`#[0-9a-f]{3,8}\b|rgb|hsl`).FindString(rest); stray != "" {
		t.Errorf("the colour %s has no name, so its contrast is not held", stray)
	}
}

// contrast is the contrast ratio of two colours, 1 to 21.
// https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	luminance := func(colour string) float64 {
		sum := 0.0
		for i, weight := range []float64{.2126, .7152, .0722} {
			n, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
			if err != nil {
				t.Fatal(err)
			}
			c := float64(n) / 255
			if c <= .04045 {
				sum += weight * c / 12.92
				continue
			}
			sum += weight * math.Pow((c+.055)/1.055, 2.4)
		}
		return sum
	}
	one, other := luminance(a), luminance(b)
	return (max(one, other) + .05) / (min(one, other) + .05)
}

func attribute(n *html.Node, key string) (value string, there bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

func elements(root *html.Node, name string) []*html.Node {
	var all []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == name {
			all = append(all, n)
		}
	}
	return all
}

func find(root *html.Node, id string) *html.Node {
	for n := range root.Descendants() {
		if is, _ := attribute(n, "id"); is == id {
			return n
		}
	}
	return nil
}

// content is the text of an element.
func content(of *html.Node) string {
	var b strings.Builder
	for n := range of.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
	}
	return b.String()
}
