// Package credential knows what credentials look like and what variables that hold them
// are called.
//
// # Design
//
// Three ask. Rules report a credential that is written down, and must be right: [Form] and
// [Sensitivity.Literal] count what is made to be recognised, and what its name and its look
// together tell. What is shown must have none: [Strike] takes out whatever may be one.
// Recordings hide every value: [Hidden] keeps which credential it was, so that a rule says
// of a recording what it says of the cluster.
//
// Nothing here returns any part of a credential. To add the tokens of an issuer, add a line
// to issued and one to issuers, with what the issuer documents.
package credential
