// Package answer words what package access finds: who a subject is, where a grant
// counts, which rule gives it and from where, and what keeps an answer from being
// the whole truth.
//
// The commands and the screens say the same because both ask here. Nothing is
// decided in this package, and nothing is laid out: what it returns are words and
// sentences. Those that people read have passed the sanitizer (package printable);
// [Subject], which makes a name that is read again, has not.
package answer
