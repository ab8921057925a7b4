package keymap

// The bindings of what is broken now, and the one that leads there.
const (
	Triage       ID = "triage"
	Freeze       ID = "freeze"
	Window       ID = "window"
	Acknowledge  ID = "acknowledge"
	CopyIncident ID = "copy-incident"
	ShowSummary  ID = "show-summary"
	ShowSignals  ID = "show-signals"
	ShowTimeline ID = "show-timeline"
	ShowBlast    ID = "show-blast"
	ShowText     ID = "show-text"
)

// InTriage is the scope of the list of incidents, and of the screen of one.
const InTriage Scope = "triage"

// freezeKey is also that which marks findings: there are none to mark in triage.
const freezeKey = "space"

// inTriage are the bindings of these screens.
func inTriage() []Binding {
	const triage = "What is broken"
	return []Binding{
		{Triage, Global, []string{"!"}, "triage: what is broken now, and why", "triage", triage},
		{Freeze, InTriage, []string{freezeKey}, "freeze the list of incidents, or show the newest", "freeze", triage},
		{Window, InTriage, []string{"t"}, "look back 1h, 2h or 15m", "window", triage},
		{Acknowledge, InTriage, []string{"a"}, "acknowledge the incident, or take that back", "ack", triage},
		{CopyIncident, InTriage, []string{"i"}, "copy the incident as a block of text", "copy all", triage},
		{ShowSummary, InTriage, []string{"1"}, "the incident: since when, why, what next", "summary", triage},
		{ShowSignals, InTriage, []string{"2"}, "its signals, and what explains what", "signals", triage},
		{ShowTimeline, InTriage, []string{"3"}, "what changed before it, and what followed", "timeline", triage},
		{ShowBlast, InTriage, []string{"4"}, "who else is hit: the blast radius", "blast", triage},
		{ShowText, InTriage, []string{"5"}, "the block of text that is copied", "text", triage},
	}
}
