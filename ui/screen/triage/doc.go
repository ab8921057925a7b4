// Package triage is the two screens of who was just called: the list of incidents, and
// one incident.
//
// # Design
//
// Both show reports of package briefing, which the feed makes; they judge nothing. What
// of an incident takes milliseconds to be known (the likely cause, who else is hit) is
// asked for in the background for the one that is looked at (asking.go), and what was
// last known of it stands there meanwhile.
//
// Nothing moves under the eyes: the report keeps the places of incidents for some
// seconds, the cursor follows an incident also where it turns out to be part of another,
// and the list can be frozen, which counts what has changed since.
//
// What is unknown is never well: an empty list says what was looked at, since when, and
// what could not be read. Commands are shown and copied, never run; those that would
// change the cluster are marked, and those that who looks may not run are left out and
// counted. The server is asked about rights after the cause is shown, and only about those
// of its commands.
//
// Everything that a cluster or a component says is stripped of what looks like a secret
// before it is shown, and cleaned when it is drawn. Times are UTC, as in the text that is
// copied for others.
//
// A new tab of an incident is a name and a key in tabs, and what draws it.
package triage
