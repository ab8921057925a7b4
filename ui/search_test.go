package ui_test

import (
	"testing"

	"github.com/seaworthy-dev/seaworthy/ui"
)

// TestSearch looks for texts in long ones, and goes from match to match.
func TestSearch(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{At: "help"}, 80, 24, func(u *user) {
		u.publish().ExpectNot("labels, as kubectl").Press("/").Type("kubectl selects").Expect("labels, as kubectl selects", "1 of 1 lines").Press("enter")
		u.Press("/", "ctrl+u").Type("Filter").Press("enter").Expect(`"filter": `).Press("N", "n", "n", "p").Expect("of 1")
		u.Press("/", "ctrl+u").Type("nowhere to be found").Press("enter", "n").Expect("does not stand here").Press("esc", "n").Expect("nothing is looked for").Press("esc").Expect("Namespaces (6)")
	})
	run(t, ui.Options{At: privileged}, 80, 24, func(u *user) {
		u.publish().Press("n").Expect("(2 of 26)").Press("N").Expect("(1 of 26)").Press("/").Type("why").Press("enter").Expect(`"why": 1 of`)
		u.Press("n", "n").Expect("(1 of 26)").Press("esc", "n").Expect("(2 of 26)")
	})
}

// TestLabels selects by labels where rows have them, and says so where they have none.
func TestLabels(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{At: "findings"}, 100, 30, func(u *user) {
		u.publish().Press("/").Type("-l").Expect("not complete").Type(" app=cart").Expect("Findings (2 of 40)").Press("enter")
		u.Press(":").Type("coverage").Press("enter", "/").Type("-l app").Expect("the rows have no labels")
	})
}
