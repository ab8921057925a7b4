package message

import (
	"slices"
	"strconv"
	"strings"
)

// longest is how much of a message is looked at, in bytes: a condition may hold
// 32 KiB (apimachinery, maxMessageLength of metav1.Condition), an event 1 KiB.
const longest = 32 << 10

// bounded returns the part of a message that is looked at, without what recorders put
// before the newest of many events that differ in their messages alone
// (k8s.io/client-go/tools/record/events_cache.go, EventAggregatorByReasonMessageFunc).
func bounded(message string) string {
	return strings.TrimPrefix(clipped(message), "(combined from similar events): ")
}

// clipped returns the part of a message that is looked at.
func clipped(message string) string {
	return strings.TrimSpace(message[:min(len(message), longest)])
}

// after returns what follows a token; "" if the token is not there.
func after(text, token string) string {
	_, tail, _ := strings.Cut(text, token)
	return tail
}

// before returns what precedes a token; everything if the token is not there.
func before(text, token string) string {
	head, _, _ := strings.Cut(text, token)
	return head
}

// quoted returns the text in the quotes that a text begins with, as %q writes
// them or simple ones, and what follows.
func quoted(text string) (inside, rest string, found bool) {
	if strings.HasPrefix(text, "'") {
		inside, rest, found = strings.Cut(text[1:], "'")
		return inside, rest, found
	}
	literal, err := strconv.QuotedPrefix(text)
	if err != nil || literal[0] != '"' {
		return "", text, false
	}
	inside, err = strconv.Unquote(literal)
	return inside, text[len(literal):], err == nil
}

// quotedAfter returns the text in quotes that follows a token at once.
func quotedAfter(text, token string) string {
	inside, _, found := quoted(after(text, token))
	if !found {
		return ""
	}
	return inside
}

// wordAfter returns the word that follows a token at once, up to a blank or a
// mark that no name of an object ends in.
func wordAfter(text, token string) string {
	tail := after(text, token)
	if end := strings.IndexAny(tail, " \t\n,;()[]{}\"'"); end >= 0 {
		tail = tail[:end]
	}
	return strings.TrimRight(tail, ".:")
}

// number returns the number that a text begins with, and what follows; one with
// more than nine digits is none.
func number(text string) (n int, rest string, found bool) {
	end := 0
	for end < len(text) && '0' <= text[end] && text[end] <= '9' {
		end++
	}
	if end == 0 || end > 9 {
		return 0, text, false
	}
	n, err := strconv.Atoi(text[:end])
	return n, text[end:], err == nil
}

// listed returns the items of a list as %v writes a slice of strings: [a b c].
func listed(text string) []string {
	if !strings.HasPrefix(text, "[") {
		return nil
	}
	inside, _, closed := strings.Cut(text[1:], "]")
	if !closed {
		return nil
	}
	return strings.Fields(inside)
}

// holds reports whether a text has one of several tokens in it.
func holds(text string, tokens ...string) bool {
	return slices.ContainsFunc(tokens, func(token string) bool { return strings.Contains(text, token) })
}

// code returns the code of a gRPC error: "ResourceExhausted" of
// "rpc error: code = ResourceExhausted desc = …"; "" if there is none.
func code(text string) string { return wordAfter(text, "rpc error: code = ") }
