//go:build e2e

package report_test

import (
	"slices"
	"testing"
)

// TestEndToEndFleetHTML opens the report of several clusters in Chromium.
func TestEndToEndFleetHTML(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string][]byte{"/report": fleetPage(t, fleetMembers(t, "x")), "/hostile": fleetPage(t, fleetMembers(t, hostile))})
	b := startBrowser(t)
	for name, test := range map[string]func(*testing.T, *browser, string){
		"asks for nothing": quiet, "narrows": narrowsByCluster, "by keyboard": byKeyboard,
		"on a phone": onPhone, "contrast": inEveryLight, "on paper": onPaper,
	} {
		t.Run(name, func(t *testing.T) { test(t, b.in(t), s.URL+"/report") })
	}
	for name, test := range map[string]func(*testing.T, *browser, string){"hostile names": quiet, "hostile names on a phone": onPhone} { //nolint:paralleltest // one browser, one page that has the keys
		t.Run(name, func(t *testing.T) { test(t, b.in(t), s.URL+"/hostile") })
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if others := slices.DeleteFunc(s.asked, func(path string) bool { return path == "/report" || path == "/hostile" }); len(others) > 0 {
		t.Errorf("pages asked for %q", others)
	}
}

// narrowsByCluster holds that findings can be narrowed to those of a cluster, and to what
// else is chosen of it.
func narrowsByCluster(t *testing.T, b *browser, url string) {
	t.Helper()
	tab := b.open(url, 1280, 900)
	shows := func(id, value, count string, want ...string) {
		t.Helper()
		tab.eval(`(() => { const e = document.getElementById(`+quote(id)+`); e.value = `+quote(value)+`; e.dispatchEvent(new Event("input", { bubbles: true })); })()`, nil)
		tab.eval(settled(count), nil)
		var got []string
		tab.eval(`[...document.querySelectorAll(".finding:not([hidden])")].filter((e) => !e.closest(".rule").hidden).map((e) => e.querySelector(".cluster").textContent + " " + e.dataset.namespace)`, &got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", count, got, want)
		}
	}
	shows("cluster", "=3", "4 of 14 findings shown", "x ns-aaa", "x ns-aaa", "x ns-aab", "x ns-aab")
	shows("namespace", "=ns-aab", "2 of 14 findings shown", "x ns-aab", "x ns-aab")
	shows("cluster", "=1", "0 of 14 findings shown")
	shows("namespace", "=payments", "3 of 14 findings shown", "staging payments", "staging payments", "staging payments")
	shows("rule", "=slow", "1 of 14 findings shown", "staging payments")
	var said string
	tab.eval(`document.getElementById("narrowed").innerText`, &said)
	if want := "Narrowed: only 1 of 14 findings are shown, those of cluster staging, of namespace payments, of rule slow."; said != want {
		t.Errorf("it says %q, want %q", said, want)
	}
}
