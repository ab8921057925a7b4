package ui_test

import (
	"testing"

	"github.com/seaworthy-dev/seaworthy/ui"
)

func TestChooser(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{At: "ns/payments"}, 100, 30, func(u *user) {
		u.publish().Expect("RULE").Press("C").ExpectLine("> [x] sev", "SEV", "sorted ↓").ExpectLine("[x] rule")
		u.Press("j", "space", "J", "J").ExpectLine("> [ ] points").Press("esc").ExpectLine("SEV", "POINTS", "OBJECT", "RULE") // nothing was taken
		u.Press("C", "j", "space", "G", "K", "K", "s").ExpectLine("> [x] rule", "sorted ↑").Press("enter").ExpectLine("SEV", "RULE↑", "OBJECT").ExpectNot("POINTS")
		u.Press("esc").Press("j", "enter").ExpectLine("SEV", "RULE", "OBJECT").ExpectNot("POINTS") // as on every screen like it
		u.Press("C").Resize(60, 15).Press("G").ExpectLine("> [x] message").Press("u").ExpectLine("[x] points").Press("enter").Resize(100, 30).ExpectLine("SEV↓", "POINTS", "OBJECT", "RULE")
		u.Press("C", "q").ExpectNot("takes it").Press("?", "C").Expect("no columns to choose here")
	})
	run(t, ui.Options{}, 80, 24, func(u *user) {
		u.publish().Press("w").Expect("columns fit; a wider terminal shows more, C chooses").Press("w").ExpectNot("columns fit")
		u.Resize(300, 80).Press("w").Expect("SEEN").Press("w").ExpectNot("SEEN").Press(":").Type("coverage").Press("enter", "w").Expect("there are no more columns than these 5")
		u.Press(":").Type("columns why,resource").Press("enter").ExpectLine("WHY", "RESOURCE").ExpectNot("OBJECTS")
		u.Press(":").Type("columns why,nothing").Press("enter").Expect(`there is no column "nothing" (there are: state, resource, ns, objects, why)`)
		u.Press(":").Type("columns why,res").Press("tab").Expect(":columns why,resource").Press("esc", ":").Type("columns").Press("enter").ExpectLine("> [x] why")
	})
}

func TestOrder(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{At: "findings?filter=ns%3Dpayments&sort=object"}, 100, 30, func(u *user) {
		u.publish().ExpectLine("OBJECT↑").Expect("(26 of 40) filtered by ns=payments").Press(":").Type("sort poi").Press("tab").Expect(":sort points").Press("enter").Expect("POINTS↓")
		u.Press(":").Type("sort points a").Press("tab", "enter").Expect("POINTS↑").Press(":").Type("address").Press("enter").Expect("copied findings?filter=ns%3Dpayments&sort=points+asc")
		u.Press(":").Type("sort colour").Press("enter").Expect(`the rows cannot be sorted by "colour" (there are: sev, points, ns, object, message, rule)`)
		u.Press(":").Type("sort sev up").Press("enter").Expect("an order is a column").Press(":").Type("sort ").Press("enter").Expect("sort needs an argument")
		u.Press(":").Type("findings?filter=ns%3Dpayments&sort=rule").Press("enter").Expect("Overview › Findings").ExpectNot("Findings › Findings").ExpectLine("RULE↑")
		u.Press("?", ":").Type("sort sev").Press("enter").Expect("nothing to sort here")
	})
	run(t, ui.Options{At: "overview?sort=name+desc"}, 100, 30, func(u *user) { u.publish().ExpectLine("NAMESPACE↓").ExpectSelected("search") })
	run(t, ui.Options{At: "overview?sort=colour"}, 200, 50, func(u *user) { u.publish().Expect(`the rows cannot be sorted by "colour"`, "SCORE↑") })
	for _, at := range []string{"help?sort=x", "plan?sort=gain"} {
		run(t, ui.Options{}, 200, 50, func(u *user) { u.publish().Press(":").Type(at).Press("enter").Expect("sort") })
	}
}

// TestMemory leaves screens and comes back to them in every way there is.
func TestMemory(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{}, 100, 30, func(u *user) {
		u.publish().Press("/").Type("pay").Press("enter", "enter").Expect("Findings (26)").Press("/").Type("sev>=medium").Press("enter", "j", "j", "s").Expect("POINTS↓")
		u.ExpectSelected("rolebinding/ledger").Press("j", "j").ExpectSelected("sts/ledger").Press("[").Expect("filtered by pay").Press("]").Expect("filtered by sev>=medium", "POINTS↓").ExpectSelected("sts/ledger")
		u.Press(":").Type("coverage").Press("enter", "ctrl+p").Type("@payments").Press("enter").Expect("Coverage › payments", "filtered by sev>=medium", "POINTS↓").ExpectSelected("sts/ledger")
		u.Press(":").Type("ns/payments").Press("enter").Expect("Coverage › payments", "Findings (26)").ExpectNot("filtered") // nothing else was asked for
		u.Press(":").Type("ns/payments?filter=gateway").Press("enter").Expect("filtered by gateway").Press(":").Type("overview").Press("enter").Expect("filtered by pay")
	})
}

// TestMarksAreSeenOnTheOverview: those of the findings that it names.
func TestMarksAreSeenOnTheOverview(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{At: "ns/payments"}, 200, 50, func(u *user) {
		u.publish().Press("space", "esc").Expect("1 marked").ExpectLine("C ✖*", "runs privileged").ExpectLine("H ▲ sts/ledger", "sees / of its node")
	})
}

// TestFilterIsLeft: the rows and the cursor are as they were before the filter.
func TestFilterIsLeft(t *testing.T) {
	t.Parallel()
	run(t, ui.Options{At: "ns/payments"}, 100, 30, func(u *user) {
		u.publish().Press("G").ExpectSelected("implied sts/ledger").Press("/").Type("gateway").ExpectSelected("deploy/gateway").Press("esc").ExpectSelected("implied sts/ledger")
		u.grow(300).Press(":").Type("ns/crowd").Press("enter", "j", "j", "j").ExpectSelected("member-003").Press("/").Type("member-29").ExpectSelected("member-29").Press("esc").ExpectSelected("member-003")
		u.Press("n", "n", "N").ExpectSelected("member-004")
	})
}

// TestEveryTableIsFiltered: the same grammar on the screens of few rows.
func TestEveryTableIsFiltered(t *testing.T) {
	t.Parallel()
	for at, story := range map[string]func(u *user){
		"coverage":              func(u *user) { u.Press("/").Type("resource=pods|nodes").Expect("2 of 43 filtered by") },
		"diagnostics?objects=2": func(u *user) { u.ExpectLine("nodes").ExpectNot("clusterroles").Press("s", "S").Expect("RESOURCE↓") },
		"frameworks": func(u *user) {
			u.Press("/").Type("nsa").Press("enter").ExpectSelected("nsa").Press("enter").Expect("› nsa")
		},
		"framework/cis-5": func(u *user) {
			u.Press("/").Type("verdict=fail").Expect("filtered by verdict=fail").ExpectNot("not evaluated  ")
		},
		"coverage?colour=red": func(u *user) { u.Expect(`not filtered: unknown column "colour"`) },
	} {
		run(t, ui.Options{At: at}, 120, 40, func(u *user) { story(u.publish()) })
	}
}
