// Package briefing joins what is known of an incident: what is wrong and who is hit,
// what changed before it, why it happened as likely as not, what speaks against that,
// and what to type next. It is what a screen, a text and a document show.
//
// # Design
//
// A [Responder] follows the views of a cluster. Of each it has the incidents worked out
// (package incident) and keeps what was seen to change (package change); the rest is
// asked for when somebody looks: [Briefing.Diagnosis] and [Briefing.Radius] are worked
// out once, for the view of which the briefing is, and kept for the next report as long
// as the signals of the incident stay as they are. A cluster with many incidents so
// costs no more than those that are looked at.
//
// Words of the cluster are kept as they are and made harmless by who writes them: text
// (WriteText) strikes out what looks like a secret and what a terminal would obey, and
// so does the document (NewDocument).
package briefing
