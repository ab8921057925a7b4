//go:build e2e

package report_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// site serves pages of one path each, and keeps what was asked for.
type site struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
}

func serve(t *testing.T, pages map[string][]byte) *site {
	t.Helper()
	s := &site{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.URL.Path)
		s.mu.Unlock()
		page, there := pages[r.URL.Path]
		if !there {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write(page) // a browser that goes away is told by what follows
	}))
	t.Cleanup(s.Close)
	return s
}

// settled is an expression that waits until the page says how many findings it shows.
func settled(want string) string {
	return `new Promise((done) => { const look = () => document.getElementById("shown").textContent === ` + quote(want) + ` ? done(true) : requestAnimationFrame(look); look(); })`
}

func quote(text string) string {
	encoded, _ := json.Marshal(text) // a string can be encoded
	return string(encoded)
}

// visible is an expression: the findings that are shown, as namespace and severity.
const visible = `[...document.querySelectorAll(".finding:not([hidden])")].filter((e) => !e.closest(".rule").hidden).map((e) => e.dataset.namespace + " " + e.dataset.severity)`

// TestEndToEndHTML opens reports in Chromium.
func TestEndToEndHTML(t *testing.T) {
	t.Parallel()
	report := written(t, "html", accepting(t), asked())
	hostile := saidEverywhere(t, "html", strings.Join(markup, " "))
	// What a page would be if it escaped nothing: only its policy is left.
	broken := strings.Replace(string(report), "</main>", `</main><div id="broken" style="color: red" onclick="window.pwned = 1"></div>
<script>window.pwned = 1</script><img src="/beacon" onerror="window.pwned = 1"><link rel="stylesheet" href="/beacon"><iframe src="/beacon"></iframe><style>body { display: none }</style>`, 1)
	s := serve(t, map[string][]byte{"/report": report, "/hostile": hostile, "/broken": []byte(broken)})
	b := startBrowser(t)
	for name, test := range map[string]func(*testing.T, *browser, string){ //nolint:paralleltest // one browser, one page that has the keys
		"asks for nothing": quiet, "narrows": narrows, "without script": withoutScript, "by keyboard": byKeyboard,
		"on a phone": onPhone, "contrast": inEveryLight, "on paper": onPaper,
	} {
		t.Run(name, func(t *testing.T) { test(t, b.in(t), s.URL+"/report") })
	}
	t.Run("hostile names", func(t *testing.T) { //nolint:paralleltest // as above
		quiet(t, b.in(t), s.URL+"/hostile")
	})
	t.Run("its policy alone holds", func(t *testing.T) { //nolint:paralleltest // as above
		tab := b.in(t).open(s.URL+"/broken", 1280, 900)
		tab.eval(`document.getElementById("broken").click()`, nil)
		var pwned, drawn bool
		tab.eval(`"pwned" in window`, &pwned)
		tab.eval(`getComputedStyle(document.body).display !== "none" && getComputedStyle(document.getElementById("broken")).color !== "rgb(255, 0, 0)"`, &drawn)
		if pwned || !drawn {
			t.Errorf("a script ran: %t; a style did not: %t", pwned, drawn)
		}
		if tab.complaints() == nil {
			t.Error("nothing was refused: this test could not have failed")
		}
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	if others := slices.DeleteFunc(s.asked, func(path string) bool {
		return slices.Contains([]string{"/report", "/hostile", "/broken"}, path)
	}); len(others) > 0 {
		t.Errorf("pages asked for %q", others)
	}
}

// quiet holds that a page asks for nothing, complains of nothing, and may not ask.
func quiet(t *testing.T, b *browser, url string) {
	t.Helper()
	tab := b.open(url, 1280, 900)
	tab.eval(`document.querySelectorAll("details").forEach((e) => { e.open = true; })`, nil)
	if requests := tab.said("Network.requestWillBeSent"); len(requests) > 1 {
		t.Errorf("it asked for %s", requests[1].Params)
	}
	if complaints := tab.complaints(); complaints != nil {
		t.Errorf("it complains: %s", complaints)
	}
	var scripts, images int
	tab.eval(`document.scripts.length`, &scripts)
	tab.eval(`document.querySelectorAll("img, svg, iframe, base, link, object, [onload], [onerror], [onfocus], [onmouseover], [style]").length`, &images)
	if scripts != 1 || images != 0 {
		t.Errorf("it has %d scripts and %d things that nobody wrote", scripts, images)
	}
	var may []bool
	tab.eval(`Promise.all([
		fetch("/beacon").then(() => true, () => false),
		new Promise((done) => { const i = new Image(); i.onload = () => done(true); i.onerror = () => done(false); i.src = "/beacon"; }),
		Promise.resolve().then(() => { document.body.innerHTML = "<b>x</b>"; return true; }).catch(() => false),
	])`, &may)
	if diff := cmp.Diff([]bool{false, false, false}, may); diff != "" {
		t.Errorf("it may fetch, load an image, write markup:\n%s", diff)
	}
}

// narrows holds that the filters show what they say, count it, and tell it.
func narrows(t *testing.T, b *browser, url string) {
	t.Helper()
	tab := b.open(url, 1280, 900)
	tab.eval(settled("6 of 6 findings shown"), nil)
	set := func(field, value string) {
		t.Helper()
		tab.eval(`(() => { const f = document.getElementById(`+quote(field)+`); f.value = `+quote(value)+`; f.dispatchEvent(new Event("input", { bubbles: true })); })()`, nil)
	}
	shows := func(count string, want ...string) {
		t.Helper()
		tab.eval(settled(count), nil)
		var got []string
		tab.eval(visible, &got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", count, got, want)
		}
	}
	tab.eval(`document.getElementById("search").focus()`, nil)
	tab.do("Input.insertText", map[string]any{"text": "PRIVILEGED  dns"}, nil)
	shows("1 of 6 findings shown", "kube-system critical")
	var said string
	tab.eval(`document.getElementById("narrowed").innerText + " " + document.querySelector("#rule-privileged .count").innerText + " " + document.getElementById("rule-privileged").open`, &said)
	if want := "Narrowed: only 1 of 6 findings are shown, those with “privileged dns”. 1 of 2 findings, 1 accepted true"; said != want {
		t.Errorf("it says %q, want %q", said, want)
	}
	set("search", "")
	set("namespace", "=payments")
	shows("3 of 6 findings shown", "payments critical", "payments medium", "payments low")
	set("rule", "=escalation")
	shows("1 of 6 findings shown", "payments medium")
	tab.eval(`document.querySelector("input[value=medium]").click()`, nil)
	shows("0 of 6 findings shown")
	var empty bool
	tab.eval(`document.getElementById("nothing").checkVisibility()`, &empty)
	if !empty {
		t.Error("it does not say that nothing is like that")
	}
	tab.eval(`document.querySelector("#filter button").click()`, nil)
	tab.eval(settled("6 of 6 findings shown"), nil)
	var open int
	tab.eval(`document.querySelectorAll(".rule[open]").length`, &open)
	tab.eval(`document.getElementById("narrowed").hidden`, &empty)
	if open != 0 || !empty {
		t.Errorf("after everything is shown again %d rules are open, and it says nothing of narrowing: %t", open, empty)
	}
	tab.eval(`document.querySelector("#accepted ~ table a").click()`, nil)
	tab.eval(`new Promise((done) => { const look = () => document.querySelector(".rule[open]") ? done(true) : requestAnimationFrame(look); look(); })`, nil)
}

// withoutScript holds that everything is there, and nothing that would not work.
func withoutScript(t *testing.T, b *browser, url string) {
	t.Helper()
	tab := b.open(url, 1280, 900, func(b *browser) {
		b.do("Emulation.setScriptExecutionDisabled", map[string]any{"value": true}, nil)
	})
	var filter bool
	tab.eval(`document.getElementById("filter").checkVisibility()`, &filter)
	var findings []string
	tab.eval(visible, &findings)
	if filter || len(findings) != 6 {
		t.Errorf("without script the filter is shown: %t, and there are %d findings", filter, len(findings))
	}
}

// byKeyboard holds that Tab reaches everything that can be operated, in its order, and
// that each has a name.
func byKeyboard(t *testing.T, b *browser, url string) {
	t.Helper()
	tab := b.open(url, 1280, 900)
	tab.eval(`document.querySelectorAll("details").forEach((e) => { e.open = true; })`, nil)
	var want int
	tab.eval(`window.all = [...document.querySelectorAll("a, button, input, select, summary, [tabindex]")].filter((e) => e.checkVisibility()); window.all.length`, &want)
	for i := range want {
		tab.key("Tab", 9)
		var at int
		tab.eval(`window.all.indexOf(document.activeElement)`, &at)
		var hidden bool
		tab.eval(`(() => { const f = document.getElementById("filter"), of = document.activeElement; return !f.contains(of) && f.getBoundingClientRect().bottom > of.getBoundingClientRect().bottom && f.getBoundingClientRect().top <= of.getBoundingClientRect().top; })()`, &hidden)
		if hidden {
			t.Errorf("what has the focus, the %d., is below the filter (WCAG 2.2, 2.4.11)", i)
		}
		if at != i {
			var there string
			tab.eval(`document.activeElement.outerHTML.slice(0, 200)`, &there)
			t.Fatalf("Tab leads to %d of %d, not to %d: %s", at, want, i, there)
		}
	}
	type value struct{ Value any }
	var tree struct {
		Nodes []struct {
			Ignored    bool
			Role, Name value
			Properties []struct {
				Name  string
				Value value
			}
		}
	}
	tab.do("Accessibility.getFullAXTree", nil, &tree)
	named := 0
	for _, n := range tree.Nodes {
		for _, p := range n.Properties {
			if p.Name != "focusable" || p.Value.Value != true || n.Ignored {
				continue
			}
			if name, _ := n.Name.Value.(string); strings.TrimSpace(name) == "" {
				t.Errorf("a %v has no name", n.Role.Value)
			}
			named++
		}
	}
	if named < want {
		t.Errorf("%d things with names can be operated, want %d", named, want)
	}
}

// onPhone holds that nothing is wider than the narrowest phone.
func onPhone(t *testing.T, b *browser, url string) {
	t.Helper()
	tab := b.open(url, 360, 740)
	tab.eval(`document.querySelectorAll("details").forEach((e) => { e.open = true; })`, nil)
	var width int
	tab.eval(`document.documentElement.scrollWidth`, &width)
	if width > 360 {
		t.Errorf("the page is %d wide", width)
	}
	var small []string
	tab.eval(`[...document.querySelectorAll("#filter input[type=search], #filter select, #filter button, summary")]
		.filter((e) => e.getBoundingClientRect().height < 24).map((e) => e.outerHTML.slice(0, 80))`, &small)
	if len(small) > 0 {
		t.Errorf("too low for a finger (WCAG 2.2, 2.5.8): %q", small)
	}
}

// inEveryLight measures the contrast of every text as it is drawn.
func inEveryLight(t *testing.T, b *browser, url string) {
	t.Helper()
	for _, scheme := range []string{"light", "dark"} {
		tab := b.open(url, 1280, 900, media("screen", scheme))
		tab.eval(`document.querySelectorAll("details").forEach((e) => { e.open = true; })`, nil)
		var drawn []struct{ Front, Back, Text string }
		tab.eval(`(() => {
			const hex = (colour) => "#" + colour.match(/\d+/g).slice(0, 3).map((n) => Number(n).toString(16).padStart(2, "0")).join("");
			const clear = (colour) => colour === "rgba(0, 0, 0, 0)";
			const seen = new Map();
			const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
			while (walk.nextNode()) {
				const of = walk.currentNode.parentElement;
				if (!walk.currentNode.data.trim() || !of.checkVisibility()) continue;
				let back = of;
				while (back.parentElement && clear(getComputedStyle(back).backgroundColor)) back = back.parentElement;
				const drawn = { Front: hex(getComputedStyle(of).color), Back: hex(getComputedStyle(back).backgroundColor), Text: walk.currentNode.data.slice(0, 40) };
				seen.set(drawn.Front + drawn.Back, drawn);
			}
			return [...seen.values()];
		})()`, &drawn)
		if len(drawn) < 8 {
			t.Errorf("only %d pairs of colours are drawn in %s: %v", len(drawn), scheme, drawn)
		}
		for _, d := range drawn {
			if c := contrast(t, d.Front, d.Back); c < 4.5 {
				t.Errorf("in %s, %q has a contrast of %.2f (%s on %s)", scheme, d.Text, c, d.Front, d.Back)
			}
		}
	}
}

// onPaper holds that a print has everything that is closed on the screen, no controls,
// and says when findings are narrowed.
func onPaper(t *testing.T, b *browser, url string) {
	t.Helper()
	tab := b.open(url, 794, 1123, media("print", "dark"))
	var closed []string
	tab.eval(`[...document.querySelectorAll("details > :not(summary)")].filter((e) => !e.getClientRects().length || !e.getBoundingClientRect().height).map((e) => e.outerHTML.slice(0, 80))`, &closed)
	if len(closed) > 0 {
		t.Errorf("not on paper: %q", closed)
	}
	var controls bool
	tab.eval(`["filter"].some((id) => document.getElementById(id).checkVisibility())`, &controls)
	if controls {
		t.Error("controls are on paper")
	}
	var back string
	tab.eval(`getComputedStyle(document.body).color`, &back)
	if back != "rgb(27, 36, 48)" {
		t.Errorf("text on paper is %s", back)
	}
	var pdf struct{ Data string }
	tab.do("Page.printToPDF", map[string]any{"paperWidth": 8.27, "paperHeight": 11.69}, &pdf)
	if pdf.Data == "" {
		t.Error("it cannot be printed")
	}
}

// complaints are errors and warnings on the console, and what a script threw.
func (b *browser) complaints() []string {
	var all []string
	for _, method := range []string{"Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown"} {
		for _, m := range b.said(method) {
			all = append(all, string(m.Params))
		}
	}
	return all
}
