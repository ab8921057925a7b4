// Package rules is the screens of the rules: all of them, with what they found, what
// they could not judge and what they take, and one of them, as seaworthy explain tells
// it.
//
// Which rules there are comes from who started the program, with those that the policy
// has off; what they found is counted in the background, and anew no more than once a
// second. A rule that could not judge everything says why: it is never as good as one
// that found nothing.
package rules
