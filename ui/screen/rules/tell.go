package rules

import (
	"fmt"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit/explain"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/style"
)

// tell draws what is to know of a rule, in lines of a width: what it says, what it did,
// and what a policy makes of it.
func tell(st *style.Styles, r *explain.Rule, c *counted, view *kube.Cluster, width int) []string {
	var lines []string
	add := func(look style.Style, text string) {
		lines = append(lines, look.Wrap(text, width)...)
	}
	section := func(heading, text string) {
		if text != "" {
			lines = append(lines, "", st.Title.Render(heading))
			add(st.Text, text)
		}
	}
	severity := screen.Severity(r.Severity)
	mark := st.SeverityMark(severity)
	for i, line := range style.Wrap(r.Title, max(1, width-style.Width(mark)-1)) {
		before := style.Blanks(style.Width(mark))
		if i == 0 {
			before = st.Severity(severity).Render(mark)
		}
		lines = append(lines, before+" "+st.Title.Render(line))
	}
	add(st.Muted, r.Kind())
	lines = append(lines, "")
	for _, said := range did(r, c, view) {
		look := st.Text
		if said.unknown {
			look = st.Warn
		}
		add(look, said.text)
	}
	section("Why it matters", r.Rationale)
	section("What to do", r.Remediation)
	lines = append(lines, "")
	for _, fact := range r.Facts() {
		add(st.Muted, fact)
	}
	for _, read := range [...]struct {
		what      string
		resources []kube.Resource
	}{{"Judges", r.Subjects}, {"Reads", r.Reads}, {"Consults where it can", r.Consults}} {
		var names []string
		for _, resource := range read.resources {
			names = append(names, resource.String())
		}
		if len(names) > 0 {
			add(st.Muted, read.what+": "+strings.Join(names, ", "))
		}
	}
	return lines
}

// said is a sentence about what a rule did; unknown if it tells of what it could not do.
type said struct {
	text    string
	unknown bool
}

// did says what a rule found, judged, could not judge, and took.
func did(r *explain.Rule, c *counted, view *kube.Cluster) []said {
	if !r.Enabled {
		return []said{{"off: it judges nothing", true}}
	}
	if c == nil {
		return []said{{"it found nothing, and had nothing to judge", false}}
	}
	found := screen.Plural(c.open, "open finding")
	if c.accepted > 0 {
		found += fmt.Sprintf(", %d accepted", c.accepted)
	}
	if c.implied > 0 {
		found += fmt.Sprintf(", %d that follow from others", c.implied)
	}
	all := []said{{fmt.Sprintf("%s; %s judged, %d fail", found, screen.Plural(c.judged, "subject"), c.failing), false}}
	const most = 6
	for i, b := range c.why {
		if i == most {
			all = append(all, said{fmt.Sprintf("and for %d reasons more", len(c.why)-most), true})
			break
		}
		all = append(all, said{fmt.Sprintf("unknown in %s: %s", screen.Plural(b.namespaces, "namespace"), b.why), true})
	}
	if names := absent(view, r.Subjects, r.Reads, r.Consults); len(names) > 0 {
		all = append(all, said{"the server has no " + strings.Join(names, ", "), false})
	}
	if c.took > 0 {
		all = append(all, said{"judging took " + screen.Lasting(c.took) + " in all", false})
	}
	return all
}
