package message

import "strings"

// longestNormal is how many characters [Normal] leaves: enough to tell causes apart.
const longestNormal = 256

// Normal returns what messages of the same cause have in common, to group by: what
// [Scrub] leaves, with "#" for each number, UID, hash, address, duration and
// generated end of a pod's name. Normal(Normal(m)) is Normal(m).
func Normal(message string) string {
	text := Scrub(message)
	var b strings.Builder
	for at := 0; at < len(text); {
		if !inWord(text[at]) {
			b.WriteByte(text[at])
			at++
			continue
		}
		end := at
		for end < len(text) && inWord(text[end]) {
			end++
		}
		normalWord(&b, text[at:end])
		at = end
	}
	return shortened(b.String(), longestNormal)
}

// inWord reports whether a character is part of what belongs together: a name, an
// address, a time, a number that has been replaced.
func inWord(b byte) bool { return alphanumeric(b) || strings.IndexByte("-._:#", b) >= 0 }

// normalWord writes a word, with "#" in the place of the parts that vary, and one
// for several in a row: 10.0.0.1:8080, 2026-01-02T03:04:05Z and 7f9c8-x2x9q are one.
func normalWord(b *strings.Builder, word string) {
	bare := strings.TrimRight(word, ":.") // of the sentence, where an address does not end in "::"
	if isUID(bare) || isAddress(bare) {
		b.WriteByte('#')
		b.WriteString(word[len(bare):])
		return
	}
	signs := 0 // where the signs begin that stand before the next part
	replaced := false
	for at := 0; at < len(word); {
		if !alphanumeric(word[at]) && word[at] != '#' {
			at++
			continue
		}
		end := at
		for end < len(word) && (alphanumeric(word[end]) || word[end] == '#') {
			end++
		}
		replace := varies(word[at:end], at > 0 && word[at-1] == '-')
		if !replace || !replaced {
			b.WriteString(word[signs:at])
			if replace {
				b.WriteByte('#')
			} else {
				b.WriteString(word[at:end])
			}
		}
		replaced = replace
		signs, at = end, end
	}
	b.WriteString(word[signs:])
}

// varies reports whether a part of a word is another each time: it has digits, and
// is no term that has them too; or it is an end that Kubernetes generated.
func varies(part string, afterDash bool) bool {
	if strings.IndexByte(part, '#') >= 0 {
		return true
	}
	if strings.ContainsAny(part, "0123456789") {
		switch strings.ToLower(part) {
		case "x509", "k8s", "http2", "ipv4", "ipv6", "sha256", "sha512", "base64", "utf8", "v1", "v1beta1", "v1alpha1", "v2":
			return false
		}
		return true
	}
	return afterDash && generated(part)
}

// generated reports whether a part is of the letters that Kubernetes makes the ends
// of names of, none of them a vowel (apimachinery/pkg/util/rand, alphanums): five
// for a pod, up to ten for a ReplicaSet.
func generated(part string) bool {
	if len(part) < 5 || len(part) > 10 {
		return false
	}
	for i := range len(part) {
		if strings.IndexByte("bcdfghjklmnpqrstvwxz", part[i]) < 0 {
			return false
		}
	}
	return true
}

// isUID reports whether a word is a UUID (RFC 9562).
func isUID(word string) bool {
	if len(word) != 36 {
		return false
	}
	for i := range len(word) {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (word[i] == '-') || !dash && !hexadecimal(word[i]) {
			return false
		}
	}
	return true
}

// isAddress reports whether a word is an IPv6 address: groups of up to four
// hexadecimal digits, of which some may be letters alone.
func isAddress(word string) bool {
	if strings.Count(word, ":") < 2 || word[0] == ':' && !strings.HasPrefix(word, "::") {
		return false
	}
	digits := false
	for group := range strings.SplitSeq(word, ":") {
		if len(group) > 4 {
			return false
		}
		for i := range len(group) {
			if !hexadecimal(group[i]) {
				return false
			}
			digits = digits || digit(group[i])
		}
	}
	return digits
}

func hexadecimal(b byte) bool {
	return digit(b) || 'a' <= b && b <= 'f' || 'A' <= b && b <= 'F'
}

func digit(b byte) bool        { return '0' <= b && b <= '9' }
func alphanumeric(b byte) bool { return digit(b) || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' }
